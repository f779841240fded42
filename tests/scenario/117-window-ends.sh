#!/bin/sh
# Goal: what the window's end finds under way is stopped, and comes first the next time.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/clock.sh
. "$here/../clock.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

coverage() {
	query "SELECT $1 FROM run WHERE trigger = 'coverage' ORDER BY id"
}
has_covered() {
	[ "$(coverage "coalesce(outcome, 'under-way')" | xargs)" = "$1" ]
}
# Stop the reader of a run that coverage began.
catch_coverage() {
	until [ -n "$(coverage id)" ]; do
		if find_reader && stop_child && [ -z "$(coverage id)" ]; then
			let_go_on
		fi
	done
	until find_reader && stop_child; do
		has_covered under-way || return 1
	done
	has_covered under-way
}

say "all is overdue, and the window has begun, and ends in an hour or two"
policy='coverage = 10d
full_after_capture = no
readers = 1'
install_small
for day in 20261101 20261102 20261103; do
	generation "$day"
	truncate -s 600M "$landing/$day/large"
	give_user "$landing/$day"
done
begin_at -12d
scan_all
expect_status 0 hk verify --wait
stop_daemon
rm -f "$state"/readings/*
policy="$policy
window = $(date -u +%H:00)-$(date -u -d '+2 hours' +%H:00)"
configure
begin_at +0
catch_coverage || fail "no reader was caught"

say "the window is over: no more is read"
set_clock +6h
wait_until 120 has_covered cancelled
wait_until 60 is_idle
[ "$(coverage bytes_read)" -lt 1800000000 ] || fail "all was read"
findings_are clock-jumped

say "the next one: the rest is read"
stop_daemon
begin_at +24h
wait_until 120 has_covered 'cancelled done'
[ "$(coverage bytes_read | tail -n 1)" -gt 0 ] || fail "nothing was read"
