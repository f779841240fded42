#!/bin/sh
# What generations cost that share their files by hard link: captures them one
# by one with a real hikaed, and verifies them all.
# Usage: links.sh BUILD [GENERATIONS [FILES]]
#
# Makes GENERATIONS (30) with `rsync --link-dest` of FILES (100000) small
# files, of which a hundredth changes from one to the next.  Prints for each
# capture the seconds and the bytes read from the disk, then the same for a
# verification of all, then how many generations report one flipped byte in a
# file that all of them share.
set -eu
export LC_ALL=C.UTF-8 TZ=UTC
unset LANGUAGE
build=$(readlink -f "$1") generations=${2:-30} files=${3:-100000}
hikae=$build/bin/hikae
place=$build/../bench/links.$$
mkdir -p "$place/live" "$place/disk/files" "$place/root/etc/hikae"
place=$(readlink -f "$place")
daemon=
# shellcheck disable=SC2064 # what it is now
trap "kill \$daemon 2>/dev/null; rm -rf '$place'" EXIT
trap 'exit 130' INT TERM

cat >"$place/root/etc/hikae/hikae.conf" <<END
[facility]
id = bench
name = bench
timezone = UTC
[policy]
settle_time = 0s
[system files]
kind = other
interval = none
[medium disk]
kind = disk
path = $place/disk
mountpoint = no
[source files-disk]
system = files
medium = disk
path = files
layout = directory
pattern = %Y%m%d
END
hk() {
	"$hikae" --root "$place/root" "$@"
}
is_idle() {
	hk jobs --json | grep -q '"jobs": \[\]'
}
wait_idle() {
	sleep 0.3
	until is_idle; do sleep 0.2; done
}

echo "correct horse" >"$place/pass"
hk key init --facility-key "$place/facility" \
	--passphrase-file "$place/pass" >/dev/null
i=0
while [ "$i" -lt "$files" ]; do
	mkdir -p "$place/live/$((i / 200))"
	i=$((i + 200))
done
awk -v n="$files" -v live="$place/live" 'BEGIN { for (i = 0; i < n; i++) {
	name = live "/" int(i / 200) "/" i
	for (j = 0; j < 20; j++) printf "%d %d of file %d\n", i * j, j, i >name
	close(name) } }'

"$build/bin/hikaed" --root "$place/root" 2>"$place/log" &
daemon=$!
sleep 1
printf 'generation   files changed   capture s   bytes read   of bytes\n'
previous=
g=1
while [ "$g" -le "$generations" ]; do
	day=$(date -u -d "2026-01-01 +$g days" +%Y%m%d)
	if [ -n "$previous" ]; then
		awk -v n="$files" -v g="$g" -v live="$place/live" 'BEGIN {
			for (i = g; i < n; i += 100) {
				name = live "/" int(i / 200) "/" i
				printf "changed in %d: %d\n", g, i >name
				close(name) } }'
	fi
	rsync -a ${previous:+--link-dest="../$previous"} "$place/live/" \
		"$place/disk/files/$day/"
	begin=$(date +%s.%N)
	hk scan >/dev/null
	wait_idle
	end=$(date +%s.%N)
	sqlite3 -readonly "$place/root/var/lib/hikae/catalog.db" \
		"select bytes_read, bytes from manifest order by id desc limit 1" |
		awk -F'|' -v g="$g" -v s="$(echo "$end $begin" |
			awk '{ print $1 - $2 }')" -v c="$((files / 100))" \
			'{ printf "%10d %15s %11.1f %12d %10d\n", g,
			   g == 1 ? "all" : c, s, $1, $2 }'
	previous=$day
	g=$((g + 1))
done

echo
echo "verification of all generations, each file once a pass"
for pass in 1 2; do
	begin=$(date +%s.%N)
	hk verify --wait --json >"$place/run" || :
	end=$(date +%s.%N)
	sqlite3 -readonly "$place/root/var/lib/hikae/catalog.db" \
		"select bytes, bytes_read from run order by id desc limit 1" |
		awk -F'|' -v p="$pass" -v s="$(echo "$end $begin" |
			awk '{ print $1 - $2 }')" '{ printf \
			"pass %d: %.1f s, %d bytes read of %d\n", p, s, $2, $1 }'
done

echo
shared=$place/disk/files/$previous/0/0
touch -r "$shared" "$place/times"
printf X | dd of="$shared" bs=1 seek=5 conv=notrunc status=none
touch -r "$place/times" "$shared"
hk verify --wait >/dev/null || :
printf 'one flipped byte in a shared file: reported for %s of %s generations\n' \
	"$(hk findings --json | grep -c '"code": "bit-rot"')" "$generations"
