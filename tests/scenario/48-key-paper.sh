#!/bin/sh
# Goal: the public keys stand on a page that anybody can check against a key.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need jq
# shellcheck source=tests/small.sh
. "$here/../small.sh"

mkdir -p "$root"
configure
sed -i 's/^name = Small Clinic/name = <b>A \& B<\/b>/' \
	"$root/etc/hikae/hikae.conf"

say "without keys there is no page"
expect_status 66 hk key paper -o paper.html
[ ! -e paper.html ] || fail "a page was left"

say "both keys, their fingerprints and codes"
make_keys "$root"
expect_status 0 hk key paper -o paper.html
hk key show --json >keys
for role in daemon facility; do
	key=$(jq -r ".$role.public_key" keys)
	grep -qF "$key" paper.html || fail "the $role's key is missing"
	grep -qF "$(jq -r ".$role.id" keys)" paper.html || fail "its id"
	print=$(printf %s "$key" | sha256sum | cut -c 1-64)
	tr -d ' ' <paper.html | grep -qF "$print" || fail "its fingerprint"
done
expect_equal "$(grep -o '<svg' paper.html | wc -l)" 2 "codes"
expect_no_line 'https?://|<script|<b>' paper.html
grep -qF "$(sed -n 2p "$state/keys/daemon.key")" paper.html &&
	fail "the secret key is on the paper"

say "standard output, Japanese, and what cannot be written"
expect_status 0 env LANGUAGE=ja "$hikae" --root "$root" key paper
expect_line '施設の公開鍵' out
expect_line 'lang="ja"' out
expect_status 66 hk key paper -o nowhere/paper.html
