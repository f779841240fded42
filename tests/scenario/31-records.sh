#!/bin/sh
# Goal: before an update and after an attack, the last known good is named.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# field FILTER: of the answer in ./out
field() {
	jq -r "$1" out
}

# A day of the calendar is a generation's name.
not_at_midnight
today=$(date +%Y%m%d)
yesterday=$(date -d yesterday +%Y%m%d)
policy="full_after_capture = no
$(closed_window)"
system_keys='recovery_order = 1
		recovery_target = 4h'
medium_keys='location = Server room'
install_small

say "without hikaed: unknown at once, and said so"
expect_status 3 hk check
expect_line '^HIKAE UNKNOWN - ' out
expect_status 75 hk metrics --output metrics.prom
expect_equal "$(grep -v '^#' metrics.prom)" 'hikae_up 0'

say "no generation is not OK, not metrics of good, not a plan"
begin
scan_all
expect_status 2 hk check
expect_status 2 hk preflight ehr --by Sato
expect_line 'no good backup' out
expect_status 2 hk recover plan
expect_line 'none that can be used' out

say "a young generation counts only once it was read again"
generation "$yesterday"
generation "$today"
scan_all
expect_status 1 hk preflight ehr --by Sato --note 'EHR 8.1' --json
expect_equal "$(field .reason)" not-confirmed
expect_status 0 hk verify --wait
expect_status 0 hk preflight ehr --by Sato --note 'EHR 8.1' --max-age 48h
expect_line 'This answer stands in the journal' out
expect_line 'Newest good one: ehr@.* ago; at most 2 days are asked for' out
expect_status 2 hk preflight ehr --by Sato --max-age 1m --json
expect_equal "$(field .reason)" too-old
expect_equal "$(query 'SELECT group_concat(outcome) FROM preflight')" \
	bad,warning,good,bad
expect_equal "$(query 'SELECT note FROM preflight WHERE outcome = "good"')" \
	'EHR 8.1'
expect_status 64 hk preflight ehr
expect_status 64 hk preflight ehr --by Sato --max-age often
expect_status 66 hk preflight nobody --by Sato

say "the line and the numbers for monitoring"
expect_status 0 hk check
expect_line '^HIKAE OK - .* \| systems=1;;;0; generations=2;;;0; ' out
expect_status 0 hk metrics --output metrics.prom
expect_line '^hikae_up 1$' metrics.prom
expect_line '^hikae_status\{facility="small"\} 0$' metrics.prom
expect_line '^hikae_system_copies_good\{facility="small",system="ehr"\} 2$' \
	metrics.prom
expect_equal "$(find . -maxdepth 1 -name '*metrics*' | wc -l)" 1 "files of the metrics"
expect_status 66 hk metrics --output nowhere/metrics.prom

say "the plan: the newest, where it lies, and what was passed over"
expect_status 0 hk recover plan --json
expect_equal "$(field '.systems[0] | .order, .target_ms, .generation,
	(.copies[0] | .medium, .location, .is_confirmed)' | xargs)" \
	"1 14400000 ehr@${today}T000000+0000 disk1 Server room true"
expect_status 2 hk recover plan --before "$(date -d "$today" +%F)" --json
expect_equal "$(field '.systems[0] | .copies | length')" 0

printf x | dd of="$landing/$today/a" bs=1 conv=notrunc 2>/dev/null
expect_status 2 hk verify --wait
expect_status 0 hk recover plan
expect_line "generation: ehr@${yesterday}T" out
expect_line 'damaged or missing 1' out
expect_status 2 hk check
expect_line '^HIKAE CRITICAL - ' out

say "the host is gone: from a copy of the catalog"
expect_status 0 as_owner "$hikae" --root "$root" catalog backup "$root/kept.db"
stop_daemon
cp "$root/kept.db" .
mkdir empty
expect_status 0 "$hikae" --root "$PWD/empty" --database kept.db recover plan
expect_line "generation: ehr@${yesterday}T" out
expect_status 75 "$hikae" --root "$PWD/empty" recover plan
