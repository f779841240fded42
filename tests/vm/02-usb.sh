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
expect_status 0 hk verify --wait
all_good

say "unmounted, plug still in"
must "umount $disk"
scan_all
has_finding 'wrong-medium|medium-absent'
expect_status 3 hk verify --wait
nothing_known

say "unplugged: absent"
pull A1
scan_all
has_finding 'wrong-medium|medium-absent'
expect_status 3 hk verify --wait
nothing_known

say "plugged in again: good again"
plug disk.img A1
attach "$device"
scan_all
expect_status 0 hk verify --wait
all_good
still_alive
