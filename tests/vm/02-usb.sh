#!/bin/sh
# Goal: a USB disk is good, absent when it is unplugged, and good again.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

resume
image disk.img 64M
plug disk.img A1
format ext4
generation 20261101
generation 20261102
uuid=$(guest "blkid -s UUID -o value $device")
medium_keys="uuid = $uuid"
begin

say "plugged and mounted: captured, verified, good"
scan_all
verify 0
all_good
is_state mounted || fail "$(cat media.json)"
expect_equal "$(jq .medium.read_only media.json)" false "read-only"
expect_equal "$(jq -r '.medium | .transport, .serial, .uuid' media.json |
	xargs)" "usb A1 $uuid" "what the medium is"

say "read: it says that it may be pulled out"
wait_until 60 is_removable disk1
hk media list >shown
expect_line 'disk1 +mounted .*safe to remove' shown
hk media show disk1 >shown
expect_line '^Removal +safe to remove$' shown
must "journalctl -o cat -u hikaed | grep -qx 'medium disk1: safe to remove'"

say "unmounted, plug still in"
unmount
wait_until 20 is_state attached
scan_all
has_finding 'wrong-medium|medium-absent'
verify 3
nothing_known

say "unplugged: absent"
pull A1
wait_until 20 is_state absent
hk media show disk1 >shown || :
expect_line '^State +not connected' shown
expect_line "^State since +$(guest date +%F)" shown
expect_no_line 'safe to remove' shown
scan_all
has_finding 'wrong-medium|medium-absent'
verify 3
nothing_known

say "plugged in again: good again"
plug disk.img A1
wait_until 20 is_state attached
attach "$device"
wait_until 20 is_state mounted
scan_all
verify 0
all_good
still_alive
