#!/bin/sh
# Goal: the procedures for replaced, lost and stolen keys work as they are written.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need minisign zstd
# The steps are those of doc/OPERATIONS.md, sections 5, 9 and 10.

# The keys are used up, so they are copies, and hikaed's user brings them.
facility=$scratch/usb/hikae-facility.key
passphrase=$scratch/usb/passphrase

key() {
	as_owner "$hikae" --root "$root" key "$@"
}

# public WHICH: as it stands on the print.
public() {
	key show --json | jq -r ".$1.public_key"
}

rotate_daemon() {
	key rotate daemon --facility-key "$facility" \
		--passphrase-file "$passphrase" --reason "$1" >/dev/null
}

# owner_status N COMMAND...: expect_status of what hikaed's user runs.
owner_status() {
	owner_expected=$1
	shift
	expect_status "$owner_expected" as_owner "$hikae" --root "$root" "$@"
}

# The manifest of a generation, where it lies.
manifest_of() {
	find "$state/manifests/ehr/ehr@$1T000000+0000" -name '*.mtree.zst' \
		! -name '*.members.*' | sort | tail -n 1
}

# Section 5: once a week, off the host.
weekly() {
	rm -rf elsewhere
	mkdir elsewhere
	give_user elsewhere
	owner_status 0 catalog backup "$scratch/elsewhere/hikae.db"
	as_owner tar -C "$state" --exclude=daemon.key --exclude=readings.secret \
		-cf elsewhere/hikae.tar manifests keys
	[ "$(tar -tf elsewhere/hikae.tar | grep -Ec 'daemon.key|secret')" = 0 ] ||
		fail "the weekly copy has secrets"
}

# Section 9, steps 2 and 3: a new folder, and what was kept elsewhere.
restore() {
	mv "$state" "$state.$1"
	mkdir -m 750 "$state"
	cp elsewhere/hikae.db "$state/catalog.db"
	tar -C "$state" -xf elsewhere/hikae.tar
	give_user "$state"
}

install_small
mkdir usb
cp "$HIKAE_BUILD/scenario/keys/facility.key" "$facility"
cp "$HIKAE_BUILD/scenario/keys/passphrase" "$passphrase"
give_user usb
chmod 700 usb
generation 20261101
begin
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status

say "a copy of the facility's key, and its passphrase, are good"
echo hello >message
tr -d '\n' <"$passphrase" >one-line
minisign -Sm message -s "$facility" <"$passphrase" >/dev/null ||
	fail "minisign cannot use the key"

say "a reason of spaces is none, and nothing is replaced"
for blank in ' ' '　'; do
	owner_status 64 key rotate daemon --facility-key "$facility" \
		--passphrase-file "$passphrase" --reason "$blank"
	expect_line '^hikae: --reason: write some words' err
	owner_status 64 key rotate facility --facility-key "$facility" \
		--passphrase-file "$passphrase" --reason "$blank" \
		--new-facility-key "$scratch/usb/none.key"
	expect_line '^hikae: --reason: write some words' err
done
[ ! -e usb/none.key ] || fail "a key was made"

