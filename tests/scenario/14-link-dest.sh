#!/bin/sh
# Goal: hard-linked generations are read once a pass, and judged each.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need rsync

# entries EXPRESSION TYPE: of the journal's entries of that type.
entries() {
	query "SELECT $1 FROM (SELECT json(CAST(leaf AS TEXT)) AS leaf FROM journal)
		WHERE leaf ->> 'type' = '$2'"
}

# Two readers may read the same file at the same time.
policy='readers = 1'
install_small
say "2,000 files, ten generations by rsync --link-dest, a few changes each"
mkdir data
for folder in 1 2 3 4 5 6 7 8 9 10; do
	mkdir "data/$folder"
	seq 1 200000 | split -a 3 -l 1000 - "data/$folder/file."
done
previous=
for day in 01 02 03 04 05 06 07 08 09 10; do
	seq 1 "1$day" >data/1/file.aaa
	printf 'new on day %s\n' "$day" >"data/2/new.$day"
	rsync -a ${previous:+--link-dest="$previous"} data/ "$landing/202611$day/"
	previous=$landing/202611$day
done
give_user "$landing"
expect_equal "$(find "$landing/20261110" -type f -links 10 | wc -l)" 2000 \
	"shared files"
whole=$(find "$landing/20261101" -type f -printf '%s\n' |
	awk '{ sum += $1 } END { print sum }')

begin
scan_all
expect_equal "$(query 'SELECT count(*) FROM manifest')" 10 captures
expect_status 0 hk status

say "captures read what is new, once"
entries "sum(leaf ->> 'bytes_read')" captured >sum
expect_equal "$(cat sum)" "$(find "$landing" -type f -printf '%i %s\n' |
	sort -u | awk '{ sum += $2 } END { print sum }')" "bytes read"
expect_equal "$(entries "max(leaf ->> 'bytes_read')" captured)" "$whole" \
	"bytes of the first"
expect_status 0 hk status
expect_line '^Readings: copies with hard-linked files, each read once: 9$' out

say "a verification of all reads each file once, and says so of every copy"
expect_status 0 hk verify --wait --json
jq -s 'last | .run // .' out >run
expect_equal "$(jq .intact run)" "$(jq .slices run)" intact
[ "$(jq .bytes run)" -gt "$((9 * whole))" ] || fail "bytes: $(cat run)"
[ "$(jq .bytes_read run)" -lt "$((whole * 3 / 2))" ] ||
	fail "more was read than is there: $(cat run)"

say "a flipped byte in a shared file is reported for each generation"
flip "$landing/20261105/3/file.abc" 17
expect_status 2 hk verify --wait
expect_equal "$(hk findings --json | jq -r \
	'[.findings[] | select(.code == "bit-rot") | .generation] |
	unique | length')" 10 "generations with a finding"
expect_equal "$(hk copies --json | jq '[.copies[] |
	select(.verdict == "damaged")] | length')" 10 "damaged copies"

say "a file of one generation alone is that one's"
flip "$landing/20261105/3/file.abc" 17
flip "$landing/20261107/2/new.07" 3
expect_status 2 hk verify --wait
expect_equal "$(hk findings --json | jq -r \
	'[.findings[] | .generation] | unique | length')" 4 "generations"
stop_daemon
