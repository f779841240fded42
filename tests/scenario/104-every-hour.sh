#!/bin/sh
# Goal: what is altered in the journal's last entries is found within the hour, while hikaed runs, and closes when it is mended; an hourly look that fails delays no daily one.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/clock.sh
. "$here/../clock.sh"

# codes_are CODES: of open findings, sorted.
codes_are() {
	[ "$(hk findings --json | jq -r '.findings[].code' | sort | xargs)" = "$1" ]
}

# alter SQL: behind hikaed's back, while it runs.
alter() {
	as_owner sqlite3 "$catalog" ".timeout 20000" "$1" >out
}

# set_leaf SEQ HEX: the journal itself defends its entries.
set_leaf() {
	alter "BEGIN IMMEDIATE; DROP TRIGGER journal_same;
		UPDATE journal SET leaf = x'$2' WHERE seq = $1; $defence; COMMIT"
}

policy=$(closed_window)
install_small
generation 20261101
begin_with_timers_at +0
scan_all
stop_daemon
defence=$(query "SELECT sql FROM sqlite_schema WHERE name = 'journal_same'")

say "the look after the start is over, and one that was asked for"
alter 'UPDATE copy SET taken_at = taken_at + 1'
begin_with_timers_at +0
set_clock +1m
wait_until 120 codes_are catalog-differs
alter 'UPDATE copy SET taken_at = taken_at - 1'
expect_status 0 hk verify --self
codes_are "" || fail "something is wrong from the start"

say "a byte of a recent entry: found by the next hourly look, which replays nothing"
generation 20261102
scan_all
hk journal checkpoint >out
seq=$(query "SELECT max(seq) FROM journal WHERE leaf ->> 'type' = 'captured'")
leaf=$(query "SELECT hex(leaf) FROM journal WHERE seq = $seq")
wrong=$(query "SELECT hex(replace(CAST(leaf AS TEXT), '\"problems\":0',
	'\"problems\":1')) FROM journal WHERE seq = $seq")
[ "$leaf" != "$wrong" ] || fail "nothing was altered"
set_leaf "$seq" "$wrong"
set_clock +2h
wait_until 120 codes_are journal-broken
expect_status 2 hk status
expect_line 'does not prove itself' out

say "mended: closed by the daily look, which sees all"
set_leaf "$seq" "$leaf"
set_clock +25h
wait_until 120 codes_are ""

say "an hourly look that fails is a finding; the next one closes it"
chmod 000 "$catalog"
set_clock +46h
wait_until 120 codes_are records-unchecked
chmod 640 "$catalog"
set_clock +47h
wait_until 120 codes_are ""

say "one that fails shortly before the daily look does not delay that"
chmod 000 "$catalog"
set_clock +48h
wait_until 120 codes_are records-unchecked
chmod 640 "$catalog"
alter 'UPDATE copy SET taken_at = taken_at + 1'
set_clock +49h
wait_until 120 codes_are catalog-differs
alter 'UPDATE copy SET taken_at = taken_at - 1'
expect_status 0 hk verify --self
stop_daemon
expect_status 0 hk journal verify
