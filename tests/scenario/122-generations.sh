#!/bin/sh
# Goal: thirty hard-linked generations cost what is new in each; a night's
# coverage of all of them costs one; damage that they share is told of each.
#
# FILES (200) a generation, GENERATIONS (30) by `rsync --link-dest`, one file in
# a hundred changed from one to the next.  `make check-large` takes 100,000.
# Shows what each capture, the night and the verification read, in bytes, and
# how long they took; only bytes are judged.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need rsync
: "${GENERATIONS:=30}" "${FILES:=200}"

day() {
	date -d "2026-10-01 +$1 days" +%Y%m%d
}

# What the backups are made of: folders of a thousand files, 250 lines each,
# no two alike.
make_data() {
	for first in $(seq 0 1000 $((FILES - 1))); do
		last=$((first + 1000 < FILES ? first + 1000 : FILES))
		folder=$(printf 'data/%03d' $((first / 1000)))
		mkdir -p "$folder"
		seq $((first * 250 + 1)) $((last * 250)) |
			split -a 3 -d -l 250 - "$folder/file."
	done
}

# change TURN: of each hundred files the one with that number; never the first.
change() {
	for changed in data/*/file.?"$(printf %02d "$1")"; do
		echo "turn $1" >>"$changed"
	done
}

# make_generation TURN: beside the one before, then in its place, all at once.
# The links belong to the owner as the files of `data` do.
make_generation() {
	rsync -a ${before:+--link-dest="$before"} data/ "$disk/unfinished/"
	before=$landing/$(day "$1")
	mv -T "$disk/unfinished" "$before"
}

# capture TURN: until it is recorded, and nothing is under way.
capture() {
	hk scan --json >/dev/null
	wait_until "$patience" is_captured "$1"
}
is_captured() {
	[ "$(query 'SELECT count(*) FROM manifest')" -eq "$1" ] && is_idle
}

# bytes_of FOLDER...: of all files there, each counted once.
bytes_of() {
	find "$@" -type f -printf '%i %s\n' | sort -u |
		awk '{ sum += $2 } END { printf "%d\n", sum }'
}

# tell WHAT SECONDS FILES BYTES BYTES-READ
tell() {
	printf '   %-12s %5d s %8d files %15d bytes %13d bytes read\n' "$@"
}

now=$(date +%s)
lap() {
	lap=$(($(date +%s) - now))
	now=$((now + lap))
}

# coverage COLUMN: its sum over what nights did.
coverage() {
	query "SELECT coalesce(sum($1), 0) FROM run
		WHERE trigger = 'coverage' AND outcome = 'done'"
}
is_covered() {
	[ "$(coverage bytes)" -ge "$there" ] && is_idle
}

# The seconds are a bound for a machine that is many times as slow as usual.
patience=$((300 + FILES / 20))
# Two readers may read the same file at the same time.
usual='readers = 1
coverage = 10d'
policy="$usual
$(closed_window)"
install_small
say "$GENERATIONS generations of $FILES files, each captured as it comes"
mkdir data
make_data
give_user data
# All is to be overdue in the end; where no clock can be set, there is no night.
if has_clock; then
	begin env LD_PRELOAD="$clock_library" FAKETIME=-12d
else
	begin
fi
before=
for turn in $(seq "$GENERATIONS"); do
	[ "$turn" -eq 1 ] || change "$turn"
	make_generation "$turn"
	lap
	capture "$turn"
	lap
	# shellcheck disable=SC2046 # three numbers
	tell "capture $turn" "$lap" $(query "SELECT printf('%d %d %d', files,
		bytes, bytes_read) FROM manifest ORDER BY id DESC LIMIT 1")
done
one=$(bytes_of "$landing/$(day 1)")
all=$(bytes_of "$landing")
there=$(query 'SELECT sum(bytes) FROM manifest')
expect_equal "$(query 'SELECT sum(files) FROM manifest')" \
	$((GENERATIONS * FILES)) "files of all"
expect_equal "$(query 'SELECT bytes_read FROM manifest ORDER BY id LIMIT 1')" \
	"$one" "bytes read for the first"
expect_equal "$(query 'SELECT sum(bytes_read) FROM manifest')" "$all" \
	"bytes read for all"
[ "$(query 'SELECT max(bytes_read) FROM manifest
	WHERE id > (SELECT min(id) FROM manifest)')" -le $((one / 50)) ] ||
	fail "a later capture read more than what is new"
stop_daemon

# Twelve days later all is overdue.  Children have the real clock, so what they
# remember of their readings is of today, and would spare this night's.
night() {
	rm -f "$state"/readings/*
	policy=$usual
	configure
	lap
	begin
	wait_until "$patience" is_covered
	lap
	tell "the night" "$lap" $((GENERATIONS * FILES)) \
		"$(coverage bytes)" "$(coverage bytes_read)"
	awk -v read="$(coverage bytes_read)" -v one="$one" -v there="$there" \
		'BEGIN { printf "   %.2f times one generation, of %.2f\n",
			read / one, there / one }'
	expect_equal "$(coverage bytes)" "$there" "bytes confirmed"
	expect_equal "$(coverage bytes_read)" "$all" "bytes read"
	expect_equal "$(coverage 'damaged + undetermined')" 0 "slices not intact"
	expect_status 0 hk status
}
if has_clock; then
	say "a night that reads all of them again reads each file once"
	night
else
	begin
fi

say "a flipped byte in a shared file is told of each generation, by name"
shared=000/file.100
expect_equal "$(stat -c %h "$landing/$(day 1)/$shared")" "$GENERATIONS" \
	"links of the shared file"
flip "$landing/$(day 7)/$shared" 17
lap
expect_status 2 hk verify --wait
lap
read_again=$(query 'SELECT bytes_read FROM run ORDER BY id DESC LIMIT 1')
tell verified "$lap" $((GENERATIONS * FILES)) "$there" "$read_again"
[ "$read_again" -le $((all + one / 50)) ] ||
	fail "the verification read shared files more than once"
hk findings --json | jq -r '.findings[] |
	[.generation, .code, .name] | join(" ")' | sort >told
for turn in $(seq "$GENERATIONS"); do
	printf 'ehr@%sT000000+0000 bit-rot %s\n' "$(day "$turn")" "$shared"
done >expected
diff -u expected told || fail "not told of each generation"
stop_daemon
