# media: what the demo's backups lie on.
#
#   media_make            images, mounted, where root is; folders elsewhere
#   media_fill            the copies that nas1 and usb1 do not have yet
#   media_unplug MEDIUM   as a hand would; media_plug MEDIUM
#   share_open            a NAS that is reached by network; sets $share
#   share_unmount, share_close
#
# $mounts is "yes" where media are mounted, $share where there is a share.
#
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $root and the words are run.sh's

mounts=no share=no

# Mounts that nobody else sees, and that end with the demo: runs it again.
media_enter() {
	[ -z "${HIKAE_DEMO_MOUNTS:-}" ] || return 0
	[ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null || return 0
	HIKAE_DEMO_MOUNTS=1 exec unshare --mount --propagation private "$@"
}

# disk_mount IMAGE FOLDER [-r]: on a loop device, which goes with the mount.
# One that somebody write-protected keeps that when its file goes, and may be
# the next that is free.
#
# shellcheck disable=SC2086 # an option, or none
disk_mount() {
	looped=$(losetup ${3:-} --show -f "$1") || return 1
	mounted=0
	if [ -z "${3:-}" ]; then
		blockdev --setrw "$looped" || mounted=$?
	fi
	mount -o noatime ${3:-} "$looped" "$2" || mounted=$?
	losetup -d "$looped"
	return "$mounted"
}

# disk_make MEDIUM FOLDER: a disk that does not exist, and its file system.
disk_make() {
	truncate -s 128M "$2/$1.img" &&
		mkfs.ext4 -q -m 0 -L "$1" "$2/$1.img" &&
		disk_mount "$2/$1.img" "$root/media/$1" &&
		rmdir "$root/media/$1/lost+found"
}

disk_uuid() {
	findmnt -n -o UUID "$root/media/$1" || :
}

# The NAS is a file on this machine's disk, the others are files in memory:
# hikae looks through them, and counts what they really lie on.
disks_make() {
	[ -n "${HIKAE_DEMO_MOUNTS:-}" ] &&
		mount -t tmpfs -o size=400m,mode=700 hikae-demo "$root/shelf" &&
		disk_make nas1 "$root" && disk_make usb1 "$root/shelf" &&
		disk_make usb2 "$root/shelf"
}

media_make() {
	mkdir -p "$root/media/nas1" "$root/media/usb1" "$root/media/usb2" \
		"$root/shelf"
	if (disks_make) 2>"$root/mount.log"; then
		mounts=yes
		return 0
	fi
	for medium in usb2 usb1 nas1; do
		umount "$root/media/$medium" 2>/dev/null || :
	done
	umount "$root/shelf" 2>/dev/null || :
}

media_fill() {
	mkdir -p "$root/media/nas1/second"
	cp -a "$root/media/nas1/receipt" "$root/media/nas1/second/"
	cp -a "$root/media/usb1/receipt" "$root/media/usb1/ehr" \
		"$root/media/usb2/"
}

# Taking a disk's last mount away takes its loop device away, too.
media_unplug() {
	[ "$mounts" = no ] || umount "$root/media/$1"
}
media_plug() {
	[ "$mounts" = no ] ||
		disk_mount "$root/shelf/$1.img" "$root/media/$1" -r
}

# A line of the configuration, or an empty one.
uuid_line() {
	[ "$mounts" = no ] || printf 'uuid = %s' "$(disk_uuid "$1")"
}

describe_media() {
	if [ "$mounts" = yes ]; then
		line "nas1 is a disk made of a file on this machine's disk; usb1 and usb2 are made of memory." \
			"nas1 はこのマシンのディスク上のファイル、usb1 と usb2 はメモリー上のファイルで作ったディスクです。"
	else
		line "No root, or no loop devices: the media are plain folders on one disk. hikae will say so." \
			"root 権限かループデバイスがないため、媒体は 1 つのディスク上のフォルダーです。hikae もそう判定します。"
	fi
}
