#!/bin/sh
# Goal: a job that backs up one old dump again and again is told, a holiday is not, and the next live backup ends it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# same FROM TO: backups of these days ago, each what the last dump was.
same() {
	for ago in $(seq "$1" -1 "$2"); do
		as_owner cp -r "$dump" "$disk/copied"
		mv -T "$disk/copied" "$landing/$(day "$ago")"
	done
	scan_all
}
day() {
	date -u -d "$1 days ago" +%Y%m%d
}
# live AGO: a backup of what the database was then.
live() {
	generation "$(day "$1")"
	dump=$landing/$(day "$1")
	scan_all
}
finding() {
	hk findings --code data-unchanged --json | jq '.findings[0].id'
}

policy=$(closed_window)
install_small
begin

say "nine days closed, with a backup each night"
live 50
live 41
same 40 32
findings_are
expect_status 0 hk verify --wait
expect_status 0 hk status

say "and then still the same, under new names"
same 31 31
findings_are data-unchanged
expect_status 1 hk status
expect_line 'data-unchanged|very same data' out
expect_status 1 hk check
expect_equal "$(hk copies --json | jq -r '[.copies[].verdict] | unique[]')" intact
expect_status 0 hk show "$(finding)"
expect_line 'Backups with the same data +11' out
expect_line "first of them +$(date -u -d '41 days ago' +%Y-%m-%d)" out
expect_line "newest of them +$(date -u -d '31 days ago' +%Y-%m-%d)" out
expect_line 'live database' out
hk report -o page.html >/dev/null
expect_line 'very same data' page.html
expect_status 1 env LC_ALL=C.UTF-8 LANGUAGE=ja "$hikae" --root "$root" status
expect_line 'まったく同じ' out

say "one more is the same finding, and told anew by its number"
before=$(finding)
same 30 30
findings_are data-unchanged
expect_equal "$(finding)" "$before"
expect_status 0 hk show "$before"
expect_line 'Backups with the same data +12' out

say "the next backup of the live database ends it"
live 29
findings_are
expect_status 0 hk verify --wait
expect_status 0 hk status

say "another promise: two days; it holds from the reload on"
same 28 27
findings_are
printf 'unchanged_after = 2d\n' >>"$root/etc/hikae/hikae.conf"
expect_status 0 hk reload
findings_are data-unchanged
hk status --json >out || :
jq -e '.reasons[] | select(.code == "data-unchanged") | .source == "ehr-disk1"' \
	out >/dev/null || fail "not of the source"

say "accepted, it stays so for as long as nothing changes"
hk accept "$(finding)" --by Sato --note 'the system is out of use' >out
findings_are
same 26 25
findings_are
stop_daemon
begin
scan_all
findings_are
live 24
same 23 22
findings_are data-unchanged

say "none ends it, and the rows are what the journal says"
sed -i 's/^unchanged_after = .*/unchanged_after = none/' \
	"$root/etc/hikae/hikae.conf"
expect_status 0 hk reload
findings_are
stop_daemon
expect_status 0 hk catalog rebuild "$scratch/rebuilt.db"
