#!/bin/sh
# Goal: a full disk below the state loses nothing; with room, work goes on.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

fill() {
	head -c 10000000 /dev/zero >"$root/var/filler" 2>/dev/null || :
	expect_equal "$(df --output=avail "$root/var" | tail -n 1 |
		tr -d ' ')" 0 "room"
}

# Every run has its end.
is_written() {
	[ "$(query 'SELECT count(*) FROM run WHERE ended_at IS NULL')" -eq 0 ]
}

mkdir -p "$root/var"
mount -t tmpfs -o size=3m small "$root/var"
install_small
generation 20261101
truncate -s 1G "$landing/20261101/large"
policy='readers = 1'
configure
begin
scan_all
expect_status 0 hk status
journal=$(query 'SELECT count(*) FROM journal')

say "full while a verification is under way"
catch_reader large
fill
kill -CONT "$child"
await_verified 3
expect_status 3 hk status
expect_line 'journal cannot be written' out
generation 20261102
got=0
hk verify --wait >out 2>err || got=$?
[ "$got" -gt 2 ] || fail "verified without a journal: $got"
hk scan >out 2>err || :
wait_until 120 is_idle
kill -0 "$daemon" || fail "hikaed ended"
expect_status 3 hk status
expect_line 'no room|space' "$root.log"

say "room again: nothing was lost, and what was to be done is done"
rm "$root/var/filler"
scan_all
scan_all
[ "$(query 'SELECT count(*) FROM journal')" -ge "$journal" ] ||
	fail "the journal shrank"
expect_equal "$(query 'SELECT count(*) FROM manifest')" 2 manifests
wait_until 60 is_written
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"

say "full before the first start"
rm -rf "$state/catalog.db" "$state/checkpoint" "$state/manifests" \
	"$root/again.db"
fill
expect_status 73 as_owner timeout 60 "$hikaed" --root "$root"
expect_line 'no room is left' err
rm "$root/var/filler"
begin
scan_all
stop_daemon
