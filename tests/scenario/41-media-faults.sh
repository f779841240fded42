#!/bin/sh
# Goal: clones, pulled disks, dead and hanging file systems are told apart.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need ntfs-3g mkntfs
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

server=
stop_server() {
	[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || :
	server=
}
other=
be_quiet() {
	: >"$scratch/quiet"
	[ -z "$other" ] || losetup -d "$other" 2>/dev/null || :
}
at_end="stop_server be_quiet let_go"

policy='job_timeout = 10s'
medium_keys="uuid = $uuid
		offline = detached"
mountpoint=yes
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
install_small
generation 20261101
umount "$disk"
unplug
begin
await state absent

say "another file system in its place"
truncate -s 32M other
mkfs.ext4 -q -m 0 other
plug other
mount -o ro "$device" "$disk"
await state wrong-medium
await reason other-uuid
expect_status 2 hk media list
umount "$disk"
unplug
await state absent

say "disks that take turns: the other one is mounted, so this one is away"
uuid2=$(cat /proc/sys/kernel/random/uuid)
tune2fs -U "$uuid2" other >/dev/null 2>&1
mkdir -p "$root/etc/hikae/conf.d"
cat >"$root/etc/hikae/conf.d/disk2.conf" <<-END
	[medium disk2]
	kind = removable
	path = $disk
	uuid = $uuid2
	offline = detached
END
hk reload >/dev/null
disk2_is() {
	[ "$(hk media show disk2 --json | jq -r .medium.state)" = "$1" ]
}
plug other
mount -o ro "$device" "$disk"
wait_until 60 disk2_is mounted
await state absent
hk scan --json >/dev/null
wait_until 60 is_idle
entries >seen
expect_equal "$(grep -c '^wrong-medium' seen)" 1 "wrong media so far"
findings_are
umount "$disk"
unplug
wait_until 60 disk2_is absent
rm "$root/etc/hikae/conf.d/disk2.conf"
hk reload >/dev/null

say "the same UUID on a disk with another serial number"
hk media list >/dev/null || :
sed -i "s/^\t*uuid = .*/&\nserial = NOT-THIS-ONE/" "$root/etc/hikae/hikae.conf"
hk reload >/dev/null
plug ext4
mount -o ro,noatime "$device" "$disk"
# The disk below the loop device has a serial number, or none.
is_doubted() {
	medium_has state wrong-medium || medium_has state unknown
}
wait_until 120 is_doubted
hk media show disk1 --json | jq -r .medium.reason >out
expect_line '^(other-serial|serial-unreadable)$' out
umount "$disk"
unplug
sed -i '/^serial = /d' "$root/etc/hikae/hikae.conf"
hk reload >/dev/null
await state absent

say "pulled out while mounted: what it lies on died"
truncate -s 128M ntfs
mkntfs -q -F -Q ntfs >/dev/null 2>&1
mkdir -p lower
ntfs-3g -o no_detach ntfs lower &
server=$!
wait_until 60 mountpoint -q lower
cp ext4 lower/image
sync
plug -r lower/image
mount -o ro,noload "$device" "$disk"
await state mounted
await is_removable_now true
expect_status 0 hk verify --wait
# A real disk has no copy of its bytes in this host's memory.
dd if=lower/image iflag=nocache count=0 status=none
kill -KILL "$server"
wait "$server" 2>/dev/null || :
server=
hk verify --wait >/dev/null 2>&1 || :
hk scan --json >/dev/null
await state yanked
expect_status 3 hk media list
expect_equal "$(query "SELECT count(*) FROM copy_state
	WHERE state = 'missing' OR damaged > 0")" 0 "copies lost"
umount -l "$disk"
unplug
umount -l lower
await state absent

say "hanging: nothing more is begun there, hikaed goes on"
mkdir -p lower
ntfs-3g -o no_detach,ro ntfs "$disk" &
server=$!
wait_until 60 mountpoint -q "$disk"
sed -i '/^\t*uuid = /d' "$root/etc/hikae/hikae.conf"
hk reload >/dev/null
await state mounted
kill -STOP "$server"
hk scan --json >/dev/null
await state hung
expect_status 3 hk media list
hk jobs >/dev/null
kill -CONT "$server"
await state mounted
umount "$disk"
server=
stop_daemon

say "a storm of comings and goings loses nothing and costs little"
sed -i "s/^\t*offline = detached/uuid = $uuid\n&/" "$root/etc/hikae/hikae.conf"
plug ext4
begin
await state attached
before=$(entries | wc -l)
i=0
while [ "$i" -lt 40 ]; do
	mount -o ro,noatime "$device" "$disk"
	umount "$disk"
	i=$((i + 1))
done
unplug
await state absent
after=$(entries | wc -l)
[ $((after - before)) -le 25 ] || fail "$((after - before)) entries"
entries >seen
expect_equal "$(tail -n 1 seen)" record:detached
stop_daemon

say "another disk is never quiet: it is seen all the same that this one went"
truncate -s 8M restless
mkfs.ext4 -q -m 0 restless
other=$(loop_device restless)
restless=/sys/class/block/${other#/dev/}/uevent
if [ ! -w "$restless" ]; then
	say "left out: no events can be made here"
	exit 0
fi
plug ext4
begin
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true
(
	trap - EXIT
	until [ -e quiet ]; do
		echo change >"$restless"
		sleep 0.02
	done
) &
restless=$!
umount "$disk"
unplug
await state absent
: >quiet
wait "$restless"
stop_daemon
