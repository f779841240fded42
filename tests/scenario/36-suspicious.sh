#!/bin/sh
# Goal: ransomware that was backed up is hinted at; ordinary work is not.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need openssl gpg gzip zstd bsdtar iconv dump2dcm dcmcrle psql
demo=$here/../../demo

# ---- a ward's data, in real formats ----

# A database dump, twice, by PostgreSQL itself.
make_dumps() (
	here=$demo
	# shellcheck source=demo/receipt.sh
	. "$demo/receipt.sh"
	trap server_stop EXIT
	server_start
	"$server_bin/createdb" -h "$server" -U orca orca
	"$server_bin/psql" -X -q -h "$server" -U orca -d orca -c \
		"CREATE TABLE ptinf AS SELECT g AS id, md5(g::text) AS name
		FROM generate_series(1, 4000) g"
	dump -Fc -f "$1/orca.dump"
	dump -Fp | gzip -n >"$1/orca.sql.gz"
)

# image N FILE: a picture of 64 by 64, made by dcmtk.
image() {
	{
		printf '(0008,0016) UI =SecondaryCaptureImageStorage\n'
		printf '(0008,0018) UI [1.2.826.0.1.3680043.9.7.%d]\n' "$1"
		printf '(0010,0020) LO [%07d]\n' "$1"
		printf '(0028,0002) US 1\n(0028,0004) CS [MONOCHROME2]\n'
		printf '(0028,0010) US 64\n(0028,0011) US 64\n'
		printf '(0028,0100) US 16\n(0028,0101) US 12\n(0028,0102) US 11\n'
		printf '(0028,0103) US 0\n(7fe0,0010) OW '
		seq "$1" $((4095 + $1)) | awk '{ printf "%s%x", s, $1 % 4096; s = "\\" }
			END { print "" }'
	} >image.txt
	dump2dcm -q +te +l 60000 image.txt "$2"
}

# message N FOLDER: an HL7 message as SS-MIX2 stores it, without an ending.
message() {
	printf 'MSH|^~\\&|HIS123|SEND||GW|20261101%06d||ADT^A08^ADT_A01|%d|P|2.5||||||~ISO IR87||ISO 2022-1994|SS-MIX2_1.20^SS-MIX2\rPID|||%07d^^^^PI||患者^番号%d^^^^L^I|||M|||^^^^1000001^JPN^H^東京都千代田区\rPV1||I|内科^401^1|||||||01||||||||||%d\r' \
		"$1" "$1" "$1" "$1" "$1" | iconv -f UTF-8 -t ISO-2022-JP \
		>"$2/$(printf '%07d' "$1")_-_ADT-00_999999999999999_20261101$(printf '%06d' "$1")000_-_1"
}

# ward FOLDER: what every generation begins as.
ward() {
	mkdir -p "$1/ssmix2/999/901" "$1/images" "$1/receipt" "$1/docs" "$1/log"
	for n in $(seq 40); do
		message "$n" "$1/ssmix2/999/901"
	done
	for n in $(seq 15); do
		image "$n" "$1/images/IM00$n.dcm"
		seq "$n" 3000 >"$1/docs/table$n.csv"
	done
	printf 'IR,1,13,1,1234567,,みなと病院,202611,00\r\nRE,1,1112,202611,山田,1\r\n' |
		iconv -f UTF-8 -t CP932 >"$1/receipt/RECEIPTC.UKE"
	make_dumps "$1/receipt"
	seq 100 >"$1/log/app.log"
	seq 90 | gzip -n >"$1/log/app.log.1.gz"
	seq 5000 | gpg --batch --quiet --homedir gnupg --passphrase x \
		--symmetric -o "$1/receipt/orca.dump.gpg"
}

# next DAY [FROM]: a generation like the one of FROM, with a day's work.  It
# appears whole: a scan may be under way.
next() {
	cp -a "$landing/${2:-$((20261100 + ${1#202611} - 1))}" "$disk/unfinished"
	message "9${1#202611}" "$disk/unfinished/ssmix2/999/901"
	echo "$1" >>"$disk/unfinished/log/app.log"
	give_user "$disk/unfinished"
	mv -T "$disk/unfinished" "$landing/$1"
}

# encrypt FOLDER [SUFFIX]: as ransomware does, file by file.
encrypt() {
	find "$1" -type f >files
	while read -r file; do
		openssl enc -aes-256-ctr -pbkdf2 -iter 1 -k secret -in "$file" \
			-out "$file.tmp"
		rm "$file"
		mv "$file.tmp" "$file${2:-}"
	done <files
	give_user "$1"
}

# finding_of DAY: the open finding about that generation's content.
finding_of() {
	hk findings --code suspicious-content --json | jq --arg at "ehr@$1" \
		'[.findings[] | select(.generation | startswith($at)).id][0]'
}

# hints_of DAY: what hints at it, each by name.
hints_of() {
	hk show "$(finding_of "$1")" --json | jq -r '.finding.detail | keys[] |
		select(endswith("_usual") or . == "baseline" | not)' | sort | xargs
}

