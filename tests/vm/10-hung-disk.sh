#!/bin/sh
# Goal: a disk that does not answer, so that its reader cannot even be killed.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

# Readers that sleep where no signal reaches them.
stuck() {
	guest 'ps -o state= --ppid "$(systemctl show -P MainPID hikaed)"' |
		grep -c D
}

resume
policy='job_timeout = 10s
readers = 1'
image disk.img 100M
plug disk.img A1
must "dmsetup create tap --table \"0 \$(blockdev --getsz $device) \
	linear $device 0\""
device=/dev/mapper/tap
format ext4
generation 20261101
must "head -c 70000000 /dev/urandom >$landing/20261101/large && sync"
generation 20261101 /root/ehr
medium_keys="readers = 1
uuid = $(guest "blkid -s UUID -o value $device")"
more='[medium other]
kind = disk
path = /root
mountpoint = no
[source ehr-other]
system = ehr
medium = other
path = ehr
layout = directory
pattern = %Y%m%d'
begin
scan_all
findings_are copies-differ

say "the disk stops answering in the middle of a file"
in_background 'hikae verify --wait --medium disk1'
stop_reader 8000000
must 'dmsetup suspend --noflush --nolockfs tap; kill -CONT $(cat /run/reader)'
finish 3
expect_equal "$(stuck)" 1 "readers that cannot be killed"
has_finding worker-hung
wait_until 60 is_state hung
nothing_known
still_alive

say "it gets no other reader; the other medium is read"
in_background 'hikae verify --wait'
verify 0 --medium other
still_alive
expect_equal "$(stuck)" 1 "readers that cannot be killed"

say "it answers again: the old reader goes, and all can be read"
must 'dmsetup resume tap'
wait_until 30 sh -c '! "$0" shell shell 10 "pgrep -P \
	\$(systemctl show -P MainPID hikaed)"' "$vmctl"
finish 0
findings_are copies-differ
still_alive
