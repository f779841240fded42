#!/bin/sh
# Goal: of more findings than are kept one by one, how many more there are is told, for as long as that is so.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# The kept ones (gathering.h), and files that are all taken away.
kept=1000
files=1105
# told N MORE: of what is open, so many with a number, and so many more.
told() {
	hk findings --limit 5000 --json | jq -c '.findings |
		[length, ([.[].more // 0] | add // 0)]' >got
	expect_equal "$(cat got)" "[$1,$2]" "findings, and more"
}

policy=$(closed_window)
install_small
generation 20261101
mkdir "$landing/20261101/many"
(cd "$landing/20261101/many" && seq 1 $files | xargs touch)
give_user "$landing"
begin
scan_all
mv "$landing/20261101/many" "$disk/many"

say "all are gone"
expect_status 2 hk verify --wait --level quick --json
missing=$(jq .run.findings out)
[ "$missing" -ge "$files" ] || fail "only $missing are missing"
told $kept $((missing - kept))
hk findings >out || :
expect_line "not listed one by one: $((missing - kept))\$" out

say "found again"
expect_status 2 hk verify --wait --level quick
told $kept $((missing - kept))

say "most of them are back: what is left is listed"
mkdir "$landing/20261101/many"
(cd "$disk/many" && seq 201 $files | xargs mv -t "$landing/20261101/many")
give_user "$landing"
expect_status 2 hk verify --wait --level quick
told 200 0
hk findings >out || :
expect_no_line 'not listed one by one' out
(cd "$disk/many" && seq 1 200 | xargs mv -t "$landing/20261101/many")
expect_status 0 hk verify --wait --level quick
told 0 0
stop_daemon
expect_status 0 hk journal verify