# survey_of DAY MEMBER: what was counted of the newest capture.
survey_of() {
	query "SELECT $2 FROM survey WHERE manifest = (SELECT max(m.id)
		FROM manifest m JOIN copy c ON c.id = m.copy
		WHERE c.generation LIKE 'ehr@$1%')"
}

say "ordinary days"
install_small
mkdir -m 700 gnupg
ward "$landing/20261101"
give_user "$landing"
begin
scan_all
files=$(find "$landing/20261101" -type f | wc -l)
expect_equal "$(survey_of 20261101 'files, known, mismatched, noisy, notes')" \
	"$files|$files|0|0|0" "first survey"
for day in 02 03; do
	next 202611$day
	scan_all
done
findings_are
expect_equal "$(query 'SELECT same, changed, vanished, appeared FROM drift
	ORDER BY manifest DESC LIMIT 1')" "$files|1|0|1" "drift"
expect_status 0 hk status

say "a vendor's upgrade: most files change, and stay what they are"
next 20261104
for n in $(seq 15); do
	seq "$n" 2 9000 >"$landing/20261104/docs/table$n.csv"
	mv "$landing/20261104/docs/table$n.csv" "$landing/20261104/docs/list$n.csv"
done
for message in "$landing"/20261104/ssmix2/999/901/*; do
	printf 'ZV1|upgraded\r' >>"$message"
done
scan_all
findings_are
[ "$(query 'SELECT changed + vanished FROM drift ORDER BY manifest DESC
	LIMIT 1')" -gt 50 ] || fail "not much changed"

say "pictures that are compressed again, logs that rotate, new archives"
next 20261105
for file in "$landing"/20261105/images/*.dcm; do
	dcmcrle "$file" smaller.dcm
	mv smaller.dcm "$file"
done
scan_all
next 20261106
mv "$landing/20261106/log/app.log.1.gz" "$landing/20261106/log/app.log.2.gz"
gzip -n <"$landing/20261106/log/app.log" >"$landing/20261106/log/app.log.1.gz"
echo new >"$landing/20261106/log/app.log"
scan_all
next 20261107
bsdtar -cf - -C "$landing/20261106" docs | zstd -q >"$landing/20261107/docs.tar.zst"
gpg --batch --quiet --homedir gnupg --passphrase x --symmetric \
	-o "$landing/20261107/docs.tar.zst.gpg" "$landing/20261107/docs.tar.zst"
give_user "$landing/20261107"
scan_all
findings_are
expect_status 0 hk status

say "encrypted in place, under the old names"
next 20261108 20261107
encrypt "$landing/20261108"
scan_all
findings_are suspicious-content
expect_equal "$(hints_of 20261108)" "change mismatch noise" "hints"
expect_status 1 hk status
expect_line 'suspicious content ehr@20261108T' out
expect_status 1 hk generations
expect_line 'ehr@20261108T000000\+0000 .*suspicious content' out
expect_no_line 'ehr@20261107.*suspicious' out
hk show "$(finding_of 20261108)" >out
expect_line 'files that are not what their names say +100.0 % +0.0 %' out
expect_line 'last generation without such a hint: ehr@20261107T' out
expect_line 'Compared with 7 earlier captures' out

say "its bytes are as intact as ever, and nothing else is said of it"
hk verify --wait >/dev/null
findings_are suspicious-content
expect_equal "$(hk copies --json | jq -r '.copies[].verdict' | sort -u)" intact
expect_equal "$(hk recover plan --json | jq -r '.. | .generation? // empty |
	strings' | head -n 1)" 'ehr@20261107T000000+0000' "recovery plan"

say "encrypted, renamed, with a note; then most of it deleted"
next 20261109 20261107
encrypt "$landing/20261109" .id-7F3A.locked
echo 'pay' >"$landing/20261109/HOW_TO_DECRYPT.txt"
give_user "$landing/20261109"
scan_all
expect_equal "$(hints_of 20261109)" "change noise notes renamed" "hints"
next 20261110 20261107
rm -r "$landing/20261110/ssmix2" "$landing/20261110/images" \
	"$landing/20261110/docs"
scan_all
expect_equal "$(hints_of 20261110)" "bytes files" "hints"

say "a clean generation after them is clean, and compared with clean ones"
next 20261111 20261107
scan_all
findings_are suspicious-content suspicious-content suspicious-content
expect_equal "$(query "SELECT generation FROM drift d
	JOIN manifest m ON m.id = d.since JOIN copy c ON c.id = m.copy
	ORDER BY d.manifest DESC LIMIT 1")" 'ehr@20261107T000000+0000' "compared with"

say "only a person ends it, with name and reason"
hk scan --json >/dev/null
wait_until 60 is_idle
finding=$(finding_of 20261108)
expect_status 64 hk accept "$finding"
expect_status 64 hk accept "$finding" --by Sato
expect_status 64 hk accept "$finding" --by Sato --note ''
expect_status 66 hk accept 1 --by Sato --note 'no finding'
hk accept "$finding" --by 'Sato Hanako' --note 'trial of a new encryption' >out
findings_are suspicious-content suspicious-content
expect_status 0 hk show "$finding"
expect_line 'Accepted by +Sato Hanako' out
hk generations --json | jq -r '.generations[] | select(.is_suspicious).id' >out
expect_equal "$(cut -c 5-12 out | sort | xargs)" "20261109 20261110"
hk journal list --json >all
expect_line 'trial of a new encryption' all
! hk accept "$finding" --by Sato --note again 2>/dev/null ||
	fail "accepted twice"
for finding in $(hk findings --json | jq '.findings[].id'); do
	hk accept "$finding" --by Sato --note test >/dev/null
done
findings_are
expect_status 0 hk status

say "damage is never settled by a word"
rm -r "$landing/20261110"
scan_all
missing=$(hk findings --code generation-missing --json | jq '.findings[0].id')
! hk accept "$missing" --by Sato --note 'I know' 2>err || fail "damage accepted"
expect_line 'no hint' err
findings_are generation-missing
hk expire "$(hk findings --json | jq '.findings[0].copy')" >/dev/null
findings_are

say "a living tree, an archive, and files that are sealed on purpose"
mkdir -p "$disk/tree" "$disk/archive" "$disk/sealed"
cp -a "$landing/20261107/." "$disk/tree/"
# pack DAY: an archive of that generation, which appears whole.
pack() {
	bsdtar -cf - -C "$landing/$1" . | zstd -q >"$disk/unfinished"
	give_user "$disk/unfinished"
	mv "$disk/unfinished" "$disk/archive/$1.tar.zst"
}
pack 20261101
for day in 01 02 03; do
	head -c 100000 /dev/urandom >"$disk/sealed/202611$day.bin"
done
for system in tree archive sealed; do
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[system $system]
		kind = other
		interval = none
		[source $system]
		system = $system
		medium = disk1
		path = $system
		layout = $(echo $system | sed 's/sealed/file/')
		$([ $system = tree ] || echo "pattern = %Y%m%d$([ $system = sealed ] &&
			echo .bin || echo .tar.zst)")
	END
done
give_user "$disk"
hk reload >/dev/null
scan_all
# What it is compared with was captured before.
pack 20261102
scan_all
findings_are
expect_equal "$(hk copies archive --json | jq -r '.copies[0].members')" complete
# Members are looked at where they are unpacked.
expect_equal "$(query "SELECT s.files, s.known, same FROM survey s
	JOIN drift d ON d.manifest = s.manifest
	JOIN manifest m ON m.id = s.manifest JOIN copy c ON c.id = m.copy
	WHERE c.system = 'archive'")" "$((files + 1))|$((files + 1))|$((files - 1))"

say "... and an archive of what was encrypted"
bsdtar -cf - -C "$landing/20261108" . | zstd -q >"$disk/archive/20261103.tar.zst"
give_user "$disk"
scan_all
findings_are suspicious-content
expect_equal "$(hk findings --json | jq -r '.findings[0].system')" archive

say "a parser that is killed costs the hints, never the capture, and that is told"
next 20261112 20261107
truncate -s 6G "$landing/20261112/large"
give_user "$landing/20261112"
hk scan --json >/dev/null
parser=
wait_until 60 eval 'parser=$(pgrep -P "$daemon" -f "role parser")'
kill -KILL "$parser"
wait_until 120 is_idle
hk findings ehr --json >unchecked || :
expect_equal "$(jq -r '.findings[].code' unchecked)" content-unchecked
expect_equal "$(survey_of 20261112 files)" "" "survey of a parser that died"
expect_equal "$(hk copies ehr@20261112T000000+0000 --json |
	jq -r '.copies[0].verdict')" intact
expect_status 3 hk status
hk accept "$(jq '.findings[0].id' unchecked)" --by Sato --note 'killed' >/dev/null

say "the journal proves it, and the rows are what it says"
hk journal list --json >all
expect_no_line 'HOW_TO|locked|IM001' all
stop_daemon
expect_status 0 hk catalog rebuild "$scratch/rebuilt.db"

say "a living tree that is encrypted, when it is looked at again"
need_clock
encrypt "$disk/tree/ssmix2" .locked
begin env LD_PRELOAD="$clock_library" FAKETIME=+2d
tree_is_suspicious() {
	hk findings --code suspicious-content --json |
		jq -e '[.findings[].system] | index("tree")'
}
wait_until 60 tree_is_suspicious
wait_until 60 is_idle
finding=$(hk findings tree --code suspicious-content --json | jq '.findings[].id')
expect_equal "$(printf '%s\n' "$finding" | wc -l)" 1 "findings of the tree"
hk show "$finding" >out
expect_line 'files renamed with an unusual ending' out
# What was not read anew was not looked at again, and that is told.
expect_equal "$(query "SELECT s.files + s.carried FROM survey s
	JOIN manifest m ON m.id = manifest JOIN copy c ON c.id = m.copy
	WHERE c.system = 'tree' ORDER BY m.id DESC LIMIT 1")" \
	"$(find "$disk/tree" -type f | wc -l)" "looked at, and carried"
