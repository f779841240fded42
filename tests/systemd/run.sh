#!/bin/sh
# Goal: the Debian package works under a real systemd 252, every lock in force.
# Usage: run.sh BUILD [PART]
# (root, debootstrap, systemd-nspawn, the .deb in build/; PART: upgrade, alone)
#
# Makes a minimal Debian 12 once (BUILD/../systemd/base-*.tar), installs the
# package into a copy of it, boots that, and runs inside.sh in it as a service.
# The kernel's landlock calls are named, because nspawn's own filter of Debian
# 12 does not know them.
set -eu
export LC_ALL=C.UTF-8
build=$(readlink -f "$1")
here=$(readlink -f "$(dirname "$0")")
folder=$(dirname "$build")/systemd
tree=$folder/tree
package=$(find "$(dirname "$build")" -maxdepth 1 -name 'hikae_*.deb' | head -n 1)
needs=systemd-sysv,dbus,jq,libaio1,libarchive13,libblkid1,libjansson4
needs=$needs,libqrencode4,libseccomp2,libsodium23,libsqlite3-0,libssl3,libzstd1,adduser
# For a drill that restores a dump.
needs=$needs,postgresql-15
# One made for other needs is made anew.
base=$folder/base-$(printf %s "$needs" | cksum | cut -d ' ' -f 1).tar

die() {
	echo "systemd: $*" >&2
	exit 1
}

[ "$(id -u)" -eq 0 ] || die "needs root (debootstrap, systemd-nspawn)"
[ -n "$package" ] || die "there is no package yet: make deb"
mkdir -p "$folder"
if [ ! -e "$base" ]; then
	mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' |
		awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
	[ -n "$mirror" ] || die "apt is set up with no archive of Debian 12"
	rm -rf --one-file-system "$tree"
	debootstrap --variant=minbase --include="$needs" bookworm "$tree" \
		"$mirror" >"$folder/debootstrap.log" 2>&1 ||
		die "debootstrap failed ($folder/debootstrap.log)"
	tar -C "$tree" -cf "$base.new" .
	mv "$base.new" "$base"
fi
rm -rf --one-file-system "$tree"
mkdir "$tree"
tar -C "$tree" -xf "$base"
cp "$package" "$tree/root/hikae.deb"
install -m 755 "$here/inside.sh" "$tree/root/inside.sh"
install -m 644 "$here/media.sh" "$here/upgrade.sh" "$tree/root/"
[ -z "${2:-}" ] || echo "$2" >"$tree/root/part"
older=$("$here/older.sh" "$folder") || die "the older package ($folder/older.log)"
[ -z "$older" ] || cp "$older" "$tree/root/older.deb"
sed -n 's/^#define SCHEMA_VERSION //p' "$here/../../lib/store/schema.h" \
	>"$tree/root/schema"
install -m 755 "$here/drill-program.sh" "$tree/root/drill-program"
cat >"$tree/etc/systemd/system/inside.service" <<'END'
[Unit]
After=dbus.service
[Service]
Type=oneshot
ExecStart=/root/inside.sh
ExecStopPost=/bin/systemctl --no-block poweroff
END
mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
ln -s /etc/systemd/system/inside.service \
	"$tree/etc/systemd/system/multi-user.target.wants/inside.service"
# A disk, as the container sees one.
mkdir -p "$folder/medium/ehr/20261101"
echo 'a patient' >"$folder/medium/ehr/20261101/a"
rm -f "$folder/medium.img"
truncate -s 32M "$folder/medium.img"
mkfs.ext4 -q -m 0 -U 6e1f9d5a-6c39-4b8e-9a55-0c1d2e3f4a5b \
	-d "$folder/medium" "$folder/medium.img"
device=$(losetup --show -f "$folder/medium.img")
trap 'blockdev --setrw "$device"; losetup -d "$device"' EXIT
echo "$device" >"$tree/root/medium"
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout 600 systemd-nspawn --quiet --boot \
	--directory="$tree" --register=no --keep-unit --private-network \
	--bind="$device" --console=pipe --system-call-filter='landlock_create_ruleset
		landlock_add_rule landlock_restrict_self seccomp' \
	>"$folder/console.log" 2>&1 </dev/null || :
[ -e "$tree/root/result" ] || die "it never came up ($folder/console.log)"
cat "$tree/root/result"
passed=$(grep -c '^  PASS' "$tree/root/result" || :)
failed=$(grep -c '^  FAIL' "$tree/root/result" || :)
skipped=$(grep -c '^  SKIP' "$tree/root/result" || :)
grep -q '^end$' "$tree/root/result" || failed=$((failed + 1))
echo "systemd: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