say "replaced from time to time: what was signed before stays valid"
first=$(public daemon)
rotate_daemon 'new person in charge'
second=$(public daemon)
[ "$first" != "$second" ] || fail "the key is the old one"
key show >out
expect_line 'new daemon key .*new person in charge' out
generation 20261102
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status
hk journal checkpoint >/dev/null
owner_status 0 journal verify
expect_equal "$(hk journal list --json | jq -r '[.entries[] |
	select((.entry.type // .type) == "key")] | length')" 1 "key entries"
not_at_midnight
today=$(date +%Y-%m-%d)
owner_status 0 evidence export --from "$today" --to "$today" \
	-o "$scratch/usb/evidence.zip"
expect_status 0 hk evidence verify usb/evidence.zip --public-key "$second"
for day in 20261101 20261102; do
	owner_status 0 manifest verify "$landing/$day" \
		--manifest "$(manifest_of $day)"
done
expect_status 0 "$hikae" --root "$scratch/none" manifest verify \
	"$landing/20261101" --manifest "$(manifest_of 20261101)" \
	--public-key "$first"
expect_status 2 "$hikae" --root "$scratch/none" manifest verify \
	"$landing/20261102" --manifest "$(manifest_of 20261102)" \
	--public-key "$first"
weekly

say "the host was stolen: a new one from the weekly copy, and a new key"
stop_daemon
restore stolen
rotate_daemon 'host was stolen'
begin
third=$(public daemon)
[ "$third" != "$second" ] || fail "the stolen key is in force"
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status
hk journal checkpoint >/dev/null
owner_status 0 journal verify
key show >out
expect_line 'new daemon key .*host was stolen' out

say "... while the thief goes on with the old one"
thief=$scratch/thief
mkdir -p "$thief/etc" "$thief/var/lib"
cp -a "$root/etc/hikae" "$thief/etc/"
mv "$state.stolen" "$thief/var/lib/hikae"
give_user "$thief"
honest=$daemon
# shellcheck disable=SC2086 # words
start_daemon "$thief" $owner
"$hikae" --root "$thief" scan --json >/dev/null
wait_until 60 eval '[ "$("$hikae" --root "$thief" jobs --json |
	jq ".jobs | length")" = 0 ]'
"$hikae" --root "$thief" journal checkpoint >/dev/null
"$hikae" --root "$thief" evidence export --from 2026-01-01 \
	--to "$(date +%F)" -o thief.tar >/dev/null || :
stop_daemon
daemon=$honest
[ -s thief.tar ] || fail "no bundle"
as_owner "$hikae" --root "$thief" catalog backup "$thief/thief.db" >/dev/null
# To the old print it is all well; the newest print refuses it.
expect_status 0 "$hikae" --root "$scratch/none" --database "$thief/thief.db" \
	journal verify --public-key "$second"
expect_status 2 "$hikae" --root "$scratch/none" --database "$thief/thief.db" \
	journal verify --public-key "$third"
expect_status 2 "$hikae" --root "$scratch/none" evidence verify thief.tar \
	--public-key "$third"
# The facility's key put the stolen one in force: it is told to look further.
expect_status 0 "$hikae" --root "$scratch/none" evidence verify thief.tar \
	--public-key "$(public facility)"
expect_line 'on the newest paper' out

say "what the old key signs from then on counts for nothing here"
stop_daemon
forged=$(manifest_of 20261102)
cp -p "$forged" kept.zst
cp -p "$forged.minisig" kept.minisig
zstd -dqf "$forged" -o forged.mtree
sed -i 's/sha256digest=[0-9a-f]\{8\}/sha256digest=00000000/' forged.mtree
zstd -qf forged.mtree -o "$scratch/usb/forged.zst"
comment=$(sed -n 's/^trusted comment: //p' "$forged.minisig")
printf '\n' | as_owner minisign -S -m usb/forged.zst -t "$comment" \
	-s "$thief/var/lib/hikae/keys/daemon.key" >/dev/null ||
	fail "minisign cannot use the stolen key"
minisign -qVm usb/forged.zst -P "$second" || fail "it is no good forgery"
cp usb/forged.zst "$forged"
cp usb/forged.zst.minisig "$forged.minisig"
give_user "$forged" "$forged.minisig"
begin
hk verify --wait >/dev/null || :
findings_are signature-invalid
expect_status 2 hk status
cp -p kept.zst "$forged"
cp -p kept.minisig "$forged.minisig"
hk verify --wait >/dev/null
expect_status 0 hk status
findings_are

say "the facility's passphrase was forgotten: the daemon's word, and it shows"
rm "$facility"
printf 'a new passphrase\n' >usb/next-passphrase
give_user usb
key rotate facility --lost --new-facility-key "$scratch/usb/next.key" \
	--new-passphrase-file "$scratch/usb/next-passphrase" \
	--reason 'passphrase forgotten' >/dev/null
expect_status 0 hk reload
key show >out
expect_line 'new facility key, the old one was lost .*passphrase forgotten' out
hk journal list --json >entries
expect_line '"kind": "facility' entries
cp "$HIKAE_BUILD/scenario/keys/facility.key" "$facility"
give_user "$facility"
got=0
rotate_daemon 'with the lost key' 2>err || got=$?
expect_equal "$got" 77 "a rotation with a key that counts no more"
facility=$scratch/usb/next.key
passphrase=$scratch/usb/next-passphrase

say "the facility's key was stolen: replaced with itself, then the daemon's"
printf 'the third one\n' >usb/third-passphrase
give_user usb
key rotate facility --facility-key "$facility" \
	--passphrase-file "$passphrase" \
	--new-facility-key "$scratch/usb/third.key" \
	--new-passphrase-file "$scratch/usb/third-passphrase" \
	--reason 'stolen from the safe' >/dev/null
got=0
rotate_daemon 'by the thief' 2>err || got=$?
expect_equal "$got" 77 "a rotation with the stolen key"
facility=$scratch/usb/third.key
passphrase=$scratch/usb/third-passphrase
rotate_daemon 'after the theft of the facility key'
expect_status 0 hk reload
fourth=$(public daemon)
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status
hk journal checkpoint >/dev/null
owner_status 0 journal verify
weekly
# Section 8: anywhere, with the key of the newest print.
expect_status 0 "$hikae" --root "$scratch/none" \
	--database elsewhere/hikae.db journal verify --public-key "$fourth"
expect_status 0 hk evidence export --from "$(date +%F)" --to "$(date +%F)" \
	-o honest.tar
expect_status 0 "$hikae" --root "$scratch/none" evidence verify honest.tar \
	--public-key "$fourth"

say "the daemon's key is lost with its disk, not stolen"
stop_daemon
cp "$(manifest_of 20261101)" old.mtree.zst
cp "$(manifest_of 20261101).minisig" old.mtree.zst.minisig
restore lost
rotate_daemon 'disk died'
begin
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status
owner_status 0 manifest verify "$landing/20261101" \
	--manifest "$(manifest_of 20261101)"
stop_daemon

say "... and the keys were kept nowhere: a new journal, the old manifests hold"
mv "$state" "$state.kept-nowhere"
rm -rf "$root/run"
mkdir -m 750 "$state"
give_user "$state"
key init --facility-key "$facility" --passphrase-file "$passphrase" >/dev/null
expect_equal "$(key show --json | jq -r '.facility.public_key')" \
	"$(sed -n 2p "$state.kept-nowhere/keys/facility.pub")" "facility's key"
begin
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status
expect_status 0 "$hikae" --root "$scratch/none" manifest verify \
	"$landing/20261101" --manifest old.mtree.zst --public-key "$first"
stop_daemon

say "key init that was cut off is run again with the same file"
mv "$state" "$state.again"
mkdir -m 750 "$state"
give_user "$state"
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null &&
	! ldd "$hikae" | grep -q libasan; then
	# shellcheck disable=SC2086 # words
	strace -qq -o trace -e trace=renameat,renameat2 \
		-e inject=renameat,renameat2:signal=KILL:when=1 \
		$owner "$hikae" --root "$root" key init --facility-key "$facility" \
		--passphrase-file "$passphrase" >/dev/null 2>&1 && fail "not cut off"
	expect_status 66 as_owner "$hikae" --root "$root" key show
fi
key init --facility-key "$facility" --passphrase-file "$passphrase" >/dev/null
owner_status 0 key show
