#!/bin/sh
# Goal: a closed copy of which something could not be read is captured again, and only that is filled in; what was overwritten, removed or added meanwhile stays a finding, and closes only when the old bytes are back.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# manifest_is VERSION UNREAD: of the copy's last one.
manifest_is() {
	expect_equal "$(query "SELECT version, problems FROM manifest
		ORDER BY version DESC LIMIT 1")" "$1|$2" "version, unread entries"
}

# closings: of the journal, by code and reason.
closings() {
	hk journal list --json --limit 500 | jq -r '.entries as $all |
		$all[] | select(.type == "finding" and .event == "close") |
		.finding as $id | .reason as $reason |
		$all[] | select(.seq == $id) | .code + " " + $reason' | sort -u
}

policy=$(closed_window)
install_small
generation 20261101
copy=$landing/20261101
mkdir "$copy/shut"
printf 'not listed the first time\n' >"$copy/shut/d"
give_user "$copy/shut"
cp -a "$copy" "$scratch/good"
chmod 000 "$copy/a" "$copy/shut"
begin
scan_all
first=1
manifest_is "$first" 2
expect_status 3 hk status

say "still unreadable, and all else as it was: no new manifest"
found=$(hk findings --json | jq -c '[.findings[] | [.id, .code]] | sort')
runs=$(query 'SELECT count(*) FROM run')
scan_all
scan_all
manifest_is "$first" 2
expect_equal "$(query 'SELECT count(*) FROM run')" "$runs" "runs"
expect_equal "$(hk findings --json | jq -c '[.findings[] | [.id, .code]] |
	sort')" "$found" "findings"

say "damage is found while a file is unreadable"
printf 'ENCRYPTED BY US' >"$copy/b"
rm "$copy/sub/c"
printf 'pay us\n' >"$copy/note"
expect_status 2 hk verify --wait
hk findings --json | jq -r '.findings[].code' >codes
for code in truncated missing extra; do
	expect_line "^$code\$" codes
done

say "captured again, it is no new truth"
chmod 644 "$copy/a"
chmod 755 "$copy/shut"
scan_all
manifest_is $((first + 1)) 0
expect_status 2 hk status
expect_status 2 hk verify --wait
hk findings --json | jq -r '.findings[].code' >codes
for code in truncated missing extra; do
	expect_line "^$code\$" codes
done
closings >closed
for code in truncated missing extra; do
	expect_no_line "$code" closed
done
"$hikae" manifest export "$(find "$state/manifests" -name '*.zst' |
	sort -V | tail -n 1)" >sums || fail "no export"
expect_line ' (\./)?shut/d$' sums
sums=$PWD/sums
(cd "$scratch/good" && sha256sum -c "$sums") >out ||
	fail "the manifest is not that of the first bytes"

say "nothing is left to fill in: it is captured no more"
scan_all
manifest_is $((first + 1)) 0

say "names and sizes alone are not the old bytes"
head -c "$(stat -c %s "$scratch/good/b")" /dev/zero >"$copy/b"
head -c "$(stat -c %s "$scratch/good/sub/c")" /dev/zero >"$copy/sub/c"
give_user "$copy"
hk verify --level quick --wait >out 2>&1 || :
hk findings --json | jq -r '.findings[].code' >codes
for code in truncated missing extra; do
	expect_line "^$code\$" codes
done

say "the old bytes are back: that closes, and what was added stays a finding"
rm "$copy/b"
cp -a "$scratch/good/b" "$copy/b"
cp -a "$scratch/good/sub/c" "$copy/sub/c"
expect_status 1 hk verify --wait --json
expect_equal "$(jq -c '.run | [.damaged, .undetermined, .names_damaged,
	.warnings]' out)" '[0,0,0,1]' "what is wrong"
findings_are extra
closings >closed
expect_line '^truncated read-good$' closed
expect_line '^missing read-good$' closed
expect_no_line '^extra' closed

say "and when it is gone, all of it closes"
rm "$copy/note"
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status
stop_daemon
expect_status 0 hk journal verify
