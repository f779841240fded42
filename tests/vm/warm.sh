#!/bin/sh
# Boots the guest once and saves it as it then stands: FOLDER/warm.qcow2 with
# the snapshot `warm`.  Usage: warm.sh VMCTL FOLDER
#
# Does nothing when it was saved by the same QEMU from the same machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/vm/machine.sh
. "$here/machine.sh"
vmctl=$(realpath "$1")
cd "$2"

die() {
	printf 'vm: %s\n' "$*" >&2
	tail -n 5 qemu.log console >&2
	exit 1
}

recipe=$({
	cat recipe "$0" "$here/machine.sh"
	qemu-system-x86_64 --version
} | sha256sum)
[ "$(cat warm 2>/dev/null)" != "$recipe" ] || exit 0
rm -f warm warm.qcow2

echo "vm: booting the guest once"
qemu-img create -q -f qcow2 -b root.img -F raw warm.qcow2
machine_start "$PWD" warm.qcow2
trap 'kill "$machine" 2>/dev/null || :' EXIT
deadline=$(($(date +%s) + 300))
until "$vmctl" shell shell 5 'systemctl is-system-running --wait' \
	>answer 2>&1; do
	kill -0 "$machine" 2>/dev/null || die "the guest ended"
	[ "$(date +%s)" -lt "$deadline" ] || die "the guest does not boot"
	! grep -q degraded answer || die "some unit failed: $(
		"$vmctl" shell shell 20 'systemctl --failed --no-legend'
	)"
	sleep 1
done
# What scenarios need soon, so that none has to wait for it.
"$vmctl" shell shell 120 '
	set -e
	modprobe -a usb_storage sd_mod ext4 xfs btrfs vfat exfat udf isofs \
		loop dm_mod nls_utf8 nls_ascii nls_cp437
	sync
	echo 3 >/proc/sys/vm/drop_caches
' || die "the guest is not as it should be"
"$vmctl" qmp qmp 120 '{"execute": "human-monitor-command",
	"arguments": {"command-line": "savevm warm"}}' >answer
grep -qF '{"return": ""}' answer || die "savevm: $(cat answer)"
"$vmctl" qmp qmp 10 '{"execute": "quit"}' >/dev/null || :
wait "$machine" || :
printf '%s\n' "$recipe" >warm
