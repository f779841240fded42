# Media for scenarios that have their own mounts, after tests/small.sh: real
# file systems on loop devices, plugged in and pulled out.
#
# what is set here is the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

need losetup mkfs.ext4 flock
device=
# A disk that hangs is in the way of whoever looks for others: a scenario that
# has one sets loops_alone, and runs beside no other that has media.
exec 8>/tmp/hikae-loops.lock
if [ -n "${loops_alone:-}" ]; then
	flock -w 300 -x 8 || skip "other scenarios have media on this host"
else
	flock -s 8
fi
# Others may have media on this host at the same time.
uuid=$(cat /proc/sys/kernel/random/uuid)

# Loop devices outlive a mount that was taken away lazily.
let_go() {
	umount -l "$disk" 2>/dev/null || :
	[ -z "$device" ] || losetup -d "$device" 2>/dev/null || :
	device=
}
at_end=let_go

# plug FILE, unplug: the device of an image comes and goes.
plug() {
	device=$(loop_device "$@")
}
unplug() {
	losetup -d "$device"
	device=
}

# Superblocks are read by those who may: here hikaed is root's.
owner=
give_user() {
	:
}

medium_has() {
	[ "$(hk media show disk1 --json | jq -r ".medium.$1")" = "$2" ]
}
is_removable() {
	medium_has is_removable_now true
}
# await MEMBER VALUE: until the medium says so.  The bound is for a machine that
# is many times as slow as usual.
await() {
	await_until=$(($(date +%s) + 120))
	until medium_has "$1" "$2"; do
		[ "$(date +%s)" -lt "$await_until" ] ||
			fail "$1 is $(hk media show disk1 --json |
				jq -c "[.medium.state, .medium.reason,
					.medium.$1]"), expected $2"
		sleep 0.1
	done
}

# The journal's entries about media, one a line: state:reason, event:result.
entries() {
	hk journal list --json --limit 5000 |
		jq -r '.entries[] | select(.type == "medium") |
			if .event == "state" then .state + ":" + (.reason // "")
			else .event + ":" + (.result // "") end'
}
# mounts: what hikae mounted and unmounted, in its order, in one line.
mounts() {
	entries | sed -n 's/^mount://p' | xargs
}
