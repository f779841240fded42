# Part of inside.sh: mounting by a unit of its own, and the write probe.  The
# medium is $(cat /root/medium), a block device of the host.
# shellcheck shell=sh disable=SC2154
echo 'a medium that hikae mounts itself' >&2
medium=$(cat /root/medium)
uuid=6e1f9d5a-6c39-4b8e-9a55-0c1d2e3f4a5b
mkdir -p /mnt/usb1 /srv/control
cat >/etc/hikae/conf.d/usb1.conf <<END
[medium usb1]
kind = removable
path = /mnt/usb1
uuid = $uuid
offline = detached
mount = hikae
[source ehr-usb1]
system = ehr
medium = usb1
path = ehr
layout = directory
pattern = %Y%m%d
END
# mounts: what hikae did, in its order.
mounts() {
	hikae journal list --limit 5000 --json | jq -r '.entries[] |
		select(.type == "medium" and .event == "mount") | .result' | xargs
}
has_mounts() {
	[ "$(mounts)" = "$1" ]
}
usb1() {
	hikae media show usb1 --json | jq -e ".medium | $1"
}
before=$(sha256sum <"$medium")
check "a configuration with mount = hikae" hikae config check
check "is taken up" systemctl reload hikaed
check "udev has a rule for it" test -f /lib/udev/rules.d/85-hikae.rules
check "which finds it" soon test -f "/run/hikae-media/$uuid"
check "in a folder of root's" test \
	"$(stat -c %U:%G:%a /run/hikae-media)" = root:root:755
check "it is mounted and unmounted" soon has_mounts "mounted unmounted"
check "what lies on it was read through hikaed's own view of mounts" \
	soon usb1 '.copies == 1 and .oldest_read_at != null'
check "it is safe to remove" soon usb1 .is_removable_now
check "nothing of it changed" test "$(sha256sum <"$medium")" = "$before"
check "its switch is as it was" test "$(blockdev --getro "$medium")" = 0
check "a reading mounts it again" hikae verify --medium usb1 --wait
check "and it is given back" soon has_mounts \
	"mounted unmounted mounted unmounted"
# Somebody works there as soon as hikae has mounted it.
hold() {
	sh -c 'until cd /mnt/usb1/ehr; do sleep 0.05; done
		exec sleep 1000' 2>/dev/null &
	holder=$!
	hikae verify --medium usb1 >/dev/null 2>&1
	soon is_held
}
is_held() {
	test "$(readlink "/proc/$holder/cwd")" = /mnt/usb1/ehr
}
is_given_back() {
	! mountpoint -q /mnt/usb1 &&
		test "$(blockdev --getro "$medium")" = 0 &&
		! test -e /run/hikae-mount/usb1
}
hold
kill "$holder"
check "hikaed stops" systemctl stop hikaed
check "and nothing stays mounted" is_given_back
check "udev knows of it still" test -f "/run/hikae-media/$uuid"
systemctl start hikaed
hold
systemctl kill -s KILL hikaed
kill "$holder"
check "nor after it was killed" soon is_given_back
systemctl start hikaed
check "nobody but hikaed may ask for a mount" \
	test "$(stat -c %U:%a /run/hikae-mount.sock)" = hikae:600
check "with an exposure of at most 5.5" \
	systemd-analyze security --threshold=55 hikae-mount@1.service
chmod g+w /etc/hikae/conf.d/usb1.conf
hikae scan >/dev/null
check "a configuration that others can write is no reason to mount" \
	soon usb1 '.reason == "mount-denied"'
rm /etc/hikae/conf.d/usb1.conf
systemctl reload hikaed
check "when it is hikae's no more, udev finds nothing" \
	soon refused test -e "/run/hikae-media/$uuid"

echo 'may the account that writes backups write?' >&2
chown backup /srv/control
cat >/etc/hikae/conf.d/probe.conf <<'END'
[medium disk2]
kind = disk
path = /srv/disk2
mountpoint = no
write_probe = yes
write_probe_user = backup
write_probe_control = /srv/control
[source ehr-disk2]
system = ehr
medium = disk2
path = ehr
layout = directory
pattern = %Y%m%d
END
cp -a /srv/disk /srv/disk2
chown -R backup /srv/disk2/ehr
systemctl reload hikaed
probe_is() {
	hikae scan >/dev/null
	[ "$(hikae media show disk2 --json | jq -r '.medium.protections[] |
		select(.method == "probe") | .result')" = "$1" ]
}
check "the unit stands in nobody's way: it can" soon probe_is accepted
check "and leaves nothing" test -z "$(find /srv -name '.hikae-probe-*')"
check "with an exposure of at most 4" \
	systemd-analyze security --threshold=40 hikae-try@1.service
rm /etc/hikae/conf.d/probe.conf
systemctl reload hikaed
