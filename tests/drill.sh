# Drills, for scenarios, after tests/small.sh.
#
# The names that are used here, tests/small.sh's, and those that are set here,
# the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

need pgrep

# Folders beside the state that drills restore into.
drill_targets=
# What a drill program calls to go on until it is ended; nobody else on this
# host has a sleep so long.
nap="sleep 4711.$$"

is_napping() {
	pgrep -f "sleep 4711[.]$$\$" >/dev/null
}
is_awake() {
	! is_napping
}

# drill STATUS OUTCOME [OPTION...]: a drill that ends so.  What it said is in
# ./out; its number, $number.
drill() {
	drill_status=$1 drill_outcome=$2
	shift 2
	expect_status "$drill_status" hk drill start ehr --operator Tester \
		--json "$@"
	expect_equal "$(jq -r .drill.outcome out)" "$drill_outcome" "outcome"
	number=$(jq .drill.id out)
}

# drill_day STATUS OUTCOME DAY [OPTION...]: of the generation of that day.
drill_day() {
	drill_status=$1 drill_outcome=$2 drill_of=$3
	shift 3
	drill "$drill_status" "$drill_outcome" \
		--generation "ehr@${drill_of}T000000+0000" "$@"
}

# drill_why STATUS OUTCOME REASON DAY [OPTION...]: for that reason, or null.
drill_why() {
	drill_status=$1 drill_outcome=$2 drill_reason=$3
	shift 3
	drill_day "$drill_status" "$drill_outcome" "$@"
	expect_equal "$(jq -r .drill.reason out)" "$drill_reason" "reason"
}

# check_of KIND: the checks of that kind of the last drill, in their order, as
# `name outcome detail`.
check_of() {
	query "SELECT name || ' ' || outcome || ' ' || detail FROM drill_check
		WHERE kind = '$1' AND drill = (SELECT max(id) FROM drill)
		ORDER BY seq"
}

# Nothing is left of any drill; a file `filler` is a scenario's own.
is_swept() {
	# shellcheck disable=SC2086 # words
	[ -z "$(find "$state/drills" $drill_targets -mindepth 1 \
		! -name filler)" ]
}

# ---- a reader stopped while it sends a file `large` of $LARGE MB, after
# tests/reader.sh

# Some of it is left to send.
is_amid_restore() {
	# shellcheck disable=SC2086 # words
	[ -n "$(find "$state/drills" $drill_targets -name large \
		-size "-$((LARGE * 700000))c")" ]
}
stop_sender() {
	while kill -0 "$waiting" 2>/dev/null; do
		if find_reader && stop_child; then
			if has_open "$child" large && is_amid_restore; then
				return 0
			fi
			let_go_on
		else
			sleep 0.01
		fi
	done
	return 1
}
# catch_sender [OPTION...]: begin a drill, $waiting, and stop its reader,
# $child.  What the drill says is in ./drilled.
catch_sender() {
	for _ in 1 2 3 4 5 6 7 8; do
		hk drill start ehr --operator Tester --json "$@" >drilled 2>&1 &
		waiting=$!
		! stop_sender || return 0
		wait "$waiting" || :
		wait_until 120 is_swept
	done
	fail "no sender was caught"
}
