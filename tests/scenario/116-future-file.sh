#!/bin/sh
# Goal: what is dated in the future makes nothing fresh, and is chosen last.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

reasons() {
	hk status --json | jq -r '.reasons[].code' | sort -u >codes
}
# preflight CODE: what it answers, with its exit code.
preflight() {
	expect_status "$1" hk preflight ehr --by Tester --max-age 24h --json
	jq -r '.reason' out
}
# What was recorded of the tree.
newest() {
	query "SELECT newest_file_at FROM manifest ORDER BY version DESC LIMIT 1"
}

system_keys='grace = 1h'
install_small
sed -i -e 's/^layout = .*/layout = tree/' -e '/^pattern/d' \
	-e 's/^interval = none/interval = 24h/' "$root/etc/hikae/hikae.conf"
old=$(date -d '40 days ago' +%s)
for i in 1 2 3 4 5; do
	seq 1 "${i}000" >"$landing/$i"
	touch -d "@$old" "$landing/$i"
done
touch -d 2099-01-01 "$landing/3"
give_user "$landing"
begin
scan_all
expect_status 0 hk verify --wait

say "the tree is as old as its newest file that is of no future"
expect_equal "$(newest)" "${old}000"
expect_status 2 hk status
reasons
expect_line '^generation-late$' codes
expect_line '^clock-ahead$' codes
findings_are clock-ahead
expect_equal "$(query "SELECT json_extract(leaf, '\$.detail.count') FROM journal
	WHERE json_extract(leaf, '\$.code') = 'clock-ahead'")" 1 count
expect_equal "$(preflight 2)" too-old
stop_daemon

say "where all are of the future, nobody knows how old it is"
rm -rf "${root:?}/var"
make_keys "$root"
give_user "$root"
for i in 1 2 4 5; do
	touch -d 2090-01-01 "$landing/$i"
done
begin
scan_all
expect_status 0 hk verify --wait
reasons
expect_line '^generation-late$' codes
expect_line '^clock-ahead$' codes
expect_equal "$(preflight 3)" clock-ahead
stop_daemon

say "a generation whose date lies in the future is the last that is chosen"
rm -rf "${root:?}/var" "${landing:?}"/*
configure
make_keys "$root"
generation 20261101
generation 20990101
give_user "$root" "$disk"
begin
scan_all
expect_status 0 hk verify --wait
hk recover plan --json >plan.json || :
expect_equal "$(jq -r '.systems[0] | [.generation, .newer_misdated] | join(" ")' \
	plan.json)" "ehr@20261101T000000+0000 1" "what is planned with"
hk recover plan >plan.txt || :
expect_line 'dated in the future 1' plan.txt
expect_status 0 hk recover plan --before 2030-01-01
expect_status 1 hk drill start ehr --operator Sato
expect_line 'Drill [0-9]+ of ehr@20261101T' out
rm -r "$landing/20261101"
scan_all
expect_status 1 hk recover plan
expect_line 'ehr@20990101' out
stop_daemon
