#!/bin/sh
# Goal: from the witness on a medium alone the catalog comes back, with what is lost said plainly, and with manifests and keys hikae goes on.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

medium_keys='witness = yes'
folder=$disk/hikae-witness

is_written() {
	[ "$(query "select count(*) from medium_event where event = 'witness'
		and result = 'written'" 2>/dev/null)" -ge "$1" ]
}

# What a catalog says of copies, without what goes on by itself.
told() {
	"$hikae" "$@" copies --json | jq -S '[.copies[] |
		{generation, medium, state, verdict, bytes, files}]'
}

install_small
for day in 20261101 20261102 20261103; do
	generation "$day"
done
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
expect_status 0 hk verify --wait
stop_daemon
# shellcheck disable=SC2119 # our own arguments are not meant
begin
wait_until 120 is_written 2
wait_until 120 is_idle
told --root "$root" >before
key=$(sed -n 2p "$state/keys/daemon.pub")
cp -a "$state" backup
stop_daemon

say "everything is gone but the medium and the key on paper"
rm -rf "${root:?}"
mkdir -p "$root"
expect_status 2 "$hikae" --root "$root" catalog rebuild --journal "$folder" \
	--public-key "$key" new.db
expect_line '^.*[0-9]+ entries were replayed' out
expect_line 'What happened after the last of them .* is lost' out
expect_line '3 of 3 manifests are not on this host' out
expect_line 'ehr@20261102T000000.0000 +disk1' out
told --database new.db >after
cmp before after
expect_status 0 "$hikae" --database new.db journal verify --public-key "$key"
"$hikae" --database new.db recover plan >out 2>err || :
expect_line 'ehr@20261103T000000.0000' out
"$hikae" --database new.db status >out 2>err || :
expect_line ehr out

say "nothing is made of a journal that does not prove itself"
cp -a "$folder" altered
sed -i 's/"bytes":[0-9]*/"bytes":1/' altered/journal.txt
! "$hikae" catalog rebuild --journal altered --public-key "$key" \
	other.db 2>err || fail "an altered journal was taken"
expect_line 'does not prove itself' err
[ ! -e other.db ] || fail "a catalog was made of an altered journal"
! "$hikae" catalog rebuild --journal "$folder" --public-key \
	RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3 \
	other.db 2>err || fail "somebody else's key was taken"
[ ! -e other.db ] || fail "a catalog was made without its key"
! "$hikae" catalog rebuild --journal "$folder" --public-key "$key" \
	new.db 2>err || fail "a catalog that was there was replaced"

say "with manifests and keys from a backup hikae goes on where it was"
mkdir -p "$state"
chmod 755 "$root"
cp -a backup/keys backup/manifests "$state/"
rm -rf "$state/manifests/ehr/ehr@20261101T000000+0000"
expect_status 2 hk catalog rebuild --json --journal "$folder" "$catalog"
expect_equal "$(jq -r '[.manifests, .manifests_missing,
	.missing[0].generation] | join(" ")' out)" \
	"3 1 ehr@20261101T000000+0000"
cp -a backup/manifests "$state/"
rm -f "$catalog"*
expect_status 1 hk catalog rebuild --journal "$folder/journal.txt" "$catalog"
expect_no_line 'manifests are not' out
configure
give_user "$root"
chmod 750 "$state"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
told --root "$root" >again
cmp before again
expect_status 0 hk verify --wait
hk findings --json | jq -r '.findings[].code' >codes
expect_no_line 'missing|damaged|journal|wrong' codes
expect_equal "$(query 'select count(*) from copy')" 3 "copies ever"
generation 20261104
scan_all
expect_equal "$(hk generations --json | jq '.generations | length')" 4
stop_daemon
expect_status 0 hk journal verify
