#!/bin/sh
# Goal: a state that is in use, locked, damaged, newer or foreign is said so.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# refuses STATUS SENTENCE: hikaed does not start, and says why.
refuses() {
	expect_status "$1" as_owner timeout 60 "$hikaed" --root "$root"
	expect_line "$2" err
}

install_small
generation 20261101
begin
scan_all
expect_status 0 hk status

say "a second daemon"
refuses 75 'another hikaed is using this state'
expect_status 0 hk status

say "the catalog is locked for a while: what is asked for is done later"
mkfifo commands
as_owner sqlite3 "$catalog" <commands >locker 2>&1 &
locker=$!
exec 4>commands
printf '.timeout 60000\nBEGIN IMMEDIATE;\n.shell echo locked\n' >&4
wait_until 60 grep -q locked locker
generation 20261102
hk scan >out 2>err || :
wait_until 60 grep -q 'locked by another process' "$root.log"
got=0
hk status >out 2>err || got=$?
echo 'COMMIT;' >&4
exec 4>&-
wait "$locker"
scan_all
scan_all
expect_equal "$(query 'SELECT count(*) FROM manifest')" 2 manifests
expect_status 0 hk verify --wait
expect_status 0 hk status
kill -0 "$daemon" || fail "hikaed ended"
stop_daemon
cp -a "$root/var" saved

say "a catalog that may not be written"
chmod 400 "$catalog"
chmod 500 "$state"
refuses 77 'cannot open the catalog: Permission denied'
chmod 600 "$catalog"
chmod 750 "$state"

say "a catalog of a newer version"
as_owner sqlite3 "$catalog" 'PRAGMA user_version = 99' >out
refuses 65 'written by a newer hikae'
as_owner sqlite3 "$catalog" "PRAGMA user_version = $(as_owner \
	sqlite3 saved/lib/hikae/catalog.db 'PRAGMA user_version')" >out

say "a damaged catalog"
dd if=/dev/zero of="$catalog" bs=4096 seek=2 count=8 conv=notrunc status=none
refuses 65 'the catalog is damaged'
printf 'this is no database, but a text that somebody put here\n' >"$catalog"
refuses 65 'not a hikae catalog'
cp -a saved/lib/hikae/catalog.db "$catalog"

say "no key, a key that others read, another key"
mv "$state/keys/daemon.key" "$state/key"
refuses 65 'daemon.key: No such file'
cp -a "$state/key" "$state/keys/daemon.key"
chmod 444 "$state/keys/daemon.key"
refuses 77 'open to others'
chmod 400 "$state/keys/daemon.key"
mv "$state/keys" "$state/old"
refuses 66 'hikae key init'
mkdir -p foreign/etc/hikae
cp "$root/etc/hikae/hikae.conf" foreign/etc/hikae/
printf 'another phrase\n' >phrase
"$hikae" --root foreign key init --facility-key foreign.key \
	--passphrase-file phrase >out
cp -a foreign/var/lib/hikae/keys "$state/keys"
give_user "$state/keys"
refuses 65 'not those of the journal'
rm -rf "$state/keys"
mv "$state/old" "$state/keys"

say "nothing of all this harmed the state"
begin
scan_all
findings_are
expect_status 0 hk status
stop_daemon
