#!/bin/sh
# Goal: a disk that is kept unplugged tells whether somebody used it meanwhile.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

# What became of the last detach or attach: the journal's entries of the disk.
events() {
	hk journal list --json --limit 1000 |
		jq -r '.entries[] | select(.type == "medium") |
			if .event == "state" then .state + ":" + (.reason // "")
			else .event + ":" + (.result // "") end'
}

is_stamped() {
	hk media show disk1 --json | jq -e .medium.stamp
}

# An operator's weekly change: plug in, wait, unmount, unplug.
change() {
	plug disk.img A1
	attach "$device" ext4 ro
	wait_until 20 is_state mounted
	wait_until 60 is_removable disk1
	must "hikae media list | grep -q 'disk1 .*safe to remove'"
	unmount
	wait_until 20 is_state attached
	wait_until 20 is_stamped
	pull A1
	wait_until 20 is_state absent
}

resume
image disk.img 64M
plug disk.img A1
format ext4
generation 20261101
generation 20261102
medium_keys="uuid = $(guest "blkid -s UUID -o value $device")
serial = A1
offline = detached"
must "umount $disk"
pull A1
begin
wait_until 20 is_state absent

say "plugged in: read by itself; unplugged: recorded"
change
events >seen
expect_equal "$(tail -n 2 seen | xargs)" 'absent: record:detached'
hk media show disk1 --json | jq -e '.events[0].detail |
	.copies == 2 and .intact == 2 and .stamped' >/dev/null ||
	fail "$(hk media show disk1 --json | jq '.events[0]')"
findings_are
expect_status 0 hk status
expect_line 'medium detached' out
expect_line 'disk1 +offline, verified ' out
hk media show disk1 >shown
expect_line '^State +not connected' shown
expect_line "^State since +$(guest date +%F)" shown

say "plugged in again: nobody had it"
change
events >seen
expect_line '^(attached|mounted):unchanged$' seen
findings_are

say "somebody wrote to it elsewhere"
must 'systemctl stop hikaed'
plug disk.img A1
attach "$device"
must "touch $disk/elsewhere && umount $disk"
pull A1
must 'systemctl start hikaed'
plug disk.img A1
wait_until 20 is_state attached
wait_until 20 is_open attached-elsewhere

say "a write-protected disk is seen as such"
pull A1
wait_until 20 is_state absent
plug disk.img A1 '"driver": "raw", "read-only": true'
attach "$device" ext4 ro,noload
wait_until 20 is_state mounted
jq -e '.medium.device_read_only' media.json >/dev/null ||
	fail "$(cat media.json)"
still_alive
