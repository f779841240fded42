#!/bin/sh
# Goal: without udev a medium counts only when every other device was looked at, and what to do is said until then.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"
[ ! -e /run/udev/data ] || skip "udev tells the UUIDs here"

strangers=
let_strangers_go() {
	for stranger in $strangers; do
		show "$stranger" 2>/dev/null || :
		losetup -d "$stranger" 2>/dev/null || :
	done
}
at_end="let_strangers_go let_go"

# stranger FILE: a disk beside the medium, told as $stranger.  Another node can
# stand over its own, so that nobody here can look at it.
stranger() {
	stranger=$(loop_device "$1")
	strangers="$strangers $stranger"
}
hide() {
	mount --bind /dev/null "$1"
}
show() {
	umount "$1"
}
# Ask the kernel to say that a device changed: media are looked at anew.
touch_device() {
	echo change >"/sys/class/block/$(basename "$1")/uevent"
}
# In doubt, everywhere that somebody may look.
expect_doubt() {
	await reason "$1"
	expect_equal "$(hk media show disk1 --json | jq -r .medium.state)" unknown
	expect_status 3 hk status --json
	jq -e --arg code "$1" '.reasons | any(.code == $code)' out >/dev/null ||
		fail "status says: $(jq -c '[.reasons[].code]' out)"
	expect_status 3 hk status --all
	expect_line "$2" out
	expect_line '  -> .*serial' out
	expect_status 3 hk media show disk1
	expect_line '  -> .*serial' out
}
# What stands on the medium was read for the first time.
is_captured() {
	[ "$(query "SELECT count(*) FROM manifest")" -gt 0 ]
}
# What a rule about offline copies says, and with words and the next step.
offline_reason() {
	"$hikae" --root "$root" compliance --json >rules 2>err || :
	jq -r '[.requirements[] | select(.id == "OWN-1") |
		.rows[].checks[].reason][0]' rules
}
expect_rule_in_doubt() {
	expect_equal "$(offline_reason)" "$1" "compliance's reason"
	"$hikae" --root "$root" compliance OWN-1 >out 2>err || :
	tr '\n' ' ' <out | tr -s ' ' >line
	expect_line "$2" line
	expect_line '-> [^>]*serial' line
}

truncate -s 32M ext4 blank other
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkfs.ext4 -q -m 0 other
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
mountpoint=yes
policy=$(closed_window)
medium_keys="uuid = $uuid
		offline = detached
		witness = yes"
install_small
generation 20261101
own_pack 'offline_copies(system) >= 1'
stranger blank

say "a disk that cannot be looked at may be a clone: nothing is read"
hide "$stranger"
begin
expect_doubt uuid-unsure 'perhaps a clone of the medium'
expect_equal "$(query "SELECT count(*) FROM manifest")" 0 "manifests"
[ ! -e "$disk/hikae-witness" ] || fail "a witness was written there"

say "once it was looked at: the medium is the only one, and counts"
show "$stranger"
touch_device "$stranger"
await state mounted
wait_until 120 is_captured
expect_status 0 hk verify --wait --medium disk1
wait_until 120 test -e "$disk/hikae-witness/journal.txt"
wait_until 60 is_idle
expect_equal "$(offline_reason)" exposed

say "one that comes may be a clone, too; and no token tells one from the medium"
known=$stranger
kill -STOP "$daemon"
hide "$known"
stranger other
hide "$stranger"
kill -CONT "$daemon"
touch_device "$stranger"
expect_doubt uuid-unsure 'perhaps a clone of the medium'
expect_rule_in_doubt uuid-unsure 'Not every device could be looked at'
expect_status 3 hk verify --wait --medium disk1
say "what was looked at once is known, as long as it is the same disk"
show "$stranger"
touch_device "$stranger"
await state mounted
say "but not after a start"
hide "$stranger"
stop_daemon
begin
expect_doubt uuid-unsure 'perhaps a clone of the medium'

say "what nobody knew to be the medium is no evidence when it is gone"
umount "$disk"
unplug
touch_device "$stranger"
show "$stranger"
show "$known"
touch_device "$known"
await state absent
expect_equal "$(offline_reason)" detach-not-recorded

say "a clone itself: neither of them is read, until one is gone"
cp --sparse=always ext4 twin
plug ext4
mount -o noatime "$device" "$disk"
await state mounted
stranger twin
touch_device "$stranger"
expect_doubt uuid-twice 'two devices have one UUID'
expect_rule_in_doubt uuid-twice 'which of them is the medium cannot be told'
losetup -d "$stranger"
touch_device "$known"
await state mounted
expect_status 0 hk verify --wait --medium disk1
stop_daemon
umount "$disk"
