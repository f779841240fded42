#!/bin/sh
# Goal: a copy of which something could not be read is captured again when
# somebody asks for a scan, and is good when all of it can be read.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

install_small
generation 20261101
chmod 000 "$landing/20261101/a"
begin
scan_all

say "a file that may not be read leaves the copy undetermined"
expect_status 3 hk status
# Once, or twice where hikaed had looked by itself before it was asked to.
captures=$(query 'SELECT max(version) FROM manifest')

say "with the right to read it the copy becomes whole"
chmod 644 "$landing/20261101/a"
scan_all
expect_equal "$(query 'SELECT max(version) FROM manifest')" \
	$((captures + 1)) "captures"
expect_equal "$(query 'SELECT problems FROM manifest
	ORDER BY id DESC LIMIT 1')" 0 "unread entries"
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status

say "and is not captured once more"
scan_all
expect_equal "$(query 'SELECT max(version) FROM manifest')" \
	$((captures + 1)) "captures"
