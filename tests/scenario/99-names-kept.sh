#!/bin/sh
# Goal: where names are used again, an old backup that was added to, touched,
# tampered with or half deleted stays the old one; only a new one replaces it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# backup NAME DAYS WORD: a folder of ten files alike in size, so many days old.
backup() {
	rm -rf "$disk/unfinished"
	mkdir -p "$disk/unfinished"
	for file in 0 1 2 3 4 5 6 7 8 9; do
		seq -f "$3 $1 $file %05g" 1 200 >"$disk/unfinished/$file"
	done
	find "$disk/unfinished" -depth -exec touch -d "$2 days ago" {} +
	give_user "$disk/unfinished"
	rm -rf "${landing:?}/$1"
	mv -T "$disk/unfinished" "$landing/$1"
}

# write_over NAME FILE...: these files of a backup anew, now.
write_over() {
	write_over_in=$landing/$1
	shift
	for file in "$@"; do
		seq -f "other $file %05g" 1 210 >"$write_over_in/$file"
	done
	give_user "$write_over_in"
}

expired() {
	query "SELECT count(*) FROM journal
		WHERE json_extract(leaf, '\$.event') = 'expired'"
}
unclear() {
	hk findings --json |
		jq '[.findings[] | select(.code == "name-unclear")] | length'
}
# taken DAYS: how many copies were taken so many days ago.
taken() {
	hk copies --json | jq "[.copies[] | select(
		(now - .taken_at / 1000) / 86400 | round == $1)] | length"
}

policy=$(closed_window)
system_keys='generations_min = 2'
source_keys='retention = 6d
		reuses_names = yes'
install_small
sed -i 's/^pattern = .*/pattern = */' "$root/etc/hikae/hikae.conf"
for name in added touched tampered halved mixed older whole; do
	backup "$name" 8 first
done
backup new1 2 first
backup new2 1 first
begin
scan_all
findings_are
expect_equal "$(taken 8) $(taken 0)" '7 0' copies

say "what was only changed is the old backup, whatever its times"
write_over added more
find "$landing/touched" -exec touch {} +
write_over tampered 4
find "$landing/tampered" -exec touch {} +
rm "$landing/halved/"[0-6]
find "$landing/halved" -exec touch {} +
scan_all
expect_equal "$(expired)" 0 'copies that expired'
expect_equal "$(taken 8) $(taken 0)" '7 0' copies
findings_are extra truncated missing missing missing missing missing missing \
	missing
expect_status 2 hk status

say "it is said where nobody can tell"
write_over mixed 0 1 2 3 4 5 6
find "$landing/mixed" -exec touch {} +
write_over older 0 1 2 3 4 5 6 7 8
rm "$landing/older/9"
touch -d '9 days ago' "$landing/older/8"
scan_all
expect_equal "$(expired)" 0 'copies that expired'
expect_equal "$(unclear)" 2 'unclear names'
expect_equal "$(hk copies --json | jq '[.copies[] |
	select(.verdict == "undetermined")] | length')" 2 \
	'copies that nobody knows of'

say "and it stays so, whoever looks"
scan_all
expect_status 2 hk verify --wait
stop_daemon
begin
scan_all
expect_equal "$(expired)" 0 'copies that expired'
expect_equal "$(unclear)" 2 'unclear names'

say "a new backup replaces the old one, a damaged one too"
backup whole 0 second
backup tampered 0 second
scan_all
expect_equal "$(expired)" 2 'copies that expired'
expect_equal "$(taken 8) $(taken 0)" '5 2' copies
hk findings --json | jq -r '.findings[].code' >codes
expect_no_line truncated codes

say "another name settles it, and so does the old content"
mv "$landing/mixed" "$landing/mixed-new"
backup older 8 first
scan_all
expect_equal "$(expired)" 3 'copies that expired'
expect_equal "$(taken 8) $(taken 0)" '4 3' copies
findings_are extra missing missing missing missing missing missing missing
backup halved 8 first
rm "$landing/added/more"
scan_all
expect_status 0 hk verify --wait
findings_are
stop_daemon
expect_status 0 hk journal verify
