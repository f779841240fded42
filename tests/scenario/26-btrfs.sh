#!/bin/sh
# Goal: a btrfs medium, whose subvolumes have devices of their own, is known by
# its UUID, and another one is not taken for it.
. "$(dirname "$0")/../lib.sh"
need_root
need mkfs.btrfs losetup blkid
private_mounts
. "$(dirname "$0")/../small.sh"
# Without udev only root may look whether another device has the UUID.
owner=
give_user() {
	:
}

device=
release() {
	[ -z "$device" ] || losetup -d "$device" 2>/dev/null || :
}

truncate -s 200M image
mkfs.btrfs -q -f image >/dev/null
mkdir -p "$disk"
device=$(loop_device image)
at_end=release
mount "$device" "$disk" || skip "this kernel has no btrfs"
uuid=$(blkid -p -s UUID -o value image)
mountpoint=yes medium_keys="uuid = $uuid"
install_small
generation 20261101
begin
scan_all

say "the right one"
expect_status 0 hk status
stop_daemon

say "another one"
medium_keys="uuid = 00000000-0000-0000-0000-000000000000"
configure
begin
hk scan >/dev/null
wait_until 120 is_idle
expect_status 2 hk status
findings_are wrong-medium
