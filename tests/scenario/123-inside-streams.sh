#!/bin/sh
# Goal: a dump that lost its end before it was compressed is named, whole ones are counted.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
need bzip2 gzip lz4 tar xz zstd

policy="full_after_capture = no
		$(closed_window)"
install_small

# of DAY: the id of that day's generation.
of() {
	printf 'ehr@%sT000000+0000' "$1"
}

# pack FOLDER: the dumps and the rest in the working folder, each packed.
pack() {
	mkdir "$1"
	gzip -c <orca.sql >"$1/orca.sql.gz"
	zstd -q -c <orca.sql >"$1/orca.sql.zst"
	xz -c <orca.sql >"$1/orca.sql.xz"
	bzip2 -c <orca.sql >"$1/orca.sql.bz2"
	lz4 -q -c <orca.sql >"$1/orca.sql.lz4"
	zstd -q -c <ehr.dump >"$1/ehr.dump.zst"
	gzip -c <ehr.db >"$1/ehr.db.gz"
	gzip -c <RECEIPTC.UKE >"$1/RECEIPTC.UKE.gz"
}

say "a real server is dumped, and the dumps are compressed"
begin_server
server_sql <<-END
	CREATE TABLE patients (id int PRIMARY KEY, note text);
	INSERT INTO patients SELECT i, md5(i::text) FROM generate_series(1, 5000) i;
END
server_dump >orca.sql
server_dump -Fc >ehr.dump
end_server
sqlite3 ehr.db 'CREATE TABLE a (i); INSERT INTO a VALUES (zeroblob(20000))'
printf 'IR,1,13,1,1234567,,202611,00\r\nRE,1,1112,202611,A,1,3500101\r\n' \
	>RECEIPTC.UKE
printf 'HO,06123456,,1,2,1200,,0\r\nGO,1,1200,99\r\n' >>RECEIPTC.UKE
pack whole
tar -czf whole/images.tar.gz orca.sql

say "the same, each cut before it was compressed: the streams are whole"
for file in orca.sql ehr.dump ehr.db RECEIPTC.UKE; do
	head -c "$(($(wc -c <"$file") / 2))" "$file" >half
	mv half "$file"
done
pack cut
gzip -t cut/orca.sql.gz

put 20261101 whole/*
put 20261102 cut/*
begin
scan_all

say "at the level members: whole ones are counted, cut ones are named"
expect_status 0 hk verify --wait --level members "$(of 20261101)" --json
hk show "$(of 20261101)" --json | jq -r '.copies[0].id' >copy
hk show "$(cat copy)" --json | jq -c '.copy.manifests[0].contents.formats[] |
	[.format, .files, .broken, .counts.packed, .counts.rows, .counts.blocks,
	.counts.claims, .counts.not_inspected]' | sort >told
expect_equal "$(cat told)" '["pgdump",1,0,1,null,1,null,null]
["sql",5,0,5,25000,null,null,null]
["sqlite",1,0,1,null,null,null,null]
["stream",1,0,null,null,null,null,1]
["uke",1,0,1,null,null,1,null]'
findings_are
LC_ALL=C.UTF-8 hk show "$(cat copy)" >out
expect_line 'SQL dumps: files 5, .*of them compressed 5' out
expect_line 'compressed files: files 1, .*content not looked into 1' out

expect_status 1 hk verify --wait --level members "$(of 20261102)" --json
hk findings --json | jq -r '.findings[] |
	"\(.name) \(.code) \(.verdict)"' | sort >told
(cd cut && for file in *; do echo "$file content-broken none"; done) | sort |
	diff -u - told || fail "the findings"
finding=$(hk findings --json |
	jq '.findings[] | select(.name == "orca.sql.gz") | .id')
expect_equal "$(hk show "$finding" --json | jq -c '.finding.detail |
	[.format, .fault, .is_inside]')" '["sql","truncated",true]'
LC_ALL=C.UTF-8 hk show "$finding" >out
expect_line '^SQL dumps: It stops short: its end is missing\.$' out
expect_line '^That is so inside the compressed file' out

say "a drill: with counts, and what nobody looked into; or it fails"
drill_day 0 passed 20261101
expect_line '^sql passed .*"packed":5.*"rows":25000' - <<-END
	$(check_of inspect)
END
LC_ALL=C.UTF-8 hk drill show "$number" >out
sed -n '/^Not proved/,$p' out >not-proved
expect_line '^  Compressed files with a content that was not looked into: 1$' \
	not-proved
expect_no_line 'not_inspected\|content not looked into [0-9]' out
drill_why 2 failed truncated 20261102
expect_line '^sql failed .*"broken":5' - <<-END
	$(check_of inspect)
END
LC_ALL=C.UTF-8 hk drill show "$number" >out
expect_line 'SQL dumps: .*broken 5' out

say "the report's table of drills has these numbers, in both languages"
# drills LANGUAGE: that table, a row in a line each.
drills() {
	LANGUAGE=$1 LC_ALL=C.UTF-8 "$hikae" --root "$root" report -o report.html
	tr -d '\n' <report.html | sed 's/<tr>/\n/g' | grep '<td class="id">ehr@'
}
expect_status 0 drills en
expect_line 'ehr@20261101.*<td><p>Compressed files with a content that was not looked into: 1</p></td>' out
expect_line 'ehr@20261102.*<td>none</td>' out
expect_status 0 drills ja
expect_line '<td><p>中身を調べていない圧縮ファイル：1 個</p></td>' out
