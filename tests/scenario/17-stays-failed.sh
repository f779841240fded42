#!/bin/sh
# Goal: nothing that failed becomes good by being looked at without reading.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need_clock

# reasons_of CODE: why findings of this kind were closed.
reasons_of() {
	query "SELECT t.reason FROM finding f JOIN finding_state t
		ON t.finding = f.id WHERE f.code = '$1' AND t.state = 'closed'"
}

install_small
generation 20261101
generation 20261102
begin
scan_all
expect_status 0 hk status

say "another folder under the name of a lost generation"
mv "$landing/20261101" "$disk/kept"
scan_all
findings_are generation-missing
mkdir "$landing/20261101"
printf 'pay\n' >"$landing/20261101/README"
give_user "$landing/20261101"
scan_all
findings_are extra generation-missing missing missing missing missing
expect_status 2 hk status

say "a restart and a scan take nothing back"
stop_daemon
begin
scan_all
findings_are extra generation-missing missing missing missing missing
expect_status 2 hk status

say "the generation itself, once it was read"
rm -r "$landing/20261101"
mv "$disk/kept" "$landing/20261101"
expect_status 0 hk verify --wait
findings_are
expect_equal "$(reasons_of generation-missing)" read-good
expect_status 0 hk status

say "a living tree: lost bits that the next capture finds"
policy='full_after_capture = no'
configure
sed -i -e 's/^layout = .*/layout = tree/' -e '/^pattern/d' \
	-e 's/^interval = .*/interval = 1h/' -e 's/^path = ehr$/path = store/' \
	-e 's/ehr-disk1/store/' "$root/etc/hikae/hikae.conf"
mkdir "$disk/store"
seq 1 9000 >"$disk/store/image"
give_user "$disk"
hk reload >out
scan_all
tree=$(query "SELECT id FROM copy WHERE source = 'store'")
expect_equal "$(query "SELECT count(*) FROM manifest
	WHERE copy = $tree AND to_seq > 1 << 60")" 1 "captures"
stop_daemon
cp -p "$disk/store/image" "$disk/image"
flip "$disk/store/image" 100
begin env LD_PRELOAD="$clock_library" FAKETIME=+2h
scan_all
findings_are bit-rot
say "names and sizes say nothing about bytes"
hk verify --wait --level quick >out || :
hk findings --json | jq -r '.findings[].code' >codes
expect_line '^bit-rot$' codes
expect_status 2 hk status
