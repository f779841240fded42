#!/bin/sh
# Goal: what hikae mounted or shut is given back, or said not to be, always.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need blockdev
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

clone=
# A switch that was left shut would outlive the medium.
let_all_go() {
	put_back
	[ -z "$clone" ] || losetup -d "$clone" 2>/dev/null || :
	[ -z "$device" ] || blockdev --setrw "$device" 2>/dev/null || :
}
at_end="let_all_go let_go"

last_mount_is() {
	[ "$(mounts | sed 's/.* //')" = "$1" ]
}
is_mounted() {
	mountpoint -q "$disk"
}
record=$root/run/hikae-mount/disk1
has_record() {
	[ -e "$record" ]
}
switch_is() {
	[ "$(blockdev --getro "$1")" = "$2" ]
}
# Nothing is mounted, shut or noted any more.
all_is_given_back() {
	! is_mounted && ! has_record && switch_is "$device" 0
}
# No entry ever says that the switch protects.
never_protected() {
	expect_equal "$(query "SELECT count(*) FROM protection
		WHERE method = 'device-read-only' AND result = 'refused'")" 0 \
		"times that our own hand counted"
	expect_equal "$(query "SELECT max(device_read_only)
		FROM medium_state")" 0 "device_read_only"
}
# A /dev of our own, from which a node can be taken.
own_dev() {
	mkdir -p dev
	mount -t tmpfs none dev
	find /dev -maxdepth 1 ! -type d ! -type p ! -type s |
		while read -r node; do cp -a "$node" dev/; done
	mount --bind dev /dev
}
take_away() {
	mv "$device" "$device.away"
}
put_back() {
	[ ! -e "$device.away" ] || mv "$device.away" "$device"
}
# What waits for the stopped reader goes on.
go_on() {
	kill -CONT "$child" 2>/dev/null || :
	wait "$waiting" || :
}

truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached
		mount = hikae"
policy="$(closed_window)
		readers = 1"
install_small
generation 20261101
truncate -s 2G "$landing/20261101/large"
umount "$disk"
begin
wait_until 60 last_mount_is unmounted
wait_until 60 is_removable

say "a device that cannot be identified is not gone: its switch is still ours"
own_dev
catch_reader large
has_record || fail "nothing was noted"
take_away
hk media release disk1 >out &
releasing=$!
go_on
wait_until 60 grep -q 'medium disk1: not unmounted: cannot open its device' \
	"$root.log"
! wait "$releasing" || fail "it was said to be free: $(cat out)"
! is_mounted || fail "it is still mounted"
has_record || fail "it was forgotten"
switch_is "$device.away" 1 || fail "the switch is open"
! is_removable || fail "it is said to be free"
never_protected

say "nor by a start: the record survives, and protects nothing"
kill_daemon
: >"$root.log"
begin
wait_until 60 grep -q 'medium disk1: not unmounted: cannot open its device' \
	"$root.log"
switch_is "$device.away" 1 || fail "the switch is open"
never_protected

say "identified again: given back"
put_back
hk scan --json >/dev/null
wait_until 60 all_is_given_back
wait_until 60 is_removable
never_protected
umount -l /dev

say "another medium in the drive does not inherit the switch"
catch_reader large
kill_daemon
kill -KILL "$child" 2>/dev/null || :
wait "$waiting" 2>/dev/null || :
is_mounted || fail "it is no longer mounted"
switch_is "$device" 1 || fail "the switch is open"
wait_until 60 umount "$disk"
drive=$device
unplug
truncate -s 8M other
losetup "$drive" other
device=$drive
switch_is "$device" 1 || fail "the kernel opened it by itself"
begin
wait_until 60 all_is_given_back
losetup -d "$device"
losetup "$device" ext4
wait_until 60 last_mount_is unmounted
wait_until 60 is_removable
never_protected

say "mount = hikae is taken away meanwhile: unmounted between jobs"
catch_reader large
sed -i '/^\t*mount = hikae/d' "$root/etc/hikae/hikae.conf"
hk reload >/dev/null
go_on
wait_until 120 all_is_given_back
last_mount_is unmounted || fail "$(mounts)"
configure
hk reload >/dev/null
hk scan --json >/dev/null
wait_until 60 is_removable

say "so is another path: it is unmounted where it is"
catch_reader large
mkdir -p "$disk.other"
sed -i "s|^\t*path = $disk\$|path = $disk.other|" "$root/etc/hikae/hikae.conf"
hk reload >/dev/null
go_on
wait_until 120 all_is_given_back
configure
hk reload >/dev/null
hk scan --json >/dev/null
wait_until 60 last_mount_is unmounted
wait_until 60 is_removable

say "the medium is taken away: unmounted, and until then that is told"
catch_reader large
sed -i '/\[medium disk1\]/,$d' "$root/etc/hikae/hikae.conf"
exec 9<"$disk/ehr/20261101/a"
hk reload >/dev/null
is_told() {
	hk status --json >out || :
	jq -e '.reasons | any(.code == "medium-left-mounted")' out
}
wait_until 60 is_told
expect_line 'medium disk1 is no longer configured, and hikae cannot' "$root.log"
is_mounted || fail "it is used, and was unmounted"
exec 9<&-
go_on
wait_until 120 all_is_given_back
wait_until 60 last_mount_is unmounted
! is_told || fail "it is told still"
expect_line 'medium disk1 is no longer configured: unmounted' "$root.log"
configure
hk reload >/dev/null
wait_until 60 is_removable

say "hikaed ends: nothing stays mounted, and the journal says so"
catch_reader large
stop_daemon
wait "$waiting" 2>/dev/null || :
all_is_given_back || fail "it stays mounted, or shut"
last=$(query "SELECT max(seq) FROM journal")
expect_equal "$(query "SELECT result FROM medium_event WHERE event = 'mount'
	ORDER BY seq DESC LIMIT 1")" unmounted "the last mount"
expect_equal "$(query "SELECT $last - max(seq) FROM medium_event
	WHERE event = 'mount'")" 1 "entries after it"

say "hikaed is killed: systemd has the same done after it"
begin
wait_until 60 last_mount_is unmounted
catch_reader large
kill_daemon
kill -KILL "$child" 2>/dev/null || :
wait "$waiting" 2>/dev/null || :
is_mounted || fail "it is no longer mounted"
expect_status 0 "$hikaed" --role releaser --root "$root"
expect_line 'medium disk1: unmounted, because hikaed ended' err
all_is_given_back || fail "it stays mounted, or shut"
expect_status 0 "$hikaed" --role releaser --root "$root"

say "a file system that is there twice is not mounted"
cp --sparse=always ext4 twin
clone=$(loop_device twin)
begin
await reason uuid-twice
expect_line 'not mounted: several devices have the file system' "$root.log"
expect_equal "$(hk media show disk1 --json | jq -r .medium.state)" attached
switch_is "$device" 0 || fail "the switch of the one was shut"
switch_is "$clone" 0 || fail "the switch of the other was shut"
say "nor read, when somebody mounts it"
mount -o ro,noload "$device" "$disk"
await state unknown
expect_equal "$(hk media show disk1 --json | jq -r .medium.reason)" uuid-twice
umount "$disk"
say "until the other is gone"
losetup -d "$clone"
clone=
hk scan --json >/dev/null
wait_until 60 last_mount_is unmounted
wait_until 60 is_removable
never_protected
stop_daemon
unplug
