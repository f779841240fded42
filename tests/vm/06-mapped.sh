#!/bin/sh
# Goal: backups on LUKS, LVM and md are read; each is absent when it is closed.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

# section NAME: the medium whose file system is on $device.
section() {
	must "mkfs.ext4 -q -m 0 $device && mkdir -p /mnt/$1 &&
		mount $device /mnt/$1 && cp -a /root/ehr /mnt/$1/"
	more="$more
[medium $1]
kind = removable
path = /mnt/$1
uuid = $(guest "blkid -s UUID -o value $device")
[source ehr-$1]
system = ehr
medium = $1
path = ehr
layout = directory
pattern = %Y%m%d"
}

resume
generation 20261101 /root/ehr
image luks.img 64M
image lvm.img 64M
image md1.img 64M
image md2.img 64M

plug luks.img L1
luks=$device
must "echo -n secret >/root/key && cryptsetup -q luksFormat --pbkdf pbkdf2 \
	--pbkdf-force-iterations 1000 $luks /root/key &&
	cryptsetup open --key-file /root/key $luks vault"
device=/dev/mapper/vault
section luks
plug lvm.img V1
must "vgcreate -q group $device && lvcreate -q -n backup -l 50%FREE group"
device=/dev/group/backup
section lvm
plug md1.img M1
first=$device
plug md2.img M2
must "mdadm --create /dev/md0 --run --quiet --level=1 --metadata=1.2 \
	--raid-devices=2 $first $device"
second=$device
device=/dev/md0
section md

disk=/root
medium_keys='mountpoint = no'
begin
say "each is read and good"
scan_all
verify 0
all_good
expect_equal "$(hk copies --json | jq '.copies | length')" 4 copies
hk media list --json >media.json || :
expect_equal "$(jq -r '.media | sort_by(.id)[] |
	select(.id != "disk1") | .id + ":" + .transport + ":" + .encrypted
	' media.json | xargs)" "luks:usb:luks2 lvm:usb:none md:usb:none" media

say "a mirror that lost one disk is still good"
must "mdadm --quiet /dev/md0 --fail $second --remove $second"
pull M2
verify 0
all_good

say "closed and pulled: absent"
for medium in luks lvm md; do
	unmount "$medium" "/mnt/$medium"
done
must "cryptsetup close vault &&
	vgchange -q -an group && mdadm --quiet --stop /dev/md0"
pull L1
pull V1
scan_all
has_finding 'wrong-medium|medium-absent'
verify 3
hk copies --json | jq -r '.copies[].verdict' >verdicts
expect_no_line damaged verdicts

say "opened again: good"
plug luks.img L1
must "cryptsetup open --key-file /root/key $device vault &&
	mount /dev/mapper/vault /mnt/luks"
plug lvm.img V1
must "vgchange -q -ay group && mount /dev/group/backup /mnt/lvm"
must "mdadm --quiet --assemble --run /dev/md0 $first &&
	mount /dev/md0 /mnt/md"
scan_all
verify 0
all_good
still_alive
