#!/bin/sh
# Goal: a verification that was cut off is never recorded as done.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

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
catch_reader large
job=$(hk jobs --json | jq '[.jobs[] | select(.is_running)][0].id')
hk jobs cancel "$job" >out
await_verified 3
wait_until 120 is_idle
expect_equal "$(outcome)" 'cancelled|1'

say "hikaed is stopped"
catch_reader large
stop_daemon
! wait "$waiting" || fail "the verification was good"
begin
wait_until 120 is_idle
expect_equal "$(query "SELECT outcome FROM run WHERE trigger = 'manual'
	ORDER BY id DESC LIMIT 1")" cancelled
