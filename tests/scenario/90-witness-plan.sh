#!/bin/sh
# Goal: the plan on a medium that stays names what can be recovered soon after it is there, and before the medium is taken away.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need minisign
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

folder=$disk/hikae-witness

written() {
	query "select count(*) from medium_event
		where event = 'witness' and result = 'written'"
}
has_written() {
	[ "$(written)" -ge "$1" ]
}
# The plan on the medium, in English.
read_plan() {
	sed -n '/^Recovery plan/,$p' "$folder/recover-plan.txt"
}
plan_says() {
	read_plan | grep -Eq -- "$1"
}
expect_plan() {
	read_plan >plan
	expect_line "$1" plan
}
expect_whole() {
	minisign -Vq -p "$folder/keys/daemon.pub" -m "$folder/checkpoint.txt"
	minisign -Vq -p "$folder/keys/daemon.pub" -m "$folder/recover-plan.txt"
	expect_status 0 "$hikae" journal verify "$folder" \
		--public-key "$state/keys/daemon.pub"
	expect_equal "$(find "$folder" -name '.hikae-tmp-*')" "" leftovers
}

truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
mountpoint=yes
policy=$(closed_window)
medium_keys="uuid = $uuid
		location = Room 2
		witness = yes"
install_small

say "at the very first start there is nothing to name, and that is said"
begin
wait_until 120 has_written 1
wait_until 60 is_idle
expect_plan 'there is none that can be used'

say "as soon as there is a generation the plan names it, and where it lies"
generation 20261101
scan_all
wait_until 120 plan_says 'ehr@20261101T000000'
wait_until 60 is_idle
expect_plan 'medium: disk1, may have been in reach'
expect_plan 'kept: Room 2'
expect_whole
first=$(written)

say "what changes within the hour waits: the medium is not worn"
generation 20261102
scan_all
expect_status 0 hk verify --wait
plan_is_old() {
	hk recover plan --json >now
	grep -q 'ehr@20261102T000000' now && ! plan_says 'ehr@20261102T000000'
}
plan_is_old || fail "it was written at once"

say "but a release writes it before the medium may be unmounted"
expect_status 0 hk media release disk1
expect_line 'unmount it, then remove it' out
expect_plan 'ehr@20261102T000000'
expect_plan 'medium: disk1, may have been in reach of an attacker, verified'
expect_equal "$(written)" $((first + 1)) "writings"
expect_whole
say "and so long nothing else begins there"
expect_equal "$(hk media show disk1 --json | jq -r .medium.is_released)" true
say "a second time nothing has changed"
expect_status 0 hk media release disk1
expect_equal "$(written)" $((first + 1)) "writings"

say "who takes it away, and where to, stands on it before it goes"
hk scan --json >/dev/null
wait_until 60 is_idle
expect_status 0 hk media checkout disk1 --by Sato --to Suzuki \
	--place 'branch office' --until 30d
wait_until 120 plan_says 'taken out by: Suzuki \(branch office\), until'
wait_until 60 is_idle
expect_whole
expect_status 0 hk media release disk1
umount "$disk"
await state attached

say "it comes back, and the journal goes on from there"
mount -o noatime "$device" "$disk"
await state mounted
hk media checkin disk1 --by Sato >/dev/null
gone() {
	read_plan >plan && ! grep -q 'taken out by' plan
}
wait_until 120 gone
wait_until 60 is_idle
expect_whole
findings_are
stop_daemon
umount "$disk"
