#!/bin/sh
# Goal: a disk is where it is seen, whatever the configuration says of it, and what is intact on a disk out of service is not called damaged.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

# own MEMBER...: what is measured for the facility's own requirement.
own() {
	hk compliance --json 2>err | jq -r --arg members "$*" '.requirements[] |
		select(.id == "OWN-1") | .rows[0] | .evidence_state + " " +
		([.checks[0][$members | split(" ")[]] | tostring] | join(" "))'
}

policy=$(closed_window)
mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached
		offsite = yes"
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
install_small
own_pack 'offsite_copies(system) >= 1'
generation 20261101
generation 20261102
begin
await is_removable_now true

say "a disk that is to be in another building is here while it is plugged in"
expect_equal "$(own value reason)" "missing 0 offsite-here"
hk compliance OWN-1 >out || :
expect_line 'copies off-site: 0 .*is connected to this host now\.' out
LANGUAGE=ja hk compliance OWN-1 >out || :
expect_line 'いまこのホストにつながっています。' out

say "and there when it was seen to go"
umount "$disk"
await state attached
await is_removable_now true
unplug
await state absent
expect_equal "$(own value)" "complete 1"

say "out of service it is passed over, and not for being damaged"
expect_status 0 hk media retire disk1 --by Sato --note 'too old'
expect_status 2 hk recover plan
expect_line 'newer ones, not to be used: intact, on media out of service 2$' out
LANGUAGE=ja hk recover plan >out || :
expect_line '無傷だが使用終了の媒体 2$' out
hk recover plan --json >out || :
expect_equal "$(jq -c '.systems[0] | [.newer_retired, .newer_damaged]' out)" \
	'[2,0]'
stop_daemon
