#!/bin/sh
# Goal: where a medium is, is seen: connected, mounted, gone, and back.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

state() {
	hk media show disk1 --json | jq -r '.medium.state'
}
is_state() {
	[ "$(state)" = "$1" ]
}
has_uuid() {
	[ "$(hk media show disk1 --json | jq -r .medium.uuid)" = "$uuid" ]
}

truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached"
install_small
generation 20261101
generation 20261102
umount "$disk"
unplug

say "not there"
begin
wait_until 60 is_state absent
wait_until 60 eval 'hk status | grep "medium not there"'

say "connected, then mounted read-only: scanned, verified, safe to remove"
plug ext4
wait_until 60 is_state attached
mount -o ro,noatime "$device" "$disk"
wait_until 60 is_state mounted
wait_until 60 is_removable
has_uuid || fail "uuid"
expect_equal "$(query "SELECT count(*) FROM run WHERE trigger = 'attach'")" 1 \
	"runs of the attach"
hk media list >out
expect_line 'OK .*disk1 .*mounted .*safe to remove' out
expect_status 0 hk status
expect_line '^Safe to remove: disk1$' out

say "nothing holds it: it can be unmounted and taken away"
oldest=$(hk copies --json | jq '[.copies[].oldest_read_at] | min')
umount "$disk"
wait_until 60 is_state attached
wait_until 60 is_removable
unplug
wait_until 60 is_state absent
is_removable && fail "what is not there cannot be removed"
entries >seen
expect_equal "$(tail -n 2 seen | xargs)" "absent: record:detached"
hk media show disk1 --json >out
jq -e --argjson oldest "$oldest" '.events[0].detail |
	.copies == 2 and .intact == 2 and .stamped and .checked and
	.verified_at == $oldest and .counts_until > .verified_at' out >/dev/null ||
	fail "record of the detach"
hk status >out || :
expect_line 'medium detached' out
expect_no_line 'medium not there' out
findings_are

say "back, and nobody had it"
plug ext4
wait_until 60 is_state attached
entries >seen
expect_line '^attached:unchanged$' seen
findings_are
unplug
wait_until 60 is_state absent

say "it was mounted behind hikae's back"
stop_daemon
plug ext4
mount "$device" "$disk"
touch "$disk/elsewhere"
umount "$disk"
unplug
begin
plug ext4
wait_until 60 is_state attached
findings_are attached-elsewhere
unplug
wait_until 60 is_state absent
plug ext4
wait_until 60 is_state attached
findings_are
unplug
wait_until 60 is_state absent
stop_daemon
