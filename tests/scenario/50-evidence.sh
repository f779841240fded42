#!/bin/sh
# Goal: an inspector checks a bundle with sha256sum and minisign, and any change of it is found.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/bundle.sh
. "$here/../bundle.sh"
need minisign bsdtar unzip jq

year=$(date -u -d '+300 days' +%Y-%m-%d)

# check FILE [ARGUMENT...]: by somebody without rights, state and daemon.
check() {
	as_user "$hikae" --root "$scratch/nowhere" evidence verify "$@"
}

# unpack FILE FOLDER: what is in it, without the one folder.
unpack() {
	rm -rf "$2"
	mkdir "$2"
	bsdtar -xf "$1" -C "$2" --strip-components 1
}

# members FOLDER: its files in the order that a bundle has.
members() {
	(
		cd "$1"
		find tagmanifest-sha256.txt.minisig tagmanifest-sha256.txt \
			README.txt bag-info.txt bagit.txt manifest-sha256.txt \
			2>/dev/null || :
		find data -type f | LC_ALL=C sort
	)
}

# pack FOLDER FILE: again, as somebody might who changed it.
pack() {
	members "$1" >list
	bsdtar -cf "$2" --format ustar --uid 0 --gid 0 -s ',^,x/,' \
		-C "$1" -T "$PWD/list"
	chmod 644 "$2"
}

# relist FOLDER: make its lists anew, as a forger would.
relist() {
	(
		cd "$1"
		find data -type f | LC_ALL=C sort | xargs sha256sum \
			>manifest-sha256.txt
		sha256sum README.txt bag-info.txt bagit.txt \
			manifest-sha256.txt >tagmanifest-sha256.txt
	)
}

# fault_is FAULT [PATH]: of ./out.
fault_is() {
	jq -e --arg fault "$1" --arg path "${2:-}" '[.faults[] |
		select(.fault == $fault and ($path == "" or .path == $path))] |
		length > 0' out >/dev/null || fail "no $1 $2: $(cat out)"
}

# is_refused FILE FAULT [PATH]: with the right key, and without one.
is_refused() {
	expect_status 2 check "$1" --json
	fault_is "$2" "${3:-}"
	expect_status 2 check "$1" --public-key daemon.pub --json
	fault_is "$2" "${3:-}"
}

install_small
generation 20261101
generation 20261102
# A patient's id in the names of files, and of what becomes a finding.
as_owner mkdir "$landing/20261102/patient-4711"
as_owner sh -c "echo x >'$landing/20261102/patient-4711/yamada-hanako.dcm'"
as_owner cp -r "$landing/20261102" "$landing/yamada-hanako-4711"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
printf 'excerpt of the contract\n' >contract-yamada-hanako.pdf
expect_status 0 hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$year" \
	--document contract-yamada-hanako.pdf \
	--document-kind contract-excerpt
