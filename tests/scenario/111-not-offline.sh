#!/bin/sh
# Goal: whether a medium is offline is told by what was measured, not by its mode or by paper.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

# evidence_is WORDS: what speaks for the medium's being offline, and why not.
evidence_is() {
	expect_equal "$(hk status --json | jq -r '.media[] |
		[.offline_evidence, .offline_reason // ""] | join(" ")')" "$1" \
		evidence
}
mount_disk() {
	plug ext4
	mount -o noatime "$device" "$disk"
}

mountpoint=yes
policy=$(closed_window)
medium_keys="uuid = $uuid
		offline = network-partition"
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
mount_disk
install_small
generation 20261101
begin
await state mounted
scan_all
hk verify --wait >/dev/null
evidence_is 'none exposed'

say "paper alone makes nothing offline that is in reach"
printf 'the contract\n' >contract.pdf
until=$(date -u -d '+60 days' +%F)
expect_status 0 hk attest FEE-R6-ATT --by Sato --until "$until" \
	--document contract.pdf --document-kind contract-excerpt
evidence_is 'none exposed'
expect_status 65 hk attest offline-disk1 --by Sato --until "$until" \
	--document contract.pdf --document-kind bcp
expect_status 0 hk attest offline-disk1 --by Sato --until "$until" \
	--document contract.pdf --document-kind contract-excerpt
evidence_is 'undetermined protection-not-measured'

say "beside what was measured it does"
await is_removable_now true
umount "$disk"
blockdev --setro "$device"
mount -o ro,noload,noatime "$device" "$disk"
await device_read_only true
await state mounted
evidence_is 'verified '
expect_equal "$(hk status --json | jq '.systems[0].generations_kept')" 1 \
	"generations that count"

await is_removable_now true
umount "$disk"
blockdev --setrw "$device"
unplug
await state absent
scan_all
say "a division of the network does not plan that the medium is gone"
evidence_is 'undetermined not-in-sight'
findings_are medium-absent
expect_status 3 hk status >out
expect_no_line 'as planned' out
expect_equal "$(hk status --json | jq '.systems[0].generations_kept')" 0 \
	"generations that count"

say "a disk that is never unplugged is told, though nobody set a limit"
stop_daemon
sed -i 's/offline = .*/offline = detached/' "$root/etc/hikae/hikae.conf"
mount_disk
begin
await state mounted
scan_all
expect_equal "$(hk media show disk1 --json | jq .medium.max_attached_ms)" \
	"$((3 * 24 * 3600 * 1000))" "the limit"
findings_are
stop_daemon
has_clock || exit 0
begin env FAKETIME=+4d FAKETIME_DONT_FAKE_MONOTONIC=1 \
	LD_PRELOAD="$clock_library"
left_attached() {
	hk findings --json | jq -e '.findings[] |
		select(.code == "left-attached")' >/dev/null
}
wait_until 60 left_attached
hk status >out && fail "good after four days"
expect_line 'still connected' out
stop_daemon
sed -i 's/offline = .*/&\nmax_attached = none/' "$root/etc/hikae/hikae.conf"
begin env FAKETIME=+4d FAKETIME_DONT_FAKE_MONOTONIC=1 \
	LD_PRELOAD="$clock_library"
nobody_is_told() {
	! left_attached
}
wait_until 60 nobody_is_told
stop_daemon
