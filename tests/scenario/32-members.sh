#!/bin/sh
# Goal: an archive that is decoded again is held against what the capture saw.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need bsdtar gzip

policy="archive_expand = 1MiB
full_after_capture = no
$(closed_window)"
install_small
sed -i -e 's/^layout = .*/layout = archive/' \
	-e 's/^pattern = .*/pattern = %Y%m%d.*/' "$root/etc/hikae/hikae.conf"

mkdir one two large
seq 1 3000 >one/dump
seq 2 3001 >two/dump
seq 1 400000 >large/dump

# state_of DAY: what the capture made of that day's archive.
state_of() {
	query "SELECT members_state FROM manifest JOIN copy ON copy.id = copy
		WHERE generation LIKE '%@$1%'"
}

# decoded STATUS DAY CODE...: that exit status, and of what it contains these
# findings are open.
decoded() {
	status=$1
	day=$2
	shift 2
	expect_status "$status" hk verify --wait --level members \
		"ehr@${day}T000000+0000"
	expect_equal "$(hk findings --json "ehr@${day}T000000+0000" |
		jq -r '.findings[].code' | grep ^archive | sort | xargs)" \
		"$*" "of $day"
}

# replace DAY FILE: put other bytes in its place.
replace() {
	cp "$2" "$landing/$1.bin"
	give_user "$landing"
}

tar -czf one.tar.gz one
tar -czf two.tar.gz two
tar -czf large.tar.gz large
head -c 3000 one.tar.gz >cut.tar.gz
(gunzip <one.tar.gz && echo trailing) | gzip >one-trailing.tar.gz
(gunzip <two.tar.gz && echo trailing) | gzip >two-trailing.tar.gz
head -c 5000 /dev/urandom >opaque
replace 20261101 one.tar.gz
replace 20261102 large.tar.gz
replace 20261103 opaque
replace 20261104 cut.tar.gz
replace 20261105 one-trailing.tar.gz
begin
scan_all

say "complete, and the same"
expect_equal "$(state_of 20261101)" complete
decoded 0 20261101

say "complete, and something else"
replace 20261101 two.tar.gz
decoded 2 20261101 archive-damaged
replace 20261101 cut.tar.gz
decoded 2 20261101 archive-damaged
replace 20261101 opaque
decoded 2 20261101 archive-damaged archive-opaque
replace 20261101 large.tar.gz
decoded 2 20261101 archive-damaged archive-limit archive-opaque
replace 20261101 one.tar.gz
decoded 0 20261101

say "partial: a limit; raised, it is decoded to its end"
expect_equal "$(state_of 20261102)" partial
decoded 3 20261102 archive-limit
sed -i 's/^archive_expand = .*/archive_expand = 1GiB/' "$root/etc/hikae/hikae.conf"
expect_status 0 hk reload
decoded 0 20261102

say "opaque: it has nothing to be compared; what has something is not it"
expect_equal "$(state_of 20261103)" opaque
decoded 0 20261103 archive-opaque
replace 20261103 one.tar.gz
decoded 2 20261103 archive-damaged
replace 20261103 opaque
decoded 0 20261103 archive-opaque

say "damaged: it stays so"
expect_equal "$(state_of 20261104)" damaged
decoded 2 20261104 archive-damaged
replace 20261104 one.tar.gz
decoded 2 20261104 archive-damaged

say "a finding that is no fault hides none"
expect_equal "$(state_of 20261105)" complete
decoded 1 20261105 archive-trailing
replace 20261105 two-trailing.tar.gz
decoded 2 20261105 archive-damaged archive-trailing
replace 20261105 one-trailing.tar.gz
decoded 1 20261105 archive-trailing
