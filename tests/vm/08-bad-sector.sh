#!/bin/sh
# Goal: a sector that cannot be read is damage only when an hour changed nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

resume
image disk.img 64M
plug disk.img A1
format ext4
generation 20261101
generation 20261102
must "head -c 2000000 /dev/urandom >$landing/20261101/large && sync"
medium_keys="uuid = $(guest "blkid -s UUID -o value $device")"
begin
scan_all
verify 0
all_good
# A sector in the middle of the file, which lies in one piece.
block=$(guest "filefrag -v -b512 $landing/20261101/large" |
	sed -n 's/^ *0: *0\.\. *[0-9]*: *\([0-9]*\)\.\..*/\1/p')
unmount
pull A1

say "the first reading that fails: undetermined"
bad_sector=$((block + 2000))
plug disk.img A1
bad_sector=
attach "$device" ext4 ro,noload
expect_status 1 guest "cat $landing/20261101/large >/dev/null"
verify 3
findings_are unreadable-now
nothing_known

say "again a minute later: still undetermined"
must "date -s @\$((\$(date +%s) + 60))"
verify 3
findings_are unreadable-now
nothing_known

say "again after an hour: damaged, unreadable, in one file"
must "date -s @\$((\$(date +%s) + 3700))"
verify 2
findings_are unreadable
hk copies --json | jq -r '.copies[].verdict' >verdicts
expect_equal "$(sort verdicts | xargs)" 'damaged intact' verdicts
expect_status 2 hk status

say "a good reading closes it"
unmount
pull A1
plug disk.img A1
attach "$device"
scan_all
verify 0
all_good
still_alive
