#!/bin/sh
# Goal: a medium that hangs holds up neither setup nor media scan, and that is said.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need jq ntfs-3g mkntfs
private_mounts

root=$scratch/root
conf=$root/etc/hikae/hikae.conf
nas=$scratch/nas
server=
stop_server() {
	[ -z "$server" ] || kill -CONT "$server" 2>/dev/null || :
	umount -l "$nas" 2>/dev/null || :
	[ -z "$server" ] || kill -TERM "$server" 2>/dev/null || :
}
at_end=stop_server

# A command that waits for the medium cannot even be killed before that answers;
# then it ends with 99.
watch_over() {
	given_up=$(($(date +%s) + 300))
	while [ -e "$scratch/busy" ]; do
		if [ "$(date +%s)" -ge "$given_up" ]; then
			touch "$scratch/hung"
			kill -CONT "$server"
			break
		fi
		sleep 0.2
	done
}
hikae() {
	touch "$scratch/busy"
	watch_over &
	watcher=$!
	ended=0
	"$hikae" --root "$root" "$@" || ended=$?
	rm "$scratch/busy"
	wait "$watcher"
	[ ! -e "$scratch/hung" ] || ended=99
	return "$ended"
}
setup() {
	hikae setup --passphrase-file passphrase \
		--facility-key "$scratch/facility.key" "$@"
}
told_once() {
	expect_equal "$(grep -c '^nas1 does not answer' err)" 1 "times told"
}

truncate -s 64M ntfs
mkntfs -q -F -Q ntfs >/dev/null 2>&1
mkdir -p "$root" "$nas"
ntfs-3g -o no_detach ntfs "$nas" &
server=$!
wait_until 60 mountpoint -q "$nas"
mkdir -p "$nas/backup/karte/20261101"
sync
kill -STOP "$server"
printf 'correct horse\n' >passphrase

say "media scan touches no medium"
expect_status 0 hikae media scan --json
proposals=$(jq '.proposals | length' out)

say "setup from a file: what is answered is written, the rest not guessed"
cat >answers <<-END
	[facility]
	name = 青空病院
	id = aozora
	beds = 199
	[system ehr]
	used = yes
	[system order]
	used = no
	[system receipt]
	used = no
	[system imaging]
	used = no
	[medium nas1]
	kind = nas
	path = $nas/backup
	mountpoint = no
	[source ehr-nas1]
	path = karte
	pattern = %Y%m%d
END
expect_status 0 setup --answers answers
told_once
expect_line '^path = karte$' "$conf"
expect_line '^layout = directory$' "$conf"
expect_status 0 hikae config check
expect_status 0 hikae media scan

say "a person is told, and writes what is known"
rm -rf "$root" facility.key
mkdir -p "$root"
{
	printf '%s\n' 青空診療所 診療 ２ '' many 19 ''
	printf '%s\n' はい '' '' no n no ''
	yes no | head -n "$proposals"
	printf '%s\n' nas1 2 "$nas/backup" no NAS '' ''
	printf '%s\n' 7 karte '' '' '' '' ''
} >typed
expect_status 0 setup <typed
told_once
expect_line 'no folder has this number' out
expect_line 'Whether there is such a folder is not known' out
expect_no_line 'no folder whose names have dates' out
expect_line '^path = karte$' "$conf"

say "a medium that is well is looked at as ever"
kill -CONT "$server"
rm -rf "$root" facility.key
mkdir -p "$root"
expect_status 0 setup <typed
expect_no_line 'does not answer' err
expect_line 'karte  .%Y%m%d, 1 found' out
umount "$nas"
