#!/bin/sh
# Goal: a medium pulled out under a verification damages nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need mkfs.ext4 losetup
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"

device=
# Loop devices outlive a mount that was taken away lazily.
release() {
	[ -z "$device" ] || losetup -d "$device" 2>/dev/null || :
}
at_end=release

plug() {
	device=$(loop_device image)
	mount -o noatime "$device" "$disk"
}

# pull STATUS COMMAND...: run while a reader stands in the middle of the large
# file; then the verification ends with this status.
pull() {
	pulled=$1
	shift
	catch_reader LARGE
	"$@"
	kill -CONT "$child"
	await_verified "$pulled"
}

# Nothing is called damaged or missing, and nothing good that was not read.
nothing_lost() {
	expect_equal "$(query "SELECT count(*) FROM copy_state
		WHERE state = 'missing' OR damaged > 0")" 0 "copies lost"
	hk findings --json | jq -r '.findings[].verdict' >verdicts
	expect_no_line damaged verdicts
}

mkdir -p "$disk"
truncate -s 400M image
mkfs.ext4 -q -m 0 image
plug
mountpoint=yes
policy='readers = 1'
install_small
generation 20261101
head -c 250000000 /dev/urandom >"$landing/20261101/LARGE"
give_user "$landing"
sync
begin
scan_all
expect_status 0 hk status

say "unmounted lazily: the reader holds on to it, and ends"
is_in_doubt() {
	[ "$(hk media show disk1 --json | jq -r .medium.state)" = unknown ]
}
unmount_lazily() {
	umount -l "$disk"
	wait_until 60 is_in_doubt
}
pull 0 unmount_lazily
nothing_lost
release
scan_all
hk findings --json | jq -r '.findings[].code' >codes
expect_line '^(wrong-medium|medium-absent)$' codes
expect_status 3 hk verify --wait
nothing_lost
plug
scan_all
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status

say "the device has no bytes any more: undetermined"
vanish() {
	cp --sparse=always image image.kept
	truncate -s 1M image
}
sync
pull 3 vanish
nothing_lost
got=0
hk status >out || got=$?
[ "$got" -ge 2 ] || fail "status is $got"
umount -l "$disk"
release
mv image.kept image
plug
scan_all
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status
stop_daemon
umount "$disk"
release
