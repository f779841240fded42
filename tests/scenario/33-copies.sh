#!/bin/sh
# Goal: copies of one generation that differ are told file by file, and names
# that differ are told from contents.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need zstd strace

install_small
second=$scratch/disk2/ehr
mkdir -p "$second"
give_user "$scratch/disk2"
cat >>"$root/etc/hikae/hikae.conf" <<END
[medium disk2]
kind = disk
path = $scratch/disk2
mountpoint = no
[source ehr-disk2]
system = ehr
medium = disk2
path = ehr
layout = directory
pattern = %Y%m%d
END

# first DAY: a generation that is seen on the first medium first.
first() {
	generation "$1"
	scan_of ehr-disk1
}

scan_of() {
	hk scan "$1" --json >/dev/null
	wait_until 120 is_idle
}

# open_finding: the number of the newest open one.
open_finding() {
	hk findings --json | jq '.findings[0].id'
}

# show_json FILTER: of the newest open finding.
show_json() {
	hk show --json "$(open_finding)" | jq -c ".finding | $1"
}

matches_of() {
	query "SELECT result FROM copy_match WHERE generation LIKE '%@$1%'
		AND to_seq = 9223372036854775807"
}

say "the same on both media is the same"
begin
scan_all
first 20261101
cp -a "$landing/20261101" "$second/"
scan_of ehr-disk2
findings_are
expect_equal "$(matches_of 20261101)" same

say "what differs is told with its files"
first 20261102
cp -a "$landing/20261102" "$second/"
printf x >>"$second/20261102/sub/c"
rm "$second/20261102/a"
printf 'new\n' >"$second/20261102/new"
scan_of ehr-disk2
findings_are copies-differ
expect_equal "$(show_json .detail)" \
	'{"differing":1,"equal":1,"only_here":1,"only_other":1,"other":'"$(
		query "SELECT min(id) FROM copy WHERE generation LIKE '%@20261102%'"
	)"'}'
expect_equal "$(show_json '.files | map(.kind + " " + .name)')" \
	'["only-other a","only-here new","differs sub/c"]'
expect_equal "$(show_json .times)" 1
expect_equal "$(matches_of 20261102)" differ
expect_status 0 hk show "$(open_finding)"
expect_line '^Compared with copy [0-9]+\. Equal: 1, only there \(-\): 1, only here \(\+\): 1, different \(!\): 1$' out
expect_line '^- a$' out
expect_line '^\+ new$' out
expect_line '^! sub/c$' out
expect_status 0 env LC_ALL=C.UTF-8 LANGUAGE=ja "$hikae" --root "$root" show \
	"$(open_finding)"
expect_status 2 hk diff ehr@20261102T000000+0000:disk1 \
	ehr@20261102T000000+0000:disk2

say "the journal has no names"
show_json .files >before
number=$(open_finding)
stop_daemon
as_owner "$hikae" --root "$root" journal export "$root/journal"
expect_no_line 'sub/c|"new"' "$root/journal"
expect_line '"files":\[\{"kind":"only-other","subject":"[0-9a-f]{64}"\}' \
	"$root/journal"
expect_status 0 hk journal verify "$root/journal" \
	--public-key "$state/keys/daemon.pub"

say "the catalog made from the journal tells the same"
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild \
	"$root/again.db"
"$hikae" --database "$root/again.db" show --json "$number" |
	jq -c .finding.files >after
cmp -s before after || fail "other files after rebuilding"
begin
scan_all

say "of many files the first are told, and how many there are"
first 20261103
cp -a "$landing/20261103" "$second/"
i=0
while [ $i -lt 150 ]; do
	: >"$second/20261103/empty-$i"
	i=$((i + 1))
done
scan_of ehr-disk2
findings_are copies-differ copies-differ
expect_equal "$(show_json '.files | length')" 100
expect_equal "$(show_json .detail.only_here)" 150
expect_status 0 hk show "$(open_finding)"
expect_line '^and 50 more: hikae diff [0-9]+ [0-9]+$' out

say "the same contents under other names are only that"
first 20261104
cp -a "$landing/20261104" "$second/"
mv "$second/20261104/sub" "$second/20261104/other"
scan_of ehr-disk2
findings_are copies-differ copies-differ names-differ
expect_equal "$(matches_of 20261104)" names-differ
expect_equal "$(show_json '.files | map(.kind + " " + .name)')" \
	'["only-here other/c","only-other sub/c"]'
expect_equal "$(query "SELECT count(*) FROM finding WHERE code = 'copies-differ'
	AND generation LIKE '%@20261104%'")" 0 "false alarms"

say "with the oldest copy goes what was only its own difference"
stop_daemon
third=$scratch/disk3/ehr
mkdir -p "$third"
cp "$root/etc/hikae/hikae.conf" before.conf
cat >>"$root/etc/hikae/hikae.conf" <<END
[medium disk3]
kind = disk
path = $scratch/disk3
mountpoint = no
[source ehr-disk3]
system = ehr
medium = disk3
path = ehr
layout = directory
pattern = %Y%m%d
END
begin
scan_all
first 20261031
cp -a "$landing/20261031" "$second/"
printf x >>"$second/20261031/b"
cp -a "$second/20261031" "$third/"
give_user "$second" "$scratch/disk3"
scan_of ehr-disk2
scan_of ehr-disk3

