# Children that draw documents, stopped at their work, for scenarios, after
# tests/small.sh.
#
# As with tests/reader.sh: where it was too late, all begins again.
#
# The names that are used here, tests/small.sh's, and those that are set here,
# the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

need pgrep

# What they are called: records, where they look at hikae's own.
: "${drawing_role:=report}"

# Stop $child; false where it had ended, or has said all that it has to say.
stop_reporter() {
	kill -STOP "$child" 2>/dev/null || return 1
	while :; do
		case $(sed -n 's/^State:[[:space:]]*//p' "/proc/$child/status" \
			2>/dev/null) in
		T*) return 0 ;;
		Z* | X* | '') return 1 ;;
		esac
	done
}

# The stopped child has drawn nothing yet: of the files without a name that it
# was given, one is still at its beginning.  Who may not look believes it.
has_drawn_nothing() {
	ls "/proc/$child/fd/" >/dev/null 2>&1 || return 0
	find "/proc/$child/fd" -lname '*(deleted)' -printf '%f\n' |
		while read -r open; do
			grep '^pos:[[:space:]]*0$' "/proc/$child/fdinfo/$open"
		done | grep -q .
}

# A child that draws, as $child.  Without a process of its own where that can
# be, since such a child lives for some milliseconds.
find_reporter() {
	if [ ! -e "/proc/$daemon/task/$daemon/children" ]; then
		child=$(pgrep -P "$daemon" -f "role $drawing_role" | head -n 1)
		[ -n "$child" ]
		return
	fi
	read -r children <"/proc/$daemon/task/$daemon/children" || :
	for child in $children; do
		line=
		# The words of a command line have no spaces between them here.
		read -r line 2>/dev/null <"/proc/$child/cmdline" || :
		case $line in
		*--role"$drawing_role"*) return 0 ;;
		esac
	done
	return 1
}

# catch_reporter COMMAND...: begin it, as $waiting, and stop the child that
# draws for it, $child.  What it says is in ./asked and ./asked.err.
catch_reporter() {
	tried=0
	while [ "$tried" -lt 100 ]; do
		tried=$((tried + 1))
		"$@" >asked 2>asked.err &
		waiting=$!
		while kill -0 "$waiting" 2>/dev/null; do
			if find_reporter && stop_reporter; then
				! has_drawn_nothing || return 0
				kill -CONT "$child"
			fi
		done
		wait "$waiting" || :
	done
	fail "no child that draws was caught"
}

# await_asked STATUS: of the command that catch_reporter began.
await_asked() {
	got=0
	wait "$waiting" || got=$?
	[ "$got" -eq "$1" ] || cat asked asked.err
	expect_equal "$got" "$1" "exit status of what was asked"
}

# Children of hikaed that draw now.
reporters() {
	pgrep -c -P "$daemon" -f 'role report' || :
}
