#!/bin/sh
# Makes the Debian 12 that the virtual machines run: FOLDER/root.img with its
# kernel and initrd.  Usage: build.sh FOLDER       (root; takes two minutes)
#
# Does nothing when what is there was made by the same recipe: this script,
# guest/, and the packages of group `guest`.  They come from where apt on this
# machine gets its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
suite=bookworm

die() {
	printf 'vm: %s\n' "$*" >&2
	exit 1
}

packages=$(awk '$1 == "guest" { print $2 }' "$here/../../mk/packages.txt" |
	paste -sd , -)
recipe=$({
	printf '%s\n' "$packages"
	cat "$0" "$here"/guest/*
} | sha256sum | cut -d ' ' -f 1)

# The rest happens where nobody else sees the mounts that debootstrap makes.
if [ "${2:-}" != inside ]; then
	mkdir -p "$1"
	[ "$(cat "$1/recipe" 2>/dev/null)" != "$recipe" ] || exit 0
	exec unshare --mount --propagation private "$0" "$1" inside
fi

# What apt is set up with: the mirror that has this release, and a proxy.
mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
	'Created-By: Packages' 2>/dev/null |
	awk -v suite=$suite '$1 == suite && $2 == "main" { print $3; exit }')
[ -n "$mirror" ] || die "apt is set up with no archive of Debian $suite"
proxy=
eval "$(apt-config shell proxy Acquire::http::Proxy)"
[ -z "$proxy" ] || export http_proxy="$proxy"

cd "$1"
tree=$PWD/tree
rm -rf recipe ./*.img ./*.qcow2 vmlinuz initrd
rm -rf --one-file-system "$tree"
printf 'vm: making a Debian 12 from %s packages and what they need\n' \
	"$(printf '%s\n' "$packages" | tr ',' '\n' | wc -l)"
debootstrap --variant=minbase --include="$packages" $suite "$tree" "$mirror" \
	>debootstrap.log 2>&1 || {
	tail -n 5 debootstrap.log >&2
	die "debootstrap failed ($1/debootstrap.log)"
}
# What it mounted.
awk -v below="$tree/" 'index($5, below) == 1 { print $5 }' \
	/proc/self/mountinfo | sort -r | xargs -r umount

# Only what finds the root file system: a small initrd loads quickly.
sed -i 's/^MODULES=.*/MODULES=list/' "$tree/etc/initramfs-tools/initramfs.conf"
printf '%s\n' virtio_pci virtio_blk ext4 >>"$tree/etc/initramfs-tools/modules"
chroot "$tree" update-initramfs -u >initramfs.log 2>&1

echo '/dev/vda / ext4 noatime 0 1' >"$tree/etc/fstab"
echo guest >"$tree/etc/hostname"
echo '127.0.0.1 localhost guest' >"$tree/etc/hosts"
install -m 755 "$here/guest/vm-shell" "$tree/usr/local/sbin/"
install -m 644 "$here/guest/vm-shell.service" "$tree/etc/systemd/system/"
install -m 644 "$here/guest/smb.conf" "$tree/etc/samba/"
install -m 644 "$here/guest/exports" "$tree/etc/"
systemctl --quiet --root="$tree" enable vm-shell
# Scenarios start what they need; the rest only takes time.
for unit in smbd nmbd samba-ad-dc nfs-server nfs-blkmap rpcbind rpcbind.socket \
	lvm2-monitor mdmonitor apt-daily.timer apt-daily-upgrade.timer \
	dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap fstrim.timer \
	getty@tty1 systemd-pstore; do
	systemctl --quiet --root="$tree" disable "$unit" 2>/dev/null || :
done
systemctl --quiet --root="$tree" mask serial-getty@ttyS0 getty@tty1

rm -rf "$tree/var/cache/apt" "$tree/var/lib/apt/lists" \
	"$tree/usr/share/doc" "$tree/usr/share/man" "$tree/usr/share/locale"
mkdir -p "$tree/var/cache/apt/archives/partial" "$tree/opt/hikae"
cp "$tree"/boot/vmlinuz-* vmlinuz
cp "$tree"/boot/initrd.img-* initrd
truncate -s 2G root.img
mke2fs -q -F -t ext4 -E lazy_itable_init=1 -d "$tree" root.img
rm -rf --one-file-system "$tree"
printf '%s\n' "$recipe" >recipe
