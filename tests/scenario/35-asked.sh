#!/bin/sh
# Goal: a scan that is asked for during another one follows at once, and until
# it ended nothing looks done.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

# A folder without its marker is never captured, and is walked at each scan.
source_keys='marker = done'
install_small
mkdir "$landing/20261101"
(cd "$landing/20261101" && seq 1 30000 | xargs touch)
give_user "$landing"
begin
scan_all
expect_equal "$(query 'SELECT count(*) FROM manifest')" 0 manifests

say "stopped in that folder, where it has listed the names beside it"
is_inside() {
	find_reader && [ -n "$(find "/proc/$child/fd" -lname '*/20261101*')" ]
}
[ "$(id -u)" -eq 0 ] || skip "only root sees where a reader is"
tries=0
until is_inside && stop_child && is_inside; do
	[ -z "$child" ] || kill -CONT "$child" 2>/dev/null || :
	hk scan >out
	tries=$((tries + 1))
	[ "$tries" -lt 1000 ] || fail "no scan was caught"
done
generation 20261102
: >"$landing/20261102/done"
hk scan >out
kill -CONT "$child"
wait_until 120 is_idle
expect_equal "$(query 'SELECT count(*) FROM manifest')" 1 manifests
stop_daemon
