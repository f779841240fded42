#!/bin/sh
# Goal: an archive or a stream that is sound and holds nothing is no backup.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need tar zip 7z zstd gzip
# shellcheck source=tests/small.sh
. "$here/../small.sh"

mkdir -p data/sub empty/sub
seq 1 5000 >data/sub/patients
: >empty/sub/touched
install_small
sed -i -e 's/^layout = .*/layout = archive/' -e 's/^pattern = .*/pattern = %Y%m%d.*/' \
	"$root/etc/hikae/hikae.conf"
tar -czf "$landing/20261101.tar.gz" -C data .
give_user "$landing"
begin
scan_all
expect_status 0 hk status

# hollow NAME: it is told, and never recorded as good.
told=
hollow() {
	say "$1"
	give_user "$landing"
	scan_all
	told="$told nothing-found"
	# shellcheck disable=SC2086 # words
	findings_are $told
	expect_equal "$(query "SELECT count(*) FROM copy_state
		WHERE state = 'captured' AND to_seq > 1 << 60")" 1 captured
	expect_status 2 hk status
	expect_line 'nothing there' out
}
tar -czf "$landing/20261102.tar.gz" -C empty .
hollow 20261102.tar.gz
tar --zstd -cf "$landing/20261103.tar.zst" -C empty sub
hollow 20261103.tar.zst
(cd empty && zip -q -r "$landing/20261104.zip" .)
hollow 20261104.zip
(cd empty && 7z a -bd "$landing/20261105.7z" . >/dev/null)
hollow 20261105.7z

say "what another program could not write into its pipe"
gzip -c data/sub/patients >"$landing/20261106.gz"
gzip -c /dev/null >"$landing/20261107.gz"
give_user "$landing"
stop_daemon
sed -i 's/^layout = .*/layout = file/' "$root/etc/hikae/hikae.conf"
begin
scan_all
if hk verify --wait --level members >verified 2>&1; then
	fail "a stream of nothing is good"
fi
hk findings --json >findings.json || :
expect_equal "$(jq -r '.findings[] | select(.code == "content-mismatch") |
	.generation' findings.json)" ehr@20261107T000000+0000 "what is odd"
hk show "$(jq '.findings[] | select(.code == "content-mismatch") | .id' \
	findings.json)" >out
expect_line 'There is nothing in it' out
stop_daemon
