#!/bin/sh
# Goal: a backup that lands is captured, signed, verified, and all tools agree.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need minisign mtree bsdtar zstd

install_small
generation 20261101
ln -s ../a "$landing/20261101/sub/link"
mkdir "$landing/20261101/empty"
: >"$landing/20261101/nothing"
printf 'name\n' >"$landing/20261101/a b [1] *.txt"
printf 'cp932\n' >"$landing/20261101/$(printf '\203J\203\213')"
give_user "$landing"

say "seen, captured, read a second time"
begin
scan_all
expect_equal "$(query 'SELECT outcome, canary, intact, damaged FROM run')" \
	'done|reported|1|0' "the run after capture"
findings_are
expect_status 0 hk status
expect_status 0 hk status --json
expect_equal "$(jq -r .status out)" good status

say "verification by hand"
expect_status 0 hk verify --wait --json
expect_status 0 hk copies --json
expect_equal "$(jq -r '.copies[0].verdict' out)" intact

say "every tool reads the manifest, and agrees with it"
manifest=$(find "$state/manifests/ehr" -name '*.mtree.zst')
minisign -qVm "$manifest" -p "$state/keys/daemon.pub" ||
	fail "minisign does not accept the signature"
minisign -QVm "$manifest" -p "$state/keys/daemon.pub" >out
expect_equal "$(cat out)" \
	"hikae manifest ehr@20261101T000000+0000 disk1" "trusted comment"
zstd -qdc "$manifest" >text
bsdtar -tf text >out
expect_line '^\./sub/c$' out
rm -f "$landing/20261101/a b [1] *.txt" # a pattern to mtree
zstd -qdc "$manifest" | grep -v 'a\\040b' | mtree -p "$landing/20261101" >out ||
	fail "mtree: $(cat out)"
printf 'name\n' >"$landing/20261101/a b [1] *.txt"
"$hikae" manifest export "$manifest" >sums
(cd "$landing/20261101" && sha256sum --quiet --strict -c "$scratch/sums")
expect_equal "$(wc -l <sums)" 6 "files in the list"
expect_status 0 hk manifest verify "$landing/20261101" --manifest "$manifest"

say "the next generation is one more, the old one stays"
generation 20261102
scan_all
expect_equal "$(query 'SELECT count(*) FROM manifest')" 2 manifests
expect_status 0 hk status

say "the end is orderly, and rebuilding gives the same"
stop_daemon
expect_equal "$(query "SELECT reason FROM service")" asked
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"
