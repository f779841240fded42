#!/bin/sh
# Goal: a disk that hangs when it comes, or later, holds up nothing but itself.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need ntfs-3g mkntfs pgrep
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
loops_alone=yes
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

# The disk is a file that a program serves: while that is stopped, a read of
# the disk waits in the kernel, as for a drive that does not answer.
server=
answer() {
	[ -z "$server" ] || kill -CONT "$server" 2>/dev/null || :
}
stop_server() {
	answer
	kill -CONT "$daemon" 2>/dev/null || :
	[ -z "$device" ] || losetup -d "$device" 2>/dev/null || :
	[ -z "$server" ] || kill -TERM "$server" 2>/dev/null || :
	umount -l "$scratch/lower" 2>/dev/null || :
	server=
}
at_end="stop_server let_go"

# hang COMMAND...: the disk answers no more once the command is done; hikaed
# sees neither before both are.  Nothing of it stays in this host's memory.
hang() {
	kill -STOP "$daemon"
	"$@"
	dd if=lower/image iflag=nocache count=0 status=none
	kill -STOP "$server"
	kill -CONT "$daemon"
}
# The child that waits for the disk, if there is one.
find_probe() {
	probe=$(pgrep -P "$daemon" -f 'role probe' | head -n 1)
	[ -n "$probe" ]
}
shelf_is() {
	state=$(hk media show shelf --json | jq -r .medium.state)
	for one in "$@"; do
		[ "$state" != "$one" ] || return 0
	done
	return 1
}
# While a child hangs there, hikaed answers.
answers_meanwhile() {
	wait_until 60 find_probe
	status=0
	hk status >/dev/null || status=$?
	[ "$status" -le 3 ] || fail "status is $status"
	kill -0 "$probe" || fail "it does not hang"
}

mkdir -p "$disk" lower shelf other
truncate -s 128M ntfs
mkntfs -q -F -Q ntfs >/dev/null 2>&1
ntfs-3g -o no_detach ntfs lower &
server=$!
wait_until 60 mountpoint -q lower
truncate -s 32M lower/image
mkfs.ext4 -q -m 0 -U "$uuid" lower/image
policy=$(closed_window)
install_small
generation 20261101
mkdir -p "$root/etc/hikae/conf.d"
cat >"$root/etc/hikae/conf.d/shelf.conf" <<-END
	[medium shelf]
	kind = removable
	path = $scratch/shelf
	uuid = $uuid
	offline = detached
	mount = hikae
END
begin
scan_all
wait_until 60 shelf_is absent

say "it hangs as soon as it comes: the daemon answers, the other is read"
hang plug lower/image
answers_meanwhile
expect_status 0 hk verify --wait --medium disk1
say "that it cannot be told is said, and nobody waits any more"
wait_until 120 shelf_is unknown hung
expect_status 3 hk media list
expect_status 0 hk verify --wait --medium disk1

say "it answers: mounted, and given back"
answer
mounted_and_back() {
	mounts | grep -q 'mounted unmounted$'
}
wait_until 180 mounted_and_back
wait_until 60 shelf_is attached

say "it hangs later: its child cannot be killed, and is left alone"
hang mount -t tmpfs none other
answers_meanwhile
wait_until 120 shelf_is hung unknown
expect_status 0 hk verify --wait --medium disk1
umount other
hk scan --json >/dev/null
wait_until 60 is_idle
[ "$(pgrep -P "$daemon" -c -f 'role probe')" -le 2 ] ||
	fail "one after the other is started there"

say "it answers again"
answer
wait_until 180 shelf_is attached
expect_equal "$(query "SELECT count(*) FROM medium_state
	WHERE medium = 'shelf' AND state = 'absent'")" 1 "absences"
stop_daemon
