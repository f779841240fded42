#!/bin/sh
# Goal: who changes manifest, signature or journal is found out, and it is named.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# The manifest of a day; its signature is beside it.
manifest_of() {
	printf '%s' "$state/manifests/ehr/ehr@$1T000000+0000/disk1.1.mtree.zst"
}

# found CODE WHAT: a verification of the changed day says CODE and nothing else,
# and never that anything is intact or damaged; put back, it is good again.
found() {
	say "$2"
	expect_status 3 hk verify --wait ehr@20261101T000000+0000
	findings_are "$1"
	expect_equal "$(hk copies --json ehr@20261101T000000+0000 |
		jq -r '.copies[0].verdict')" undetermined
	expect_status 2 hk status
	cp -a saved/. "$state/manifests/"
	expect_status 0 hk verify --wait
	findings_are
}

install_small
generation 20261101
generation 20261102
begin
scan_all
expect_status 0 hk status
cp -a "$state/manifests" saved
one=$(manifest_of 20261101)
two=$(manifest_of 20261102)
size=$(stat -c %s "$one")

for offset in 0 100 $((size / 2)) $((size - 1)); do
	flip "$one" "$offset"
	found signature-invalid "manifest, byte $offset"
done
truncate -s -1 "$one"
found signature-invalid "manifest, cut"
flip "$one.minisig" 150
found signature-invalid "signature, one byte"
truncate -s 100 "$one.minisig"
found signature-invalid "signature, cut"
cp "$two" "$one"
found signature-invalid "another generation's manifest"
cp "$two" "$one"
cp "$two.minisig" "$one.minisig"
found signature-invalid "another generation's manifest with its signature"
rm "$one.minisig"
found manifest-missing "no signature"
rm "$one"
found manifest-missing "no manifest"
stop_daemon
cp -a "$root/var" good

# Whoever can write the catalog can take its triggers away, and put them back.
keep='DROP TRIGGER journal_keep; DROP TRIGGER journal_same;'
triggers=$(query "SELECT group_concat(sql || ';', ' ') FROM sqlite_schema
	WHERE name IN ('journal_keep', 'journal_same')")

# A changed catalog: what the journal says of it.
changed() {
	say "$1"
	as_owner sqlite3 "$catalog" "$2" >out
	[ "${2#"$keep"}" = "$2" ] || as_owner sqlite3 "$catalog" "$triggers"
	rm -f "$root/again.db"
	got=0
	as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db" \
		>out 2>err || got=$?
	[ "$got" -ne 0 ] || fail "not noticed"
	cat out err >said
	expect_line "$3" said
	rm -rf "${root:?}/var"
	cp -a good "$root/var"
}

changed "an entry is altered" "$keep UPDATE journal SET leaf =
	CAST(replace(CAST(leaf AS TEXT), 'intact', 'inta_t') AS BLOB)" \
	'journal entry [0-9]+: .*verdict'
changed "runs say another result, in rows too" "$keep
	UPDATE run SET damaged = 1 WHERE damaged = 0;
	UPDATE journal SET leaf =
	CAST(replace(CAST(leaf AS TEXT), '\"damaged\":0', '\"damaged\":1')
	AS BLOB) WHERE CAST(leaf AS TEXT) LIKE '%event%end%'" 'table journal_node'
changed "an entry is gone" "$keep PRAGMA foreign_keys = OFF;
	DELETE FROM journal WHERE seq = 5" 'gap before entry 6'
changed "a row says what the journal does not" \
	"UPDATE copy SET taken_at = taken_at + 1" 'something else in table copy'

say "the last entries are gone: the checkpoint remembers"
as_owner sqlite3 "$catalog" "DROP TRIGGER journal_keep;
	DROP TRIGGER node_keep; PRAGMA foreign_keys = OFF;
	DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)" >out
got=0
as_owner timeout 60 "$hikaed" --root "$root" >out 2>&1 || got=$?
[ "$got" -eq 65 ] || [ "$got" -eq 76 ] || {
	cat out
	fail "hikaed went on: $got"
}
