#!/bin/sh
# Goal: looking leaves no trace on a medium, not even times of access.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# What has another time of access than `age` gave it.  A folder is printed
# before find itself reads it.
touched() {
	find "$disk" -printf '%A@ %P\n' | grep -v '^1577836800\.' || :
}

# Older than the modification: even relatime lets a reading show.
age() {
	find "$disk" -depth -exec touch -a -d '2020-01-01 00:00:00' {} +
}

install_small
generation 20261101
mkdir "$landing/20261102"
printf 'PK\003\004 not a zip\n' >"$landing/20261102/archive.zip"
give_user "$disk"
age
cat "$landing/20261101/a" >content
[ -n "$(touched)" ] || skip "readings do not show on this file system"
age
: >"$scratch/begun"
begin
scan_all
expect_status 0 hk verify --wait
expect_status 0 hk verify --wait --level quick
scan_all
stop_daemon
expect_equal "$(touched)" "" "what was read"
expect_equal "$(find "$disk" -cnewer "$scratch/begun")" "" "what was changed"
