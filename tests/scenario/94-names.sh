#!/bin/sh
# Goal: of every kind of file hikae records, compares, shows and restores what its manual says, whatever bytes its name has.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
need perl

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
day=$landing/20261101
manifest=$state/manifests/ehr/ehr@20261101T000000+0000/disk1.1.mtree.zst
# "Record" in Shift_JIS, of which a second byte is a backslash.
sjis=$(printf '\213L\230^\225\134').csv
# The same letter, composed and as a Mac writes it.
composed=が
decomposed=$(printf '\343\201\213\343\202\231')
feed=$(printf 'line\nfeed')
turned=$(printf 'gpj\342\200\256txt')

make_socket() {
	perl -MIO::Socket::UNIX -e \
		'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
}

mkdir "$day"
cd "$day"
for name in "$sjis" "$composed" "$decomposed" "$feed" "$turned" 'back\slash' \
	plain; do
	printf 'this is %s\n' "$name" >"$name"
done
ln plain again
truncate -s 3M sparse
printf data | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none
mkdir empty
ln -s 'no where' link
mkfifo pipe
make_socket
# Deeper than any program can name: 20 folders of 250 bytes each.
perl -e 'my $name = "d" x 250;
	for (1 .. 20) { mkdir $name and chdir $name or die }
	open my $f, ">", "bottom" or die; print $f "deep\n"; close $f or die'
devices=0
if [ "$(id -u)" -eq 0 ] && mknod null c 1 3 && mknod loop b 7 250; then
	devices=2
fi
cd "$scratch"
give_user "$landing"
begin
scan_all
findings_are

say "recorded: the bytes of each name, its kind, and of files what they hold"
hk manifest export "$manifest" --format mtree >m
sum=$(sha256sum <"$day/plain" | cut -d ' ' -f 1)
for line in "plain type=file size=14 .*sha256digest=$sum" \
	"again type=file size=14 .*sha256digest=$sum" \
	'sparse type=file size=3145728 ' 'empty type=dir ' \
	'link type=link .*link=no\\040where' 'pipe type=fifo ' \
	'socket type=socket ' '\\213L\\230\^\\225\\134\.csv type=file ' \
	'line\\012feed type=file ' 'back\\134slash type=file ' \
	'gpj\\342\\200\\256txt type=file ' \
	'\\343\\201\\214 type=file ' '\\343\\201\\213\\343\\202\\231 type=file '; do
	expect_line "^\./$line" m
done
[ "$devices" -eq 0 ] || expect_equal "$(grep -cE \
	'^\./(null type=char|loop type=block) time=[0-9.]+ mode=[0-7]{4}$' m)" 2 \
	"lines of devices, without their numbers"
# Who owns them, that two names are one file, and where holes are: nowhere.
expect_no_line '(uid|gid|uname|gname|nlink|inode|device|flags)=' m

say "compared: bytes and sizes, kinds, targets; nothing else"
cp -p --attributes-only "$day/plain" times
chmod 640 "$day/plain" "$day/sparse" "$day/pipe"
chmod 700 "$day/empty"
touch "$day/plain" "$day/pipe" "$day/empty" "$day"
touch -h "$day/link"
[ "$(id -u)" -ne 0 ] || chown 65534:65533 "$day/plain" "$day/empty"
dd if=/dev/zero of="$day/sparse" bs=64k count=4 conv=notrunc status=none
as_owner cp -p "$day/again" "$day/copied"
mv "$day/copied" "$day/again"
expect_status 0 hk verify --wait
findings_are

say "found: each kind that changed or went, each name of a shared file"
ln -f "$day/plain" "$day/again"
touch -r times "$day/plain"
flip "$day/$sjis" 3
rm "$day/pipe"
ln -sfn elsewhere "$day/link"
rm "$day/socket"
printf x >"$day/socket"
rmdir "$day/empty"
give_user "$day/socket"
expect_status 2 hk verify --wait
findings_are bit-rot missing missing overwritten type-changed
number=$(hk findings --json | jq '.findings[] | select(.code == "bit-rot").id')

say "shown: what is no text as \\x and two digits, the rest as it is"
hk show "$number" >shown || :
expect_line '\\x8bL\\x98\^\\x95\\\\\.csv' shown
expect_equal "$(hk show "$number" --json |
	jq -r '[.. | objects | .b64? // empty] | unique | join(" ")')" \
	"$(printf %s "$sjis" | base64)" "the name in JSON"
flip "$day/$sjis" 3
rm "$day/socket"
(cd "$day" && mkfifo pipe && make_socket && mkdir empty)
ln -sfn 'no where' "$day/link"
give_user "$day/pipe" "$day/socket" "$day/empty"
expect_status 0 hk verify --wait
findings_are
flip "$day/plain" 3
expect_status 2 hk verify --wait
findings_are bit-rot bit-rot
flip "$day/plain" 3
expect_status 0 hk verify --wait
findings_are

say "looked for: by the bytes that a name has"
# finds NAME SHOWN
finds() {
	hk find "$1" >found
	expect_equal "$(sed 1d found | sed 's/.*  //')" "$2" "what is found"
}
finds "$sjis" '\x8bL\x98^\x95\\.csv'
finds "$(printf '記録表' | iconv -t cp932)" '\x8bL\x98^\x95\\.csv'
finds "$feed" 'line\x0afeed'
finds "$turned" 'gpj\u{202e}txt'
finds 'back\slash' 'back\\slash'
finds "$composed" "$composed"
finds "$decomposed" "$decomposed"
expect_status 1 hk find '記録表'
expect_equal "$(hk find bottom --json | jq '.[0].path | length')" \
	$((20 * 251 + 6)) "the length of a deep path"

say "other programs get the same bytes"
hk manifest export "$manifest" --format sha256sum >sums
expect_equal "$(grep -ac '^[\\]' sums)" 3 "names that sha256sum escapes"
# What no program can name is left to hikae.
grep -av '/bottom$' sums >short
expect_equal "$(($(wc -l <sums) - $(wc -l <short)))" 1
(cd "$day" && sha256sum -c --quiet "$scratch/short")

say "restored: files and links; what has no content is left out, and counted"
mkdir back
give_user back
drill 1 warning --target "$scratch/back" --keep
check_of restore >check
expect_line "\"refused_special\":$((2 + devices))[,}]" check
expect_line '"differing":0.*"missing":0' check
files=$(find back -type d -name files)
for name in "$sjis" "$composed" "$decomposed" "$feed" "$turned" 'back\slash' \
	plain again sparse; do
	cmp "$day/$name" "$files/$name"
done
expect_equal "$(readlink "$files/link")" 'no where' "a link's target"
expect_equal "$(stat -c '%h %a' "$files/again")" '1 600' "a shared file"
[ -d "$files/empty" ] || fail "an empty folder is missing"
for name in pipe socket null loop; do
	[ ! -e "$files/$name" ] || fail "$name was made"
done
find "$files" -name bottom | grep -q . || fail "the deep file is missing"
stop_daemon
