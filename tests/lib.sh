# What scenarios share.  A scenario is tests/scenario/NN-what.sh:
#
#   #!/bin/sh
#   # Goal: one sentence, what must hold.
#   . "$(dirname "$0")/../lib.sh"
#   need bsdtar
#   ...
#
# It runs in a scratch folder of its own ($scratch, also the current folder),
# which is removed at the end unless KEEP=1.  It stops at the first command
# that fails.  Exit 0 passed, 77 skipped (the last line says why), else failed.
#
# shellcheck shell=sh

set -eu
: "${HIKAE_BUILD:=$(cd "$(dirname "$0")/../.." && pwd)/build/release}"
here=$(cd "$(dirname "$0")" && pwd)
self=$here/$(basename "$0")
hikae=$HIKAE_BUILD/bin/hikae
hikaed=$HIKAE_BUILD/bin/hikaed
# What a scenario compares is English, whoever runs it, and in UTC.
export LC_ALL=C.UTF-8 TZ=UTC
unset LANGUAGE

scratch=$HIKAE_BUILD/scenario/$(basename "$0" .sh | cut -d - -f 1).$$
daemons=
# Functions of the scenario's own that are called first at its end.
at_end=

# What a failure leaves behind is gone with the scratch folder: tell the end of
# it before.
tell_state() {
	[ -e "${catalog:-}" ] || return 0
	echo "-- the last entries:"
	last=$(sqlite3 -readonly "$catalog" 'SELECT max(seq) FROM journal')
	"$hikae" --root "${root:-/}" journal list --from $((last - 11)) 2>&1 |
		cut -c 1-240
	echo "-- the end of the log:"
	tail -n 25 "$scratch"/*.log
}

# Processes first, mounts next, files last.
clean_up() {
	status=$?
	trap - EXIT
	set +e
	case $status in
	0 | 77) ;;
	*) tell_state ;;
	esac
	for first in $at_end; do
		"$first"
	done
	cd /
	for pid in $daemons; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	awk -v below="$scratch/" 'index($5, below) == 1 { print $5 }' \
		/proc/self/mountinfo | sort -r | while read -r mounted; do
		umount -l "$(printf '%b' "$mounted")"
	done
	if [ "${KEEP:-0}" = 1 ]; then
		printf 'kept: %s\n' "$scratch"
	else
		chmod -R u+rwX "$scratch" 2>/dev/null
		rm -rf --one-file-system "$scratch"
	fi
	exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$scratch"
cd "$scratch"
sed -n 's/^# Goal:/goal:/p' "$self"

say() {
	printf -- '-- %s\n' "$*"
}

fail() {
	printf 'FAILED: %s\n' "$*" >&2
	exit 1
}

skip() {
	printf 'skipped: %s\n' "$*"
	exit 77
}

# need TOOL...: skip when one of them is missing.
need() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null ||
			skip "$tool is missing (mk/packages.txt)"
	done
}

# A process has a clock of its own where $clock_library is preloaded, as in
# `begin env LD_PRELOAD="$clock_library" FAKETIME=+3d`.  faketime(1) itself
# would get our signals, and its names are everybody's.  ASan's runtime refuses
# to come after what is preloaded.
has_clock() {
	clock_library=$(find /usr/lib -name libfaketime.so.1 2>/dev/null |
		head -n 1)
	[ -n "$clock_library" ] && ! ldd "$hikaed" | grep -q libasan
}
need_clock() {
	has_clock && return 0
	[ -n "$clock_library" ] || skip "libfaketime is missing (mk/packages.txt)"
	skip "a preloaded clock and ASan do not go together"
}

need_root() {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
}

# Run the rest of the scenario with mounts that nobody else sees: call it
# first; the script starts again inside.
private_mounts() {
	[ -z "${HIKAE_PRIVATE_MOUNTS:-}" ] || return 0
	unshare --mount true 2>/dev/null || skip "no private mounts here"
	cd /
	rm -rf "$scratch"
	trap - EXIT
	HIKAE_PRIVATE_MOUNTS=1 exec unshare --mount --propagation private "$self"
}

# expect_status N COMMAND...: output goes to ./out and ./err.
expect_status() {
	expected=$1
	shift
	got=0
	"$@" >out 2>err || got=$?
	[ "$got" -eq "$expected" ] && return 0
	sed 's/^/out: /' out
	sed 's/^/err: /' err
	fail "exit $got, expected $expected: $*"
}

# expect_line PATTERN FILE: a line of the file matches (extended expression).
expect_line() {
	grep -Eq -- "$1" "$2" && return 0
	sed "s|^|$2: |" "$2"
	fail "no line of $2 matches: $1"
}

expect_no_line() {
	! grep -E -- "$1" "$2" || fail "a line of $2 matches: $1"
}

# expect_equal GOT EXPECTED [WHAT]
expect_equal() {
	[ "$1" = "$2" ] || fail "${3:-value} is '$1', expected '$2'"
}

# wait_until SECONDS COMMAND...: try ten times a second; fails in the end.  The
# seconds are only a bound, for a machine that is many times as slow as usual.
wait_until() {
	deadline=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$deadline" ] || fail "never came true: $*"
		sleep 0.1
	done
}

# next_second: until the wall clock shows another one, for what is told in whole
# seconds.
next_second() {
	this_second=$(date +%s)
	while [ "$(date +%s)" = "$this_second" ]; do
		sleep 0.05
	done
}

# not_at_midnight: waits where the day (UTC) is about to end, for what calls a
# day "today" and takes its time.
not_at_midnight() {
	while [ "$(date -u +%H%M)" -ge 2355 ]; do
		sleep 1
	done
}

# True when the daemon of a root answers.
daemon_answers() {
	"$hikae" --root "$1" jobs --json >/dev/null 2>&1
}

# start_daemon ROOT [COMMAND-PREFIX...]: its output goes to ROOT.log, its
# process id to $daemon.  The prefix is, for instance, `faketime -f +3d`.
start_daemon() {
	start_root=$1
	shift
	"$@" "$hikaed" --root "$start_root" >>"$start_root.log" 2>&1 &
	daemon=$!
	daemons="$daemons $daemon"
	deadline=$(($(date +%s) + 60))
	until daemon_answers "$start_root"; do
		if ! kill -0 "$daemon" 2>/dev/null ||
			[ "$(date +%s)" -ge "$deadline" ]; then
			tail -n 20 "$start_root.log"
			fail "hikaed does not answer"
		fi
		sleep 0.1
	done
}

# stop_daemon [PID]: ask the daemon to end; that it ends well is expected.
stop_daemon() {
	stop_pid=${1:-$daemon}
	stop_status=0
	kill -TERM "$stop_pid"
	wait "$stop_pid" || stop_status=$?
	daemons=$(printf '%s' "$daemons" | sed "s/ $stop_pid\$//; s/ $stop_pid / /")
	expect_equal "$stop_status" 0 "exit status of hikaed"
}

# kill_daemon [PID]: end it as a power failure would.
kill_daemon() {
	kill_pid=${1:-$daemon}
	kill -KILL "$kill_pid"
	wait "$kill_pid" 2>/dev/null || :
	daemons=$(printf '%s' "$daemons" | sed "s/ $kill_pid\$//; s/ $kill_pid / /")
}

# as_user COMMAND...: as somebody without rights; as oneself when not root.
# give_user FILE...: let that somebody write there.
as_user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups \
			--inh-caps=-all env HOME="$scratch" "$@"
	else
		"$@"
	fi
}
give_user() {
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$@"
}

# inject SPEC COMMAND...: run with failing system calls, in children too:
#   inject fsync:error=EIO:when=3 hikae ...
# What was called stands in ./strace.  Leak checking cannot work when traced.
inject() {
	spec=$1
	shift
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 \
		strace -f -qq -o strace -e "trace=${spec%%:*}" \
		-e "inject=$spec" "$@"
}

# flip FILE OFFSET: change one byte (its lowest bit) in place, keeping times.
flip() {
	flip_old=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
	[ -n "$flip_old" ] || fail "$1 has no byte $2"
	cp -p --attributes-only "$1" flip.times
	# shellcheck disable=SC2059 # an octal escape
	printf "\\$(printf '%03o' $((flip_old ^ 1)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
	touch -r flip.times "$1"
	rm -f flip.times
}

# loop_device [-r] FILE: a device of that file, told.  One whose switch was shut
# keeps that when its file goes, and may be the next that is free.
loop_device() {
	looped=$(losetup --show -f "$@")
	[ "$1" = -r ] || blockdev --setrw "$looped"
	printf '%s\n' "$looped"
}
