#!/bin/sh
# Goal: below --root nothing that a hanging notification program started is left, neither after its deadline nor after hikaed's end.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need pgrep

# hang_for DURATION: a program that hangs, and a child of it that does so, too.
hang_for() {
	configure
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[notify hang]
		method = command
		command = $scratch/hang
		delay = 0s
		group = 0s
		retry = 1h
		digest_time = none
		events = bad, undetermined, warning
		timeout = $1
	END
}
install_small
policy=$(closed_window)
# Its last argument tells it from any other.
mark=$scratch/hangs
cat >"$scratch/hang" <<-END
	#!/bin/sh
	tail -f /dev/null "$mark" &
	tail -f /dev/null "$mark"
END
: >"$mark"
chmod 755 "$scratch/hang"
hanging() {
	pgrep -f -c -x "tail -f /dev/null $mark" || :
}
two_hang() {
	[ "$(hanging)" = 2 ]
}
none_hangs() {
	[ "$(hanging)" = 0 ]
}
was_tried() {
	hk notify list --json | jq -e '.sections[0].failed == 1'
}
hang_up() {
	pkill -KILL -f -x "tail -f /dev/null $mark" || :
}
at_end=hang_up
generation 20261101

say "at its deadline"
hang_for 2s
begin
scan_all
printf 'x' >>"$landing/20261101/b"
hk verify --wait >/dev/null || :
wait_until 60 was_tried
wait_until 60 none_hangs

say "at the end of hikaed, and of its sudden end"
for how in stop_daemon kill_daemon; do
	stop_daemon
	hang_for 5m
	rm -f "$state/outbox.json"
	begin
	wait_until 60 two_hang
	"$how"
	wait_until 60 none_hangs
	[ "$how" = kill_daemon ] || begin
done
