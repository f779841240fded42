# What the scenarios of virtual machines share, after tests/lib.sh.  One is
# tests/vm/NN-what.sh:
#
#   #!/bin/sh
#   # Goal: one sentence, what must hold.
#   . "$(dirname "$0")/../lib.sh"
#   . "$here/lib.sh"
#   resume
#   ...
#
# Commands given to `guest` run there as root; assertions are made here.  In
# the guest hikaed is installed as OPERATIONS.md says, and runs as the service.
#
# scratch and here are tests/lib.sh's; what is set here, the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

# shellcheck source=tests/vm/machine.sh
. "$here/machine.sh"
: "${HIKAE_VM:=$here/../../build/vm}"
HIKAE_VM=$(cd "$HIKAE_VM" && pwd)
vmctl=$HIKAE_BUILD/vm/vmctl
need jq qemu-system-x86_64
[ -e "$HIKAE_VM/warm" ] || skip "no virtual machine (make check-vm makes it)"

# Where the medium of `configure` is mounted, and its backups.
disk=/mnt/disk1
landing=$disk/ehr
# What configure writes besides what is needed; scenarios set them before.
policy='' medium_keys='' source_keys='' more=''

# guest COMMAND: a shell command there, as root, which must end within
# $guest_seconds; its output and exit status.
guest_seconds=60
guest() {
	"$vmctl" shell shell "$guest_seconds" "$*"
}

# must COMMAND: the same, and it must succeed.
must() {
	guest "$*" >guest.out 2>&1 && return 0
	sed 's/^/guest: /' guest.out
	fail "in the guest: $*"
}

# put FILE: what is read here becomes that file there.
put() {
	must "base64 -d >$1 <<'END'
$(base64)
END"
}

# qmp COMMAND [ARGUMENTS]: one QEMU command; JSON arguments.
qmp() {
	"$vmctl" qmp qmp 30 "{\"execute\": \"$1\", \"arguments\": ${2:-{\}}}"
}

# verify STATUS [ARGUMENT...]: read the copies again; it must end so.
verify() {
	expected=$1
	shift
	got=0
	hk verify --wait "$@" >verified 2>&1 || got=$?
	[ "$got" -eq "$expected" ] && return 0
	cat verified
	hk findings
	fail "verification ended with $got, expected $expected"
}

# hk ARGUMENT...: hikae in the guest.
hk() {
	hk_command=hikae
	for hk_word in "$@"; do
		hk_command="$hk_command '$hk_word'"
	done
	guest "$hk_command"
}

# resume [ARGUMENT...]: the guest as it was saved, with the time of now, and
# hikae installed in it.  Arguments are QEMU's.
resume() {
	cp --sparse=always "$HIKAE_VM/warm.qcow2" root.qcow2
	machine_start "$HIKAE_VM" root.qcow2 -loadvm warm "$@"
	daemons="$daemons $machine"
	until "$vmctl" shell shell 5 true 2>/dev/null; do
		kill -0 "$machine" 2>/dev/null || fail "QEMU: $(cat qemu.log)"
		sleep 0.1
	done
	# dpkg takes its time where others keep the processors busy.
	guest_seconds=240
	must "date -s @$(date +%s) && blockdev --flushbufs /dev/vdb &&
		mount -o ro /dev/vdb /opt/hikae && sh /opt/hikae/install"
	guest_seconds=60
}

# configure: write the configuration anew.  $more holds further sections.
configure() {
	put /etc/hikae/hikae.conf <<-END
		[facility]
		id = small
		name = Small Clinic
		timezone = UTC
		[policy]
		settle_time = 0s
		$policy
		[system ehr]
		kind = ehr
		interval = none
		[medium disk1]
		kind = removable
		path = $disk
		$medium_keys
		[source ehr-disk1]
		system = ehr
		medium = disk1
		path = ehr
		layout = directory
		pattern = %Y%m%d
		$source_keys
		$more
	END
}

begin() {
	configure
	must 'hikae config check && systemctl start hikaed ||
		{ journalctl -n 20 -o cat -u hikaed; false; }'
}

# image FILE SIZE: an empty disk.
image() {
	rm -f "$1"
	truncate -s "$2" "$1"
}

# plug FILE SERIAL [NODE]: a USB disk with the bytes of FILE; the device there
# is $device.  NODE is what stands between, as members of a QEMU block node
# above the file: see slow and bad_sector.
plug() {
	qmp blockdev-add "{\"node-name\": \"usb$2\",
		${3:-\"driver\": \"raw\"}, \"file\": $(over "$1")}" >qmp.out ||
		fail "$(cat qmp.out)"
	qmp device_add "{\"driver\": \"usb-storage\", \"id\": \"usb$2\",
		\"bus\": \"usb.0\", \"drive\": \"usb$2\", \"serial\": \"$2\",
		\"removable\": true}" >qmp.out || fail "$(cat qmp.out)"
	link=/dev/disk/by-id/usb-QEMU_QEMU_HARDDISK_$2-0:0
	wait_until 30 guest "test -b $link && udevadm settle"
	device=$(guest "readlink -f $link")
}

# What the node of a plug stands on: the file, in which a sector may be bad.
bad_sector=
over() {
	printf '{"driver": "file", "filename": "%s/%s"}' "$PWD" "$1" |
		if [ -n "$bad_sector" ]; then
			printf '{"driver": "blkdebug", "image": %s,
				"inject-error": [{"event": "none",
				"iotype": "read", "errno": 5, "once": false,
				"sector": %s}]}' "$(cat)" "$bad_sector"
		else
			cat
		fi
}