flip "$landing/20261102/patient-4711/yamada-hanako.dcm" 0
as_owner mv "$landing/20261102/a" "$landing/20261102/patient-4711/b"
expect_status 2 hk verify ehr --wait
[ "$(hk findings --json | jq '.findings | length')" -ge 2 ] || fail findings
cp "$state/keys/daemon.pub" "$state/keys/facility.pub" .
chmod 644 ./*.pub

say "a bundle is written, and the same again"
expect_status 0 export_today bundle.tar
expect_line 'the period goes on' out
expect_status 0 export_today bundle.zip
expect_status 64 export_today bundle.rar
expect_status 64 hk evidence export --from "$today" -o x.tar
expect_status 64 hk evidence export --from "$today" --to 2020-01-01 -o x.tar
expect_status 66 export_today x.tar --pack nonsense
expect_status 66 export_today x.tar --system nonsense
[ ! -e x.tar ] || fail "x.tar was written"
chmod 644 bundle.*

say "sha256sum and minisign say what hikae says"
unpack bundle.tar bag
mkdir zip
unzip -q bundle.zip -d zip
mv zip/* zip/bag
diff -r bag zip/bag >difference || expect_no_line '^Only in' difference
(
	cd bag
	sha256sum --quiet --strict -c tagmanifest-sha256.txt
	sha256sum --quiet --strict -c manifest-sha256.txt
	minisign -V -q -p ../daemon.pub -m tagmanifest-sha256.txt
	minisign -V -q -P "$(sed -n 2p ../daemon.pub)" \
		-m data/journal/checkpoint-end.txt
	minisign -V -Q -p ../daemon.pub -m tagmanifest-sha256.txt
) >comment
expect_line "^hikae evidence hikae/small/[0-9a-f]{16} ${today}T00:00:00.00:00 \
${today}T23:59:59.00:00 [0-9]+ [0-9a-f]{64}\$" comment
(
	cd bag/data/keys
	minisign -V -q -p facility.pub -m 001.txt -x 001.authority.minisig
	minisign -V -q -p daemon.pub -m 001.txt -x 001.new.minisig
)
expect_equal "$(find bag -type f ! -path '*/data/*' | wc -l)" 6
expect_equal "$(find bag/data -type f | wc -l)" \
	"$(wc -l <bag/manifest-sha256.txt)"
expect_line '^Payload-Oxum: '"$(find bag/data -type f -printf '%s\n' |
	awk '{ sum += $1 } END { print sum "." NR }')"'$' bag/bag-info.txt
for key in daemon.pub facility.pub "$(sed -n 2p daemon.pub)"; do
	expect_status 0 check bundle.zip --public-key "$key"
	expect_line '^OK +every file is as it was signed' out
	expect_status 0 check bundle.tar --public-key "$key" --json
	expect_equal "$(jq -c '[.status, .is_anchored, .faults]' out)" \
		'["good",true,[]]'
done
expect_equal "$(jq -r .entries out)" "$(wc -l <bag/data/journal/entries.jsonl)"

say "by way of the facility's key the paper must be asked, too"
expect_status 0 check bundle.tar --public-key facility.pub
expect_line 'on the newest paper' out
expect_status 0 check bundle.tar --public-key daemon.pub
expect_no_line 'on the newest paper' out

say "the period is told as its maker wrote it, whatever zone this is"
TZ=JST-9 check bundle.tar --public-key daemon.pub >out || fail "not proven"
expect_line "period: ${today}T00:00:00.00:00 to ${today}T23:59:59.00:00" out

say "without a key nothing is anchored"
expect_status 3 check bundle.tar
expect_line 'not anchored' out

say "what is in it"
query 'select leaf from journal order by seq' |
	head -n "$(wc -l <bag/data/journal/entries.jsonl)" |
	cmp - bag/data/journal/entries.jsonl
for name in attestations copies drills findings generations media \
	verifications; do
	jq -es '.[0].document == "'$name'"' "bag/data/$name.jsonl" >/dev/null ||
		fail "$name"
done
expect_equal "$(jq -s length bag/data/copies.jsonl)" 3
expect_equal "$(jq -rs '[.[1:][] | select(.is_open).code] | length > 1' \
	bag/data/findings.jsonl)" true
expect_equal "$(jq -rs '.[1].outcome' bag/data/verifications.jsonl)" 'done'
document=$(sha256sum contract-yamada-hanako.pdf | cut -d ' ' -f 1)
cmp contract-yamada-hanako.pdf "bag/data/documents/$document"
expect_line '第14条第2項' bag/data/requirements.txt
expect_line '^"LAW-14-2","law",.*"×","missing"' bag/data/compliance.csv
expect_line 'sha256sum -c manifest-sha256.txt' bag/README.txt
# The paper calls the key as the steps do, and has the origin.
expect_status 0 env LANGUAGE=ja "$hikae" --root "$root" key paper -o paper.html
for word in デーモンの公開鍵 "$(sed -n 1p bag/data/journal/checkpoint-end.txt)"; do
	expect_line "$word" paper.html
done
expect_line 'デーモンの公開鍵' bag/README.txt
expect_line '<html lang="ja"' bag/data/report.html
grep -q 適合 bag/data/compliance.csv && fail "somebody is called compliant"

say "no names are in it, compressed or not, and with paths they are"
expect_equal "$(hk findings --json | grep -c yamada-hanako)" 1
for word in yamada-hanako patient-4711 20261102/; do
	! grep -raq "$word" bag zip bundle.tar bundle.zip ||
		fail "$word is in the bundle"
done
expect_status 0 export_today named.zip --with-paths
expect_line "patients' ids" out
chmod 644 named.zip
unpack named.zip named
expect_line 'patient-4711/yamada-hanako.dcm' named/data/openings.jsonl
expect_line '^※ data/openings.jsonl に' named/README.txt
expect_no_line '^※ data/openings.jsonl に' bag/README.txt
expect_line '^※ 期間の途中' bag/README.txt
expect_status 0 check named.zip --public-key daemon.pub
expect_line "patients' ids" out
jq -rs '.[1:][] | select(.path | test("yamada-hanako.dcm")) |
	.nonce + " " + .path + " " + .subject' named/data/openings.jsonl |
	while read -r nonce path subject; do
		expect_equal "$(printf %s "$path" | openssl dgst -sha256 -mac \
			HMAC -macopt "hexkey:$nonce" | sed 's/.* //')" "$subject"
	done

say "packed again in its order it is the same; in another it is not"
pack bag again.tar
expect_status 0 check again.tar --public-key daemon.pub
members bag | tac >list
bsdtar -cf reversed.tar -s ',^,x/,' -C bag -T "$PWD/list"
is_refused reversed.tar order
{
	members bag | head -n 8
	echo data/media.jsonl
	members bag | sed 1,8d | grep -v '^data/media.jsonl$'
} >list
bsdtar -cf moved.tar -s ',^,x/,' -C bag -T "$PWD/list"
chmod 644 ./*.tar
is_refused moved.tar order

say "every file that is changed, removed or added is named"
members bag >all
while read -r name; do
	cp -a bag changed
	flip "changed/$name" 2
	pack changed changed.tar
	expect_status 2 check changed.tar --public-key daemon.pub --json
	case $name in
	tagmanifest*) ;;
	*) fault_is changed "$name" ;;
	esac
	rm "changed/$name"
	pack changed changed.tar
	expect_status 2 check changed.tar --public-key daemon.pub --json
	case $name in
	tagmanifest-sha256.txt) fault_is order ;;
	*) fault_is missing "$name" ;;
	esac
	rm -r changed
done <all
cp -a bag changed
echo more >changed/data/more.jsonl
pack changed changed.tar
is_refused changed.tar added data/more.jsonl
rm -r changed
cp -a bag changed
ln -s /etc/passwd changed/data/zz.txt
{
	members changed
	echo data/zz.txt
} >list
bsdtar -cf changed.tar -s ',^,x/,S' -C changed -T "$PWD/list"
chmod 644 changed.tar
is_refused changed.tar added
rm -r changed
for cut in 1000 5000 20000; do
	head -c "$cut" bundle.tar >cut.tar
	head -c "$cut" bundle.zip >cut.zip
	expect_status 2 check cut.tar --public-key daemon.pub
	expect_status 2 check cut.zip --public-key daemon.pub
done
: >empty.tar
expect_status 2 check empty.tar
cp bundle.tar longer.tar
cat bundle.tar >>longer.tar
expect_status 2 check longer.tar --public-key daemon.pub

say "a zip from which another program would unpack something else"
folder=$(bsdtar -tf bundle.zip | sed -n '1s,/.*,,p')
mkdir -p "beside/$folder/data"
echo '<p>all is well</p>' >"beside/$folder/data/report.html"
bsdtar -cf beside.zip --format zip -C beside "$folder/data/report.html"
cat beside.zip bundle.zip >first.zip
{
	head -c -2 bundle.zip
	printf '\005\000hello'
} >comment.zip
chmod 644 ./*.zip
for name in first comment; do
	is_refused "$name.zip" format
	expect_status 2 check "$name.zip" --public-key daemon.pub
	expect_line 'something stands in the zip file beside its members' out
done
expect_status 0 check bundle.zip --public-key daemon.pub

say "signed again by another key"
printf '\n\n' | minisign -G -W -f -p other.pub -s other.key >/dev/null
cp -a bag forged
sed -i 's/"missing"/"complete"/; s/"×"/"○"/' forged/data/compliance.csv
relist forged
# comment_of FOLDER: what its signature says.
comment_of() {
	sed -n 's/^trusted comment: //p' "$1/tagmanifest-sha256.txt.minisig"
}
minisign -S -s other.key -c 'signature from hikae' -t "$(comment_of bag)" \
	-m forged/tagmanifest-sha256.txt >/dev/null
pack forged forged.tar
expect_status 2 check forged.tar --public-key daemon.pub --json
fault_is key
expect_status 2 check forged.tar --json
# With a history of its own it only says that nobody knows its maker.
expect_status 2 check forged.tar --public-key other.pub --json
fault_is signature

say "the lists made anew, and the old signature"
cp bag/*.minisig forged/
pack forged forged.tar
is_refused forged.tar signature
rm -r forged

say "signed by the right key for something else"
cp "$state/keys/daemon.key" right.key
cp -a bag forged
minisign -S -W -s right.key -c 'signature from hikae' -t 'hikae manifest x' \
	-m forged/tagmanifest-sha256.txt >/dev/null 2>&1 ||
	fail "minisign cannot use the key"
pack forged forged.tar
is_refused forged.tar signature

say "parts that do not belong together, signed as if they did"
# sign_forged: with the daemon's own key, as nobody else can.
sign_forged() {
	relist forged
	minisign -S -W -s right.key -c 'signature from hikae' -t "$(comment_of bag)" \
		-m forged/tagmanifest-sha256.txt >/dev/null 2>&1
	pack forged forged.tar
}
sign_forged
expect_status 0 check forged.tar --public-key daemon.pub
sed -i '1s/"size":[0-9]*/"size":3/' forged/data/copies.jsonl
sign_forged
is_refused forged.tar document data/copies.jsonl
cp bag/data/copies.jsonl forged/data/
jq -c '.checkpoint.origin = "hikae/other/0123456789abcdef"' \
	bag/data/compliance.json >forged/data/compliance.json
