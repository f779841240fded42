#!/bin/sh
# Goal: a reader that hangs or dies costs its slices, and nothing else.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need pgrep
# There the programs are too slow to catch a reader before it is done.
! ldd "$hikaed" | grep -q libasan || skip "timing that a sanitizer build lacks"

# A reader in the middle of the large file: $child, which gets a signal.
catch_reader() {
	hk verify --wait --json >verified 2>&1 &
	waiting=$!
	wait_until 10 is_reading
	child=$(pgrep -P "$daemon")
	kill "-$1" "$child"
}
is_reading() {
	hk jobs --json | jq -e \
		'.jobs | any(.is_running and .total_bytes > 1000000000)'
}

# The verification that was asked for has ended, with this exit status.
has_ended() {
	got=0
	wait "$waiting" || got=$?
	expect_equal "$got" "$1" "exit status of the verification"
}

# The same until the signal met a reader at work: on a busy machine it may be
# done before, and then the verification ends well.
catch_and_wait() {
	for _ in 1 2 3 4 5 6 7 8; do
		catch_reader "$1"
		[ "$1" = KILL ] || expect_status 0 hk status
		got=0
		wait "$waiting" || got=$?
		[ "$got" -ne 3 ] || return 0
		expect_equal "$got" 0 "exit status of the verification"
		wait_until 20 is_idle
	done
	fail "no reader was caught"
}

policy='job_timeout = 10s
		readers = 1'
install_small
generation 20261101
truncate -s 4G "$landing/20261101/large"
generation 20261102
begin
scan_all
expect_status 0 hk status

say "killed: worker-crashed, undetermined, nothing damaged"
catch_and_wait KILL
findings_are worker-crashed
hk copies --json | jq -r '.copies[].verdict' >verdicts
expect_no_line damaged verdicts
expect_line undetermined verdicts
expect_status 3 hk status

say "read again and good: closed"
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status

say "stopped: given up after job_timeout, and the daemon goes on meanwhile"
catch_and_wait STOP
findings_are worker-hung
expect_status 3 hk status
if kill -0 "$child" 2>/dev/null; then fail "the hung child is still there"; fi
expect_status 0 hk verify --wait
findings_are

say "cancelled: nothing is said about what was not read"
run=null
until [ "$run" != null ]; do
	catch_reader STOP
	run=$(hk jobs --json | jq '[.jobs[].run | select(. != null)][0]')
	[ "$run" != null ] || wait "$waiting" || :
done
hk jobs cancel --run "$run" >out
has_ended 3
findings_are
expect_equal "$(query "SELECT outcome FROM run WHERE id = $run")" cancelled
hk copies --json | jq -r '.copies[].verdict' >verdicts
expect_no_line 'damaged|undetermined' verdicts
expect_status 0 hk verify --wait
stop_daemon
