#!/bin/sh
# Goal: backups on FAT, exFAT, NTFS, UDF and ISO 9660 are read and agree.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

formats='vfat exfat ntfs udf iso9660'

# How each is mounted.
mount_it() {
	case $1 in
	vfat) must "mount -o ro,utf8 $device /mnt/$1" ;;
	ntfs) must "mount -t ntfs-3g -o ro $device /mnt/$1" ;;
	*) must "mount -o ro $device /mnt/$1" ;;
	esac
}

# make FORMAT: the disk FORMAT.img with the backups of /root/ehr.
make() {
	image "$1.img" 64M
	plug "$1.img" "$1"
	disk=/mnt/$1
	if [ "$1" = iso9660 ]; then
		must "mkdir -p $disk && genisoimage -quiet -R -graft-points \
			-o $device ehr=/root/ehr"
		return
	fi
	format "$1"
	must "cp -r /root/ehr $disk/ && umount $disk"
}

resume
generation 20261101 /root/ehr
generation 20261102 /root/ehr
must 'echo 患者 >/root/ehr/20261102/患者一覧.txt'
more=
for format in $formats; do
	make "$format"
	mount_it "$format"
	more="$more
[medium $format]
kind = removable
path = /mnt/$format
uuid = $(guest "blkid -s UUID -o value $device")
[source ehr-$format]
system = ehr
medium = $format
path = ehr
layout = directory
pattern = %Y%m%d"
done
disk=/root
medium_keys='mountpoint = no'
begin

say "each is read, and agrees with the others"
scan_all
verify 0
all_good
expect_equal "$(hk copies --json | jq '.copies | length')" 12 copies

say "unplugged: each is absent, nothing is lost"
for format in $formats; do
	unmount "$format" "/mnt/$format"
	pull "$format"
done
scan_all
has_finding 'wrong-medium|medium-absent'
verify 3
hk copies --json | jq -r '.copies[].verdict' >verdicts
expect_no_line damaged verdicts

say "plugged in again: good"
for format in $formats; do
	plug "$format.img" "$format"
	mount_it "$format"
done
scan_all
verify 0
all_good
still_alive
