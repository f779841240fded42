# hikaed with a clock that a scenario sets, after tests/small.sh: $root/offset
# holds what it is ahead, as `+3d`, and is changed in one step.
#
# The names that are used here are tests/small.sh's.
# shellcheck shell=sh disable=SC2154

need_clock

set_clock() {
	printf '%s\n' "$1" >"$root/offset.new"
	mv "$root/offset.new" "$root/offset"
}
begin_at() {
	set_clock "$1"
	begin env FAKETIME_TIMESTAMP_FILE="$root/offset" FAKETIME_NO_CACHE=1 \
		FAKETIME_DONT_FAKE_MONOTONIC=1 LD_PRELOAD="$clock_library"
}
# The same, and what hikaed waits for comes sooner by as much: the clock that it
# waits by is ahead, too.  Of a child that runs meanwhile it believes that it
# took so long.
begin_with_timers_at() {
	set_clock "$1"
	begin env FAKETIME_TIMESTAMP_FILE="$root/offset" FAKETIME_NO_CACHE=1 \
		LD_PRELOAD="$clock_library"
}
