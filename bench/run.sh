#!/bin/sh
# Measures hikae, the machine's limits and other tools in one run.
# Usage: run.sh BUILD small|full
#
# Generated data in memory (BENCH_MEMORY, /dev/shm) and on a disk (BENCH_DISK,
# build/bench), both mounted as OPERATIONS.md says where root runs this.  In each
# of three rounds everybody has a turn right after the other, so that whatever
# else the machine does falls on all alike; what is printed are medians, and
# what counts are their ratios.  Other work on the machine takes cores from
# hikae that the limit of one core does not lose: read the ratio to
# `openssl speed` with the one beside it, of two at a time.
#
# What was measured stays in build/bench/results, a line a turn.
#
# Exit 0 whatever the numbers are; 1 when something could not be measured.
set -eu
export LC_ALL=C
build=$(readlink -f "$1") size=$2
here=$(readlink -f "$(dirname "$0")")
programs=$build/bench
memory=${BENCH_MEMORY:-/dev/shm}/hikae-bench.$$
disk=${BENCH_DISK:-$build/../bench}
rounds=${BENCH_ROUNDS:-3}
mkdir -p "$disk"
disk=$(readlink -f "$disk")
results=$disk/results failures=$disk/failures
disk=$disk/data.$$

case $size in
small)
	images=2000 texts=60000 names=100000 dump=1024 slice=64 archive=256
	cold_images=4000 large=4096
	peers=few depths="1 4 8"
	;;
full)
	images=8000 texts=200000 names=2000000 dump=8192 slice=1024 archive=2048
	cold_images=8000 large=20480
	peers=all depths="1 2 4 8 16"
	;;
*)
	echo "run.sh: small or full" >&2
	exit 64
	;;
esac

# A medium is mounted nodev: where it is not, each file costs a look more.
play_medium() {
	mkdir -p "$1"
	if ! { mount --bind "$1" "$1" &&
		mount -o remount,bind,nodev,nosuid,noexec "$1"; } 2>/dev/null
	then
		echo "bench: not mounted nodev: $1" >&2
	fi
}

clean_up() {
	for medium in "$memory" "$disk"; do
		! mountpoint -q "$medium" || umount "$medium" || :
		rm -rf "$medium"
	done
}

trap clean_up EXIT
trap 'exit 130' INT TERM
play_medium "$memory"
play_medium "$disk"
: >"$results"
: >"$failures"

. "$here/contest.sh"
. "$here/peers.sh"

# Everything about one set of files in one place.
# section TITLE PLACE SET: their list and digests, and hikae's manifest.
section() {
	title=$1 place=$2 set=$3
	state=$place/state.$set list=$place/list.$set
	sums=$place/sums.$set
	mkdir -p "$state"
	find "$place/$set" -type f | sort >"$list"
	files=$(wc -l <"$list")
	bytes=$(xargs stat -c %s <"$list" |
		awk '{ n += $1 } END { printf "%.0f", n }')
	section_begin "$title" "$bytes" "$files"
	"$programs/readers" capture "$place" "$set" "$state" "$slice" \
		>"$state/captured" || failed "capture of $set"
}

# The same members in three containers, packed quickly.
pack_archives() {
	"$programs/generate" dump "$memory/archives/dump.tar" "$1"
	tar -xf "$memory/archives/dump.tar" -C "$memory/members"
	archive_bytes=$(find "$memory/members" -type f -printf '%s\n' |
		awk '{ n += $1 } END { printf "%.0f", n }')
	archive_files=$(find "$memory/members" -type f | wc -l)
	zstd -q -1 "$memory/archives/dump.tar"
	gzip -1 "$memory/archives/dump.tar"
	(cd "$memory/members" && zip -q -1 -r "$memory/archives/dump.zip" .)
	rm -rf "$memory/members"
}

# decoding ENDING PEER COMMAND...: an archive in memory, and who else tests it.
decoding() {
	section_begin "members of dump.$1, decoded, in memory" \
		"$archive_bytes" "$archive_files"
	peer=$2 packed=dump.$1
	shift 2
	for _ in $(seq "$rounds"); do
		turn hikae hikae_decode
		turn "$peer" "$@" "$memory/archives/$packed"
	done
}

