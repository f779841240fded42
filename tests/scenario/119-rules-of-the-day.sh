#!/bin/sh
# Goal: a past day is judged by the requirements that were in force on it, whatever they are today.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/bundle.sh
. "$here/../bundle.sh"
need bsdtar jq cmp

# own_state [ARGUMENT...]: how OWN-1 stands; the answer is in ./out.
own_state() {
	"$hikae" --root "$root" "$@" compliance --json >out 2>err || :
	own_row
}
own_state_at() {
	"$hikae" --root "$root" compliance --at "$1" --json >out 2>err || :
	own_row
}
own_row() {
	jq -r '.requirements[] | select(.id == "OWN-1") |
		.evidence_state + " " + .rows[0].reason' out
}
told() {
	jq -r '[.packs_from, .is_packs_changed, .is_packs_gone] |
		map(tostring) | join(" ")' out
}
check() {
	"$hikae" --root "$scratch/nowhere" evidence verify "$@" \
		--public-key daemon.pub
}
# Nothing wakes hikaed between two exports that are compared.
policy=$(closed_window)
mkdir nowhere
install_small
generation 20261101
own_pack 'generations(system) >= 1'
cp "$packs/own.conf" old.conf
begin_period
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
cp "$state/keys/daemon.pub" .
chmod 644 daemon.pub
expect_equal "$(own_state)" "complete all-there"
expect_equal "$(told)" "journal false false"
end_period
day_one=$to from_one=$from

say "the journal has digests alone; the texts lie beside it"
digest=$(sha256sum <old.conf | cut -d ' ' -f 1)
expect_equal "$(query "select count(*) from journal
	where cast(leaf as text) like '%\"sha256\":\"$digest\",\"site\":true%'")" 1
expect_equal "$(query "select count(*) from journal
	where cast(leaf as text) like '%own.conf%'")" 0
expect_equal "$(query "select count(*) from pack_text
	where sha256 = '$digest'")" 1
expect_status 0 export_period one.tar
expect_status 0 check one.tar

say "an edited pack is in force after a reload, and that is told"
own_pack 'generations(system) >= 5'
expect_equal "$(own_state)" "complete all-there"
expect_equal "$(told)" "journal true false"
hk compliance >out || :
expect_line 'hikae reload' out
begin_period
expect_status 0 hk reload
expect_equal "$(own_state)" "missing check-failed"
expect_equal "$(told)" "journal false false"
end_period

say "the day before is judged as it was"
expect_equal "$(own_state_at "$day_one")" "complete all-there"
expect_equal "$(told)" "journal false false"
expect_status 0 export_period two.tar
from=$from_one to=$day_one
expect_status 0 export_period again.tar
cmp one.tar again.tar
expect_status 0 check two.tar
# judged BUNDLE: how it has OWN-1.
judged() {
	bsdtar -xOf "$1" '*/data/compliance.json' >bag.json
	jq -r '.requirements[] | select(.id == "OWN-1") |
		.evidence_state' bag.json
}
expect_equal "$(judged again.tar)" complete
expect_equal "$(judged two.tar)" missing
bsdtar -xOf again.tar "*/data/requirements/$digest" | cmp - old.conf
hk report --to "$day_one" -o day-one.html || fail "no report"
expect_line 'data-id="OWN-1"|OWN-1' day-one.html

say "a statement is about what is in force, not about what lies there by now"
soon=$(date -d '30 days' +%F)
cp "$packs/own.conf" five.conf
sed -i 's/OWN-1/OWN-2/; s/^check = .*/attestation = 書面がある/' \
	"$packs/own.conf"
echo 'attestation_en = It is written' >>"$packs/own.conf"
expect_status 66 hk attest OWN-2 --by Sato --until "$soon"
expect_line 'in force .*hikae reload' err
expect_status 0 hk reload
expect_status 0 hk attest OWN-2 --by Sato --until "$soon"
cp five.conf "$packs/own.conf"
expect_status 0 hk attest OWN-2 --by Sato --until "$soon"
expect_status 66 hk attest OWN-1 --by Sato --until "$soon"
expect_status 0 hk reload
expect_status 66 hk attest OWN-2 --by Sato --until "$soon"

say "a start changes nothing, a pack that went stays with its days"
stop_daemon
rm "$packs/own.conf"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
expect_equal "$(own_state)" ""
expect_equal "$(own_state_at "$day_one")" "complete all-there"
expect_status 0 export_period again.tar
cmp one.tar again.tar

say "with the catalog alone, on another host"
expect_status 0 hk catalog backup rescued.db
stop_daemon
nowhere() {
	"$hikae" --root "$scratch/nowhere" --database "$@"
}
nowhere rescued.db compliance --at "$day_one" --json >out 2>err || :
expect_equal "$(own_row)" "complete all-there"
expect_equal "$(told)" "journal false false"
expect_status 3 nowhere rescued.db evidence export --from "$from" --to "$to" \
	-o rescued.tar
expect_equal "$(judged rescued.tar)" complete
nowhere rescued.db report --to "$day_one" -o rescued.html || fail "no report"

say "rebuilt it is the same"
expect_status 0 hk catalog rebuild rebuilt.db
nowhere rebuilt.db compliance --at "$day_one" --json >out 2>err || :
expect_equal "$(own_row)" "complete all-there"

say "a text that is gone is told, and no other takes its place"
cp rescued.db gone.db
sqlite3 gone.db "delete from pack_text where sha256 = '$digest'"
expect_status 2 nowhere gone.db compliance --at "$day_one"
expect_line 'gone: they are not judged' out
nowhere gone.db compliance --at "$day_one" --json >out 2>err || :
expect_equal "$(own_row)" ""
expect_equal "$(told)" "journal false true"
expect_status 3 nowhere gone.db compliance --pack own --at "$day_one"
expect_line 'gone: they are not judged' err
cp rescued.db gone.db
sqlite3 gone.db "update pack_text set text = cast(replace(text, '>= 1', '>= 0')
	as blob) where sha256 = '$digest'"
nowhere gone.db compliance --at "$day_one" --json >out 2>err || :
expect_equal "$(told)" "journal false true"

say "a journal that names none is judged by today's, and says so"
cp rescued.db older.db
sqlite3 older.db 'delete from pack; delete from pack_text'
nowhere older.db compliance --at "$day_one" --json >out 2>err || :
expect_equal "$(own_row)" ""
expect_equal "$(told)" "today false false"
nowhere older.db compliance --at "$day_one" >out 2>err || :
expect_line "today's are used" out
expect_status 3 nowhere older.db evidence export --from "$from" --to "$to" \
	-o older.tar
expect_line "today's are used" out
