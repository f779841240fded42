#!/bin/sh
# Goal: questions become an installation that works; bad answers change nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need jq

root=$scratch/root
conf=$root/etc/hikae/hikae.conf
nas=$scratch/nas
mkdir -p "$root" "$nas/backup/karte" "$nas/pacs/1"
for day in 20261101 20261102 20261103; do
	mkdir "$nas/backup/karte/$day"
	printf 'patients of %s\n' "$day" >"$nas/backup/karte/$day/a"
	printf 'claims\n' >"$nas/backup/orca-$day-0200.tar.gz"
done
printf 'image\n' >"$nas/pacs/1/a.dcm"
mkdir "$nas/weekly"
for day in mon tue wed; do
	printf 'results\n' >"$nas/weekly/lab_$day.dmp"
done
printf 'correct horse\n' >passphrase

setup() {
	"$hikae" --root "$root" setup --passphrase-file passphrase \
		--facility-key "$scratch/facility.key" "$@"
}
answers() {
	cat >answers <<-END
		[facility]
		name = 青空病院
		id = aozora
		beds = 199
		[system ehr]
		used = yes
		[system order]
		used = no
		[system receipt]
		used = yes
		[system imaging]
		used = yes
		[system lab]
		name = 検査
		[medium nas1]
		kind = nas
		path = $nas
		mountpoint = no
		[source ehr-nas1]
		path = backup/karte
		[source receipt-nas1]
		path = backup
		[source imaging-nas1]
		path = pacs
	END
}
nothing_written() {
	[ ! -e "$conf" ] || fail "a configuration was written"
	[ ! -e "$root/var" ] || fail "a state was made"
	[ ! -e "$scratch/facility.key" ] || fail "a key was made"
	find "$root" -name '.hikae-tmp-*' | grep . && fail "a file was left"
	:
}

say "a bad file of answers is told with its line, and nothing is written"
bad() { # PATTERN SED-PROGRAM
	answers
	sed -i "$2" answers
	expect_status 65 setup --answers answers
	expect_line "$1" err
	nothing_written
}
bad '^hikae: answers:8: used: the answer is yes or no' '8s/no/maybe/'
bad '^hikae: answers:4: beds: ' 's/199/many/'
bad '^hikae: answers:16: kind: ' 's/kind = nas/kind = shoebox/'
bad '^hikae: answers:3: id: ' 's/aozora/Aozora Hospital/'
bad '^hikae: answers:3: no question asks for "colour"' '3i colour = red'
bad '^hikae: answers:3: this was answered before' '3i name = B'
bad '^hikae: answers:3: ' '3i nonsense'
bad 'system order.* has no answer to "used"' '8d'
bad 'facility.* has no answer to "name"' '2d'
bad 'answers:20: path: ' 's/= backup.karte/= ..\/..\/etc/'
expect_status 66 setup --answers nowhere
nothing_written

say "an answer that only the whole configuration refuses"
answers
mkdir -p "$root/etc/hikae/conf.d"
printf '[medium nas1]\nkind = nas\npath = /mnt\n' \
	>"$root/etc/hikae/conf.d/medium-nas1.conf"
expect_status 78 setup --answers answers
expect_line 'nas1' err
nothing_written
rm "$root/etc/hikae/conf.d/medium-nas1.conf"

say "a folder that cannot be written is told before the first question"
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p locked/etc
	chmod 755 "$scratch" locked locked/etc
	expect_status 77 as_user "$hikae" --root locked setup </dev/null
	expect_line 'etc/hikae: ' err
	expect_equal "$(wc -c <out)" 0 "what was asked"
fi

say "answers make an installation; what has no backup is said"
answers
expect_status 1 setup --answers answers
expect_line '検査: no backup of it is known' out
expect_line 'keys are made' out
expect_line 'enable --now hikaed hikae-report.timer' out
expect_status 1 "$hikae" --root "$root" config check
expect_line 'system lab. has no source' out
expect_line '^# Not used in this facility, it was said: order' "$conf"
expect_line '^pattern = %Y%m%d$' "$conf"
expect_line '^pattern = orca-%Y%m%d-%H%M\.tar\.gz$' "$conf"
expect_line '^layout = tree$' "$conf"
expect_equal "$(grep -c '^# What one generation is' "$conf")" 1 \
	"explanations of a key"
