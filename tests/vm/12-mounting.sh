#!/bin/sh
# Goal: hikae alone mounts FAT, exFAT, NTFS, UDF and ISO 9660, and changes none.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

resume
formats='vfat exfat udf iso9660'
if guest 'modprobe ntfs3'; then
	formats="$formats ntfs"
else
	say "ntfs: skipped, the guest's kernel has no ntfs3"
fi
generation 20261101 /root/ehr
generation 20261102 /root/ehr
must 'echo 患者 >/root/ehr/20261102/患者一覧.txt'

# make FORMAT: the disk FORMAT.img with the backups of /root/ehr, not mounted.
make() {
	image "$1.img" 64M
	plug "$1.img" "$1"
	disk=/mnt/$1
	if [ "$1" = iso9660 ]; then
		must "mkdir -p $disk && genisoimage -quiet -R -J -graft-points \
			-o $device ehr=/root/ehr && udevadm trigger -w $device"
	elif [ "$1" = vfat ]; then
		must "mkfs.vfat $device >/dev/null && mkdir -p $disk"
		attach "$device" vfat utf8
		must "cp -r /root/ehr $disk/ && umount $disk"
	else
		format "$1"
		must "cp -r /root/ehr $disk/ && umount $disk"
	fi
	must "udevadm settle && sync && sha256sum <$device >/root/$1.before"
	must "readlink -f $device >/root/$1.device"
}
more=
for format in $formats; do
	make "$format"
	more="$more
[medium $format]
kind = removable
path = /mnt/$format
uuid = $(guest "blkid -p -s UUID -o value $device")
offline = detached
mount = hikae
[source ehr-$format]
system = ehr
medium = $format
path = ehr
layout = directory
pattern = %Y%m%d"
done
disk=/root
medium_keys='mountpoint = no'

# mounts MEDIUM: what hikae did there, in its order.
mounts() {
	hk journal list --json --limit 5000 | jq -r --arg medium "$1" \
		'.entries[] | select(.type == "medium" and .event == "mount" and
			.medium == $medium) | .result' | xargs
}
is_back() {
	case $(mounts "$1") in
	*unmounted) ! guest "mountpoint -q /mnt/$1" ;;
	*) return 1 ;;
	esac
}
# What still waits to be read is mounted once more: back once nothing waits.
all_back() {
	wait_until 60 is_idle
	for format in $formats; do
		wait_until 60 is_back "$format"
	done
}
# is_marked DEVICE: udev tells who mounts by themselves to leave it alone.
is_marked() {
	guest "udevadm info --query=property $1" >properties || return 1
	grep -qx UDISKS_IGNORE=1 properties &&
		grep -qx UDISKS_AUTO=0 properties &&
		grep -qx HIKAE_MEDIUM=1 properties
}
is_unmarked() {
	guest "udevadm info --query=property $1" >properties || return 1
	! grep -qE '^(UDISKS|HIKAE)_' properties
}
unchanged() {
	for format in $formats; do
		must "test \"\$(sha256sum <\"\$(cat /root/$format.device)\")\" = \
			\"\$(cat /root/$format.before)\""
		# It may be mounted anew meanwhile, for a second reading.
		[ "$format" = iso9660 ] ||
			wait_until 60 guest "test \"\$(blockdev --getro \
				\"\$(cat /root/$format.device)\")\" = 0"
	done
}

say "each is mounted when it is there, read, and given back"
begin
for format in $formats; do
	wait_until 120 is_back "$format"
done
all_back
unchanged

say "nobody else is to mount them: udev was told, though they came before"
for format in $formats; do
	wait_until 30 is_marked "$(guest "cat /root/$format.device")"
done
is_unmarked /dev/vdb || fail "another disk is marked: $(cat properties)"
expect_line '^ID_FS_TYPE=ext4$' properties

say "the copies agree, names in Japanese among them"
scan_all
verify 0
all_good
expect_equal "$(hk copies --json | jq '.copies | length')" \
	$((2 * (1 + $(printf '%s\n' "$formats" | wc -w)))) copies
all_back
unchanged
still_alive

# hold MEDIUM: somebody works there as soon as hikae has mounted it.
hold() {
	must "(sh -c 'until cd /mnt/$1/ehr 2>/dev/null; do sleep 0.05; done
		exec sleep 1000' & echo \$! >/run/holder)"
	in_background "hikae verify --wait --medium $1"
	wait_until 60 guest "mountpoint -q /mnt/$1"
	wait_until 60 guest \
		"test \"\$(readlink /proc/\$(cat /run/holder)/cwd)\" = /mnt/$1/ehr"
}
gone() {
	guest "! mountpoint -q /mnt/vfat &&
		test \"\$(blockdev --getro \"\$(cat /root/vfat.device)\")\" = 0 &&
		! test -e /run/hikae-mount/vfat"
}

say "stopped: nothing stays mounted"
hold vfat
must 'kill $(cat /run/holder)'
must 'systemctl stop hikaed'
gone || fail "it is still mounted, or its switch shut"

say "stopped: nobody else is to mount it all the same"
pull vfat
plug vfat.img vfat
must "readlink -f $device >/root/vfat.device"
is_marked "$device" || fail "not marked: $(cat properties)"

say "killed: nothing stays mounted either"
must 'systemctl start hikaed'
hold vfat
must 'systemctl kill -s KILL hikaed; kill $(cat /run/holder)'
wait_until 30 gone
unchanged

say "what hikae mounts no more is anybody's"
# It may have come back with the configuration of before.
must 'systemctl stop hikaed'
more=
begin
for format in $formats; do
	wait_until 30 is_unmarked "$(guest "cat /root/$format.device")"
done
