#!/bin/sh
# Goal: what hikae mounts itself is read, given back, and not one bit changes.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need sha256sum blockdev
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

# A switch that was left shut would outlive the medium.
open_switch() {
	[ -z "$device" ] || blockdev --setrw "$device" 2>/dev/null || :
}
at_end="open_switch let_go"

has_mounts() {
	[ "$(mounts)" = "$1" ]
}
mounts_end() {
	case $(mounts) in
	*"$1") return 0 ;;
	esac
	return 1
}
# Any process that holds the device, or what is mounted of it.
holders() {
	# Processes end while they are looked at.
	find /proc/[0-9]*/fd -lname "$device" 2>/dev/null || :
	find /proc/[0-9]*/fd -lname "$disk*" 2>/dev/null || :
	awk -v at="$disk" '$5 == at' /proc/self/mountinfo
}
options_of_mount() {
	awk -v at="$disk" '$5 == at { print $6 "," $NF }' /proc/self/mountinfo
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
generation 20261102
truncate -s 2G "$landing/20261102/large"
umount "$disk"
mount "$device" "$disk"
echo more >"$disk/more"
sync -f "$disk"
# As it is when somebody pulls it out: its log is to be replayed.
cp --sparse=never ext4 dirty
umount "$disk"
unplug

say "the log of this file system would be replayed by a mount that may"
cp dirty other
plug other
mount -o ro "$device" "$disk"
umount "$disk"
unplug
! cmp -s dirty other || fail "there was nothing to replay"
before=$(sha256sum <dirty)

say "connected: mounted, scanned, verified, unmounted, safe to remove"
plug dirty
begin
wait_until 60 has_mounts "mounted unmounted"
wait_until 60 is_removable
expect_equal "$(holders)" "" "what is held"
expect_equal "$(blockdev --getro "$device")" 0 "the device's switch"
expect_equal "$(query "SELECT count(*) FROM copy_state WHERE intact > 0
	AND to_seq > 1 << 60" 2>/dev/null || echo 2)" 2 "copies"
expect_equal "$(query "SELECT count(*) FROM run WHERE trigger = 'attach'")" 1 \
	"runs of the attach"
expect_equal "$(sha256sum <dirty)" "$before" "the medium"
findings_are
hk status >out || :
expect_line '^Safe to remove: disk1$' out
expect_line 'medium disk1: safe to remove' "$root.log"

say "our own hand on the switch protects nothing"
hk media show disk1 --json | jq -r '.medium.protections[].result' >out
expect_equal "$(xargs <out)" open
query "SELECT DISTINCT device_read_only FROM medium_state" >out
expect_equal "$(xargs <out)" 0

say "who asks for a reading gets one"
expect_status 0 hk verify --wait
wait_until 60 has_mounts "mounted unmounted mounted unmounted"
wait_until 60 is_removable
expect_equal "$(sha256sum <dirty)" "$before" "the medium"

say "while it is read it is read-only for everybody, and stays"
catch_reader large
options_of_mount >out
for option in ro nosuid nodev noexec norecovery; do
	expect_line "(^|,)$option(,|\$)" out
done
expect_equal "$(blockdev --getro "$device")" 1 "the device's switch"
! is_removable || fail "it is mounted"

say "a release ends that"
hk media release disk1 >out &
releasing=$!
kill -CONT "$child"
wait "$releasing" || fail "$(cat out)"
wait "$waiting" || :
expect_equal "$(holders)" "" "what is held"
expect_equal "$(blockdev --getro "$device")" 0 "the device's switch"

say "what an end cut off is taken up, and given back"
catch_reader large
kill_daemon
kill -CONT "$child" 2>/dev/null || :
wait "$waiting" || :
[ -n "$(holders)" ] || fail "it is no longer mounted"
begin
wait_until 120 is_removable
expect_equal "$(holders)" "" "what is held"
expect_equal "$(blockdev --getro "$device")" 0 "the device's switch"
expect_equal "$(sha256sum <dirty)" "$before" "the medium"

say "what somebody else has mounted is left alone"
mkdir elsewhere
entries_before=$(mounts)
mount "$device" elsewhere
hk scan --json >/dev/null
wait_until 60 is_idle
expect_equal "$(blockdev --getro "$device")" 0 "the device's switch"
echo backup >elsewhere/backup
expect_equal "$(mounts)" "$entries_before" "what hikae did"
umount elsewhere
wait_until 60 has_mounts "$entries_before mounted unmounted"
wait_until 60 is_removable
stop_daemon
unplug

say "other file systems: none is changed"
mkdir -p "$root/etc/hikae/conf.d" disk2
begin
for type in xfs btrfs vfat; do
	command -v "mkfs.$type" >/dev/null || continue
	rm -f image
	truncate -s 400M image
	"mkfs.$type" image >made 2>&1
	plug image
	# What this kernel does not know nobody can mount.
	if mount -o ro "$device" disk2; then
		umount disk2
		before=$(sha256sum <image)
		cat >"$root/etc/hikae/conf.d/disk2.conf" <<-END
			[medium disk2]
			kind = removable
			path = $scratch/disk2
			uuid = $(blkid -p -o value -s UUID "$device")
			mount = hikae
		END
		ended=$(mounts)
		hk reload >/dev/null
		wait_until 60 has_mounts "$ended mounted unmounted"
		expect_equal "$(sha256sum <image)" "$before" "$type"
		rm "$root/etc/hikae/conf.d/disk2.conf"
		hk reload >/dev/null
	else
		say "$type: not here"
	fi
	unplug
done
stop_daemon

say "a configuration that others can write is no reason to mount"
chmod go+w "$root/etc/hikae/hikae.conf"
plug dirty
begin
await reason mount-denied
expect_line 'medium disk1: not mounted: the configuration can be changed' \
	"$root.log"
chmod go-w "$root/etc/hikae/hikae.conf"

say "mounted when that is mended and somebody asks"
hk scan --json >/dev/null
wait_until 60 mounts_end "failed mounted unmounted"
stop_daemon
unplug

say "without the right to mount it says so"
chown -R 65534:65534 "$root/var" "$root/run"
chmod 755 "$scratch"
chmod 666 dirty
plug dirty
begin setpriv --reuid=65534 --regid=65534 --clear-groups \
	--inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search
await reason mount-denied
expect_line 'not mounted: hikaed has no right to mount here' "$root.log"
expect_status 1 hk media list
expect_line 'hikae has no right to mount it' out
stop_daemon
unplug
