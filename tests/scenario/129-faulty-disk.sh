#!/bin/sh
# Goal: a disk with a bad sector, a slow one and a pulled plug damage no verdict.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need filefrag fusermount3
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"
faulty=$HIKAE_BUILD/tool/faulty

# The disk is a file that a program serves, with the faults of ./faults.
server=
serve() {
	"$faulty" "$scratch/image" "$scratch/faults" "$scratch/lower" -s -f &
	server=$!
	wait_until 60 test -e lower/image
	plug lower/image
}
pull_plug() {
	[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || :
	[ -z "$server" ] || wait "$server" 2>/dev/null || :
	server=
}
clean() {
	pull_plug
	let_go
	umount -l "$scratch/lower" 2>/dev/null || :
}
at_end=clean
# faults LINE: it has these now; none are gone.
faults() {
	printf '%s\n' "$@" >faults.new
	mv faults.new faults
}
# Mounted anew: nothing of it is in this host's memory.
mount_again() {
	umount "$disk"
	mount -o ro,noload "$device" "$disk"
	hk scan --json >scanned || :
	wait_until 120 is_idle
}
verdicts_are() {
	hk copies --json >copies.json || :
	expect_equal "$(jq -r '.copies[].verdict' copies.json | sort | xargs)" \
		"$1" verdicts
}
nothing_is_damaged() {
	hk findings --json >findings.json || :
	jq -r '.findings[].verdict' findings.json >damaged
	expect_no_line damaged damaged
}

mkdir -p "$disk" lower
truncate -s 64M image
mkfs.ext4 -q -m 0 -U "$uuid" image
faults
serve
mount "$device" "$disk"
medium_keys="uuid = $uuid"
mountpoint=yes
policy=$(closed_window)
install_small
generation 20261101
generation 20261102
head -c 24000000 /dev/urandom >"$landing/20261101/large"
sync
# The middle of the file, which lies in one piece.
sector=$(filefrag -v -b512 "$landing/20261101/large" |
	sed -n 's/^ *0: *0\.\. *[0-9]*: *\([0-9]*\)\.\..*/\1/p')
begin
scan_all
expect_status 0 hk verify --wait
mount_again

say "a sector that cannot be read: undetermined, in that file alone"
faults "eio $(((sector + 4000) * 512)) 4096"
expect_status 1 cat "$landing/20261101/large"
expect_status 3 hk verify --wait
findings_are unreadable-now
nothing_is_damaged
expect_status 0 hk show "$(jq -r '.findings[0].id' findings.json)"
expect_line '^ *File +large$' out
expect_line 'Not readable from byte +2048000$' out
expect_line 'System error +EIO ' out
verdicts_are 'intact undetermined'

say "it reads well again: closed"
faults
mount_again
expect_status 0 hk verify --wait
findings_are
verdicts_are 'intact intact'

say "a disk that takes a tenth of a second for each reading: slow, and good"
mount_again
faults "slow 100"
hk verify --wait >verified 2>&1 &
verifying=$!
begun() {
	hk jobs --json | jq -e 'any(.jobs[]; .bytes > 0)'
}
wait_until 60 begun
expect_status 0 hk status
wait "$verifying" || fail "a slow disk: $(cat verified)"
findings_are
verdicts_are 'intact intact'

say "the plug is pulled while it is read: undetermined, nothing is damaged"
faults
mount_again
faults "slow 100"
hk verify --wait >verified 2>&1 &
verifying=$!
wait_until 60 begun
pull_plug
got=0
wait "$verifying" || got=$?
expect_equal "$got" 3 "status of the verification"
nothing_is_damaged
hk copies --json >copies.json || :
jq -r '.copies[] | .state, .verdict' copies.json >verdicts
expect_no_line 'damaged|missing' verdicts

say "it is plugged in again: all is good"
umount -l "$disk"
losetup -d "$device"
umount -l lower
faults
serve
mount -o ro,noload "$device" "$disk"
hk scan --json >scanned || :
wait_until 120 is_idle
expect_status 0 hk verify --wait
findings_are
verdicts_are 'intact intact'
stop_daemon
