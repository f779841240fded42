#!/bin/sh
# Goal: what protects a medium and its copies from writing is on record.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need chattr
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

protection() {
	hk media show disk1 --json | jq -r '.medium.protections[] |
		.method + ":" + .result'
}
is_protected() {
	[ "$(protection)" = "device-read-only:$1" ]
}
# traits: of the newest state of each copy, oldest generation first.
traits() {
	query "SELECT t.files, t.immutable, t.encrypted FROM copy_trait t
		JOIN copy c ON c.id = t.copy AND c.to_seq > 1 << 60
		WHERE t.to_seq > 1 << 60 ORDER BY c.id" | xargs
}

truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
mountpoint=yes
medium_keys="uuid = $uuid"
install_small
generation 20261101
chattr +i "$landing"/20261101/a "$landing"/20261101/b \
	"$landing"/20261101/sub/c
generation 20261102
chattr +i "$landing/20261102/a"
begin
await state mounted
scan_all
expect_status 0 hk verify --wait

say "the immutable flag counts where every file has it"
expect_equal "$(traits)" "3|3|none 3|1|none"
say "what changes is written once, and again when it changes"
entries=$(query "SELECT count(*) FROM copy_trait")
expect_status 0 hk verify --wait
expect_equal "$(query "SELECT count(*) FROM copy_trait")" "$entries"
chattr -i "$landing/20261101/b"
expect_status 0 hk verify --wait --level quick
expect_equal "$(traits)" "3|2|none 3|1|none"

say "the device's switch: as it is seen, not as it is mounted"
wait_until 60 is_protected open
umount "$disk"
await state attached
mount -o ro,noatime "$device" "$disk"
await state mounted
is_protected open || fail "a read-only mount protects nothing"
umount "$disk"
await state attached
unplug
await state absent
plug -r ext4
mount -o ro,noload "$device" "$disk"
await state mounted
wait_until 60 is_protected refused
umount "$disk"
await state attached
stop_daemon
unplug
