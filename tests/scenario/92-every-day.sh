#!/bin/sh
# Goal: hikaed looks at its own records every day, nobody asks for it, and says so once a day; who asks meanwhile is answered.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need_clock

policy=$(closed_window)

# The daemon's clocks, the one for waiting too: an offset in ./offset.
set_clock() {
	printf '%s\n' "$1" >"$root/offset.new"
	mv "$root/offset.new" "$root/offset"
}

codes_are() {
	[ "$(hk findings --json | jq -r '.findings[].code' | grep -v clock |
		sort | xargs)" = "$1" ]
}

# Entries that say that it was done.
checks() {
	query "SELECT count(*) FROM journal WHERE leaf ->> 'type' = 'self-check'"
}
checks_are() {
	[ "$(checks)" -eq "$1" ]
}

install_small
generation 20261101
set_clock +0
begin env FAKETIME_TIMESTAMP_FILE="$root/offset" FAKETIME_NO_CACHE=1 \
	LD_PRELOAD="$clock_library"
scan_all
expect_status 0 hk verify --self
expect_equal "$(checks)" 0 "entries on the first day"

say "a day later, and once for each day"
set_clock +25h
wait_until 120 checks_are 1
hk verify --self >out 2>err || :
hk verify --self >out 2>err || :
expect_equal "$(checks)" 1 "entries on the second day"
expect_equal "$(query "SELECT json_extract(leaf, '\$.manifests',
	'\$.digested', '\$.findings') FROM journal
	WHERE leaf ->> 'type' = 'self-check'")" '[1,1,0]'

say "a row that was altered while it ran"
as_owner sqlite3 "$catalog" '.timeout 20000' \
	'UPDATE copy SET taken_at = taken_at + 1'
set_clock +50h
wait_until 120 codes_are catalog-differs
wait_until 120 checks_are 2
as_owner sqlite3 "$catalog" '.timeout 20000' \
	'UPDATE copy SET taken_at = taken_at - 1'
set_clock +75h
wait_until 120 codes_are ""
stop_daemon
expect_status 0 hk journal verify
