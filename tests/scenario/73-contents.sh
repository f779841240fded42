#!/bin/sh
# Goal: a backup that was broken when it was made is found though its bytes are intact.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need iconv pgrep
# shellcheck source=tests/dicom.sh
. "$here/../dicom.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"

policy="full_after_capture = no
		$(closed_window)"
install_small

say "what a hospital leaves: a dump, claims, an image"
begin_server
server_sql <<-'SQL'
	CREATE TABLE patients (id int PRIMARY KEY, name text);
	INSERT INTO patients SELECT n, md5(n::text) FROM generate_series(1, 5000) n;
SQL
server_dump -Fc >orca.dump
end_server
# claims POINTS: one patient with an insurer, one with a payer beside it.
claims() {
	printf '%s\r\n' 'IR,1,13,1,9999999,,控えの里病院,202610,00,' \
		'RE,1,1112,202610,控 太郎,1,19500101' \
		'HO,06132013,,,1,500,,,' \
		'RE,2,1122,202610,控 花子,2,19600202' \
		'HO,06132013,,,1,1000,,,' 'KO,54136015,,,1,1000,' \
		"GO,3,$1,99" | iconv -f UTF-8 -t CP932
}
image_text >image.txt
dump2dcm -q image.txt image.dcm

mkdir sound broken
claims 1500 >sound/RECEIPTC.UKE
cp orca.dump image.dcm sound
claims 1501 >broken/RECEIPTC.UKE
head -c -3000 orca.dump >broken/orca.dump
head -c -3 image.dcm >broken/image.dcm
put 20261101 sound/*
put 20261102 broken/*
begin
scan_all

# of DAY: the id of that day's generation.
of() {
	printf 'ehr@%sT000000+0000' "$1"
}
# verified STATUS DAY WORDS: the exit status, and what the run counted.
verified() {
	expect_status "$1" hk verify --wait --level members "$(of "$2")" --json
	expect_equal "$(jq -r '.run | "\(.outcome) damaged \(.damaged)" +
		" odd \(.contents_odd) unknown \(.contents_undetermined)"' out)" \
		"done $3" "the run of $2"
}
# verdicts DAY: of copy and slices.
verdicts() {
	hk show "$(of "$1")" --json | jq -r '.copies[0] |
		"\(.verdict) \(.slices_intact) of \(.slices)"'
}
# contents DAY [FILTER]: what its manifest says of its contents.
contents() {
	hk show "$(of "$1")" --json | jq -r ".copies[0].id" >copy
	hk show "$(cat copy)" --json |
		jq -r ".copy.manifests[0].contents | ${2:-.}"
}

say "sound contents: counts and samples, no finding"
verified 0 20261101 'damaged 0 odd 0 unknown 0'
expect_equal "$(contents 20261101 '.formats[] | "\(.format) \(.files) \(.broken)"')" \
	'pgdump 1 0
dicom 1 0
uke 1 0'
expect_equal "$(contents 20261101 \
	'.formats[] | select(.format == "pgdump") | "\(.counts.tables) \(.samples)"')" \
	'1 ["patients"]'
expect_equal "$(contents 20261101 \
	'.formats[] | select(.format == "uke") | "\(.counts.points)"')" 1500
findings_are

say "the same, broken before it was captured: intact, and named"
verified 1 20261102 'damaged 0 odd 3 unknown 0'
expect_equal "$(verdicts 20261102)" 'intact 1 of 1'
expect_equal "$(hk findings --json | jq -r '.findings[] |
	"\(.name) \(.code) \(.severity) \(.verdict)"' | sort)" \
	'RECEIPTC.UKE content-mismatch warning none
image.dcm content-broken warning none
orca.dump content-broken warning none'
finding=$(hk findings --json |
	jq '.findings[] | select(.name == "RECEIPTC.UKE") | .id')
expect_equal "$(hk show "$finding" --json | jq -c '.finding.detail |
	[.format, .fault, .expected, .actual]')" '["uke","sum-mismatch",1501,1500]'
expect_status 1 hk status --json
expect_equal "$(jq -r '.reasons[] | select(.code | startswith("content-")) |
	"\(.code) \(.severity) \(.count)"' out | sort)" \
	'content-broken warning 2
content-mismatch warning 1'

hk recover plan --json >recovery || :
expect_equal "$(jq -r '.systems[0] |
	"\(.generation) \(.status) \(has("contents_broken"))"' recovery)" \
	"$(of 20261102) warning true"

say "people read it in both languages"
LC_ALL=C.UTF-8 hk show "$finding" >out
expect_line 'It should be 1501, and is 1500' out
expect_line '^  -> Compare it with the system that wrote it' out
LC_ALL=C.UTF-8 hk verify --wait --level members "$(of 20261102)" >out || :
expect_line '^WARN Contents: 3 findings' out
LC_ALL=C.UTF-8 hk show "$(cat copy)" >out
expect_line 'pg_dump archives: files 1,' out
if locale -a | grep -qi '^ja_JP.utf-*8$'; then
	LC_ALL=ja_JP.UTF-8 hk show "$finding" >out
	expect_line '1501' out
	expect_no_line 'Compare it with' out
fi

say "found again: the same findings"
expect_equal "$(hk findings --json | jq '[.findings[].times] | unique | .[]')" 2

say "no name and no text of a backup stands in the journal"
query 'SELECT leaf FROM journal' >leaves
expect_line '"type":"content"' leaves
expect_no_line 'patients|orca|RECEIPTC|image\.dcm' leaves

say "what a person accepted does not come back, while the bytes are the same"
hk accept "$finding" --by Tester --note 'the payer said so' >/dev/null
verified 1 20261102 'damaged 0 odd 2 unknown 0'
expect_equal "$(hk findings --json --code content-mismatch |
	jq '.findings | length')" 0

say "damage is damage: of other bytes nothing is said to have been so before"
printf x | dd of="$landing/20261101/orca.dump" bs=1 seek=5000 conv=notrunc 2>/dev/null
verified 2 20261101 'damaged 1 odd 0 unknown 1'
expect_equal "$(hk findings --json "$(of 20261101)" |
	jq -r '.findings[].code' | sort | xargs)" 'content-uninspected overwritten'
cp sound/orca.dump "$landing/20261101/orca.dump"
verified 0 20261101 'damaged 0 odd 0 unknown 0'
expect_equal "$(hk findings --json "$(of 20261101)" | jq '.findings | length')" 0

say "who looks is killed: undetermined, never good by silence; then it is looked at"
mkdir -p large
cp sound/* large
truncate -s 2G large/pacs.img
put 20261103 large/*
scan_all
# kill_parser: verify while its parser is killed; false where that had ended.
kill_parser() {
	hk verify --wait --level members "$(of 20261103)" --json >killed &
	waiting=$!
	while kill -0 "$waiting" 2>/dev/null; do
		parser=$(pgrep -P "$daemon" -f 'role parser') || continue
		! kill -KILL "$parser" 2>/dev/null || break
	done
	killed=0
	wait "$waiting" || killed=$?
	[ "$killed" -ne 0 ]
}
for _ in 1 2 3 4 5 6 7 8; do
	! kill_parser || break
done
expect_equal "$killed" 3 "the exit status"
expect_equal "$(jq -r '.run | "\(.outcome) \(.undetermined) \(.contents_undetermined)"' \
	killed)" 'done 0 1'
expect_equal "$(verdicts 20261103 | cut -d ' ' -f 1)" intact
expect_equal "$(hk findings --json "$(of 20261103)" |
	jq -r '.findings[] | "\(.code) \(.severity)"')" \
	'content-uninspected undetermined'
expect_equal "$(contents 20261103 .outcome)" undetermined
expect_status 3 hk status
verified 0 20261103 'damaged 0 odd 0 unknown 0'
expect_equal "$(hk findings --json "$(of 20261103)" | jq '.findings | length')" 0

say "a file that cannot be read now is not good now, nor is a tree without any"
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[source ehr-store]
	system = ehr
	medium = disk1
	path = store
	layout = tree
END
mkdir "$disk/store"
cp sound/RECEIPTC.UKE broken/image.dcm "$disk/store"
give_user "$disk/store"
hk reload >/dev/null
scan_all
tree=$(query "SELECT g.id FROM generation g JOIN copy c ON c.generation = g.id
	WHERE c.source = 'ehr-store'")
copy=$(query "SELECT id FROM copy WHERE source = 'ehr-store'")
# looked STATUS OUTCOME SKIPPED: into the tree; its one finding stays open.
looked() {
	expect_status "$1" hk verify --wait --level members "$tree"
	expect_equal "$(hk show "$copy" --json | jq -r '.copy.manifests[0].contents |
		"\(.outcome) \(.skipped)"')" "$2 $3" "the look into the tree"
	expect_equal "$(hk findings --json --code content-broken | jq \
		--argjson copy "$copy" '[.findings[] | select(.copy == $copy)] | length')" \
		1 "the finding about the image"
}
looked 1 'done' 0
chmod 000 "$disk/store/image.dcm"
looked 3 'done' 1
chmod 000 "$disk/store/RECEIPTC.UKE"
looked 3 'undetermined' 2
chmod 644 "$disk"/store/*
looked 1 'done' 0

say "a catalog made anew from the journal says the same"
expect_status 0 hk catalog rebuild "$scratch/rebuilt.db"
for from in "$catalog" "$scratch/rebuilt.db"; do
	sqlite3 -readonly "$from" 'SELECT * FROM content' >>both
done
expect_equal "$(sort both | uniq -c | awk '$1 != 2' | wc -l)" 0 "rows"
[ "$(wc -l <both)" -ge 10 ] || fail "few rows"
