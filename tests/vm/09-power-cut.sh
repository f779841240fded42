#!/bin/sh
# Goal: the host loses power while a backup is read in; nothing is made up.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

is_reading() {
	hk jobs --json |
		jq -e 'any(.jobs[]; .is_running and .total_bytes > 30000000)'
}

resume
image disk.img 100M
plug disk.img A1
format ext4
generation 20261101
medium_keys="uuid = $(guest "blkid -s UUID -o value $device")"
begin
must 'systemctl enable hikaed'
scan_all
verify 0
all_good
generation 20261102
must "head -c 40000000 /dev/urandom >$landing/20261102/large && sync &&
	umount $disk"
pull A1

say "the power goes while a new generation is captured"
plug disk.img A1 "$(slow 4000000)"
attach "$device"
must sync
must 'hikae scan --json >/dev/null &'
wait_until 60 is_reading
qmp quit >qmp.out || :
wait "$machine" || :

say "after the boot everything that was said still holds"
machine_start "$HIKAE_VM" root.qcow2
daemons="$daemons $machine"
wait_until 200 "$vmctl" shell shell 5 'systemctl is-system-running --wait'
expect_status 0 guest 'systemctl is-active hikaed'
nothing_known
must 'hikae journal export /run/journal.txt && hikae journal verify /run/journal.txt'
plug disk.img A1
attach "$device"
scan_all
verify 0
all_good
expect_equal "$(hk copies --json | jq '.copies | length')" 2 copies
