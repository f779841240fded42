#!/bin/sh
# Goal: of several backups of one instant each is compared with its own copy, in whatever order they are seen.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

policy=$(closed_window)
install_small
second=$scratch/disk2/ehr
mkdir -p "$second"
cat >>"$root/etc/hikae/hikae.conf" <<END
[medium disk2]
kind = disk
path = $scratch/disk2
mountpoint = no
[source ehr-disk2]
system = ehr
medium = disk2
path = ehr
layout = directory
pattern = *%Y%m%d*
END
sed -i '/^\[source ehr-disk1/,/^pattern/s/^pattern = .*/pattern = *%Y%m%d*/' \
	"$root/etc/hikae/hikae.conf"

# backup FOLDER NAME: what differs with the name, and not with the folder.
backup() {
	mkdir "$scratch/new"
	seq 1 5000 >"$scratch/new/dump"
	printf 'this is %s\n' "$2" >"$scratch/new/name"
	give_user "$scratch/new"
	mv -T "$scratch/new" "$1/$2"
}

scan_of() {
	hk scan "$1" --json >/dev/null
	wait_until 120 is_idle
}

# generation_of MEDIUM NAME
generation_of() {
	query "SELECT generation FROM copy JOIN opening USING (subject)
		WHERE medium = '$1' AND CAST(path AS TEXT) = '$2'"
}

# paired NAME: both copies are of one generation.
paired() {
	one=$(generation_of disk1 "$1")
	[ -n "$one" ] || fail "$1 is not there"
	expect_equal "$(generation_of disk2 "$1")" "$one" "generation of $1"
}

give_user "$scratch/disk2"
chmod 755 "$scratch/disk2"
begin

say "both are on one medium, and only the second yet on the other"
backup "$landing" db-20261101
backup "$landing" files-20261101
scan_of ehr-disk1
backup "$second" files-20261101
scan_of ehr-disk2
paired files-20261101
backup "$second" db-20261101
scan_of ehr-disk2
paired db-20261101
findings_are

say "the second alone on the one, then both on the other"
backup "$landing" files-20261102
scan_of ehr-disk1
backup "$second" db-20261102
backup "$second" files-20261102
scan_of ehr-disk2
paired files-20261102
backup "$landing" db-20261102
scan_of ehr-disk1
paired db-20261102
findings_are

say "another name of the same instant still is its copy"
backup "$landing" nas-20261103
mkdir "$second/usb-20261103.d"
cp -a "$landing/nas-20261103/." "$second/usb-20261103.d"
give_user "$second"
scan_all
expect_equal "$(generation_of disk2 usb-20261103.d)" \
	"$(generation_of disk1 nas-20261103)" "generation of another name"
findings_are
expect_status 0 hk status
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"
