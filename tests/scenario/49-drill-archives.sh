#!/bin/sh
# Goal: an archive's members are restored and proved, and never written outside.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
private_mounts
need bsdtar zstd tar

policy="full_after_capture = no
		$(closed_window)"
install_small
sed -i -e 's/^layout = .*/layout = archive/' \
	-e 's/^pattern = .*/pattern = %Y%m%d.*/' "$root/etc/hikae/hikae.conf"

# drilled STATUS OUTCOME REASON DAY [OPTION...]: what was restored is in ./check.
drilled() {
	drill_why "$@"
	query "SELECT detail FROM drill_check WHERE kind = 'restore'
		ORDER BY seq DESC LIMIT 1" >check
}

mkdir -p one/sub
seq 1 200000 >one/b
echo a >one/a
ln one/a one/sub/hard
ln -s ../a one/sub/soft
tar -c one | zstd -q >"$landing/20261101.tar.zst"
# Names that lead out, links that do, and files behind such links.
mkdir -p evil/in
echo evil >evil/in/file
tar -P -c --transform 's|^evil/in/file|../../../../tmp/hikae-escape|' \
	-f evil.tar evil/in/file
ln -s /tmp evil/away
tar -P -r -f evil.tar evil/away
mkfifo evil/pipe
tar -P -r -f evil.tar evil/pipe
chmod 6755 evil/in/file
tar -P -r -f evil.tar --transform 's|^evil/in/file|evil/suid|' evil/in/file
cp evil.tar "$landing/20261102.tar"
mkdir pairs
for i in $(seq 40); do
	seq "$i" 3000 >"pairs/$i"
	ln "pairs/$i" "pairs/$i.again"
done
tar -cf "$landing/20261103.tar" pairs
give_user "$landing"
begin
scan_all

say "a tar.zst"
mkdir kept
give_user kept
drilled 1 warning nothing-inspected 20261101 --target "$scratch/kept" --keep
expect_line '"files":3,' check
expect_line '"differing":0.*"extra":0.*"missing":0' check
kept=$(jq -r .drill.scratch out)
hk drill show "$number" --json >record
expect_equal "$(jq -c '[.files, .files_total, .bytes == .bytes_total]' \
	record)" '[3,3,true]' "restored, of what there is"
cmp "$kept/files/one/b" one/b
cmp "$kept/files/one/sub/hard" one/a
expect_equal "$(readlink "$kept/files/one/sub/soft")" ../a
rm -rf kept "$state/drills"/*

say "an archive that tries to write outside"
mkdir kept
give_user kept
drilled 1 warning nothing-inspected 20261102 --target "$scratch/kept" --keep
expect_line '"refused_links":1.*"refused_special":1' check
[ ! -e /tmp/hikae-escape ] || fail "it wrote outside"
kept=$(jq -r .drill.scratch out)
[ -f "$kept/files/tmp/hikae-escape" ] || fail "what is left of the name"
expect_equal "$(find "$kept/files" -type f -perm /7077 | wc -l)" 0 "modes"
expect_equal "$(find "$kept/files" -type l -o -type p | wc -l)" 0 "refused"
rm -rf kept "$state/drills"/*

say "a sample with second names of files that are not in it"
drill_day 1 warning 20261103 --sample 50%
query "SELECT detail FROM drill_check WHERE kind = 'restore'
	ORDER BY seq DESC LIMIT 1" >check
expect_line '"missing":0.*"of_files":80' check
hk drill start ehr --operator Tester --generation ehr@20261103T000000+0000 \
	--full --json >out || [ $? -eq 1 ]
expect_equal "$(jq -c '.drill.outcome' out)" '"warning"' "all of it"

say "another archive in its place"
cp "$landing/20261102.tar" "$landing/20261101.tar.zst"
drilled 2 failed files-appeared 20261101
expect_equal "$(find "$state/drills" -mindepth 1 | wc -l)" 0

say "no room"
mkdir tiny
mount -t tmpfs -o size=256k none tiny
give_user tiny
tar -c one | zstd -q >"$landing/20261103.tar.zst"
give_user "$landing"
scan_all
drilled 3 undetermined no-space 20261103 --target "$scratch/tiny"
expect_equal "$(find tiny -mindepth 1 | wc -l)" 0