in_memory() {
	section "$1, in memory" "$memory" "$2"
	xargs sha256sum <"$list" >"$sums"
	peer_prepare_hashdeep
	for _ in $(seq "$rounds"); do
		turn hikae hikae_verify
		turn_sha256 "one core's SHA-256, twice" 1
		turn_sha256 "two cores' SHA-256" 2
		turn "plain reading by 2" plain_read cached 2
		[ "$2" != texts ] || turn "floor in the sandbox" floor_read 2
		turn "xargs -P2 sha256sum" peer_xargs_sha256sum
		turn "sha256sum -c" peer_sha256sum
		turn "hashdeep -a -j2" peer_hashdeep
	done
}

on_disk() {
	section "$1, cold on disk" "$disk" "$2"
	peer_prepare_hashdeep
	[ "$3" = few ] || peer_prepare_repositories
	for _ in $(seq "$rounds"); do
		turn_cold hikae hikae_verify
		for depth in $depths; do
			turn_cold "plain direct reading by $depth" \
				plain_read direct "$depth"
		done
		turn_cold "to 32 MiB each, by 4" plain_read direct 4 32
		turn_cold "xargs -P8 cat" peer_xargs_cat
		turn_cold "xargs -P2 sha256sum" peer_xargs_sha256sum
		turn_cold "hashdeep -a -j2" peer_hashdeep
		[ "$3" = few ] && continue
		turn_cold "restic check --read-data" peer_restic
		turn_cold "borg check --verify-data" peer_borg
		turn_cold "aide --check" peer_aide
	done
	peer_remove_repositories
}

"$programs/generate" images "$memory/images" "$images"
in_memory "images of about 512 KiB" images
target hikae "one core's SHA-256, twice" 0.80
target hikae "sha256sum -c" 5
target hikae "hashdeep -a -j2" 3
rm -rf "$memory/images"

"$programs/generate" texts "$memory/texts" "$texts"
in_memory "texts of 2 to 8 KiB" texts
target hikae "xargs -P2 sha256sum" 2.5
rm -rf "$memory/texts"

mkdir -p "$memory/dump"
"$programs/generate" dump "$memory/dump/dump.tar" "$dump"
section "one large file, in memory" "$memory" dump
for _ in $(seq "$rounds"); do
	turn hikae hikae_verify
	turn_sha256 "one core's SHA-256, twice" 1
	turn_sha256 "two cores' SHA-256" 2
	turn "sha256sum" peer_xargs_sha256sum
done
target hikae "one core's SHA-256, twice" 0.80
rm -rf "$memory/dump"

mkdir -p "$memory/archives" "$memory/members"
pack_archives "$archive"
decoding tar.zst "zstd -t" zstd -q -t
target hikae "zstd -t" 0.6
decoding tar.gz "gzip -t" gzip -t
target hikae "gzip -t" 1.4
decoding zip "unzip -t" unzip -q -t
target hikae "unzip -t" 1.4
rm -rf "$memory/archives"

# The memory of a reader must not grow with the number of files.
for count in 10000 "$names"; do
	"$programs/generate" names "$memory/names" "$count"
	section "$count empty files, in memory" "$memory" names
	turn hikae hikae_verify
	rm -rf "$memory/names"
done

if can_drop_caches; then
	"$programs/generate" images "$disk/images" "$cold_images"
	on_disk "images of about 512 KiB" images all
	target hikae "plain direct reading" 0.85
	target hikae "xargs -P2 sha256sum" 2.5
	target hikae "hashdeep -a -j2" 3
	for peer in "restic check --read-data" "borg check --verify-data" \
		"aide --check"; do
		target hikae "$peer" 1
	done
	rm -rf "$disk/images"

	"$programs/generate" texts "$disk/texts" "$texts"
	on_disk "texts of 2 to 8 KiB" texts "$peers"
	target hikae "xargs -P8 cat" 0.9
	rm -rf "$disk/texts"

	mkdir "$disk/large"
	"$programs/generate" dump "$disk/large/dump.tar" "$large"
	section "one large file, cold on disk" "$disk" large
	for _ in $(seq "$rounds"); do
		turn_cold hikae hikae_verify
		for depth in $depths; do
			turn_cold "plain direct reading by $depth" \
				plain_read direct "$depth"
		done
		turn_cold "to 32 MiB each, by 4" plain_read direct 4 32
		turn_cold "sha256sum" peer_xargs_sha256sum
	done
	target hikae "plain direct reading" 0.85
	rm -rf "$disk/large"
else
	failed "cold reading (only root can drop the caches)"
fi

contest_print
[ ! -s "$failures" ]
