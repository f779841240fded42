#!/bin/sh
# What generations cost a real hikaed.
# Usage: daemon.sh BUILD [GENERATIONS FILES STATUS-GENERATIONS]
#
# Generations of the same files, of which one in a hundred changes from one to
# the next, made by `rsync --link-dest`, so that what did not change is one
# file on the disk: each is captured and read again, and in the end all of them
# are.  Prints times, and the bytes that were read beside those that are there.
# Then how long `hikae status` takes with many generations (aim: 50 ms), beside
# a question that costs nothing (what the machine takes to start programs and to
# ask), and the processor time that it costs hikaed: these tell on a machine that
# does other work, too.
set -eu
export LC_ALL=C
build=$(readlink -f "$1")
generations=${2:-30} files=${3:-100000} many=${4:-1000}
disk=${BENCH_DISK:-$build/../bench}
mkdir -p "$disk"
disk=$(readlink -f "$disk")/daemon.$$
landing=$disk/medium/ehr daemon=

clean_up() {
	if [ -n "$daemon" ]; then
		kill "$daemon"
		wait "$daemon" || :
	fi
	rm -rf "$disk"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

hk() {
	"$build/bin/hikae" --root "$disk/root" "$@"
}

query() {
	sqlite3 -readonly -separator ' ' \
		"$disk/root/var/lib/hikae/catalog.db" "$1"
}

now_ms() {
	date +%s%3N
}

configure() {
	mkdir -p "$disk/root/etc/hikae" "$landing"
	cat >"$disk/root/etc/hikae/hikae.conf" <<-END
		[facility]
		id = bench
		name = Bench
		timezone = UTC
		[policy]
		settle_time = 0s
		[system ehr]
		kind = ehr
		interval = none
		[medium disk1]
		kind = disk
		path = $disk/medium
		mountpoint = no
		[source ehr-disk1]
		system = ehr
		medium = disk1
		path = ehr
		layout = directory
		pattern = %Y%m%d
	END
	echo 'a long passphrase' >"$disk/passphrase"
	hk key init --facility-key "$disk/facility.key" \
		--passphrase-file "$disk/passphrase" >/dev/null
}

# until_true SECONDS COMMAND...
until_true() {
	end=$(($(now_ms) + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		if [ "$(now_ms)" -gt "$end" ]; then
			echo "daemon.sh: never came true: $*" >&2
			exit 1
		fi
		sleep 0.05
	done
}

start() {
	"$build/bin/hikaed" --root "$disk/root" >"$disk/log" 2>&1 &
	daemon=$!
	until_true 20 hk jobs
}

# captured COUNT: so many are captured, and nothing is under way.
captured() {
	[ "$(query 'SELECT count(*) FROM manifest')" = "$1" ] &&
		[ "$(hk jobs --json | jq '.jobs | length')" = 0 ]
}

day() {
	date -u -d "2023-01-01 +$1 days" +%Y%m%d
}

# One in a hundred changes, another one each time.
change_some() {
	find "$disk/live" -type f | awk -v turn="$1" 'NR % 100 == turn % 100' |
		while read -r file; do
			echo "turn $1" >>"$file"
		done
}

make_generation() {
	link=
	[ "$1" -eq 1 ] || link=--link-dest=$landing/$(day $(($1 - 1)))
	# shellcheck disable=SC2086 # nothing or one word
	rsync -a $link "$disk/live/" "$disk/medium/$(day "$1")/"
	mv "$disk/medium/$(day "$1")" "$landing/"
}

# What the last run, and the last capture, read.
tell_last() {
	query "SELECT printf('%10.1f MB there, captured %8.1f MB read',
			bytes / 1e6, bytes_read / 1e6)
		FROM manifest ORDER BY id DESC LIMIT 1"
	query "SELECT printf('%28s%8.1f MB read again', '', bytes_read / 1e6)
		FROM run ORDER BY id DESC LIMIT 1"
}

measure_generations() {
	"$build/bench/generate" texts "$disk/live" "$files"
	for number in $(seq "$generations"); do
		[ "$number" -eq 1 ] || change_some "$number"
		make_generation "$number"
		begin=$(now_ms)
		hk scan >/dev/null
		until_true 3600 captured "$number"
		printf 'generation %2d: %6d ms ' "$number" \
			$(($(now_ms) - begin))
		tell_last | head -n 1
	done
	begin=$(now_ms)
	hk verify --wait >/dev/null
	printf 'all again:     %6d ms\n' $(($(now_ms) - begin))
	query "SELECT printf('  %.1f MB there, %.1f MB read', bytes / 1e6,
			bytes_read / 1e6) FROM run ORDER BY id DESC LIMIT 1"
}

# median_ms COMMAND...: of nine times.  Whatever it says: how long it takes counts.
median_ms() {
	for _ in 1 2 3 4 5 6 7 8 9; do
		begin=$(now_ms)
		hk "$@" >/dev/null || :
		echo $(($(now_ms) - begin))
	done | sort -n | sed -n 5p
}

# What hikaed has used of a processor, in ticks of a hundredth of a second.
daemon_ticks() {
	awk '{ print $14 + $15 }' "/proc/$daemon/stat"
}

measure_status() {
	for number in $(seq $((generations + 1)) "$many"); do
		mkdir -p "$landing/$(day "$number")"
		echo "$number" >"$landing/$(day "$number")/file"
	done
	hk scan >/dev/null
	until_true 3600 captured "$many"
	printf 'hikae status, %d generations: %d ms (aim: 50)\n' "$many" \
		"$(median_ms status)"
	printf '  hikae jobs, which asks for nothing: %d ms\n' \
		"$(median_ms jobs)"
	ticks=$(daemon_ticks)
	for _ in $(seq 50); do
		hk status >/dev/null || :
	done
	ticks=$(($(daemon_ticks) - ticks))
	printf '  processor time of hikaed for one: %d.%d ms\n' \
		$((ticks / 5)) $((ticks % 5 * 2))
}

configure
start
measure_generations
measure_status
