/*
 * The storage of a backup host, as Linux and udev 252 (Debian 12) tell of it:
 * the parts of a made-up machine (machine.h).
 */
#ifndef HIKAE_TESTS_OS_HOSPITAL_H
#define HIKAE_TESTS_OS_HOSPITAL_H

#include "tests/unit/os/machine.h"

#define UUID_A "0a1b2c3d-1111-4222-8333-444455556666"
#define UUID_B "99999999-aaaa-4bbb-8ccc-ddddeeeeffff"
#define LUKS "5d41402abc4b2a76b9719d911017c592"
#define USB1 "pci0000:00/0000:00:14.0/usb2/2-1"
#define USB2 "pci0000:00/0000:00:14.0/usb2/2-2"
#define USB3 "pci0000:00/0000:00:14.0/usb2/2-3"
#define SCSI "/host6/target6:0:0/6:0:0:0/block/"
#define ATA1 "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda"
#define ATA2 "pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/block/sdb"
#define NVME "pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0/nvme0n1"
#define SAS "pci0000:00/0000:02:00.0/host9/target9:2:0/9:2:0:0/block/sdf"

static const struct machine_device devices[] = {
    /* Two SATA disks, md over both, LVM on it, LUKS on that. */
    {ATA1, "8:0", {"size=7814037168", "ro=0", "queue/rotational=1"},
	"ID_BUS=ata\nID_MODEL=ST4000DM004-2CV104\n"
	"ID_MODEL_ENC=ST4000DM004-2CV104\\x20\\x20\\x20\\x20\n"
	"ID_SERIAL=ST4000DM004-2CV104_ZFN0AAAA\nID_SERIAL_SHORT=ZFN0AAAA\n"
	"ID_WWN=0x5000c500a0000001\n"
	"ID_WWN_WITH_EXTENSION=0x5000c500a0000001\n"},
    {ATA1 "/sda1", "8:1", {"partition=1", "size=7814035120"},
	"ID_FS_TYPE=linux_raid_member\nID_FS_UUID=" UUID_B "\n"},
    {ATA2, "8:16", {"size=7814037168", "ro=0", "queue/rotational=1"},
	"ID_BUS=ata\nID_SERIAL_SHORT=ZFN0BBBB\nID_WWN=0x5000c500a0000002\n"},
    {ATA2 "/sdb1", "8:17", {"partition=1", "size=7814035120"}, NULL},
    {"virtual/block/md0", "9:0", {"size=7814035000", "ro=0"},
	"ID_FS_TYPE=LVM2_member\n"},
    {"virtual/block/dm-0", "253:0",
	{"size=7814030000", "dm/name=vg-nas", "dm/uuid=LVM-abc"},
	"ID_FS_TYPE=crypto_LUKS\nID_FS_UUID=5d41402a-bc4b-2a76-b971-"
	"9d911017c592\n"},
    {"virtual/block/dm-1", "253:1",
	{"size=7813997232", "dm/name=nas", "dm/uuid=CRYPT-LUKS2-" LUKS "-nas"},
	"ID_FS_TYPE=xfs\nID_FS_UUID=" UUID_A
	"\nID_FS_LABEL_ENC=\\xe6\\x8e\\xa7\\xe3\\x81\\x88\\x201\n"},
    /* NVMe. */
    {NVME, "259:0",
	{"size=1000215216", "wwid=eui.0025385b21404321",
	    "device/serial=S5GXNX0R123456  "},
	"ID_SERIAL_SHORT=S5GXNX0R123456\nID_WWN=eui.0025385b21404321\n"
	"ID_MODEL=Samsung_SSD_980_PRO\n"},
    {NVME "/nvme0n1p2", "259:2", {"partition=2", "size=999000000"},
	"ID_FS_TYPE=ext4\nID_FS_UUID=" UUID_B "\n"},
    /* A USB drive, its clone, and a cheap stick without a serial number. */
    {USB1 "/2-1:1.0" SCSI "sdc", "8:32",
	{"size=3907029168", "device/model=Extreme SSD     "},
	"ID_BUS=usb\nID_MODEL=Extreme_SSD\nID_SERIAL=SanDisk_Extreme_SSD_3132-"
	"0:0\nID_SERIAL_SHORT=31323334414243\nID_PATH=pci-0000:00:14.0-usb-0:1"
	":1.0-scsi-0:0:0:0\n"},
    {USB1 "/2-1:1.0" SCSI "sdc/sdc1", "8:33",
	{"partition=1", "size=3907027120"},
	"ID_FS_TYPE=exfat\nID_FS_UUID=5DD3-5C39\nID_FS_LABEL=BACKUP\n"
	"ID_FS_LABEL_ENC=BACKUP\n"},
    {USB1 "/2-1:1.0" SCSI "sdc/sdc2", "8:34", {"partition=2", "size=2048"},
	"ID_FS_TYPE=ext4\nID_FS_UUID=" UUID_A "\nID_FS_UUID_SUB=" UUID_B "\n"},
    {USB2 "/2-2:1.0" SCSI "sdd", "8:48",
	{"size=3907029168", "device/model=Extreme SSD     "},
	"ID_BUS=usb\nID_SERIAL_SHORT=31323334DDDDDD\n"},
    {USB2 "/2-2:1.0" SCSI "sdd/sdd1", "8:49", {"partition=1", "size=2048"},
	"ID_FS_TYPE=ext4\nID_FS_UUID=" UUID_A "\n"},
    {USB3 "/2-3:1.0" SCSI "sde", "8:64", {"size=2048"},
	"ID_FS_TYPE=ntfs\nID_FS_UUID=1118499A3BF23230\n"
	"ID_PATH=pci-0000:00:14.0-usb-0:3:1.0-scsi-0:0:0:0\n"},
    /* A RAID controller's volume: only the extension says which. */
    {SAS, "8:80", {"size=2048", "device/model=MR9361-8i"},
	"ID_WWN=0x600605b00a2b3c4d\nID_SERIAL_SHORT=3600605b00a2b3c4d1\n"
	"ID_SCSI_SERIAL=00d1\n"
	"ID_WWN_WITH_EXTENSION=0x600605b00a2b3c4d1e2f3a4b5c6d7e8f\n"},
    {"pci0000:00/0000:00:05.0/virtio2/block/vdb", "254:16",
	{"size=2048", "serial=backup-disk-1"}, NULL},
    {"virtual/block/loop0", "7:0",
	{"size=65536", "loop/backing_file=/nas/image"},
	"ID_FS_TYPE=ext4\nID_FS_UUID=" UUID_B "\n"},
    {"platform/host2/session1/target2:0:0/2:0:0:1/block/sdg", "8:96",
	{"size=2048", "device/wwid=naa.60014052f3c6b6c1a4b4a7e9c6a5d3e2"},
	NULL},
    {"virtual/block/loop1", "7:16", {"size=0"}, NULL},
    {"virtual/block/zram0", "252:0", {"size=65536"}, NULL},
};

