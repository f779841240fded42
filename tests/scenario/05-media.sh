#!/bin/sh
# Goal: a medium that is away, wrong or not readable never loses a generation.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# away CODE WHAT: CODE is what a scan and a verification find; no copy is
# missing or damaged, nothing is good.
away() {
	say "$2"
	scan_all
	hk findings --json | jq -r '.findings[].code' >codes
	expect_line "^$1\$" codes
	expect_status 3 hk verify --wait
	expect_status 3 hk verify --wait --level quick
	expect_equal "$(query "SELECT count(*) FROM copy_state
		WHERE state = 'missing' OR damaged > 0")" 0 "copies lost"
	hk copies --json | jq -r '.copies[].verdict' >verdicts
	expect_no_line 'intact|damaged' verdicts
	hk findings --json | jq -r '.findings[].verdict' >verdicts
	expect_no_line damaged verdicts
	got=0
	hk status >out || got=$?
	[ "$got" -ge 2 ] || fail "status is $got"
	expect_equal "$(hk generations --json | jq '.generations | length')" 2 \
		generations
}

# back: it is there again, and nothing is left of it.
back() {
	scan_all
	expect_status 0 hk verify --wait
	findings_are
	expect_status 0 hk status
}

# What the configuration says of the medium changes.
reconfigure() {
	configure
	give_user "$root/etc"
	hk reload >out
	wait_until 120 is_idle
}

install_small
generation 20261101
generation 20261102
begin
back

mv "$disk" "$disk.away"
away medium-absent "the medium's folder is not there"
mv "$disk.away" "$disk"
back

mv "$landing" "$disk/elsewhere"
away nothing-found "the source's folder is not there, something else is"
mv "$disk/elsewhere" .
away medium-absent "nothing at all is there"
mv elsewhere "$disk/"
mkdir "$landing"
away nothing-found "the source's folder is empty"
rmdir "$landing"
mv "$disk/elsewhere" "$landing"
back

chmod 000 "$landing"
away unreadable-now "the source may not be read"
chmod 755 "$landing"
back

chmod 000 "$disk"
away unreadable-now "the medium may not be read"
chmod 755 "$disk"
back

mountpoint=yes
reconfigure
away wrong-medium "a plain folder where a mount point is expected"
mountpoint=no
medium_keys='uuid = 01234567-89ab-cdef-0123-456789abcdef'
reconfigure
away medium-absent "no file system with the UUID"
medium_keys=
reconfigure
back

say "a file and a folder of a copy may not be read"
chmod 000 "$landing/20261101/a" "$landing/20261102/sub"
expect_status 3 hk verify --wait
findings_are permission-denied permission-denied permission-denied
expect_equal "$(hk copies --json | jq -r '.copies[].verdict' | sort -u)" \
	undetermined
chmod 644 "$landing/20261101/a"
chmod 755 "$landing/20261102/sub"
back
stop_daemon
