#!/bin/sh
# Goal: names that are used again each week (mon, tue, ...) are new generations.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# What the backup software writes for a day, so many days ago.
days='mon tue wed thu fri sat sun'
write_day() {
	mkdir -p "$disk/files" "$disk/folders/$1"
	printf 'dump of %s, %s days ago\n' "$1" "$2" >"$disk/unfinished"
	cp "$disk/unfinished" "$disk/folders/$1/dump"
	touch -d "$2 days ago" "$disk/unfinished" "$disk/folders/$1/dump" \
		"$disk/folders/$1"
	give_user "$disk"
	mv "$disk/unfinished" "$disk/files/ehr-$1.dump"
}

source_of() {
	cat <<-END
		[source $1]
		system = ehr
		medium = disk1
		path = $1
		layout = $2
		retention = 6d
		reuses_names = yes
	END
}

# count_copies SOURCE
count_copies() {
	hk copies --json |
		jq "[.copies[] | select(.source == \"$1\")] | length"
}

expired() {
	query "SELECT count(*) FROM journal
		WHERE json_extract(leaf, '\$.event') = 'expired'
		AND json_extract(leaf, '\$.reason') = 'retention'"
}

policy=$(closed_window)
system_keys='generations_min = 5'
install_small
sed -i '/^\[source/,$d' "$root/etc/hikae/hikae.conf"
{
	source_of files file
	source_of folders directory
} >>"$root/etc/hikae/hikae.conf"
age=7
for day in $days; do
	write_day "$day" "$age"
	age=$((age - 1))
done
begin
scan_all
expect_equal "$(count_copies files) $(count_copies folders)" '7 7' copies

say "the oldest name is used again: a new generation, the old one has expired"
write_day mon 0
scan_all
findings_are
expect_equal "$(count_copies files) $(count_copies folders)" '7 7' copies
expect_equal "$(expired)" 2 'copies that expired'
expect_status 0 hk verify --wait
newest=$(hk copies --json | jq '[.copies[].taken_at] | max / 1000 | floor')
[ $(($(date +%s) - newest)) -lt 3600 ] || fail "the newest is of $newest"

say "nothing happens to what was not written anew"
scan_all
expect_equal "$(expired)" 2 'copies that expired'

say "what was written over before its time is damaged, and stays so"
write_day sat 0
scan_all
expect_equal "$(expired)" 2 'copies that expired'
expect_status 2 hk verify --wait
hk findings --json | jq -r '.findings[] | [.code, .source] | join(" ")' |
	sort -u >codes
expect_line '^(overwritten|truncated|grown) files$' codes
expect_line '^(overwritten|truncated|grown) folders$' codes

say "and all are, where all are written over at once"
for day in $days; do
	write_day "$day" 0
done
scan_all
expect_equal "$(expired)" 2 'copies that expired'

say "and so is an old one, while too few newer ones are there"
rm -r "$disk/files/"ehr-[tfsw]*.dump "$disk/folders/"[tfsw]*
write_day tue 0
scan_all
expect_equal "$(expired)" 2 'copies that expired'
stop_daemon
expect_status 0 hk journal verify
