#!/bin/sh
# Goal: a witness tells of a state put back past a replaced key, and says a thing once; a rebuilt catalog knows its copies again, or says that it does not.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/witness.sh
. "$here/../witness.sh"

# Looks that found this; each is in the log.
looks() {
	grep -c 'disk1: .*put back to before the key was replaced' "$root.log" || :
}
has_looked() {
	[ "$(looks)" -gt "$1" ]
}
in_journal() {
	query "select count(*) from journal where
		json_extract(cast(leaf as text), '\$.type') = '$1'"
}

install_small
generation 20261101

say "a state put back to before its key was replaced is told as that"
begin_until written
stop_daemon
cp -a "$root/var" older
mkdir usb
cp "$HIKAE_BUILD/scenario/keys/facility.key" "$HIKAE_BUILD/scenario/keys/passphrase" usb/
give_user usb
as_owner "$hikae" --root "$root" key rotate daemon \
	--facility-key "$scratch/usb/facility.key" \
	--passphrase-file "$scratch/usb/passphrase" --reason 'once a year' \
	>/dev/null
begin_until written
findings_are
stop_daemon
rm -rf "${root:?}/var"
cp -a older "$root/var"
sum=$(sha256sum <"$folder/journal.txt")
begin_until unknown-key
findings_are witness-unknown-key
expect_status 2 hk status
expect_line 'put back to before the key was replaced' out
expect_status 2 hk check
hk compliance --json >out 2>err || :
expect_equal "$(jq -r '.requirements[] | select(.id == "ES-AUTH") |
	.rows[0].evidence_state' out)" missing "what needs a whole journal"
expect_equal "$(sha256sum <"$folder/journal.txt")" "$sum" "the witness"

say "the same witness is written down once, however often it is looked at"
stop_daemon
entries=$(results | wc -l)
findings=$(in_journal finding)
for _ in 1 2; do
	seen=$(looks)
	begin
	wait_until 120 has_looked "$seen"
	wait_until 120 is_idle
	stop_daemon
done
expect_equal "$(results | wc -l)" "$entries" "entries of the witness"
expect_equal "$(in_journal finding)" "$findings" "entries of findings"
begin
findings_are witness-unknown-key

say "a person who knows why accepts it, and it is written anew"
wait_until 120 is_idle
had=$(count written)
expect_status 0 hk accept "$(hk findings --json | jq '.findings[].id')" \
	--by Sato --note 'put back the copy of before'
wait_until 120 has_count written $((had + 1))
wait_until 120 is_idle
findings_are
expect_status 0 "$hikae" journal verify "$folder" \
	--public-key "$state/keys/daemon.pub"
stop_daemon

say "copies of one instant are known again by their size, or told to be unknown"
rm -rf "${root:?}/var" "${folder:?}" "${landing:?}"
mkdir -p "$landing"
make_keys "$root"
source_keys='pattern = *-%Y%m%d.dump'
configure
sed -i '/^pattern = %Y%m%d$/d; s/^layout = directory/layout = file/' \
	"$root/etc/hikae/hikae.conf"
printf 'everything\n' >"$landing/all-20261101.dump"
printf 'less\n' >"$landing/part-20261101.dump"
printf 'the next day\n' >"$landing/all-20261102.dump"
give_user "$root" "$landing"
begin
scan_all
expect_status 0 hk verify --wait
names() {
	hk copies --json | jq -S '[.copies[] | {generation, name}]'
}
names >before
expect_equal "$(jq length before)" 3 copies
stop_daemon
begin_until written
stop_daemon
mv "$catalog" lost.db
rm -f "$catalog"-*
hk catalog rebuild --journal "$folder" "$catalog" >out || :
expect_line 'entries were replayed' out
give_user "$state"
expect_status 1 as_owner "$hikae" --root "$root" journal lost --by Sato \
	--reason 'what came after the witness'

say "until a scan found them nothing can be read, and that is said"
chmod 000 "$landing"
begin
wait_until 120 is_idle
expect_status 75 hk verify --wait
expect_line 'does not know yet where its copies' err
chmod 755 "$landing"
scan_all
names >after
cmp before after
expect_status 0 hk verify --wait
findings_are journal-lost
expect_status 0 hk accept "$(hk findings --json | jq '.findings[].id')" \
	--by Sato --note 'it was little'
findings_are
expect_equal "$(query 'select count(*) from copy')" 3 "copies ever"
stop_daemon