# slow BYTES: prints the NODE that gives that many bytes a second.
slow() {
	qmp object-add "{\"qom-type\": \"throttle-group\", \"id\": \"slow$1\",
		\"limits\": {\"bps-read\": $1}}" >qmp.out || fail "$(cat qmp.out)"
	printf '"driver": "throttle", "throttle-group": "slow%s"' "$1"
}

# pull SERIAL: the plug is drawn, whatever the guest is doing.
pull() {
	qmp device_del "{\"id\": \"usb$1\"}" >qmp.out || fail "$(cat qmp.out)"
	wait_until 30 qmp blockdev-del "{\"node-name\": \"usb$1\"}"
	wait_until 30 guest \
		"! test -e /dev/disk/by-id/usb-QEMU_QEMU_HARDDISK_$1-0:0"
}

# in_background COMMAND: start it in the guest; finish N waits for its end with
# that exit status.
in_background() {
	must "rm -f /run/job.*
		(sh -c '$1' >/run/job.out 2>&1; echo \$? >/run/job.status) &"
}
finish() {
	wait_until 120 guest 'test -s /run/job.status'
	got=$(guest 'cat /run/job.status')
	[ "$got" = "$1" ] || {
		guest 'cat /run/job.out'
		fail "exit $got, expected $1"
	}
}

# stop_reader BYTES: the only reader is stopped once it has read that much; its
# process id is in the guest's /run/reader.
stop_reader() {
	must "main=\$(systemctl show -P MainPID hikaed)
		until pgrep -P \$main >/run/reader &&
			read -r child </run/reader &&
			[ \"\$(sed -n 's/^read_bytes: //p' /proc/\$child/io)\" \
				-gt $1 ]; do :; done 2>/dev/null
		kill -STOP \$child"
}

# generation DAY [FOLDER]: a folder with three files; 20261101 is a DAY.
generation() {
	must "mkdir -p ${2:-$landing}/$1/sub && cd ${2:-$landing}/$1 &&
		echo 'patients of $1' >a && seq 1 9000 >b &&
		seq 1 $1 20300000 | head -n 100 >sub/c && sync"
}

# A file system of type $1 on $device is made and mounted.
format() {
	case $1 in
	ext4) must "mkfs.ext4 -q -m 0 $device" ;;
	xfs) must "mkfs.xfs -q -f $device" ;;
	btrfs) must "mkfs.btrfs -q -f $device" ;;
	vfat | exfat) must "mkfs.$1 $device" ;;
	udf) must "mkudffs $device" ;;
	ntfs) must "mkntfs -q -F -Q $device" ;;
	*) fail "format: $1" ;;
	esac
	must "mkdir -p $disk"
	attach "$device" "$1"
}

# attach DEVICE [TYPE [OPTIONS]]: mount it as the medium.
attach() {
	must "mkdir -p $disk && mount ${2:+-t $2} -o ${3:-noatime} $1 $disk"
}

is_idle() {
	[ "$(hk jobs --json | jq '.jobs | length')" = 0 ]
}

# Scan, and wait until all that follows from it was done.
scan_all() {
	hk scan --json >scan.json || :
	wait_until 60 is_idle
}

# is_open CODE: there is such a finding.
is_open() {
	hk findings --json |
		jq -e --arg code "$1" 'any(.findings[]; .code == $code)'
}

# findings_are CODE...: exactly these are open, in any order.
findings_are() {
	hk findings --json >findings.json || :
	got=$(jq -r '.findings[].code' findings.json | sort | xargs)
	[ "$got" = "$(printf '%s\n' "$@" | sort | xargs)" ] && return 0
	cat findings.json
	hk journal list --json --limit 1000 |
		jq -c '.entries[] | select(.type == "medium")'
	fail "open findings are '$got', expected '$*'"
}

# has_finding PATTERN: some open finding's code is that.
has_finding() {
	hk findings --json >findings.json || :
	jq -r '.findings[].code' findings.json >codes
	expect_line "^($1)\$" codes
}

# Every copy was read and is good, and status says so.
all_good() {
	findings_are
	expect_status 0 hk copies --json
	[ "$(jq '.copies | length' out)" -gt 0 ] || fail "no copies"
	expect_equal "$(jq -r '.copies[].verdict' out | sort -u)" intact verdicts
	expect_status 0 hk status
}

# Nothing is damaged or missing, nothing is good: status is 3, or 2 for
# another reason than damage.
nothing_known() {
	hk findings --json >findings.json || :
	jq -r '.findings[].verdict' findings.json >verdicts
	expect_no_line damaged verdicts
	hk copies --json >copies.json || :
	jq -r '.copies[].state, .copies[].verdict' copies.json >verdicts
	expect_no_line 'damaged|missing' verdicts
	got=0
	hk status >out || got=$?
	[ "$got" -ge 2 ] || {
		cat out
		fail "status is $got"
	}
}

# is_state STATE [MEDIUM]: where the medium is, as hikae sees it.
is_state() {
	hk media show "${2:-disk1}" --json >media.json || :
	[ "$(jq -r .medium.state media.json)" = "$1" ]
}

# unmount [MEDIUM FOLDER]: as an operator does, once hikae says that it is safe.
unmount() {
	wait_until 60 is_removable "${1:-disk1}"
	must "umount ${2:-$disk}"
}
is_removable() {
	hk media show "$1" --json | jq -e .medium.is_removable_now
}

# The service was never started again, and answers.
still_alive() {
	expect_equal "$(guest 'systemctl show -P NRestarts hikaed')" 0 \
		"restarts of hikaed"
	expect_equal "$(guest 'systemctl is-active hikaed')" active hikaed
	hk jobs --json >jobs.json
}
