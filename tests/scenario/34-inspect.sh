#!/bin/sh
# Goal: files of real programs are told apart from those that lost something.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need sqlite3 dcmftest
# shellcheck source=tests/dicom.sh
. "$here/../dicom.sh"

# look FILE: format, gravest finding and codes.
look() {
	"$HIKAE_BUILD/tool/inspect" "$1" | cut -d ' ' -f 1,2,4
}

# is FILE EXPECTED
is() {
	expect_equal "$(look "$1")" "$2" "what is said of $1"
}

# cut FILE BYTES: without its last bytes, as cut.NAME.
cut_end() {
	head -c -"$2" "$1" >"cut.${1##*/}"
	printf 'cut.%s' "${1##*/}"
}

say "a database of SQLite"
sqlite3 a.db 'CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(20000))'
is a.db 'sqlite sound -'
is "$(cut_end a.db 1)" 'sqlite broken truncated'

say "an image of dcmtk, plain and compressed"
image_text >image.txt
for syntax in e i b; do
	dump2dcm -q "+t$syntax" image.txt "image-$syntax.dcm"
	is "image-$syntax.dcm" 'dicom sound -'
done
dcmcrle image-e.dcm rle.dcm
is rle.dcm 'dicom sound -'
is "$(cut_end image-e.dcm 2)" 'dicom broken truncated'
sed 's/(0028,0010) US 2/(0028,0010) US 9/' image.txt >tall.txt
dump2dcm -q tall.txt tall.dcm
is tall.dcm 'dicom warning size-mismatch'

server_bin=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null |
	sort -V | tail -n 1)
[ -n "$server_bin" ] || skip "PostgreSQL is missing (mk/packages.txt)"
server_bin=${server_bin%/*}
say "dumps of a real PostgreSQL"
server=$(mktemp -d /tmp/hikae-inspect.XXXXXX)
give_user "$server"
as_user "$server_bin/initdb" -D "$server/data" -U ehr -A trust --no-sync \
	>server.log 2>&1
as_user "$server_bin/pg_ctl" -D "$server/data" -w -l "$server/log" \
	-o "-F -k $server -c listen_addresses=''" start >>server.log
export PGHOST="$server" PGUSER=ehr PGDATABASE=postgres
dumped=0
"$server_bin/psql" -q -c 'CREATE TABLE a (i int, t text)' \
	-c 'INSERT INTO a SELECT g, md5(g::text) FROM generate_series(1, 30000) g' \
	-c 'CREATE TABLE nothing (i int)' &&
	"$server_bin/pg_dump" -Fc -f c.dump &&
	"$server_bin/pg_dump" -Fc | cat >pipe.dump &&
	"$server_bin/pg_dump" -Fc -Z0 -f plain.dump &&
	"$server_bin/pg_dump" -Fd -f folder &&
	"$server_bin/pg_dump" -f a.sql &&
	"$server_bin/pg_dumpall" -f all.sql &&
	dumped=1
as_user "$server_bin/pg_ctl" -D "$server/data" -m immediate stop >/dev/null
rm -rf "$server"
expect_equal "$dumped" 1 dumps
for file in c.dump pipe.dump plain.dump folder/toc.dat; do
	is "$file" 'pgdump sound -'
done
is a.sql 'sql sound -'
is all.sql 'sql sound -'

say "pg_restore --list is content with a dump that lost its end; hikae is not"
lost=$(cut_end c.dump 5000)
"$server_bin/pg_restore" --list "$lost" >list
is "$lost" 'pgdump broken truncated,missing-part'
is "$(cut_end c.dump 1)" 'pgdump broken truncated'
is "$(cut_end a.sql 200)" 'sql broken truncated'
cp c.dump flipped.dump
printf '\125' | dd of=flipped.dump bs=1 conv=notrunc 2>/dev/null \
	seek=$(($(stat -c %s c.dump) / 2))
"$server_bin/pg_restore" --list flipped.dump >list
is flipped.dump 'pgdump broken checksum,missing-part'

say "DICOM files of pydicom's tests: part 10 where dcmftest says so"
images=$(find /usr/lib/python3 -path '*pydicom/data*' -name '*.dcm' 2>/dev/null)
[ -n "$images" ] || skip "python3-pydicom is missing (mk/packages.txt)"
# shellcheck disable=SC2086 # names without blanks
dcmftest $images >tested 2>&1 || :
while IFS=': ' read -r answer file; do
	told=$(look "$file")
	case $answer,$told in
	yes,*no-preamble* | yes,none* | no,'dicom sound'*)
		fail "$file: dcmftest says $answer, hikae $told"
		;;
	yes,dicom* | no,*) ;;
	*) fail "$file: $answer, $told" ;;
	esac
done <tested
[ "$(grep -c '^yes' tested)" -gt 80 ] || fail "few files were tested"
for name in MR_truncated rtplan_truncated; do
	expect_equal "$(look "$(printf '%s\n' "$images" | grep "/$name.dcm")" |
		cut -d ' ' -f 1,2)" 'dicom broken' "$name"
done
