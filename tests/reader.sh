# Readers stopped at their work, for scenarios, after tests/small.sh.
#
# A reader is stopped as soon as it is seen and looked at then, when it cannot be
# done meanwhile; if it is not where it should be, it goes on for a moment.  Where
# it was too late, all begins again: how fast a machine reads decides how often,
# never what comes out.
#
# The names that are used here, tests/small.sh's, and those that are set here,
# the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

need pgrep

# A reader that is one already, as $child: hikaed waits for a child that is not.
# Without a process of its own where that can be: a busy machine takes longer to
# start one than a reader to read.
find_reader() {
	if [ ! -e "/proc/$daemon/task/$daemon/children" ]; then
		child=$(pgrep -P "$daemon" -f 'role reader' | head -n 1)
		[ -n "$child" ]
		return
	fi
	children=
	read -r children 2>/dev/null <"/proc/$daemon/task/$daemon/children" || :
	for child in $children; do
		line=
		# The words of a command line have no spaces between them here.
		read -r line 2>/dev/null <"/proc/$child/cmdline" || :
		case $line in
		*--rolereader*) return 0 ;;
		esac
	done
	child=
	return 1
}

# has_open PROCESS NAME: a file of that name.  Who may not look believes it.
has_open() {
	! ls "/proc/$1/fd/" >/dev/null 2>&1 ||
		[ -n "$(find "/proc/$1/fd" -lname "*/$2" 2>/dev/null)" ]
}

# A moment in which a stopped reader has gone on.
let_go_on() {
	kill -CONT "$child" 2>/dev/null || :
	sleep 0.01
}

# Stop $child; false where it had ended.
stop_child() {
	kill -STOP "$child" 2>/dev/null || return 1
	while :; do
		case $(sed -n 's/^State:[[:space:]]*//p' "/proc/$child/status" \
			2>/dev/null) in
		T*) return 0 ;;
		Z* | X* | '') return 1 ;;
		esac
	done
}

# An order under way has judged less than half of its bytes, so not its large
# file.  hikaed hears all that a stopped reader has said before it answers.
is_amid() {
	hk jobs --json | jq -e '.jobs | any(.is_running and
		.bytes * 2 < .total_bytes)' >/dev/null
}

# stop_reader NAME: false where $waiting ended before it could be stopped.
stop_reader() {
	while kill -0 "$waiting" 2>/dev/null; do
		if find_reader && stop_child; then
			if has_open "$child" "$1" && is_amid; then
				return 0
			fi
			let_go_on
		else
			sleep 0.01
		fi
	done
	return 1
}

# catch_reader NAME: begin a verification, $waiting, and stop its reader,
# $child, when it has a file of that name open and has not judged it.  What the
# verification says is in ./verified.  One reader at a time (readers = 1), and
# that file is most of what there is.
catch_reader() {
	for _ in 1 2 3 4 5 6 7 8; do
		hk verify --wait --json >verified 2>&1 &
		waiting=$!
		! stop_reader "$1" || return 0
		await_verified 0
		wait_until 120 is_idle
	done
	fail "no reader was caught"
}

# await_verified STATUS: of the verification that catch_reader began.
await_verified() {
	got=0
	wait "$waiting" || got=$?
	[ "$got" -eq "$1" ] || cat verified
	expect_equal "$got" "$1" "exit status of the verification"
}
