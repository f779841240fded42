#!/bin/sh
# Goal: a generation without a single byte is nothing, and never intact.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

install_small
generation 20261101
begin
scan_all
expect_status 0 hk status

# hollow WHAT: 20261102 is that, and not good; then it is gone.
hollow() {
	say "a generation that is only $1"
	give_user "$landing/20261102"
	scan_all
	findings_are nothing-found
	expect_equal "$(query "SELECT count(*) FROM copy_state
		WHERE state = 'captured' AND to_seq > 1 << 60")" 1 captured
	expect_status 2 hk status
	expect_line 'nothing there' out
	expect_status 1 hk verify --wait
	expect_line '^WARN Copies that are not recorded yet.*: 1\.' out
	rm -r "$landing/20261102"
}

mkdir "$landing/20261102"
hollow "an empty folder"

say "it is written once, and not at each scan"
mkdir "$landing/20261102"
give_user "$landing/20261102"
scan_all
before=$(query "SELECT max(seq) FROM journal")
attempts=$(grep -c 'capture of .*20261102' "$root.log")
scan_all
scan_all
expect_equal "$(query "SELECT count(*) FROM journal WHERE seq > $before
	AND CAST(leaf AS TEXT) LIKE '%finding%'")" 0 "entries"
expect_equal "$(grep -c 'capture of .*20261102' "$root.log")" \
	$((attempts + 2)) "attempts"
findings_are nothing-found
rm -r "$landing/20261102"
mkdir -p "$landing/20261102/a/b"
hollow "folders"
mkdir "$landing/20261102"
ln -s ../20261101/a "$landing/20261102/a"
hollow "a link"
mkdir "$landing/20261102"
: >"$landing/20261102/dump.sql"
hollow "a dump of 0 bytes"
mkdir "$landing/20261102"
mkfifo "$landing/20261102/pipe"
hollow "a pipe"

say "the backup that was made again"
generation 20261102
scan_all
hk copies --json | jq -r '.copies[] | [.generation, .verdict] | join(" ")' >copies.txt
expect_line '^ehr@20261102.* intact$' copies.txt

say "what could not be read is not nothing"
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$landing/20261103"
	printf 'x' >"$landing/20261103/secret"
	chmod 600 "$landing/20261103/secret"
	scan_all
	hk findings --json | jq -r '.findings[].code' >codes
	expect_no_line nothing-found codes
	expect_line permission-denied codes
fi
