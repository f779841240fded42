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
medium_keys="uuid = $uuid
serial = A1"
begin
scan_all
verify 0
all_good
unmount
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
verify 3
nothing_known
is_state wrong-medium || fail "$(cat media.json)"
must "umount $disk"
pull B2

say "a clone: the same UUID on another disk"
plug clone.img C3
attach "$device"
wait_until 20 is_state wrong-medium
scan_all
verify 3
nothing_known
must "umount $disk"
pull C3
wait_until 20 is_state absent

say "the right one again"
plug disk.img A1
attach "$device"
scan_all
verify 0
all_good
still_alive
