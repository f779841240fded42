#!/bin/sh
# Goal: an older manifest with its good signature, and a canary that is not bad, make nothing intact.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

policy=$(closed_window)
install_small
generation 20261101
generation 20261102
# What cannot be read at first makes a second version of the manifest.
chmod 000 "$landing/20261101/a"
begin
scan_all
chmod 644 "$landing/20261101/a"
scan_all
newest=$(query 'SELECT max(version) FROM manifest')
[ "$newest" -ge 2 ] || fail "captured $newest times"
versions=$state/manifests/ehr/ehr@20261101T000000+0000/disk1
expect_status 0 hk verify --wait
expect_status 0 hk status

say "the first version in the place of the newest, both files, well signed"
cp -a "$state/manifests" saved
cp "$versions.1.mtree.zst" "$versions.$newest.mtree.zst"
cp "$versions.1.mtree.zst.minisig" "$versions.$newest.mtree.zst.minisig"
expect_status 3 hk verify --wait
findings_are signature-invalid
hk copies --json | jq -r '.copies[] | [.generation, .verdict] |
	join(" ")' >verdicts
expect_line '^ehr@20261101T000000\+0000 undetermined$' verdicts
expect_line '^ehr@20261102T000000\+0000 intact$' verdicts
expect_status 2 hk status
expect_line 'not the one that the journal names' "$root.log"
cp -a saved/. "$state/manifests/"
expect_status 0 hk verify --wait
findings_are
expect_status 0 hk status

# last FIELD: of the newest run.
last() {
	query "SELECT $1 FROM run ORDER BY id DESC LIMIT 1"
}

# fooled WHAT: the run counts for nothing, though every byte is as it was.
fooled() {
	say "$1"
	before=$(query 'SELECT max(tried_at) FROM slice_verdict')
	expect_status 3 hk verify --wait --json
	expect_equal "$(last "outcome || ' ' || canary || ' ' || intact")" \
		'failed missed 0' "the run"
	expect_equal "$(query 'SELECT max(tried_at) FROM slice_verdict')" \
		"$before" "the last judgement of a slice"
	findings_are canary-passed
	expect_status 2 hk status
	expect_line '^BAD verification itself is broken' out
	cp -a canary/. "$state/canary/"
	expect_status 0 hk verify --wait
	findings_are
	expect_status 0 hk status
}

cp -a "$state/canary" .
flip "$state/canary/flipped" 35000
fooled "the canary's flipped bit is right"
printf x >>"$state/canary/cut"
touch -r canary/cut "$state/canary/cut"
fooled "the canary's short file is as long as its manifest says"
flip "$state/canary/good" 1
fooled "more is wrong than is known to be"
rm "$state/canary/flipped"
fooled "a canary that is gone"
stop_daemon
