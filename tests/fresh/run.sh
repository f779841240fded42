#!/bin/sh
# Goal: the README's commands work on a Debian 12 that has nothing.
# Usage: run.sh FOLDER [COMMAND]       (root, debootstrap, a package mirror)
#
# Makes a minimal Debian in FOLDER/tree, puts the last commit into it, and runs
# there what the README tells a stranger to type, taken from the README itself,
# or COMMAND.  Nothing is installed before: there is neither make nor a compiler.
# SUITE and MIRROR say which Debian (bookworm, deb.debian.org).  What debootstrap
# made stays in FOLDER/base.tar for the next time.
#
# Not a part of `make check`: all of it takes half an hour, and the network.
#
# A chroot would not do: the kernel refuses new namespaces (which the sandbox's
# and the media's tests need) to a process whose root is not its mount
# namespace's root.  So the tree becomes a real root by pivot_root.
set -eu

folder=${1:?usage: run.sh FOLDER [COMMAND]}
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
here=$(cd "$(dirname "$0")/../.." && pwd)

cannot() {
	printf 'check-fresh: %s\n' "$1" >&2
	exit 1
}
[ "$(id -u)" -eq 0 ] || cannot "needs root, to make a Debian in a folder"
command -v debootstrap >/dev/null || cannot "needs debootstrap"

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
tree=$folder/tree
if [ ! -e "$folder/base.tar" ]; then
	rm -rf --one-file-system "$tree.new"
	debootstrap --variant=minbase "$suite" "$tree.new" "$mirror" ||
		cannot "no Debian from $mirror (MIRROR names another)"
	tar -C "$tree.new" -cf "$folder/base.tar.new" .
	mv "$folder/base.tar.new" "$folder/base.tar"
	rm -rf --one-file-system "$tree.new"
fi
rm -rf --one-file-system "$tree"
mkdir "$tree"
tar -C "$tree" -xf "$folder/base.tar"
mkdir "$tree/root/hikae"
git -C "$here" archive HEAD | tar -C "$tree/root/hikae" -xf -

# The README's lines: the first block below its heading, as it is printed.
readme_commands() {
	sed -n '/^## Two commands$/,/^## /{ /^```sh$/,/^```$/{ /^```/!p } }' \
		"$tree/root/hikae/README.md"
}
if [ $# -gt 1 ]; then
	printf '%s\n' "$2"
else
	readme_commands
fi >"$tree/root/commands"
grep -q '[^[:space:]]' "$tree/root/commands" || cannot "no commands to run"
sed 's/^/check-fresh: /' "$tree/root/commands"

# How this machine reaches the network and its package mirror.
cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
cp -L /etc/hosts "$tree/etc/hosts"

cat >"$tree/root/inside.sh" <<END
set -eu
mount --make-rprivate /
mount --bind $tree $tree
mount -t proc proc $tree/proc
mount --rbind /sys $tree/sys
mount --rbind /dev $tree/dev
mount -t tmpfs tmpfs $tree/run
mount -t tmpfs tmpfs $tree/tmp
cd $tree
mkdir -p old
pivot_root . old
cd /
exec chroot . /bin/sh -c '
	umount -l /old
	rmdir /old
	cd /root/hikae
	export LANG=C.UTF-8 HOME=/root
	exec sh -eux /root/commands </dev/null
'
END
if env -i PATH="$PATH" TERM=dumb unshare --mount --pid --fork --kill-child \
	sh "$tree/root/inside.sh"; then
	printf 'fresh: 1 passed, 0 failed, 0 skipped\n'
else
	printf 'fresh: 0 passed, 1 failed, 0 skipped\n'
	exit 1
fi