"$hikae" --root "$root" key show >shown
expect_line 'hikae/aozora/' shown
expect_equal "$(stat -c %a "$conf")" 644
grep -rqF 'correct horse' "$root" && fail "the passphrase was kept"

say "what was written is what hikaed runs on"
start_daemon "$root"
wait_until 60 sh -c "'$hikae' --root '$root' generations --json |
	jq -e '.generations | length >= 6'"

say "never over a configuration, unless forced; then the old one is kept"
cp "$conf" before
expect_status 73 setup --answers answers
expect_line '\-\-force' err
cmp before "$conf" || fail "it was replaced"
sed -i 's/beds = 199/beds = 99/' answers
expect_status 1 setup --answers answers --force --json
cmp before "$conf.bak" || fail "the old one was not kept"
expect_line '^beds = 99$' "$conf"
expect_equal "$(jq -c '[.sources, .keys, .scan, .systems_without_source]' \
	out)" '[3,"kept","begun",["lab"]]'
stop_daemon

say "names without a date: what lies there says the shape, and a key is shown"
printf '[source lab-nas1]\npath = weekly\n' >>answers
expect_status 0 setup --answers answers --force
sed -n '/^\[source lab-nas1\]/,/^$/p' "$conf" >section
expect_line '^layout = file$' section
expect_line '^pattern = \*$' section
expect_line '^#retention = 6d$' section
expect_line '^#reuses_names = yes$' section

say "a disk that is full leaves the old one whole"
if command -v strace >/dev/null; then
	cp "$conf" before
	expect_status 74 inject fsync:error=EIO "$hikae" --root "$root" \
		setup --answers answers --force --passphrase-file passphrase
	cmp before "$conf" || fail "it is not the old one"
fi

say "a person: wrong answers are asked again, and full width is understood"
rm -rf "$root" facility.key
mkdir -p "$root"
proposals=$(LC_ALL=C "$hikae" --root "$root" media scan --json |
	jq '.proposals | length')
dialogue() {
	printf '%s\n' 青空診療所 診療 ２ '' many 19 ''
	printf '%s\n' はい '' '' no n no ''
	yes no | head -n "$proposals"
	printf '%s\n' nas1 2 "$nas" '' NAS '' ''
	printf '%s\n' 7 ２ '' '' '' '' ''
}
dialogue >typed
expect_status 0 setup <typed
expect_line 'it must be one of: hospital, clinic' out
expect_line 'no folder has this number' out
expect_line 'backup/karte  .%Y%m%d, 3 found' out
expect_equal "$(sed -n 's/^kind = //p' "$conf" | xargs)" 'clinic ehr nas'
expect_line '^id = clinic$' "$conf"
expect_line '^beds = 19$' "$conf"
expect_line '^path = backup/karte$' "$conf"
expect_line '^offline = none$' "$conf"
expect_status 0 "$hikae" --root "$root" config check

say "the input ends at any line: nothing is written"
rm -rf "$root" facility.key
mkdir -p "$root"
for lines in 0 1 3 8 $((14 + proposals)) $(($(wc -l <typed) - 1)); do
	head -n "$lines" typed >short
	expect_status 65 setup <short
	expect_line 'the input ended' err
	nothing_written
done

say "no medium at all: it is written, and every system is named"
{
	head -n $((14 + proposals)) typed
	printf '%s\n' '' '' '' ''
} >typed.none
expect_status 1 setup <typed.none
expect_line 'no backup of it is known' out
expect_status 1 "$hikae" --root "$root" config check

say "Japanese"
rm -rf "$root" facility.key
mkdir -p "$root"
expect_status 0 env LANGUAGE=ja "$hikae" --root "$root" setup \
	--passphrase-file passphrase --facility-key facility.key <typed
expect_line '電子カルテを使っていますか' out
expect_no_line '[a-z]{4,} [a-z]{4,} [a-z]{3,}' out
expect_line '^# .*施設' "$conf"
expect_line '^language = ja$' "$conf"
