#!/bin/sh
# Goal: what a person was told is safe to remove is left alone, also by a hikaed that was started since, until it went or somebody wants it read.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

attaches() {
	query "SELECT count(*) FROM run WHERE trigger = 'attach'"
}
has_attaches() {
	[ "$(attaches)" = "$1" ]
}
records() {
	entries | sed -n 's/^record://p' | xargs
}
restart() {
	stop_daemon
	begin
}

policy=$(closed_window)
mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached"
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
install_small
generation 20261101
generation 20261102
begin
await is_removable_now true
has_attaches 1 || fail "not read"

say "released: a hikaed that is started again begins nothing there"
expect_status 0 hk media release disk1
expect_line 'unmount it, then remove it' out
restart
await is_released true
await is_removable_now true
expect_equal "$(attaches)" 1 "runs of an attach"
kill_daemon
begin
await is_released true
await is_removable_now true
expect_equal "$(attaches)" 1 "runs of an attach"
expect_equal "$(records)" released
# Once is enough.
expect_status 0 hk media release disk1
expect_equal "$(records)" released

say "unmounted and mounted again it is read"
umount "$disk"
await state attached
await is_released false
await is_removable_now true
mount -o ro,noatime "$device" "$disk"
wait_until 60 has_attaches 2
await is_removable_now true
expect_equal "$(records)" "released release-ended"
restart
await is_released false

say "who wants it read ends it, for the next hikaed too"
await is_removable_now true
expect_status 0 hk media release disk1
restart
await is_released true
scan_all
await is_released false
restart
await is_released false
await is_removable_now true

say "connected and not mounted: nothing to read, nor to let go of"
umount "$disk"
# At once: what was unmounted a moment ago is in no doubt by that.
expect_status 75 hk verify --wait --medium disk1
expect_line 'disk1 is connected, but not mounted' err
findings_are
await state attached
before=$(records)
expect_status 0 hk media release disk1
expect_line 'disk1 is not mounted, and nothing of hikae holds it' out
LANGUAGE=ja hk media release disk1 >out
expect_line '取り外してください' out
expect_equal "$(records)" "$before"
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_released false
await is_removable_now true

say "gone while it was released: what comes is read"
expect_status 0 hk media release disk1
umount "$disk"
unplug
await state absent
await is_released false
expect_status 75 hk media release disk1
expect_line 'disk1 is not connected: there is nothing to release' err
plug ext4
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_released false
await is_removable_now true
umount "$disk"
unplug
await state absent
stop_daemon

say "what hikae mounts itself is not mounted by the next hikaed either"
rm -rf "$state/catalog.db"* "$state/checkpoint" "$state/manifests" \
	"$state/readings"
sed -i "s/^\\t*uuid = .*/&\\nmount = hikae/" "$root/etc/hikae/hikae.conf"
plug ext4
begin
await is_removable_now true
has_mounts() {
	[ "$(mounts)" = "$1" ]
}
has_mounts "mounted unmounted" || fail "$(mounts)"
expect_status 0 hk media release disk1
expect_line 'disk1 is not mounted' out
await is_released true
restart
await is_released true
await is_removable_now true
has_mounts "mounted unmounted" || fail "$(mounts)"
expect_status 0 hk reload
await is_removable_now true
has_mounts "mounted unmounted" || fail "$(mounts)"

say "a person may still have it read"
expect_status 0 hk verify --wait
has_mounts "mounted unmounted mounted" ||
	has_mounts "mounted unmounted mounted unmounted" || fail "$(mounts)"
await is_released false
await is_removable_now true

say "let go of in the middle, and taken away: back, it is read"
expect_status 0 hk media release disk1
restart
await is_released true
unplug
await state absent
await is_released false
plug ext4
wait_until 60 has_mounts \
	"mounted unmounted mounted unmounted mounted unmounted"
await is_removable_now true
stop_daemon

say "what nobody can see unless it is mounted is released, and comes back, too"
rm -rf "$state/catalog.db"* "$state/checkpoint" "$state/manifests" \
	"$state/readings"
sed -i 's/^kind = disk/kind = nas/; /^\t*uuid = /d; /^mount = hikae/d' \
	"$root/etc/hikae/hikae.conf"
mount -o ro,noatime "$device" "$disk"
begin
await is_removable_now true
expect_status 0 hk media release disk1
umount "$disk"
await state unknown
await is_released false
mount -o ro,noatime "$device" "$disk"
wait_until 60 has_attaches 2
await is_removable_now true
umount "$disk"
stop_daemon
