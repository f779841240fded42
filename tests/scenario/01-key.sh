#!/bin/sh
# Goal: keys are made once, never shown, replaced with proof, checked by others.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need minisign jq sqlite3

root=$scratch/root
keys=$root/var/lib/hikae/keys
mkdir -p "$root/etc/hikae"
"$hikae" config sample >"$root/etc/hikae/hikae.conf"
printf 'correct horse\r\nnot this line\n' >passphrase
printf 'another one\n' >other

key() {
	"$hikae" --root "$root" key "$@"
}

# ask FIELD: of the public keys as JSON.
ask() {
	key show --json | jq -r "$1"
}

say "without a state, a configuration, a passphrase: nothing is made"
expect_status 66 key show
expect_line 'hikae key init' err
printf 'short\n' >short
expect_status 65 key init --passphrase-file short
expect_line 'shorter than 8' err
: >empty
expect_status 65 key init --passphrase-file empty
expect_status 64 setsid -w "$hikae" --root "$root" key init
expect_line 'no terminal' err
expect_status 66 "$hikae" --root "$scratch/nowhere" key init
mkdir -p bare
expect_status 78 "$hikae" --root bare key init
expect_status 66 key show
[ ! -e hikae-facility.key ] || fail "a facility key was left"

say "keys are made, and secrets are private"
expect_status 0 key init --passphrase-file passphrase
expect_line '^Origin: hikae/example-hospital/[0-9a-f]{16}$' out
expect_line 'hikae-facility.key off this host' out
expect_equal "$(stat -c %a "$keys")" 700
expect_equal "$(stat -c %a "$keys/daemon.key")" 400
expect_equal "$(stat -c %a hikae-facility.key)" 400
expect_equal "$(find "$root/var" -name '*facility.key' | wc -l)" 0
secret=$(sed -n 2p "$keys/daemon.key")
key show >shown
key show --json >>shown
! grep -qF "$secret" shown || fail "the secret key was shown"

say "they are never made twice"
expect_status 73 key init --passphrase-file passphrase
expect_line 'there are keys already' err

say "minisign itself checks the statement and uses the facility's key"
statement=$keys/statements/001.txt
minisign -qVm "$statement" -P "$(ask .facility.public_key)" \
	-x "${statement%.txt}.authority.minisig" ||
	fail "the facility's signature"
minisign -qVm "$statement" -P "$(ask .daemon.public_key)" \
	-x "${statement%.txt}.new.minisig" || fail "the daemon's signature"
echo hello >message
head -n 1 passphrase | tr -d '\r' |
	minisign -Sm message -s hikae-facility.key >/dev/null ||
	fail "minisign cannot use the key"
minisign -qVm message -P "$(ask .facility.public_key)" ||
	fail "minisign's signature"

say "the daemon's key is replaced only with the facility's"
first=$(ask .daemon.public_key)
expect_status 65 key rotate daemon --facility-key hikae-facility.key \
	--passphrase-file other
expect_line 'passphrase is wrong' err
expect_status 64 key rotate daemon --lost
expect_status 64 key rotate neither --facility-key hikae-facility.key
expect_equal "$(ask .daemon.public_key)" "$first"
expect_status 0 key rotate daemon --facility-key hikae-facility.key \
	--passphrase-file passphrase --reason 'ホストを入れ替えた'
expect_line 'new daemon key .*ホストを入れ替えた' out
expect_equal "$(ask '.retired[0].public_key')" "$first" "the retired key"
[ "$(ask .daemon.public_key)" != "$first" ] || fail "the key is the old one"

say "a lost facility key is replaced on the daemon's word, and it shows"
old=$(ask .facility.public_key)
expect_status 0 key rotate facility --lost --new-facility-key next.key \
	--new-passphrase-file other
expect_equal "$(ask '.statements | map(.change) | join(" ")')" \
	'begin daemon facility-lost'
[ "$(ask .facility.public_key)" != "$old" ] || fail "the key is the old one"
expect_status 77 key rotate daemon --facility-key hikae-facility.key \
	--passphrase-file passphrase
expect_line "not the facility's present key" err

say "a journal that begins after rotations knows them all"
"$hikaed" --root "$root" >daemon.log 2>&1 &
daemon=$!
daemons=$daemon
journal_kinds() {
	sqlite3 "$root/var/lib/hikae/catalog.db" "SELECT
		group_concat(coalesce(j ->> 'kind', j ->> 'type'), ' ') FROM
		(SELECT CAST(leaf AS TEXT) AS j FROM journal ORDER BY seq)"
}
wait_until 60 sh -c "sqlite3 -readonly '$root/var/lib/hikae/catalog.db' \
	'SELECT 1 FROM journal WHERE seq = 3' | grep -q 1"
kill -TERM "$daemon"
wait "$daemon"
daemons=
case $(journal_kinds) in
"origin daemon facility start "*) ;;
*) fail "the journal has: $(journal_kinds); $(cat daemon.log)" ;;
esac

say "a statement that was changed is found"
chmod u+w "$keys/statements/002.txt"
flip "$keys/statements/002.txt" 200
expect_status 65 key show
expect_line '002' err

say "Japanese"
flip "$keys/statements/002.txt" 200
expect_status 0 env LANGUAGE=ja "$hikae" --root "$root" key show
expect_line '施設' out
expect_status 73 env LANGUAGE=ja "$hikae" --root "$root" key init
expect_line '鍵は' err
