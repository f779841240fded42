#!/bin/sh
# Goal: each copy remembers its file system, where the configuration names none.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

# mount_disk IMAGE [OPTIONS], take_away: somebody does so.
mount_disk() {
	plug "$1"
	mount -o "${2:-rw}" "$device" "$disk"
	expect_status 0 hk reload
	await state mounted
}
take_away() {
	umount "$disk"
	unplug
}
# scan_is RESULT: what a scan that a person asks for says.
scan_is() {
	hk scan --json >scanned || :
	wait_until 120 is_idle
	expect_equal "$(hk journal list --json --limit 5000 |
		jq -r '[.entries[] | select(.type == "scan")] | last.result')" \
		"$1" "the last scan"
}
lost_are() {
	expect_equal "$(query "SELECT count(*) FROM copy_state
		WHERE state = 'missing' AND to_seq > 1 << 60")" "$1" "copies lost"
}
kept_are() {
	hk status --json >now || :
	expect_equal "$(jq '.systems[0].generations_kept' now)" "$1" \
		"generations that count"
	hk compliance --pack own --json >judged || :
	expect_equal "$(jq -r '.requirements[] | select(.id == "OWN-1") |
		.evidence_state' judged)" "$2" "the requirement"
}
volumes() {
	hk journal list --json --limit 5000 | jq -r '[.entries[] |
		select(.type == "captured").volume] | unique | join(" ")'
}

mountpoint=yes
policy=$(closed_window)
own_pack 'generations(system) >= 2'
truncate -s 64M ext4 other
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkfs.ext4 -q -m 0 other
mkdir -p "$disk"
plug ext4
mount "$device" "$disk"
install_small
generation 20261101
generation 20261102
begin
scan_all
expect_status 0 hk verify --wait
expect_equal "$(volumes)" "$(printf %s "$uuid" | tr -d -)" "the file system"
lost_are 0
kept_are 2 complete

say "another file system: nothing is known of the copies, nothing is lost"
take_away
mount_disk other
scan_is wrong-medium
lost_are 0
findings_are wrong-medium
expect_status 3 hk verify --wait
lost_are 0
findings_are wrong-medium wrong-medium wrong-medium

say "the same where it has backups of its own, which are taken up"
mkdir "$landing"
generation 20261103
scan_is ok
lost_are 0
expect_status 3 hk verify --wait
findings_are wrong-medium wrong-medium
expect_equal "$(query "SELECT count(*) FROM manifest")" 3 "captures"
expect_equal "$(volumes | wc -w)" 2 "file systems"

say "the right one again"
take_away
mount_disk ext4
scan_is ok
expect_status 3 hk verify --wait
hk findings --json | jq -r '.findings[] | [.code, .generation] | @tsv' >left
expect_equal "$(cut -f 1 left)" wrong-medium "findings"
expect_line 20261103 left

say "a part of it is not the whole"
mkdir "$disk/part" "$scratch/whole"
umount "$disk"
mount "$device" "$scratch/whole"
mount --bind "$scratch/whole/part" "$disk"
expect_status 0 hk reload
await state mounted
scan_is wrong-medium
lost_are 0
umount "$disk"
umount "$scratch/whole"
mount "$device" "$disk"
expect_status 0 hk reload
await state mounted
scan_is ok
kept_are 2 complete

say "the right one, emptied: lost, and nothing counts from now on"
rm -r "$landing" "$disk/part"
mkdir "$landing"
hk verify --wait >verified || :
hk findings --json | jq -r '.findings[] | [.code, .generation] | @tsv' >left
expect_equal "$(cut -f 1 left | sort | xargs)" \
	"generation-missing generation-missing wrong-medium" "findings"
grep wrong-medium left >other_one
expect_line 20261103 other_one
kept_are 0 missing
scan_is empty
lost_are 2
kept_are 0 missing
expect_status 2 hk status

say "it stays so with the next scan, and when it went"
scan_is empty
lost_are 2
take_away
hk scan --json >scanned || :
wait_until 120 is_idle
lost_are 2
kept_are 0 missing

say "the journal alone says the same"
stop_daemon
expect_status 0 hk catalog rebuild "$scratch/rebuilt.db"
