#!/bin/sh
# Goal: what a person may do with a medium is done or refused for what it is, whatever state it is in, and what is out of service counts no more.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

# counted: what is measured for the facility's own requirement.
counted() {
	hk compliance --json 2>err | jq -r '.requirements[] |
		select(.id == "OWN-1") | .rows[0] | .evidence_state + " " +
		(.checks[0] | "\(.value) \(.reason)")'
}
# events EVENT: how many of them are on record.
events() {
	query "SELECT count(*) FROM medium_event WHERE event = '$1'"
}

policy=$(closed_window)
mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached"
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
install_small
own_pack 'copies(system) >= 1'
generation 20261101
generation 20261102
mkdir -p "$root/etc/hikae/conf.d" "$scratch/folder"
printf '[medium folder]\nkind = disk\npath = %s\nmountpoint = no\n' \
	"$scratch/folder" >"$root/etc/hikae/conf.d/folder.conf"
begin
await is_removable_now true

say "nobody has it: nobody can bring it back"
expect_status 64 hk media checkin disk1 --by Sato
expect_line 'disk1 is not checked out: nobody can bring it back' err
expect_equal "$(events checkin)" 0
expect_status 66 hk media checkin disk9 --by Sato
expect_status 66 hk media checkout disk9 --by Sato --to Ito --place vault
expect_status 66 hk media retire disk9 --by Sato
expect_status 66 hk media release disk9
expect_line 'there is no such medium in the configuration' err
expect_status 64 hk media release folder
expect_line 'folder is a plain folder' err

say "taken, handed on, brought back"
expect_status 0 hk media checkout disk1 --by Sato --to Ito --place vault
expect_line 'still connected' out
expect_no_line 'Until now' out
umount "$disk"
unplug
await state absent
expect_status 0 hk media checkout disk1 --by Ito --to Mori --place annex
expect_line 'Until now Ito had it \(vault\); no return is recorded' out
expect_no_line 'still connected' out
hk media show disk1 --json | jq -e '.medium.custody.holder == "Mori"' \
	>/dev/null || fail custody
LANGUAGE=ja hk media checkout disk1 --by Mori --to Abe --place annex >out
expect_line 'これまでの所持者は Mori（annex）で、返却の記録がありません。' out
plug ext4
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true
expect_status 0 hk media checkin disk1 --by Sato
expect_no_line 'still connected' out
expect_status 64 hk media checkin disk1 --by Sato
expect_equal "$(events checkin)" 1

say "out of service: it counts no more, though it is still connected"
expect_equal "$(counted)" "complete 1 null"
expect_status 0 hk media checkout disk1 --by Sato --to Ito --place vault
expect_status 0 hk media retire disk1 --by Sato --note 'too old'
expect_line 'Until now Ito had it \(vault\); that is over' out
expect_line 'still connected to this host; its copies no longer count' out
expect_equal "$(counted)" "missing null medium-retired"
hk compliance OWN-1 >out || :
expect_line 'taken out of service' out
expect_status 64 hk media checkin disk1 --by Sato
expect_status 3 hk status
expect_line 'disk1 +out of service ' out
expect_status 1 hk media list
expect_line 'WARN +disk1 +mounted; out of service ' out
restart_counts() {
	stop_daemon
	begin
	expect_equal "$(counted)" "missing null medium-retired"
}
restart_counts
LANGUAGE=ja hk media retire disk1 --by Sato >out
expect_line 'この媒体は以前に使用終了と記録されています（令和' out
expect_status 0 hk media checkout disk1 --by Sato --to Shredder --place works
expect_line 'It was taken out of service before: 20' out

say "gone it counts no more either, and when it is brought back it does"
umount "$disk"
await state attached
expect_equal "$(counted)" "missing null medium-retired"
await is_removable_now true
unplug
await state absent
expect_equal "$(counted)" "missing null medium-retired"
expect_status 0 hk media list
expect_line 'OK +disk1 +out of service ' out
hk status >out || :
expect_no_line 'medium detached' out
plug ext4
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true
expect_equal "$(counted)" "complete 1 null"
hk media list >out
expect_line 'OK +disk1 +mounted ' out
umount "$disk"
unplug
await state absent

say "another one in its place is told at once, and when it is gone again"
expect_status 75 hk media release disk1
cp ext4 other
tune2fs -U random other >/dev/null
plug other
mount -o ro,noatime "$device" "$disk"
await state wrong-medium
has_codes() {
	[ "$(hk findings --json | jq -r '.findings[].code' | xargs)" = "$1" ]
}
wait_until 60 has_codes wrong-medium
expect_status 2 hk media show disk1
expect_line '  -> Mount the right one' out
# It says nothing of what lies on the one that is away.
expect_status 75 hk verify --medium disk1 --wait
has_codes wrong-medium
expect_status 0 hk media release disk1
umount "$disk"
unplug
await state absent
wait_until 60 has_codes ''
stop_daemon
