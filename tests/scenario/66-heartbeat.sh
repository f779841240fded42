#!/bin/sh
# Goal: "hikaed is alive" and "all is well" are two signals, and neither outlives its cause.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

alive=$root/run/hikae/monitor.alive
well=$root/run/hikae/monitor.well

# value NAME FILE
value() {
	sed -n "s/^$1=//p" "$2"
}

# Written after this moment, and to be believed now.
is_fresh() {
	[ "$(value at_seconds "$1")" -ge "$2" ] &&
		[ "$(value until_seconds "$1")" -ge "$(date +%s)" ]
}

is_believed() {
	[ -e "$1" ] && [ "$(value until_seconds "$1")" -ge "$(date +%s)" ]
}

is_not_believed() {
	! is_believed "$1"
}

install_small
cat >"$scratch/beat" <<-END
	#!/bin/sh
	echo "\$HIKAE_EVENT \$HIKAE_STATE" >>"$scratch/beats"
	! [ -e "$scratch/beat-down" ]
END
chmod 755 "$scratch/beat"
touch beats
give_user beats
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[notify monitor]
	method = heartbeat
	interval = 1s
	command = $scratch/beat
END

say "nothing was measured: alive, and not well"
begin
wait_until 60 is_believed "$alive"
expect_equal "$(value signal "$alive")" alive
expect_equal "$(value state "$alive")" undetermined
[ ! -e "$well" ] || fail "well without a backup"
expect_equal "$(stat -c %a "$alive")" 640 "mode"

say "good: well, too, and by command"
generation 20261101
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status
wait_until 60 test -e "$well"
expect_equal "$(value state "$well")" good
wait_until 60 grep -qx 'well good' beats
wait_until 60 is_fresh "$alive" "$(date +%s)"

say "alert rules ask for what there is"
rules=$here/../../conf/prometheus/hikae.rules.yml
hk metrics | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' | sort -u >names
grep -o 'hikae_[a-z_]*' "$rules" | sort -u >asked
expect_line '^hikae_up$' asked
comm -13 names asked >unknown
[ ! -s unknown ] || fail "no such metric: $(xargs <unknown)"
# Each alert is told whom it concerns, in both languages.
for part in 'alert: ' 'expr: ' 'severity: (critical|warning)' 'summary: ' \
	'summary_ja: '; do
	expect_equal "$(grep -Ec "^ +(- )?$part" "$rules")" \
		"$(grep -c -- '- alert: ' "$rules")" "count of $part"
done
if command -v promtool >/dev/null; then
	promtool check rules "$rules"
fi

say "a damaged copy: alive, no longer well"
flip "$landing/20261101/a" 3
hk verify --wait >/dev/null || :
wait_until 60 test ! -e "$well"
now=$(date +%s)
wait_until 60 is_fresh "$alive" "$now"
expect_equal "$(value state "$alive")" bad
[ ! -e "$well" ] || fail "well again"

say "a command that fails is told, and does not stop the files"
touch beat-down
fails() {
	hk status --json | jq -e '.reasons[] | select(.code == "notice-undelivered")'
}
wait_until 60 fails
wait_until 60 is_fresh "$alive" "$(date +%s)"
rm beat-down
passes() {
	! fails
}
wait_until 60 passes

say "mended: well again"
flip "$landing/20261101/a" 3
hk verify --wait >/dev/null
expect_status 0 hk status
wait_until 60 test -e "$well"

say "killed: neither is believed for long"
kill_daemon
wait_until 60 is_not_believed "$alive"
wait_until 60 is_not_believed "$well"

say "stopped and not running: neither is there"
begin
wait_until 60 is_believed "$well"
stop_daemon
[ ! -e "$alive" ] || fail "alive after the end"
[ ! -e "$well" ] || fail "well after the end"

say "stopped by a signal that freezes it: not alive"
begin
wait_until 60 is_believed "$well"
kill -STOP "$daemon"
wait_until 60 is_not_believed "$alive"
wait_until 60 is_not_believed "$well"
kill -CONT "$daemon"
wait_until 60 is_believed "$alive"

say "a section that is taken away leaves no signal"
configure
expect_status 0 hk reload
[ ! -e "$alive" ] || fail "alive without a section"
[ ! -e "$well" ] || fail "well without a section"
