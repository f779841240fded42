#!/bin/sh
# Goal: a USB disk pulled while it is read is undetermined, and then good again.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

is_reading() {
	hk jobs --json |
		jq -e 'any(.jobs[]; .is_running and .total_bytes > 30000000)'
}

resume
image disk.img 100M
plug disk.img A1
format ext4
generation 20261101
must "head -c 40000000 /dev/urandom >$landing/20261101/large && sync"
medium_keys="uuid = $(guest "blkid -s UUID -o value $device")"
begin
scan_all
all_good
unmount
pull A1

say "pulled while a reader is in the middle of a large file"
plug disk.img A1 "$(slow 4000000)"
attach "$device"
in_background 'hikae verify --wait'
wait_until 30 is_reading
sleep 1
pull A1
finish 3
nothing_known
still_alive

say "the mount is still listed, the device is gone"
expect_equal "$(guest "mountpoint -q $disk; echo \$?")" 0 "mount point"
wait_until 20 is_state yanked
scan_all
nothing_known
verify 3
nothing_known

say "plugged in again while the old mount is still there"
plug disk.img A1
must "umount $disk"
attach "$device"
scan_all
verify 0
all_good
still_alive
