#!/bin/sh
# Goal: a journal that was lost, or put back to an earlier state, is never gone on with in silence; a person may say so by name, and it shows.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# refuses SENTENCE: hikaed does not start, and says why and what to do.
refuses() {
	expect_status 65 as_owner timeout 60 "$hikaed" --root "$root"
	expect_line "$1" err
	expect_line 'hikae catalog rebuild.*hikae journal lost' err
	expect_status 3 hk check
}

lost() {
	as_owner "$hikae" --root "$root" journal lost "$@"
}

# of_type TYPE: how many such entries there are.
of_type() {
	query "SELECT count(*) FROM journal
		WHERE json_extract(CAST(leaf AS TEXT), '\$.type') = '$1'"
}

origin_now() {
	as_owner "$hikae" --root "$root" key show --json | jq -r .origin
}

accept_lost() {
	expect_status 0 hk accept "$(hk findings --json | jq '.findings[] |
		select(.code == "journal-lost") | .id')" --by Sato \
		--note 'compared with the printed report'
}

policy=$(closed_window)
install_small
mkdir usb
cp "$HIKAE_BUILD/scenario/keys/facility.key" \
	"$HIKAE_BUILD/scenario/keys/passphrase" usb/
give_user usb
chmod 700 usb
generation 20261101
generation 20261102
begin
scan_all
as_owner "$hikae" --root "$root" catalog backup "$state/older.db" >/dev/null
rm -r "$landing/20261101"
scan_all
expect_status 2 hk check
hk findings --json | jq -S '[.findings[].code]' >before
expect_line generation-missing before
expect_status 75 lost --by Sato --reason 'it runs'
expect_line 'is running' err
stop_daemon
as_owner "$hikae" --root "$root" journal export "$state/journal.txt" >/dev/null
mv "$state/journal.txt" "$state/older.db" .
cp -a "$state" whole
origin=$(origin_now)

say "nothing is lost: there is nothing to say"
expect_status 73 lost --by Sato --reason 'for fun'
expect_line 'nothing is lost' err

say "the catalog is gone: hikaed does not begin anew, and writes nothing"
rm "$catalog"*
refuses 'the catalog was lost'
[ ! -e "$catalog" ] || fail "a catalog was made"
refuses 'the catalog was lost'

say "... nor where an older hikae left no mark: the manifests tell"
rm "$state/checkpoint"
refuses 'the catalog was lost'
cp -a whole/checkpoint "$state/"

say "made anew from an exported journal it goes on, and is as bad as it was"
as_owner "$hikae" --root "$root" catalog rebuild --journal \
	"$scratch/journal.txt" "$catalog" >/dev/null || :
begin
scan_all
expect_status 2 hk check
hk findings --json | jq -S '[.findings[].code]' >after
cmp before after
expect_equal "$(of_type lost)" 0 "said to be lost"
stop_daemon

say "an older catalog in its place is seen"
rm -f "$catalog"*
cp older.db "$catalog"
give_user "$catalog"
refuses 'has [0-9]+ entries, but [0-9]+ were signed: an older catalog'

say "a person says so, and it goes on, with a finding"
for blank in '' ' ' '　'; do
	expect_status 64 lost --by "$blank" --reason 'the disk died'
	expect_status 64 lost --by Sato --reason "$blank"
done
refuses 'an older catalog'
kept=$(query 'SELECT count(*) FROM journal')
expect_status 1 lost --by Sato --reason 'the disk died'
expect_line "goes on after $kept entries" out
cp -a "$state/checkpoint" "$state/journal.lost" .
begin
[ ! -e "$state/journal.lost" ] || fail "it is said still"
scan_all
findings_are generation-missing journal-lost
expect_status 2 hk check
expect_equal "$(query "SELECT json_extract(CAST(leaf AS TEXT), '\$.by') ||
	json_extract(CAST(leaf AS TEXT), '\$.reason') ||
	json_extract(CAST(leaf AS TEXT), '\$.kept') FROM journal WHERE
	json_extract(CAST(leaf AS TEXT), '\$.type') = 'lost'")" \
	"Satothe disk died$kept" "what was said"
stop_daemon

say "a start that was cut off after it was journalled does not repeat it"
cp -a checkpoint journal.lost "$state/"
begin
expect_equal "$(of_type lost)" 1 "said to be lost"
findings_are generation-missing journal-lost
accept_lost
findings_are generation-missing
stop_daemon
begin
findings_are generation-missing
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" journal verify

say "nothing is left of it: a new journal has a new name"
rm -rf "${state:?}"
cp -a whole "$state"
rm "$catalog"*
expect_status 64 lost --by Sato --reason 'the disk died'
expect_line 'no journal is left.*--facility-key' err
printf 'wrong\n' >usb/wrong
give_user usb
got=0
lost --by Sato --reason 'the disk died' --facility-key \
	"$scratch/usb/facility.key" --passphrase-file "$scratch/usb/wrong" \
	>out 2>err || got=$?
[ "$got" -ge 64 ] || fail "taken with a wrong passphrase"
[ -d "$state/manifests" ] || fail "moved for a wrong passphrase"
refuses 'the catalog was lost'
expect_status 1 lost --by Sato --reason 'the disk died' \
	--facility-key "$scratch/usb/facility.key" \
	--passphrase-file "$scratch/usb/passphrase"
expect_line 'A new journal with new keys begins' out
[ "$(origin_now)" != "$origin" ] || fail "two trees under one origin"
diff -r whole/manifests "$state/lost/${origin##*/}/manifests"
[ -e "$state/lost/${origin##*/}/keys/statements/001.txt" ] ||
	fail "the former keys are gone"
cp -a "$state/checkpoint" "$state/journal.lost" .
begin
findings_are journal-lost
expect_equal "$(query "SELECT json_extract(CAST(leaf AS TEXT), '\$.type') ||
	json_extract(CAST(leaf AS TEXT), '\$.origin') FROM journal
	WHERE seq = 1")" "lost$origin" "what the second entry says"
scan_all
expect_equal "$(hk generations --json | jq -r '.generations[].id')" \
	ehr@20261102T000000+0000 "its generation"
expect_status 2 hk check
stop_daemon
cp -a checkpoint journal.lost "$state/"
begin
expect_equal "$(of_type lost)" 1 "said to be lost"
accept_lost
findings_are
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" journal verify

say "a fresh installation that is killed at any write begins all the same"
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null &&
	! ldd "$hikaed" | grep -q libasan; then
	for n in 1 2 3 4 5 6 7 8; do
		rm -rf "${root:?}/var" "$root/run"
		make_keys "$root"
		give_user "$root"
		# shellcheck disable=SC2086 # words
		timeout 60 strace -qq -o trace -e trace=fsync,fdatasync,renameat \
			-e inject=fsync,fdatasync,renameat:signal=KILL:when=$n \
			$owner "$hikaed" --root "$root" >/dev/null 2>&1 &&
			fail "not cut off"
		begin
		findings_are
		stop_daemon
	done
fi
[ -e "$state/manifests/canary" ] || fail "there is no canary"
rm -r "$state/checkpoint" "$state/manifests/ehr" "$catalog"* 2>/dev/null || :
begin
findings_are
stop_daemon
rm "$state/checkpoint"
begin
stop_daemon
[ -e "$state/checkpoint" ] || fail "no mark"
