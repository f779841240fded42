#!/bin/sh
# Goal: each kind of damage is found, named, and stays until read good again.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# A generation for each kind of damage, so that each is told by itself.
days="20261101 20261102 20261103 20261104 20261105 20261106 20261107 20261108"

# verdict DAY: of the copy's slices.
verdict() {
	hk copies --json |
		jq -r ".copies[] | select(.generation | startswith(\"ehr@$1\")) |
			.verdict"
}

# open_of DAY: codes of open findings of this generation.
open_of() {
	hk findings "ehr@${1}T000000+0000" --json |
		jq -r '.findings[].code' | sort | xargs
}

install_small
for day in $days; do
	generation "$day"
done
cp -a "$landing" "$disk/good"
begin
scan_all
expect_status 0 hk status
expect_equal "$(query 'SELECT count(*) FROM run WHERE intact = 1')" 8 "good runs"

say "damage of every kind"
flip "$landing/20261101/b" 100
flip "$landing/20261102/b" 100
touch "$landing/20261102/b"
truncate -s -1 "$landing/20261103/b"
rm "$landing/20261104/a"
: >"$landing/20261105/new"
rm "$landing/20261106/b"
ln -s a "$landing/20261106/b"
printf 'more\n' >>"$landing/20261107/a"
expect_status 2 hk verify --wait
expect_equal "$(open_of 20261101)" bit-rot
expect_equal "$(open_of 20261102)" overwritten
expect_equal "$(open_of 20261103)" truncated
expect_equal "$(open_of 20261104)" missing
expect_equal "$(open_of 20261105)" extra
expect_equal "$(open_of 20261106)" type-changed
expect_equal "$(open_of 20261107)" grown
expect_equal "$(open_of 20261108)" ""
for day in 20261101 20261102 20261103 20261104 20261106 20261107; do
	expect_equal "$(verdict "$day")" damaged "$day"
done
expect_equal "$(verdict 20261105)" intact
expect_equal "$(verdict 20261108)" intact
expect_status 2 hk status
expect_status 2 hk findings
for code in bit-rot overwritten truncated missing extra type-changed grown; do
	expect_line "$code" out
done
expect_line 'content changed although size and time did not' out
expect_status 2 env LC_ALL=ja_JP.UTF-8 "$hikae" --root "$root" findings
expect_line 'サイズ' out
hk findings --json >findings.json || :
hk show "$(jq '.findings[] | select(.code == "truncated").id' findings.json)" >out
expect_line 'Recorded size in bytes +43893$' out
expect_line '- found +[0-9]{1,5}$' out


say "a generation that is gone, and comes back"
mv "$landing/20261108" "$disk/elsewhere"
scan_all
expect_equal "$(open_of 20261108)" generation-missing
expect_status 2 hk status
mv "$disk/elsewhere" "$landing/20261108"
scan_all
expect_equal "$(open_of 20261108)" ""

say "another start, a scan, a reload: what failed stays failed"
before=$(hk findings --json | jq -c '[.findings[] | [.id, .code]] | sort')
stop_daemon
begin
scan_all
hk reload >out
wait_until 120 is_idle
kill_daemon
begin
scan_all
expect_equal "$(hk findings --json | jq -c '[.findings[] | [.id, .code]] | sort')" \
	"$before" "findings"
expect_equal "$(verdict 20261101)" damaged
expect_status 2 hk status

say "a quick look does not make it good"
expect_status 2 hk verify --wait --level quick
expect_status 1 hk verify --wait --level quick ehr@20261105T000000+0000
say "what was added leaves all bytes intact, and is no good all the same"
expect_status 1 hk verify --wait ehr@20261105T000000+0000
expect_equal "$(verdict 20261105)" intact
expect_status 1 hk verify --wait --json ehr@20261105T000000+0000
expect_equal "$(jq -c '.run | [.warnings, .findings]' out)" '[1,1]' "added"
expect_equal "$(verdict 20261101)" damaged

say "a little less damage is still damage"
cp -p "$disk/good/20261101/b" "$landing/20261101/b"
flip "$landing/20261101/b" 200
expect_status 2 hk verify --wait ehr@20261101T000000+0000
expect_equal "$(open_of 20261101)" bit-rot

say "repaired and read: closed"
rm "$landing/20261105/new" "$landing/20261106/b"
cp -a "$disk/good/." "$landing/"
expect_equal "$(verdict 20261101)" damaged "before it is read"
expect_status 0 hk verify --wait
findings_are
for day in $days; do
	expect_equal "$(verdict "$day")" intact "$day"
done
expect_status 0 hk status
expect_equal "$(query "SELECT count(*) FROM finding_state WHERE
	reason NOT IN ('read-good', 'returned')")" 0 "other reasons"
stop_daemon
