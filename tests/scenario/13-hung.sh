#!/bin/sh
# Goal: a reader that hangs or dies costs its slices, and nothing else.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

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
catch_reader large
kill -KILL "$child"
await_verified 3
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
catch_reader large
expect_status 0 hk status
await_verified 3
findings_are worker-hung
expect_status 3 hk status
if kill -0 "$child" 2>/dev/null; then fail "the hung child is still there"; fi
expect_status 0 hk verify --wait
findings_are

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
