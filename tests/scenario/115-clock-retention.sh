#!/bin/sh
# Goal: a clock that is ahead makes no loss pass for what retention lets go.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/clock.sh
. "$here/../clock.sh"

today=$(date -u +%Y%m%d)
days_ago() {
	date -u -d "$today -$1 days" +%Y%m%d
}
missing() {
	hk findings --json | jq '[.findings[] |
		select(.code == "generation-missing")] | length'
}
expired() {
	query "SELECT count(*) FROM journal
		WHERE json_extract(leaf, '\$.event') = 'expired'"
}

source_keys='retention = 30d'
install_small
for age in 1 2 3 4; do
	generation "$(days_ago "$age")"
done
begin_at +0
scan_all
expect_status 0 hk verify --wait

say "60 days ahead: young ones that are deleted are missing"
set_clock +60d
for age in 2 3 4; do
	rm -r "${landing:?}/$(days_ago "$age")"
done
scan_all
expect_equal "$(missing)" 3 missing
expect_equal "$(expired)" 0 expired

say "and that the clock jumped is said once"
scan_all
expect_equal "$(query "SELECT event || ' ' || round(by_ms / 86400000.0)
	FROM clock_event")" 'ahead 60.0' event
findings_are clock-jumped generation-missing generation-missing generation-missing

say "and stay so after a start, and when the clock is right again"
stop_daemon
begin_at +60d
scan_all
expect_equal "$(missing)" 3 missing
set_clock +0
scan_all
expect_equal "$(missing)" 3 missing
expect_equal "$(expired)" 0 expired
expect_status 2 hk status
stop_daemon
