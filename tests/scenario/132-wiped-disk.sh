#!/bin/sh
# Goal: backups that were deleted from a recognised disk are missing, there and away.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

mount_disk() {
	plug ext4
	mount "$device" "$disk"
	await state mounted
	hk scan --json >scanned || :
	wait_until 120 is_idle
}
take_away() {
	expect_status 0 hk media release disk1
	umount "$disk"
	unplug
	await state absent
}
lost_are() {
	expect_equal "$(query "SELECT count(*) FROM copy_state
		WHERE state = 'missing' AND to_seq > 1 << 60")" "$1" "copies lost"
}
# No copy there counts, offline or not, and a person is told to act.
nothing_counts() {
	expect_status 2 hk status
	expect_status 2 hk check
	expect_equal "$(hk status --json |
		jq '.systems[0].generations_kept')" 0 "generations that count"
	hk recover plan >planned || :
	expect_no_line "ehr@" planned
}

mountpoint=yes
policy=$(closed_window)
medium_keys="uuid = $uuid
		offline = detached"
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount "$device" "$disk"
install_small
generation 20261101
generation 20261102
begin
scan_all
expect_status 0 hk verify --wait
lost_are 0

say "the folder of the backups is gone, the disk is the right one"
mv "$landing" kept
hk scan --json >scanned || :
wait_until 120 is_idle
lost_are 2
findings_are generation-missing generation-missing nothing-found
nothing_counts

say "taken away: it is still so, and no plan"
take_away
findings_are generation-missing generation-missing nothing-found
nothing_counts

say "the same with a folder that is empty"
mount_disk
mv kept "$landing"
hk scan --json >scanned || :
wait_until 120 is_idle
lost_are 0
expect_status 0 hk verify --wait
findings_are
mv "$landing" kept
mkdir "$landing"
take_away_at_once() {
	umount "$disk"
	unplug
	await state absent
}
hk scan --json >scanned || :
wait_until 120 is_idle
lost_are 2
take_away_at_once
nothing_counts

say "another disk at the same place says nothing of this one"
mount_disk
rmdir "$landing"
mv kept "$landing"
hk scan --json >scanned || :
wait_until 120 is_idle
expect_status 0 hk verify --wait
findings_are
take_away
truncate -s 64M other
mkfs.ext4 -q -m 0 other
plug other
mount "$device" "$disk"
hk scan --json >scanned || :
wait_until 120 is_idle
lost_are 0
umount "$disk"
unplug
stop_daemon
