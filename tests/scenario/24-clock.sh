#!/bin/sh
# Goal: a clock that lies makes nothing look fresh, and is said to lie.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/clock.sh
. "$here/../clock.sh"

reasons() {
	hk status --json | jq -r '.reasons[].code' | sort -u | xargs
}

system_keys='grace = 1h'
policy='coverage = 1d'
install_small
today=$(date +%Y%m%d)
generation "$today"

say "three days ahead, then right again: back, and said so"
begin_at +3d
scan_all
expect_equal "$(query 'SELECT count(*) FROM manifest')" 1 manifests
stop_daemon
begin
scan_all
hk findings --json | jq -r '.findings[].code' >codes
expect_line '^clock-back$' codes
expect_equal "$(query 'SELECT event FROM clock_event')" back
got=0
hk status >out || got=$?
[ "$got" -ge 1 ] || fail "status is good after a step back"
expect_line 'clock' out

say "a step back while it runs"
stop_daemon
begin_at +0
scan_all
before=$(query 'SELECT count(*) FROM clock_event')
set_clock -5h
generation 20261101
scan_all
[ "$(query 'SELECT count(*) FROM clock_event')" -gt "$before" ] ||
	fail "the step was not seen"
expect_status 0 hk verify --wait
set_clock +0
scan_all
stop_daemon

say "a clock that passed what it showed before is right again"
begin_at +4d
scan_all
hk findings --json | jq -r '.findings[].code' >codes
expect_no_line '^clock-back$' codes
stop_daemon

say "what was read in the future does not stay fresh"
rm -rf "${root:?}/var"
make_keys "$root"
give_user "$root"
begin_at +300d
scan_all
stop_daemon
begin
scan_all
hk copies --json | jq -r '.copies[].oldest_read_at' >out
expect_line '^[0-9]+$' out
[ "$(sort -n out | tail -n 1)" -lt "$(date -d "2 hours" +%s000)" ] ||
	fail "read in the future"
case " $(reasons) " in
*' clock-'*) ;;
*) fail "reasons: $(reasons)" ;;
esac
expect_status 0 hk verify --wait
stop_daemon

say "a generation from the future is none that is on time"
rm -rf "${root:?}/var" "${landing:?}"/*
make_keys "$root"
give_user "$root"
sed -i 's/^interval = none/interval = 24h/; s/^grace = .*/grace = 1h/' \
	"$root/etc/hikae/hikae.conf"
generation "$(date -d '10 days ago' +%Y%m%d)"
generation "$(date -d '10 days' +%Y%m%d)"
begin
scan_all
expect_status 2 hk status --json
jq -r '.reasons[].code' out >codes
expect_line '^generation-late$' codes
expect_line '^clock-ahead$' codes
stop_daemon

say "hours that come twice, and hours that never are"
rm -rf "${root:?}/var" "${landing:?}"/*
make_keys "$root"
sed -i 's/^interval = 24h/interval = none/; s/^pattern = .*/pattern = %Y%m%d%H%M/
	s|^timezone = .*|timezone = America/New_York|' "$root/etc/hikae/hikae.conf"
give_user "$root"
for hour in 00 01 02; do
	generation "20251102${hour}30"
done
generation 202503090230
begin
scan_all
hk generations --json | jq -r '.generations[].id' | sort >out
expect_line '^ehr@20251102T003000-0400$' out
expect_line '^ehr@20251102T013000-0[45]00$' out
expect_line '^ehr@20251102T023000-0500$' out
expect_line '^ehr@20250309T0[13]3000-0[45]00$' out
findings_are
stop_daemon
