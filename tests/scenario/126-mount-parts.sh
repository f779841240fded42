#!/bin/sh
# Goal: the right serial number alone mounts nothing: the UUID is compared, and of several devices of one btrfs none is mounted.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need mkfs.btrfs blockdev
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

others=
let_others_go() {
	for other in $others; do
		blockdev --setrw "$other" 2>/dev/null || :
		losetup -d "$other" 2>/dev/null || :
	done
}
at_end="let_others_go let_go"
# other FILE: one more device, told as $other.
other() {
	other=$(loop_device "$1")
	others="$others $other"
}
has_mounts() {
	[ "$(mounts)" = "$1" ]
}
is_open() {
	[ "$(blockdev --getro "$1")" -eq 0 ]
}
# make FILE...: a btrfs with the medium's UUID on these.
make() {
	for file in "$@"; do
		rm -f "$file"
		truncate -s 128M "$file"
	done
	mkfs.btrfs -q -d single -m single -U "$uuid" "$@"
}

make one
mkdir -p "$disk"
plug one
mount -o ro "$device" "$disk" || skip "this kernel has no btrfs"
umount "$disk"
mountpoint=yes
policy=$(closed_window)
medium_keys="uuid = $uuid
		mount = hikae"
install_small

say "without a serial number"
begin
wait_until 60 has_mounts "mounted unmounted"
serial=$(hk media show disk1 --json | jq -r '.medium.serial // empty')
[ -n "$serial" ] || skip "the disk below has no serial number"

say "with it"
medium_keys="$medium_keys
		serial = $serial"
configure
hk reload >/dev/null
hk scan --json >/dev/null
wait_until 60 has_mounts "mounted unmounted mounted unmounted"
stop_daemon
unplug

say "one btrfs on two devices: the switch of one of them only would be shut"
make one two
plug one
other two
btrfs device scan >/dev/null 2>&1 || :
sum=$(cat one two | sha256sum)
begin
await reason uuid-twice
expect_equal "$(mounts)" "mounted unmounted mounted unmounted failed" "mounts"
# It is tried again, and shut while it is looked at.
for part in "$device" "$other"; do
	wait_until 60 is_open "$part"
done
expect_equal "$(cat one two | sha256sum)" "$sum" "the devices"
stop_daemon
losetup -d "$other"
unplug

say "another file system on the disk of that number"
rm one
truncate -s 64M one
mkfs.ext4 -q one
plug one
sum=$(sha256sum <one)
begin
await state absent
hk scan --json >/dev/null 2>&1 || :
wait_until 60 is_idle
expect_equal "$(mounts)" "mounted unmounted mounted unmounted failed" "mounts"
expect_equal "$(sha256sum <one)" "$sum" "the device"
stop_daemon
unplug
