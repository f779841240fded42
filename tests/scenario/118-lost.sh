#!/bin/sh
# Goal: what a living tree loses is told once, with a way to see it; what may happen in it each day, and what retention lets go, is not.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# A tree is recorded again a day later: what a program did meanwhile, then that.
days=0
later() {
	stop_daemon
	echo "a day's work $days" >>"$landing/ehr.db"
	days=$((days + 2))
	give_user "$landing"
	begin env LD_PRELOAD="$clock_library" FAKETIME=+${days}d
	scan_all
	expect_equal "$(query 'SELECT max(version) FROM manifest')" \
		$((days / 2 + 1)) "captures"
}

# lost: what the last capture counted.
lost() {
	query "SELECT gone, emptied, older, expired FROM loss
		ORDER BY manifest DESC LIMIT 1"
}

# studies YEAR AGE: 250 images in ten folders, each with content of its own.
studies() {
	for folder in 0 1 2 3 4 5 6 7 8 9; do
		mkdir -p "$landing/$1/$folder"
	done
	awk -v at="$landing/$1" -v year="$1" 'BEGIN { for (i = 0; i < 250; i++) {
		file = at "/" i % 10 "/" i ".txt"
		for (n = 0; n < 20; n++)
			print "image", i, "of", year, "line", n > file
		close(file) } }'
	find "$landing/$1" -type f -exec touch -d "$2 days ago" {} +
}

finding() {
	hk findings --code lost-since-capture --json | jq '.findings[0].id'
}
# known: by whom the loss is acknowledged, or nobody.
known() {
	expect_status 1 hk status --json
	jq -r '[.reasons[] | select(.code == "lost-since-capture") |
		.acknowledged.by // "nobody"][0]' out
}

install_small
sed -i -e 's/^layout = .*/layout = tree/' -e '/^pattern/d' \
	"$root/etc/hikae/hikae.conf"
studies 2023 1100
studies 2024 700
studies 2025 400
studies 2026 40
seq 1 5000 >"$landing/ehr.db"
give_user "$landing"
begin
scan_all
findings_are
expect_status 0 hk verify --wait
if ! has_clock; then
	say "not with a sanitizer, which goes not with other clocks"
	exit 0
fi

say "a day like any other: a database grows, files are rewritten, moved"
later
expect_equal "$(lost)" "0|0|0|0"
for file in "$landing"/2026/0/*; do
	echo "written again" >>"$file"
done
find "$landing/2026/1" -type f -exec sed -i 's/image/IMAGE/' {} +
mkdir "$landing/near"
mv "$landing/2025/3" "$landing/near/3"
rm "$landing/2026/2/2.txt" "$landing/2026/2/12.txt"
later
expect_equal "$(lost)" "2|0|0|0"
findings_are
expect_status 0 hk status

say "thirty of a thousand are deleted"
find "$landing/2026/4" "$landing/2026/5" -type f | sort | head -n 30 |
	xargs rm
later
expect_equal "$(lost)" "30|0|0|0"
findings_are lost-since-capture
expect_status 1 hk status
expect_line 'lost-since-capture|living directory' out
expect_equal "$(hk copies --json | jq -r '.copies[].verdict')" intact
hk show "$(finding)" >out
expect_line 'Files gone +30' out
expect_line 'Usual at a capture +0' out
command=$(sed -n 's/^Which: hikae //p' out)
# shellcheck disable=SC2086 # words
expect_status 0 hk $command
expect_equal "$(grep -c '^- 2026/[45]/' out)" 30 "files named"
expect_status 66 hk diff 1/99 1/1
first=$(finding)
hk accept "$first" --by Sato --note 'sent twice, deleted at the console' >out
findings_are
expect_status 0 hk status

say "accepted, it stays quiet"
later
expect_equal "$(lost)" "0|0|0|0"
findings_are
expect_status 0 hk status

say "thirty others are emptied"
find "$landing/2025/6" "$landing/2025/7" -type f | sort | head -n 30 |
	xargs truncate -s 0
later
expect_equal "$(lost)" "0|30|0|0"
findings_are lost-since-capture
hk show "$(finding)" >out
expect_line 'Files emptied, or nearly +30' out
expect_equal "$(known)" nobody
expect_status 0 hk ack lost-since-capture --by Sato --until 60d --note 'will ask'
expect_equal "$(known)" Sato

say "who knows of that does not know of the next: older files are put back"
later
expect_equal "$(known)" Sato
findings_are lost-since-capture
for file in "$landing"/2025/8/*; do
	sed -i 's/image/IMAGE/' "$file"
	touch -d '500 days ago' "$file"
done
later
expect_equal "$(lost)" "0|0|25|0"
findings_are lost-since-capture lost-since-capture
expect_equal "$(known)" nobody
for finding in $(hk findings --json | jq '.findings[].id'); do
	hk accept "$finding" --by Sato --note test >/dev/null
done
findings_are

say "what retention lets go is no loss, and younger files are"
printf 'retention = 900d\n' >>"$root/etc/hikae/hikae.conf"
rm -r "$landing/2023"
later
expect_equal "$(lost)" "0|0|0|250"
findings_are
expect_status 0 hk status
rm -r "$landing"/2024/[0-4]
later
expect_equal "$(lost)" "125|0|0|0"
findings_are lost-since-capture
hk show "$(finding)" --json | jq -e '.finding.detail.lost == 125' >/dev/null ||
	fail "not counted"

say "what cannot be looked into is not lost, as far as anybody knows"
chmod 000 "$landing/2025/9"
rm "$landing"/2026/9/*
stop_daemon
begin env LD_PRELOAD="$clock_library" FAKETIME=+$((days + 2))d
scan_all
days=$((days + 2))
hk accept "$(finding)" --by Sato --note test >/dev/null
expect_equal "$(lost)" "25|0|0|0"
chmod 755 "$landing/2025/9"

say "the journal names no file, and the rows are what it says"
hk journal list --json >all
expect_no_line '2026/4|\.txt' all
stop_daemon
expect_status 0 hk catalog rebuild "$scratch/rebuilt.db"