static const char *const mounts[] = {
    "20 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw",
    "21 20 253:1 / /nas rw - xfs /dev/mapper/nas rw",
    "22 20 8:33 / /media/usb rw - exfat /dev/sdc1 rw",
    "23 20 8:64 / /media/ntfs rw - fuseblk /dev/sde rw",
    "24 20 0:50 / /mnt/nfs rw - nfs4 NAS1.example.jp:/export/ehr "
    "rw,vers=4.2,clientaddr=192.168.0.2,addr=192.168.0.10",
    "25 20 0:51 / /mnt/smb rw - cifs //nas2/back\\040up "
    "rw,addr=192.168.0.11",
    "41 20 0:59 / /mnt/smb-by-address rw - cifs //192.168.0.10/ehr "
    "rw,addr=192.168.0.10",
    "42 20 0:60 / /mnt/nfs-by-name rw - nfs4 nas1:/second "
    "rw,addr=192.168.0.10",
    "43 20 0:61 / /mnt/own rw - nfs4 backup1:/srv "
    "rw,clientaddr=192.168.0.2,addr=192.168.0.2",
    "26 20 0:52 / /mnt/ssh rw - fuse.sshfs hikae@[fe80::1]:/srv rw",
    "27 20 0:53 / /mnt/cloud rw - fuse.rclone s3:bucket/ehr rw",
    "28 20 0:54 / /mnt/s3 rw - fuse.s3fs s3fs rw",
    "29 20 0:55 / /pool rw - btrfs /dev/sdc2 rw,subvol=/",
    "30 20 7:0 / /loop rw - ext4 /dev/loop0 rw",
    "31 20 0:56 / /tmp rw - tmpfs tmpfs rw",
    "32 20 8:112 / /yanked rw - ext4 /dev/sdh rw",
    "33 20 0:57 / /fuse rw - fuse.bindfs /srv rw",
    "34 20 252:0 / /zram rw - ext4 /dev/zram0 rw",
    "35 20 8:80 / /raid rw - xfs /dev/sdf rw",
    "36 20 254:16 / /vm rw - xfs /dev/vdb rw",
    "39 20 8:96 / /iscsi rw - ext4 /dev/sdg rw",
    "40 20 0:58 / /host rw - 9p none rw",
    "37 20 8:49 / /media/clone rw - ext4 /dev/sdd1 rw",
    "38 20 8:34 / /media/original rw - ext4 /dev/sdc2 rw",
};

#endif