sign_forged
is_refused forged.tar document data/compliance.json
cp bag/data/compliance.json forged/data/
for name in bag/data/requirements/*; do
	echo >>"forged/data/requirements/${name##*/}"
	sign_forged
	is_refused forged.tar requirements
	cp "$name" forged/data/requirements/
	break
done
jq -c 'del(.pack_files[0])' bag/data/compliance.json \
	>forged/data/compliance.json
sign_forged
is_refused forged.tar requirements data/compliance.json
cp bag/data/compliance.json forged/data/
sed -i '3s/"at":[0-9]*/"at":1/' forged/data/journal/entries.jsonl
sign_forged
is_refused forged.tar inclusion data/journal/proofs.txt
sed -i 3d forged/data/journal/entries.jsonl
sign_forged
is_refused forged.tar inclusion data/journal/proofs.txt
cp bag/data/journal/* forged/data/journal/
sed -i 's/ID: hikae/&/; s/^Hikae-Entries: 0/Hikae-Entries: 1/' \
	forged/bag-info.txt
sign_forged
is_refused forged.tar inclusion
cp bag/bag-info.txt forged/
sed -i 's/^—.*/— hikae x AAAA/' forged/data/journal/checkpoint-end.txt
sign_forged
is_refused forged.tar checkpoint data/journal/checkpoint-end.txt
cp bag/data/journal/* forged/data/journal/
minisign -S -W -s right.key -t 'hikae checkpoint of another' \
	-m forged/data/journal/checkpoint-end.txt >/dev/null 2>&1
sign_forged
is_refused forged.tar checkpoint data/journal/checkpoint-end.txt.minisig
minisign -S -s other.key -t "hikae checkpoint $(head -n 2 \
	bag/data/journal/checkpoint-end.txt | paste -s -d ' ')" \
	-m forged/data/journal/checkpoint-end.txt >/dev/null
sign_forged
is_refused forged.tar checkpoint data/journal/checkpoint-end.txt.minisig
cp bag/data/journal/* forged/data/journal/
sed -i 's/^reason .*/reason another/' forged/data/keys/001.txt
sign_forged
is_refused forged.tar history
cp bag/data/keys/* forged/data/keys/
cp named/data/openings.jsonl forged/data/
cp named/bag-info.txt forged/
sed -i '2s/"path":"./"path":"/' forged/data/openings.jsonl
sign_forged
is_refused forged.tar opening data/openings.jsonl
rm -r forged

say "a period that is over gives the same bytes, with proofs from its start"
begin_period
expect_status 0 hk journal list
hk verify ehr --wait >/dev/null || :
end_period
expect_status 0 export_period one.tar
expect_no_line 'the period goes on' out
hk verify ehr --wait >/dev/null || :
# Whoever asks, in whatever language.
LANGUAGE=ja LC_ALL='' LANG=ja expect_status 0 export_period two.tar
cmp one.tar two.tar
expect_status 0 export_period one.zip
# Archives of zip have times of two seconds.
next_second
next_second
expect_status 0 export_period two.zip
cmp one.zip two.zip
chmod 644 ./*.tar ./*.zip
unpack one.tar bag
expect_status 0 check one.tar --public-key daemon.pub --json
[ "$(jq -r .first out)" -gt 0 ] || fail "it begins with the journal"
for head in start end; do
	head=bag/data/journal/checkpoint-$head.txt
	minisign -V -Q -p daemon.pub -m "$head" >comment
	expect_line "^hikae checkpoint $(head -n 1 "$head") $(sed -n 2p "$head")\$" \
		comment
done

say "a proof that the journal was not rewritten cannot be forged"
cp -a bag forged
sign_forged
expect_status 0 check forged.tar --public-key daemon.pub
# Another hash, whatever it was.
sed -i '2y/ABCDEFGHIJ/BCDEFGHIJA/; 2y/0123456789/1234567890/' \
	forged/data/journal/consistency.txt
sign_forged
is_refused forged.tar consistency
rm -r forged

say "a whole bundle of another facility"
expect_status 2 check one.tar --public-key other.pub --json
fault_is key

say "a period without data says so, and writes nothing"
expect_status 3 hk evidence export --from 2001-01-01 --to 2001-12-31 -o no.tar
expect_line 'no signed entries of that period' err
expect_status 3 hk evidence export --from 2099-01-01 --to 2099-12-31 -o no.tar
[ ! -e no.tar ] || fail "no.tar was written"

say "who may only read gets none, and hikaed signs nothing else"
if [ "$(id -u)" -eq 0 ]; then
	expect_status 77 setpriv --reuid=65533 --regid=65533 --clear-groups \
		"$hikae" --root "$root" evidence export --from "$today" \
		--to "$today" -o denied.tar
fi

say "a disk that is full leaves no half bundle"
if [ "$(id -u)" -eq 0 ] && mkdir full &&
	mount -t tmpfs -o size=200k none full 2>/dev/null; then
	expect_status 73 export_today full/bundle.tar
	expect_equal "$(ls -A full)" ""
	umount full
fi

say "after a rotation the old key is no longer enough, the facility's is"
# shellcheck disable=SC2119
stop_daemon
expect_status 0 hk key rotate daemon \
	--reason 'a test' --facility-key "$HIKAE_BUILD/scenario/keys/facility.key" \
	--passphrase-file "$HIKAE_BUILD/scenario/keys/passphrase"
cp "$state/keys/daemon.pub" newer.pub
chmod 644 newer.pub
# shellcheck disable=SC2119
begin
from=$(date -u '+%Y-%m-%d %H:%M:%S')
hk verify ehr --wait >/dev/null || :
expect_status 0 hk evidence export --from "$from" --to "$today" -o newer.tar
chmod 644 newer.tar
expect_status 0 check newer.tar --public-key newer.pub
expect_status 0 check newer.tar --public-key facility.pub
expect_status 2 check newer.tar --public-key daemon.pub --json
fault_is key
unpack newer.tar bag
expect_line '^number 2$' bag/data/keys/002.txt
# What the old key signs is refused, by whomever it is trusted.
cp -a bag forged
sign_forged
is_refused forged.tar signature
rm -r forged

say "a rescued catalog gives a bundle that says it is not signed"
# shellcheck disable=SC2119
stop_daemon
expect_status 3 export_today dead.tar
cp "$catalog" rescued.db
chmod 644 rescued.db
expect_status 3 "$hikae" --root "$root" --database rescued.db evidence export \
	--from "$today" --to "$today" -o unsigned.tar
expect_line 'it is not signed' out
chmod 644 unsigned.tar
expect_status 3 check unsigned.tar
bsdtar -xOf unsigned.tar '*/README.txt' | sed -n 1p >line
expect_line '^※.*unsigned' line
expect_line 'not signed' out
expect_status 3 check unsigned.tar --public-key daemon.pub
expect_status 3 check unsigned.tar --public-key other.pub
