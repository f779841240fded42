#!/bin/sh
# Goal: a name that nothing has is refused, in the language of who asks.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

japanese() {
	env LANGUAGE=ja "$hikae" --root "$root" "$@"
}
both() {
	expect_status 66 hk verify nosuch
	expect_line 'no system nosuch in' err
	expect_status 66 japanese verify nosuch
	expect_line 'システム「nosuch」は' err
}

policy=$(closed_window)
install_small
generation 20261101
generation 20261102
begin
scan_all

say "what nothing is called has no problems, which is not good"
expect_status 0 hk findings
expect_status 0 hk findings ehr --code bit-rot --medium disk1
for names in nosuch '--code bitrot' '--medium disk9' \
	ehr@20261103T000000+0000; do
	# shellcheck disable=SC2086 # words
	expect_status 66 hk findings $names
done
expect_status 66 hk generations nosuch
expect_status 66 hk copies --medium disk9
expect_status 66 hk verify --source nosuch

say "a sentence with a name in it, from a daemon that speaks English"
both

say "and from one that speaks Japanese"
stop_daemon
begin env LANGUAGE=ja
both

say "what is taken care of has a code; one that is none is told those there are"
rm -r "$landing/20261102"
scan_all
expect_status 2 hk status --all
expect_line '\[copies-missing\]$' out
expect_status 66 hk ack copies-gone --by Sato --until 2d --note 'asked for'
expect_line '^Problems of the status now: .*copies-missing' err
expect_status 64 hk ack copies-missing --by Sato --until soon --note 'asked for'
expect_line '365d' err
expect_status 0 hk ack copies-missing --by Sato --until 2d --note 'asked for'
stop_daemon
