#!/bin/sh
# Goal: a clone of a btrfs medium is told from the devices of one btrfs.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need mkfs.btrfs
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

others=
let_others_go() {
	umount -l "$disk" 2>/dev/null || :
	for other in $others; do
		losetup -d "$other" 2>/dev/null || :
	done
}
at_end="let_others_go let_go"

# other FILE: a disk beside the medium's, told as $other.
other() {
	other=$(loop_device "$1")
	others="$others $other"
}
# Ask the kernel to say that a device changed: media are looked at anew.
touch_device() {
	echo change >"/sys/class/block/$(basename "$1")/uevent"
}
is_captured() {
	[ "$(query "SELECT count(*) FROM manifest")" -gt 0 ]
}
expect_read() {
	await state mounted
	wait_until 120 is_captured
	expect_status 0 hk verify --wait --medium disk1
}
# expect_clone_told FILE: while a copy of the device is there, nothing is read.
expect_clone_told() {
	sync
	cp --sparse=always "$1" twin
	other twin
	touch_device "$other"
	await reason uuid-twice
	expect_equal "$(hk media show disk1 --json | jq -r .medium.state)" unknown
	expect_status 3 hk verify --wait --medium disk1
	expect_status 3 hk status --all
	expect_line 'two devices have one UUID' out
	losetup -d "$other"
	touch_device "$device"
	await state mounted
	expect_status 0 hk verify --wait --medium disk1
}

truncate -s 128M one first second
mkfs.btrfs -q -U "$uuid" one
mkdir -p "$disk"
plug one
mount -o noatime "$device" "$disk" || skip "this kernel has no btrfs"
mountpoint=yes
policy=$(closed_window)
medium_keys="uuid = $uuid
		offline = detached"
install_small
generation 20261101
begin

say "one device: the clone is no part of the same file system"
expect_read
expect_clone_told one
stop_daemon
umount "$disk"
unplug
rm -rf "$state/catalog.db"* "$state/checkpoint" "$state/manifests" \
	"$state/readings"

say "two devices of one file system are one medium"
plug first
other second
member=$other
mkfs.btrfs -q -U "$uuid" -d single -m raid1 "$device" "$member"
mount -o "noatime,device=$member" "$device" "$disk"
mkdir -p "$landing"
generation 20261101
begin
expect_read

say "a clone of either of them is told"
expect_clone_told first
expect_clone_told second

say "one that cannot be looked at may be anything"
if [ ! -e /run/udev/data ]; then
	stop_daemon
	mount --bind /dev/null "$member"
	begin
	await reason uuid-unsure
	umount "$member"
	touch_device "$member"
	await state mounted
	expect_status 0 hk verify --wait --medium disk1
fi
stop_daemon
umount "$disk"
