#!/bin/sh
# Goal: a reader that dies costs nothing, one that hangs its slices, and a slice that readers die over itself alone.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

# Every slice that there is was tried by the newest run.
all_were_tried() {
	expect_equal "$(query "SELECT count(*) = (SELECT count(*) FROM slice)
		FROM slice_verdict WHERE run = (SELECT max(id) FROM run)")" 1
}

scan_waits() {
	hk jobs --json | jq -e '.jobs |
		any(.kind == "scan" and (.is_running | not))' >/dev/null
}

# Each reader dies over the large file, until the verification ends; $got is its
# exit status.
kill_readers() {
	for _ in 1 2 3 4 5 6 7 8; do
		catch_reader large
		kill -KILL "$child"
		while stop_reader large; do
			kill -KILL "$child"
		done
		got=0
		wait "$waiting" || got=$?
		[ "$got" -eq 0 ] || return 0
		wait_until 120 is_idle
	done
	fail "no second reader was caught"
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

say "killed: another reader reads what it had"
catch_reader large
kill -KILL "$child"
await_verified 0
expect_line 'the child crashed' "$root.log"
expect_equal "$(jq -r '.run | "\(.outcome) \(.undetermined)"' verified)" 'done 0'
all_were_tried
findings_are
expect_status 0 hk status

say "killed again and again: worker-crashed, undetermined, nothing damaged"
kill_readers
expect_equal "$got" 3 "exit status of the verification"
findings_are worker-crashed
hk copies --json | jq -r '.copies[].verdict' >verdicts
expect_no_line damaged verdicts
expect_line undetermined verdicts
expect_status 3 hk status

say "what no reader died over was read"
all_were_tried
expect_equal "$(query "SELECT outcome FROM slice_verdict
	WHERE run = (SELECT max(id) FROM run)
	ORDER BY slice DESC LIMIT 1")" intact

say "read again and good: closed"
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status

say "stopped: given up after job_timeout, and the daemon goes on meanwhile"
catch_reader large
expect_status 0 hk status
await_verified 3
findings_are worker-hung
expect_status 3 hk status
if kill -0 "$child" 2>/dev/null; then fail "the hung child is still there"; fi
expect_status 0 hk verify --wait
findings_are

say "who is more urgent gets its place; what is left is read afterwards"
catch_reader large
hk scan --json >/dev/null
wait_until 10 scan_waits
kill -CONT "$child"
await_verified 0
all_were_tried
wait_until 120 is_idle
findings_are

say "two at once: the second says so, and what it did not read itself"
catch_reader large
hk verify --wait >second 2>&1 &
second=$!
wait_until 60 grep -q 'is under way on the same medium' second
kill -CONT "$child"
await_verified 0
wait "$second" || fail "the second one: $(cat second)"
expect_line ' slices intact, 0 damaged' second
expect_line 'were compared; what this run did not|had nothing to read itself' \
	second

say "cancelled: nothing is said about what was not read"
catch_reader large
run=$(hk jobs --json | jq '[.jobs[].run | select(. != null)][0]')
hk jobs cancel --run "$run" >out
await_verified 3
findings_are
expect_equal "$(query "SELECT outcome FROM run WHERE id = $run")" cancelled
hk copies --json | jq -r '.copies[].verdict' >verdicts
expect_no_line 'damaged|undetermined' verdicts
expect_status 0 hk verify --wait
stop_daemon
