#!/bin/sh
# Goal: an installation over an older version keeps its evidence: the catalog is migrated, the journal goes on.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need minisign xz
# older/schema-1.tar.xz is the state, and the medium, that the programs of
# 22 November 2026, 07:41 UTC left behind (the last ones of schema 1): two
# generations, captured and verified, then one of them damaged and found so.  Its
# canary, made of noise, is left out; hikaed makes one where there is none.

# told: what there is to know of copies.
told() {
	sqlite3 -readonly "$1" "SELECT leaf FROM journal ORDER BY seq"
}

mkdir -p "$root/var/lib" "$disk"
configure
tar -C "$root/var/lib" -xf "$here/../scenario/older/schema-1.tar.xz" hikae
tar -C "$scratch" -xf "$here/../scenario/older/schema-1.tar.xz" disk
give_user "$root" "$disk"
chmod 755 "$scratch" "$disk"
expect_equal "$(query 'PRAGMA user_version')" 1 "the fixture's schema"
told "$catalog" >before
cp "$catalog" before.db
chmod 644 before.db
key=$(sed -n 2p "$state/keys/daemon.pub")

say "who only reads changes nothing, and says what to do"
expect_status 3 as_user "$hikae" --database before.db status
expect_line 'older|version' err
cmp "$catalog" before.db || fail "it was changed"

say "hikaed migrates it at its first start, and nothing is lost"
begin
expect_equal "$(query 'PRAGMA user_version')" \
	"$(sed -n 's/^#define SCHEMA_VERSION //p' "$here/../../lib/store/schema.h")"
told "$catalog" | head -n "$(wc -l <before)" | cmp - before
expect_status 2 hk status
findings_are bit-rot
expect_equal "$(hk generations --json | jq -r '[.generations[].id] | sort |
	join(" ")')" 'ehr@20261101T000000+0000 ehr@20261102T000000+0000'

# What nobody counted at that time is not said now.
expect_equal "$(hk copies --json | jq -c '[.copies[].encryption] | unique')" \
	'[null]' "what is encrypted"

say "it goes on: mended, verified, all good, by the same journal and keys"
printf patients | dd of="$landing/20261102/a" bs=1 conv=notrunc status=none
touch -d '2026-11-02 03:00:00Z' "$landing/20261102/a"
generation 20261103
scan_all
expect_status 0 hk verify --wait
expect_status 0 hk status
findings_are
hk journal checkpoint -o head.txt >/dev/null
minisign -V -q -P "$key" -m head.txt
today=$(date -u +%Y-%m-%d)
expect_status 0 hk evidence export --from 2026-01-01 --to "$today" -o all.zip
expect_status 0 "$hikae" --root "$scratch/none" evidence verify all.zip \
	--public-key "$key"
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" journal verify
# What the old entries say follows from them by today's code, too.
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild \
	"$root/rebuilt.db"

say "killed while it migrates: the old catalog, or the new one"
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null &&
	! ldd "$hikaed" | grep -q libasan; then
	for step in 1 2 3 5 8; do
		rm -rf "${state:?}"
		tar -C "$root/var/lib" -xf \
			"$here/../scenario/older/schema-1.tar.xz" hikae
		give_user "$state"
		# shellcheck disable=SC2086 # words
		strace -qq -f -o trace -e trace=fdatasync,fsync \
			-e inject=fdatasync,fsync:signal=KILL:when=$step \
			$owner timeout -s KILL 20 "$hikaed" --root "$root" \
			>>"$root.log" 2>&1 || :
		begin
		told "$catalog" | head -n "$(wc -l <before)" | cmp - before
		stop_daemon
	done
fi