# differing: how many copies of that generation are told to differ now.
differing() {
	query "SELECT count(*) FROM finding JOIN finding_state ON finding = id
		AND to_seq = 9223372036854775807 WHERE state = 'open'
		AND code = 'copies-differ' AND generation LIKE '%@20261031%'"
}
oldest=$(query "SELECT min(id) FROM copy WHERE generation LIKE '%@20261031%'")
expect_equal "$(differing)" 2
rm -r "${landing:?}/20261031"
scan_of ehr-disk1
expect_equal "$(differing)" 2 "while it is missing"
expect_status 0 hk expire "$oldest"
expect_equal "$(differing)" 0 "of those that are left"
expect_equal "$(matches_of 20261031)" same
stop_daemon
mv before.conf "$root/etc/hikae/hikae.conf"

say "an archive is compared by its members"
sed -i '/^\[source ehr-disk2\]/,$ { s/^layout = .*/layout = archive/
	s/^pattern = .*/pattern = %Y%m%d.tar.zst/; }' "$root/etc/hikae/hikae.conf"
begin
scan_all
first 20261105
tar -C "$landing" -c 20261105 | zstd -q -o "$second/20261105.tar.zst"
first 20261106
cp -a "$landing/20261106" .
printf x >>20261106/b
tar -c 20261106 | zstd -q -o "$second/20261106.tar.zst"
give_user "$second"
scan_of ehr-disk2
expect_equal "$(matches_of 20261105)" same
expect_equal "$(matches_of 20261106)" differ
expect_equal "$(hk findings --json | jq -r '.findings[0] | .code + " " +
	.generation')" 'copies-differ ehr@20261106T000000+0000'
expect_equal "$(show_json '.files | map(.kind + " " + .name)')" \
	'["differs b"]'

say "only a signed manifest is compared"
first 20261107
cp -a "$landing/20261107" .
printf x >>20261107/a
tar -c 20261107 | zstd -q -o "$second/20261107.tar.zst"
flip "$state/manifests/ehr/ehr@20261107T000000+0000/disk1.1.mtree.zst" 30
scan_of ehr-disk2
show_json . >shown
expect_equal "$(jq -r '.code + " " + .generation' shown)" \
	'copies-differ ehr@20261107T000000+0000'
expect_equal "$(jq -c '[.files, (.detail | keys)]' shown)" '[null,["other"]]'
expect_line 'compare of ehr@20261107T000000.0000 on disk2: it failed' \
	"$root.log"
stop_daemon

say "a comparison that was cut off is made after the next start"
if ldd "$hikaed" | grep -q libasan; then
	say "not with a sanitizer, which goes neither with tracing nor clocks"
	exit 0
fi
strace -qq -o /dev/null true 2>/dev/null || skip "no tracing here"
generation 20261108
cp -a "$landing/20261108" .
printf x >>20261108/a
tar -c 20261108 | zstd -q -o "$second/20261108.tar.zst"
give_user "$second"

findings_of() {
	query "SELECT count(*) FROM finding WHERE generation LIKE '%@$1%'"
}

# Killed at its first, second, ... child, until that is the comparison.
cp -a "$root/var" before.var
is_cut_off() {
	[ "$(matches_of 20261108)" = differ ] && [ "$(findings_of 20261108)" = 0 ]
}
has_compared() {
	[ "$(findings_of 20261108)" = 1 ]
}
# Media are read beside each other: the comparison is not always the same one.
children=0
tries=0
until is_cut_off; do
	tries=$((tries + 1))
	[ "$tries" -lt 60 ] || fail "never cut off"
	if has_compared; then
		children=$((children - 1))
	else
		children=$((children + 1))
	fi
	rm -rf "${root:?}/var"
	cp -a before.var "$root/var"
	# shellcheck disable=SC2086 # words
	strace -D -qq -o trace -e trace=clone \
		-e "inject=clone:signal=KILL:when=$children" \
		$owner "$hikaed" --root "$root" >>"$root.log" 2>&1 &
	daemon=$!
	daemons="$daemons $daemon"
	until has_compared || ! kill -0 "$daemon" 2>/dev/null; do
		sleep 0.1
	done
	kill -KILL "$daemon" 2>/dev/null || :
	wait "$daemon" 2>/dev/null || :
	daemons=
done
begin
scan_all
expect_equal "$(findings_of 20261108)" 1 "findings after"
expect_equal "$(show_json '.files | map(.kind + " " + .name)')" '["differs a"]'
stop_daemon

say "found again it is the same finding, and closed once they match"
need_clock
rm -rf "${landing:?}" "${second:?}" "${root:?}/var" "$root/run"
mkdir -p "$landing" "$second"
sed -i -e 's/^layout = .*/layout = tree/' -e '/^pattern/d' \
	"$root/etc/hikae/hikae.conf"
make_keys "$root"
printf one >"$landing/a"
cp -p "$landing/a" "$second/"
printf two >"$second/a"
touch -r "$landing/a" "$second/a"
give_user "$root" "$disk" "$scratch/disk2"

# days_later N: with all that is due by then; into ./state.
days_later() {
	begin env LD_PRELOAD="$clock_library" FAKETIME="+$1d" \
		FAKETIME_DONT_FAKE_MONOTONIC=1
	scan_all
	stop_daemon
	query "SELECT code || ' ' || state || ' ' || times FROM finding
		JOIN finding_state ON finding = id
		AND to_seq = 9223372036854775807 WHERE code = 'copies-differ'" >state
}
days_later 0
expect_equal "$(cat state)" "copies-differ open 1"
days_later 2
# Both are captured anew; the first comparison may be over before the second.
expect_line '^copies-differ open [23]$' state
printf one >"$second/a"
days_later 4
expect_line '^copies-differ closed [2-4]$' state
