#!/bin/sh
# Goal: a medium that comes and goes may be removed once its witness is durable, or cannot be written.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

folder=$disk/hikae-witness

# The last thing that was said of the witness, as RESULT:REASON.
last() {
	query "select result || ':' || coalesce(detail ->> 'reason', '')
		from medium_event where event = 'witness' order by seq desc
		limit 1"
}

truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached
		witness = yes"
install_small
generation 20261101
umount "$disk"
unplug

say "it may be removed when what was read is in its witness"
begin
await state absent
plug ext4
await state attached
mount -o noatime "$device" "$disk"
await state mounted
wait_until 120 is_removable
expect_equal "$(last)" "written:"
expect_status 0 "$hikae" journal verify "$folder" \
	--public-key "$state/keys/daemon.pub"
expect_line '"type":"slice"' "$folder/journal.txt"
expect_line '"event":"end".*"type":"run"' "$folder/journal.txt"
expect_equal "$(find "$folder" -name ".hikae-tmp-*")" "" leftovers

say "it is unmounted and comes back: nobody else had it, and it is held to it"
umount "$disk"
await state attached
wait_until 120 is_removable
unplug
await state absent
plug ext4
mount -o noatime "$device" "$disk"
await state mounted
wait_until 120 is_removable
query "select result from medium_event where event = 'witness' order by seq" |
	xargs >results
expect_line 'none written extends written$' results
findings_are

say "mounted read-only it has none, which is told, and it may be removed"
umount "$disk"
await state attached
mount -o ro,noatime "$device" "$disk"
await state mounted
wait_until 120 is_removable
expect_equal "$(last)" "failed:denied"
findings_are witness-unwritten
umount "$disk"
await state attached
mount -o noatime "$device" "$disk"
await state mounted
wait_until 120 is_removable
expect_equal "$(last)" "written:"
findings_are

say "a full medium keeps the old one whole"
generation 20261102
umount "$disk"
await state attached
mount -o noatime "$device" "$disk"
await state mounted
dd if=/dev/zero of="$disk/fill" bs=64k 2>/dev/null || :
dd if=/dev/zero of="$disk/fill2" bs=512 2>/dev/null || :
wait_until 120 is_removable
expect_equal "$(last)" "failed:no-space"
expect_status 0 "$hikae" journal verify "$folder" \
	--public-key "$state/keys/daemon.pub"
rm -f "$disk/fill" "$disk/fill2"
umount "$disk"
stop_daemon
