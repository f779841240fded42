#!/bin/sh
# Goal: archives are captured with their members, by a parser without rights.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need bsdtar zstd xz zip 7z genisoimage openssl minisign pgrep

policy='archive_expand = 1GiB
		job_timeout = 10s'
install_small
sed -i -e 's/^layout = .*/layout = archive/' \
	-e 's/^pattern = .*/pattern = %Y%m%d.*/' "$root/etc/hikae/hikae.conf"

mkdir -p export/カルテ
seq 1 30000 >export/dump.sql
printf '所見\n' >export/カルテ/検査.txt
ln -s dump.sql export/latest

# members DAY COLUMN...: what is recorded of that day's archive.
members() {
	query "SELECT $2 FROM manifest JOIN copy ON copy.id = manifest.copy
		WHERE copy.generation LIKE '%@$1%' ORDER BY manifest.id DESC LIMIT 1"
}

say "the same export in every kind of archive has one content"
tar -cf "$landing/20261101.tar" export
tar -c export | zstd -q -o "$landing/20261102.tar.zst"
tar -czf "$landing/20261103.tar.gz" export
tar -cJf "$landing/20261104.tar.xz" export
zip -qry "$landing/20261105.zip" export
7z a -bd -snl "$landing/20261106.7z" ./export >/dev/null
genisoimage -quiet -R -graft-points -o "$landing/20261107.iso" export=export
give_user "$landing"
begin
scan_all
findings_are
for day in 20261101 20261102 20261103 20261104 20261105 20261106 20261107; do
	expect_equal "$(members $day members_state)" complete "$day"
	expect_equal "$(members $day members_files)" 2 "files of $day"
done
expect_equal "$(query 'SELECT count(DISTINCT members_content) FROM manifest')" \
	1 "contents"
expect_equal "$(query 'SELECT count(*) FROM manifest
	WHERE content = members_content')" 7 "contents that count"
expect_status 0 hk status
expect_line '^Readings: archives read twice \(zip, 7z, ISO\): 3$' out

say "decoded once more, the members are what they were"
expect_status 0 hk verify --wait --level members
expect_equal "$(query 'SELECT level || " " || outcome FROM run
	ORDER BY id DESC LIMIT 1')" "members done" "the last run"
flip "$landing/20261103.tar.gz" 5000
expect_status 2 hk verify --wait --level members
findings_are archive-damaged bit-rot
flip "$landing/20261103.tar.gz" 5000
expect_status 0 hk verify --wait
findings_are archive-damaged
expect_status 0 hk verify --wait --level members
findings_are

say "the list of members is signed, and other tools read it"
list=$(find "$state/manifests" -name 'disk1.*.members.mtree.zst' | sort | head -n 1)
minisign -QVm "$list" -p "$state/keys/daemon.pub" >out
expect_equal "$(cat out)" \
	"hikae members ehr@20261101T000000+0000 disk1" "trusted comment"
zstd -qdc "$list" | bsdtar -tf - >out
expect_line '^\./export/dump\.sql$' out

say "cut off, encrypted, too large, not an archive: each is what it is"
head -c 20000 "$landing/20261102.tar.zst" >"$landing/20261111.tar.zst"
tar -c export | openssl enc -aes-256-cbc -pbkdf2 -k secret \
	-out "$landing/20261112.tar.enc"
truncate -s 1100M zeros
zstd -q zeros -o "$landing/20261113.sql.zst"
head -c 50000 /dev/zero >"$landing/20261114.zip"
# A file that libarchive 3.6.2 reads for ever, of a format that is not enabled.
cp "$here/../fuzz/corpus/archive/endless.rar" "$landing/20261115.rar"
give_user "$landing"
scan_all
expect_equal "$(members 20261111 members_state)" damaged
expect_equal "$(members 20261112 members_state)" opaque
expect_equal "$(members 20261113 members_state)" partial
# Zeros under the name of an archive.
expect_equal "$(members 20261114 members_state)" damaged
expect_equal "$(members 20261115 members_state)" opaque
findings_are archive-damaged archive-damaged archive-limit archive-opaque \
	archive-opaque suspicious-content
hk findings >out || :
tr -s '\n ' '  ' <out >told
expect_line 'encrypted or of an unknown format' told
expect_status 2 hk status

say "reading the files again settles nothing about what they contain"
expect_status 0 hk verify --wait
expect_equal "$(query "SELECT copy_trait.encrypted FROM copy_trait
	JOIN copy ON copy.id = copy_trait.copy
	WHERE copy.generation LIKE '%@20261112%'")" file "an encrypted file"
findings_are archive-damaged archive-damaged archive-limit archive-opaque \
	archive-opaque suspicious-content
expect_status 2 hk status

say "a parser that is killed or hangs costs the members, never the capture"
yes 'a line of the dump' | head -c 1G | xz -0 -T 2 >"$scratch/large.xz"
# catch_parser SIGNAL DAY: false where the parser came to its end before.
catch_parser() {
	cp "$scratch/large.xz" "$landing/$2.xz"
	give_user "$landing"
	hk scan --json >/dev/null
	while [ -z "$(members "$2" members_state)" ]; do
		parser=$(pgrep -P "$daemon" -f 'role parser') || continue
		! kill "-$1" "$parser" 2>/dev/null || break
	done
	wait_until 120 is_idle
	[ "$(members "$2" members_state)" != complete ]
}
for days in KILL:20261121:20261122:20261123 STOP:20261124:20261125:20261126; do
	signal=${days%%:*}
	for day in $(printf '%s' "${days#*:}" | tr : ' '); do
		! catch_parser "$signal" "$day" || break
	done
	expect_equal "$(members "$day" members_state)" partial "$signal"
	expect_equal "$(members "$day" 'sha256 IS NULL')" 0
done
findings_are archive-damaged archive-damaged archive-limit archive-opaque \
	archive-opaque suspicious-content archive-unchecked archive-unchecked
pgrep -P "$daemon" >out || :
expect_equal "$(cat out)" "" "children left"

stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"
