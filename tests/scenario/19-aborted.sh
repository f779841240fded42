#!/bin/sh
# Goal: a verification that was cut off is never recorded as done.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need pgrep

# Stop a reader in the middle of a verification that was asked for.
catch_reader() {
	hk verify --wait >verified 2>&1 &
	waiting=$!
	wait_until 10 is_reading
	kill -STOP "$(pgrep -P "$daemon")"
}
is_reading() {
	hk jobs --json | jq -e \
		'.jobs | any(.is_running and .total_bytes > 1000000000)'
}

# The newest run's outcome, and whether all of its slices were intact.
outcome() {
	query "SELECT outcome, intact < (SELECT max(slices) FROM copy_state)
		FROM run ORDER BY id DESC LIMIT 1"
}

policy='readers = 1'
install_small
mkdir "$landing/20261101"
truncate -s 3G "$landing/20261101/large"
give_user "$landing"
begin
scan_all
expect_status 0 hk status

say "one of its jobs is cancelled"
catch_reader
job=$(hk jobs --json | jq '[.jobs[] | select(.is_running)][0].id')
hk jobs cancel "$job" >out
got=0
wait "$waiting" || got=$?
[ "$got" -ne 0 ] || fail "the verification was good"
wait_until 60 is_idle
expect_equal "$(outcome)" 'cancelled|1'

say "hikaed is stopped"
catch_reader
stop_daemon
! wait "$waiting" || fail "the verification was good"
begin
wait_until 60 is_idle
expect_equal "$(query "SELECT outcome FROM run WHERE trigger = 'manual'
	ORDER BY id DESC LIMIT 1")" cancelled
