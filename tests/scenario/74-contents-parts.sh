#!/bin/sh
# Goal: files that a dump or a DICOMDIR names are missed, and cut ones are found.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need bsdtar dump2dcm dcmmkdir dcmftest zstd
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"

policy="full_after_capture = no
		$(closed_window)"
install_small
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[source ehr-archives]
	system = ehr
	medium = disk1
	path = archives
	layout = archive
	pattern = %Y%m%d.*
END
mkdir "$disk/archives"

begin_server
server_sql >/dev/null <<-'SQL'
	CREATE TABLE patients (id int PRIMARY KEY, name text);
	INSERT INTO patients SELECT n, md5(n::text) FROM generate_series(1, 3000) n;
	CREATE TABLE nothing (i int);
	SELECT lo_from_bytea(0, 'a scanned letter');
SQL
mkdir dumps
give_user dumps
server_dump -Fd -f dumps/packed
server_dump -Fd -Z0 -f dumps/plain
server_dump -Fd -Z0 --inserts -f dumps/inserts
server_dump -Ft -f dumps/ehr.tar
end_server

# Images as a CD of a modality has them, and their DICOMDIR.
mkdir -p cd/IMAGES
for i in 1 2 3; do
	cat >image.txt <<-TEXT
		(0008,0016) UI =SecondaryCaptureImageStorage
		(0008,0018) UI [1.2.392.200036.$i]
		(0008,0020) DA [20261101]
		(0008,0030) TM [120000]
		(0008,0060) CS [OT]
		(0008,0064) CS [WSD]
		(0010,0010) PN [Hikae^Taro]
		(0010,0020) LO [1]
		(0020,000d) UI [1.2.392.200036.7]
		(0020,000e) UI [1.2.392.200036.8]
		(0020,0010) SH [1]
		(0020,0011) IS [1]
		(0020,0013) IS [$i]
		(0028,0002) US 1
		(0028,0004) CS [MONOCHROME2]
		(0028,0010) US 2
		(0028,0011) US 2
		(0028,0100) US 8
		(0028,0101) US 8
		(0028,0102) US 7
		(0028,0103) US 0
		(7fe0,0010) OB 01\\02\\03\\04
	TEXT
	dump2dcm -q image.txt "cd/IMAGES/IM0000$i"
done
(cd cd && dcmmkdir -q +I +r +id . IMAGES) || fail "dcmmkdir"
expect_status 0 dcmftest cd/DICOMDIR
# As Linux shows a CD without Joliet, and as it is written there.
mkdir -p small/images written/IMAGES
cp cd/DICOMDIR small/dicomdir
cp cd/DICOMDIR 'written/DICOMDIR;1'
for i in 1 2 3; do
	cp "cd/IMAGES/IM0000$i" "small/images/im0000$i"
	cp "cd/IMAGES/IM0000$i" "written/IMAGES/IM0000$i.;1"
done

# says DAY STATUS [LINE]: of that generation "NAME CODE FAULT EXPECTED ACTUAL".
says() {
	said_day=$1
	expect_status "$2" hk verify --wait --level members \
		"ehr@${said_day}T000000+0000"
	shift 2
	for id in $(hk findings --json "ehr@${said_day}T000000+0000" |
		jq '.findings[] | select(.code | startswith("content-")) | .id'); do
		hk show "$id" --json | jq -r '.finding | "\(.name) \(.code)" +
			" \(.detail.fault) \(.detail.expected) \(.detail.actual)"'
	done >said
	expect_equal "$(sort said)" "$*" "what is said of $said_day"
}

# altered FROM TO COMMAND...: a copy of a folder in which the command ran.
altered() {
	cp -R "$1" "$2"
	(
		cd "$2"
		shift 2
		"$@"
	)
}
shorten() {
	head -c "-$2" "$1" >shortened
	mv shortened "$1"
}
data=$(basename "$(find dumps/plain -name '[0-9]*.dat' -size +1k)")

mkdir whole
cp -R dumps/* cd whole
put 20261101 whole
altered dumps/packed no-data rm "$data.gz"
put 20261102 no-data
altered dumps/packed cut-data shorten "$data.gz" 5
put 20261103 cut-data
altered dumps/plain cut-plain shorten "$data" 2
put 20261104 cut-plain
altered dumps/inserts no-blob sh -c 'rm blob_*.dat'
put 20261105 no-blob
altered dumps/packed long-data sh -c "echo more >>$data.gz"
put 20261106 long-data
mkdir tar
head -c -20000 dumps/ehr.tar >tar/ehr.tar
put 20261107 tar
altered dumps/plain zstd-data sh -c 'zstd -q --rm [0-9]*.dat'
put 20261108 zstd-data
altered zstd-data zstd-cut shorten "$data.zst" 3
put 20261109 zstd-cut
altered cd no-image rm IMAGES/IM00002
put 20261110 no-image
put 20261111 small
put 20261112 written
cp dumps/ehr.tar "$disk/archives/20261120.tar"
mkdir unpacked
bsdtar -xf dumps/ehr.tar -C unpacked
rm "unpacked/$data"
bsdtar -cf "$disk/archives/20261121.tar" -C unpacked .
bsdtar -czf "$disk/archives/20261122.tar.gz" no-image
bsdtar -cf "$disk/archives/20261123.zip" --format zip \
	--options zip:encryption=aes256 --passphrase x cd
# A tree of generations: the second is further names of the first.
mkdir -p linked/daily.0
cp -R dumps/plain cd linked/daily.0
cp -Rl linked/daily.0 linked/daily.1
tar -cf "$disk/archives/20261124.tar" linked
give_user "$disk/archives"
begin
scan_all

say "all parts and images are there"
says 20261101 0
say "a part of a dump is missing, cut, or too long"
says 20261102 1 'no-data/toc.dat content-broken missing-part 3 2'
says 20261103 1 'cut-data/toc.dat content-broken truncated null null'
says 20261104 1 'cut-plain/toc.dat content-broken truncated null null'
says 20261105 1 'no-blob/toc.dat content-broken missing-part 1 0'
says 20261106 1 'long-data/toc.dat content-mismatch trailing null null'
says 20261107 1 'tar/ehr.tar content-broken truncated null null'
say "parts as PostgreSQL 16 compresses them"
says 20261108 0
says 20261109 1 'zstd-cut/toc.dat content-broken truncated null null'
say "a DICOMDIR names an image that is not there; names as ISO 9660 has them"
says 20261110 1 'no-image/DICOMDIR content-broken missing-part 3 2'
says 20261111 0
says 20261112 0
say "in archives: -Ft itself, one of its members missing, images"
says 20261120 0
says 20261121 1 'toc.dat content-broken missing-part 3 2'
says 20261122 1 'no-image/DICOMDIR content-broken missing-part 3 2'
say "nobody can look into encrypted members: that is said, and no failure"
says 20261123 0
hk show ehr@20261123T000000+0000 --json | jq '.copies[0].id' >copy
expect_equal "$(hk show "$(cat copy)" --json | jq -r '.copy.manifests[0].contents |
	"\(.outcome) \(.files) \(.other) \(.skipped)"')" 'undetermined 0 0 4'
expect_equal "$(hk findings ehr@20261123T000000+0000 --json |
	jq -r '.findings[] | "\(.code) \(.severity)"')" 'archive-opaque good'
say "hard links in an archive: further names of what was looked into"
says 20261124 0

say "a drill of all files misses it as well"
expect_status 2 hk drill start ehr --operator Tester --json \
	--generation ehr@20261110T000000+0000
expect_equal "$(jq -r '.drill | "\(.outcome) \(.reason)"' out)" \
	'failed missing-part'
