#!/bin/sh
# Goal: one screen says in one sentence whether to act, with and without hikaed.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need script

day=20261121

# A hospital: five systems, four media; three systems lie on all media.
install_small
mkdir -p "$root/etc/hikae/conf.d"
{
	for system in order receipt imaging labo; do
		printf '[system %s]\nkind = other\ninterval = none\n' "$system"
	done
	for medium in disk2 disk3 disk4; do
		printf '[medium %s]\nkind = disk\npath = %s\nmountpoint = no\n' \
			"$medium" "$scratch/$medium"
	done
	for medium in disk1 disk2 disk3 disk4; do
		for system in order receipt imaging labo; do
			printf '[source %s-%s]\nsystem = %s\nmedium = %s\n' \
				"$system" "$medium" "$system" "$medium"
			printf 'path = %s\nlayout = directory\npattern = %%Y%%m%%d\n' \
				"$system"
		done
	done
	for medium in disk2 disk3 disk4; do
		printf '[source ehr-%s]\nsystem = ehr\nmedium = %s\n' \
			"$medium" "$medium"
		printf 'path = ehr\nlayout = directory\npattern = %%Y%%m%%d\n'
	done
} >"$root/etc/hikae/conf.d/hospital.conf"
for medium in disk disk2 disk3 disk4; do
	for system in ehr order receipt imaging labo; do
		mkdir -p "$scratch/$medium/$system/$day"
		seq 1 5000 >"$scratch/$medium/$system/$day/data"
	done
	give_user "$scratch/$medium"
done
expect_status 0 hk config check

# fits FILE: 80 columns and 23 lines, so that a prompt fits below.
fits() {
	lines=$(wc -l <"$1")
	[ "$lines" -le 23 ] || fail "$lines lines: $(cat "$1")"
	widest=$(wc -L <"$1")
	[ "$widest" -le 80 ] || fail "$widest columns: $(cat "$1")"
}

# screen LANGUAGE: what a terminal of 80 by 24 shows, without colours.
screen() {
	LANGUAGE=$1 LANG=$1 LC_ALL='' NO_COLOR=1 TERM=xterm script -qec \
		"stty cols 80 rows 24; '$hikae' --root '$root' status" \
		/dev/null </dev/null | tr -d '\r' >screen || :
}

say "no daemon: not to know is a status, asking for the rest is for later"
expect_status 3 hk status
expect_line 'hikaed does not answer' err
expect_status 3 hk status --json
expect_equal "$(jq -r .error.code out)" unavailable
for command in systems generations copies findings jobs reload scan verify; do
	expect_status 75 hk $command
done

say "all is well, in numbers"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
expect_status 0 hk verify --wait
expect_line '^OK Run [0-9]+: 20 of 20 slices intact' out
expect_status 0 hk status
expect_line '^OK Good: 5 systems, 20 of 20 copies intact and in sight, [0-9]+ KiB; oldest' out
screen C
fits screen
screen ja
fits screen
expect_line '^○ 正常：5 システム、複製 20 件中 20 件が手元にあり無傷' screen

say "rights: somebody else is told to ask for them"
if [ "$(id -u)" -eq 0 ]; then
	expect_status 77 setpriv --reuid=65533 --regid=65533 --clear-groups \
		"$hikae" --root "$root" jobs
fi

say "a damaged copy is the first thing to read, in both languages"
flip "$scratch/disk2/order/$day/data" 1000
expect_status 2 hk verify order --medium disk2 --wait
expect_status 2 hk status
expect_line '^BAD Act now: order \(disk2\): damaged copies \(1\)' out
expect_line 'hikae findings' out
expect_status 2 hk findings
expect_line 'bit-rot .*order@.* disk2 +data' out
expect_status 2 hk copies --medium disk2
expect_status 0 hk copies --medium disk3

say "the worst day fits the screen too"
rm -rf "$scratch/disk3" "$scratch/disk4/ehr"
hk scan >/dev/null
wait_until 120 is_idle
expect_status 2 hk status
expect_line '^Not measured: .*disk3' out
# What is out of sight does not count as good; one medium is one problem.
expect_line '^BAD +ehr .* 2/4 +2[?]?-1-0 ' out
expect_equal "$(hk status --all | grep -c 'disk3: medium not there')" 1
screen C
fits screen
expect_line '^BAD Act now' screen
screen ja
fits screen
expect_line '^× 要対応：order（disk2）：壊れている複製（1 件）' screen
expect_line '  → ' screen

say "and so it does while drills wait"
# disk2_is WORD STATE: whether it is a mount point, and what follows.
disk2_is() {
	sed -i "/^path = .*disk2\$/,/^mountpoint/s/^mountpoint = .*/mountpoint = $1/" \
		"$root/etc/hikae/conf.d/hospital.conf"
	expect_status 0 hk reload
	wait_until 60 medium_is disk2 "$2"
}
disk2_is yes unknown
for system in ehr imaging labo; do
	expect_status 75 hk drill start $system --medium disk2 --operator Tester
done
screen C
fits screen
expect_line '^Drills: .* waits for disk2, .*, others 1' screen
screen ja
fits screen
for system in ehr imaging labo; do
	hk drill cancel $system
done
disk2_is no mounted
hk scan >/dev/null || :
wait_until 120 is_idle

say "what is not configured is never good"
printf '[system empty]\nkind = other\n' >>"$root/etc/hikae/hikae.conf"
expect_status 0 hk reload
expect_status 2 hk status --json
expect_equal "$(jq -r '.reasons[] | select(.code == "no-source") | .system' \
	out)" empty
printf 'nonsense\n' >>"$root/etc/hikae/hikae.conf"
expect_status 78 hk reload
expect_line 'hikae.conf:[0-9]+: ' err
expect_status 2 hk status

say "a rescued catalog is judged without hikaed"
# shellcheck disable=SC2119
stop_daemon
cp "$catalog" rescued.db
expect_status 2 "$hikae" --database rescued.db status
expect_line '^BAD Act now: order \(disk2\): damaged copies' out
expect_line 'copy of the catalog' out
expect_status 2 "$hikae" --database rescued.db copies
expect_status 64 "$hikae" --database rescued.db verify --wait
expect_status 64 "$hikae" --database rescued.db jobs
