#!/bin/sh
# Goal: another disk in a medium's place is the wrong medium, never a loss.
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
scan_all
expect_status 0 hk verify --wait
all_good
must "umount $disk"
pull A1
cp disk.img clone.img

say "another disk, with other backups of the same names"
image other.img 64M
plug other.img B2
format ext4
generation 20261101
must "echo other >$landing/20261101/a"
scan_all
has_finding wrong-medium
expect_status 3 hk verify --wait
nothing_known
must "umount $disk"
pull B2

say "the right one again"
plug disk.img A1
attach "$device"
scan_all
expect_status 0 hk verify --wait
all_good
still_alive
