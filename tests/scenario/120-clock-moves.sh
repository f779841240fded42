#!/bin/sh
# Goal: a clock that jumps ahead while hikaed runs is told, and no more when it was put right; summer time and another time zone move no backup.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

conf=$root/etc/hikae/hikae.conf
ids() {
	hk generations --json | jq -r '.generations[].id' | sort | xargs
}
set_zone() {
	sed -i "s|^timezone = .*|timezone = $1|" "$conf"
}
captures() {
	query "SELECT count(*) FROM journal WHERE leaf ->> 'type' = 'captured'"
}

say "an hour that never was is the one after it; both have their backups"
install_small
set_zone America/New_York
sed -i 's/^pattern = .*/pattern = %Y%m%d%H%M/' "$conf"
for minute in 0130 0230 0330; do
	generation "20250309$minute"
done
begin
scan_all
same=ehr@20250309T033000-0400
expect_equal "$(ids)" "ehr@20250309T013000-0500 $same $same.2"
expect_status 0 hk verify --wait
findings_are

say "an hour that comes twice: names that tell it keep both"
rm -r "${landing:?}"/*
sed -i 's/^pattern = .*/pattern = %s/' "$conf"
expect_status 0 hk reload
for instant in 1762061400 1762065000; do
	generation "$instant"
done
scan_all
hk generations --json | jq -r '.generations[].id' >out
expect_line '^ehr@20251102T013000-0400$' out
expect_line '^ehr@20251102T013000-0500$' out

say "another time zone, at once: old backups stay as they are, new ones go by it"
stop_daemon
rm -rf "${root:?}/var" "${landing:?}"/*
make_keys "$root"
give_user "$root"
sed -i 's/^pattern = .*/pattern = %Y%m%d%H%M/' "$conf"
generation 202511020130
begin
scan_all
expect_status 0 hk verify --wait
old=ehr@20251102T013000-0400
expect_equal "$(ids)" "$old"
set_zone Asia/Tokyo
expect_status 0 hk reload
generation 202511030130
scan_all
new=ehr@20251103T013000+0900
expect_equal "$(ids)" "$old $new"
stop_daemon
begin
scan_all
expect_equal "$(ids)" "$old $new"
expect_equal "$(captures)" 2 captures
findings_are
expect_status 0 hk verify --wait
expect_status 0 hk status
stop_daemon

has_clock || exit 0

# shellcheck source=tests/clock.sh
. "$here/../clock.sh"
# What the journal tells of the clock, in hours.
events() {
	query "SELECT event || round(by_ms / 3600000.0) FROM clock_event
		ORDER BY seq" | sed 's/\.0$//' | xargs
}
# Something is written, and so the clock looked at.
look() {
	hk preflight ehr --max-age 24h --by Sato --note update >out 2>&1 || :
	scan_all
	expect_status "$1" hk status
}
jumped() {
	hk findings --json | jq '.findings[] |
		select(.code == "clock-jumped") | .id'
}

say "the clock jumps: an hour is nothing, three are told once, and nothing is bad"
begin_at +0
look 0
set_clock +1h
look 0
expect_equal "$(events)" '' events
set_clock +4h
generation "$(TZ=Asia/Tokyo date +%Y%m%d%H%M)"
look 1
look 1
expect_equal "$(events)" ahead3 events
findings_are clock-jumped
expect_status 1 hk findings
expect_line 'clock jumped ahead' out
expect_status 0 hk verify --wait

say "put right: the step back is told, the jump is settled"
set_clock +1h
look 1
expect_equal "$(events)" 'ahead3 back3' events
findings_are clock-back

say "another jump is another, and who looked says why it is right"
set_clock +5h
look 1
findings_are clock-jumped
expect_status 0 hk accept "$(jumped)" --by Sato --note 'the guest stood still'
look 0

say "a step back, and to where it was already: no jump"
set_clock +1h
look 1
findings_are clock-back
set_clock +6h
look 0
events=$(events)
expect_equal "$events" 'ahead3 back3 ahead4 back4 ahead5' events
findings_are

say "corrected while hikaed is away: settled all the same"
set_clock +14h
look 1
findings_are clock-jumped
stop_daemon
begin_at +6h
look 1
findings_are clock-back
expect_equal "$(events)" "$events ahead8 back8" events

say "it stays behind over a start: told once, and put right it is no jump"
stop_daemon
begin_at +6h
look 1
expect_equal "$(events)" "$events ahead8 back8" events
findings_are clock-back
set_clock +40h
look 0
findings_are
stop_daemon
begin_at +40h
look 0
expect_equal "$(events)" "$events ahead8 back8 ahead34" events
expect_status 1 hk journal verify
expect_line 'clock went back' out
stop_daemon
