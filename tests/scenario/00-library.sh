#!/bin/sh
# Goal: the helpers of scenarios fail when what they check does not hold.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

refuses() {
	if (trap - EXIT && "$@") >refused 2>&1; then
		fail "was accepted: $*"
	fi
}

say "statuses"
expect_status 0 true
expect_status 3 sh -c 'exit 3'
refuses expect_status 0 false
refuses expect_status 1 true

say "lines and values"
printf 'one\ntwo\n' >file
expect_line '^t.o$' file
expect_no_line three file
refuses expect_line three file
refuses expect_no_line two file
refuses expect_equal a b

say "waiting"
(sleep 0.3 && : >appeared) &
wait_until 60 test -e appeared
refuses wait_until 1 test -e never
before=$(date +%s)
next_second
[ "$(date +%s)" -gt "$before" ] || fail "the same second"

say "a flipped byte is one byte, and the times stay"
printf 'hello' >data
touch -d '2020-01-02 03:04:05.678901234' data
flip data 1
expect_equal "$(cat data)" hdllo
expect_equal "$(stat -c %y data)" '2020-01-02 03:04:05.678901234 +0000'
refuses flip data 5

say "injected faults reach the command"
if command -v strace >/dev/null && strace -qq -o /dev/null true; then
	expect_status 1 inject fsync:error=EIO:when=1 sync file
	expect_line 'fsync.*EIO.*INJECTED' strace
fi

say "another user has no rights"
if [ "$(id -u)" -eq 0 ]; then
	: >secret
	chmod 600 secret
	refuses as_user cat secret
	give_user secret
	as_user cat secret
fi

say "a missing tool is a skip"
status=0
(trap - EXIT && need no-such-tool) >out || status=$?
expect_equal "$status" 77
