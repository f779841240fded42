#!/bin/sh
# Goal: a report of the day that is renewed no more is told in status and digest, by a host that ran meanwhile, and settled by the next page.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/clock.sh
. "$here/../clock.sh"

policy=$(closed_window)
code='report-stale'
timer=$root/etc/systemd/system/timers.target.wants/hikae-report.timer
page=$state/report/index.html
# Times of files are those that they have.
export NO_FAKE_STAT=1

# look_at OFFSET: hikaed looks, at that time.
look_at() {
	set_clock "$1"
	hk verify --self >/dev/null || :
}
codes_are() {
	[ "$(hk findings --json | jq -r '.findings[].code' | grep -v clock |
		sort | xargs)" = "$1" ]
}
told() {
	cat told/* 2>/dev/null | grep -q "$1"
}
# renew HOURS: what the unit does each day, so many hours from now.
renew() {
	as_owner env FAKETIME="+${1}h" LD_PRELOAD="$clock_library" \
		"$hikae" --root "$root" report --refresh
	touch -d "+$1 hours" "$page"
}

install_small
mkdir -p "$(dirname "$timer")" told
ln -s /lib/systemd/system/hikae-report.timer "$timer"
touch -h -d '9 days ago' "$timer"
touch "$state/keys/daemon.pub"
cat >tell <<-END
	#!/bin/sh
	cat >"$scratch/told/.new.\$\$"
	mv "$scratch/told/.new.\$\$" "$scratch/told/\$(date +%s%N)"
END
chmod 755 tell
give_user told
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[notify it]
	method = command
	command = $scratch/tell
	digest_time = 00:00
	events = bad, undetermined
END
generation 20261101
begin_with_timers_at +0
scan_all
expect_status 0 hk verify --wait

say "the first day of an installation: nothing is missing yet"
look_at +23h
codes_are '' || fail "a page is missing on the first day"
say "a day later it may come any minute, two hours later somebody is told"
look_at +25h
codes_are '' || fail "it was not waited for"
look_at +28h
codes_are $code || fail "nobody was told"

say "in the status of both languages, and in the digest"
is_in_status() {
	hk status >out || [ $? -eq 1 ]
}
wait_until 120 is_in_status
expect_line 'report of the day is more than a day old' out
expect_line 'hikae report --refresh' out
expect_status 1 env LANGUAGE=ja "$hikae" --root "$root" status
expect_line '毎日の報告書が' out
renew 28
look_at +28h
codes_are '' || fail "the new page does not count"

say "renewed each day, nobody hears of it; renewed no more, the digest says so"
for day in 2 3; do
	look_at +$((day * 24 + 3))h
	codes_are '' || fail "day $day"
	renew $((day * 24 + 4))
	look_at +$((day * 24 + 7))h
	codes_are '' || fail "day $day, renewed"
done
rm -f told/*
look_at +101h
codes_are '' || fail "it was not waited for"
look_at +104h
codes_are $code || fail "nobody was told"
entries=$(query 'SELECT count(*) FROM journal')
look_at +126h
wait_until 120 told 'report of the day is more than a day old'
expect_equal "$(query "SELECT count(*) FROM journal WHERE seq >= $entries AND
	leaf ->> 'type' = 'finding'")" 0 "entries of what stands"

say "it stands over a restart"
stop_daemon
begin_with_timers_at +127h
look_at +127h
codes_are $code || fail "a restart forgot it"
renew 127
look_at +127h
codes_are '' || fail "the new page does not count"

say "a host that was off for a week has two hours"
stop_daemon
begin_with_timers_at +300h
look_at +301h
codes_are '' || fail "it was not waited for"
renew 301
look_at +304h
codes_are '' || fail "the new page does not count"

say "who wants no such page is left alone"
look_at +330h
look_at +333h
codes_are $code || fail "nobody was told"
rm "$timer" "$page"
look_at +333h
codes_are '' || fail "no page, no timer"
stop_daemon
begin_with_timers_at +500h
look_at +503h
codes_are '' || fail "no page, no timer, and hours later"
stop_daemon
expect_status 0 as_owner env FAKETIME=+503h LD_PRELOAD="$clock_library" \
	"$hikae" --root "$root" journal verify
