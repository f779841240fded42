#!/bin/sh
# Goal: with a manifest, a journal and a public key on paper, no daemon is needed.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need jq sqlite3 mtree bsdtar

root=$scratch/root
state=$root/var/lib/hikae
copy=$scratch/nas1/ehr/20261120
mkdir -p "$root/etc/hikae" "$copy/folder"
cat >"$root/etc/hikae/hikae.conf" <<END
[facility]
id = example
name = Example
timezone = Asia/Tokyo

[policy]
settle_time = 0s
slice_size = 64KiB

[system ehr]
kind = ehr
interval = 1d

[medium nas1]
kind = nas
path = $scratch/nas1
mountpoint = no

[source ehr-nas1]
system = ehr
medium = nas1
path = ehr
layout = directory
pattern = %Y%m%d

[system receipt]
kind = receipt
interval = 1d

[source receipt-nas1]
system = receipt
medium = nas1
path = receipt
layout = file
pattern = %Y%m%d.dump
END
mkdir -p "$scratch/nas1/receipt"
head -c 300000 /dev/urandom >"$scratch/nas1/receipt/20261120.dump"
printf 'hello' >"$copy/plain"
printf '' >"$copy/empty"
printf 'x' >"$copy/with space"
printf 'y' >"$copy/$(printf 'line\nfeed')"
printf 'z' >"$copy/back\\slash"
printf 'w' >"$copy/$(printf 'carriage\rreturn')"
printf 'v' >"$copy/患者一覧.csv"
head -c 3000000 /dev/urandom >"$copy/folder/large"
ln -s plain "$copy/link"
find "$scratch/nas1" -exec touch -h -d '2026-11-20 03:00:00' {} +

say "the daemon captures and signs; then it is gone"
printf 'correct horse\n' >passphrase
"$hikae" --root "$root" key init --passphrase-file passphrase >/dev/null
key=$("$hikae" --root "$root" key show --json | jq -r .daemon.public_key)
"$hikaed" --root "$root" >daemon.log 2>&1 &
daemon=$!
daemons=$daemon
stored=$state/manifests/ehr/ehr@20261120T000000+0900/nas1.1.mtree.zst
journal() {
	sqlite3 -readonly "$state/catalog.db" "$@"
}
is_verified() {
	[ "$(journal "SELECT count(*) FROM journal
		WHERE CAST(leaf AS TEXT) LIKE '%\"outcome\":\"done\"%'")" -ge 2 ]
}
wait_until 60 is_verified
kill -TERM "$daemon"
wait "$daemon"
daemons=
# A journal as a file (FORMATS section 4.2), made without hikae; sqlite3 adds
# a line feed to each value.
size=$(journal 'SELECT max(size) FROM checkpoint')
{
	echo 'hikae journal 1'
	journal "SELECT CAST(leaf AS TEXT) FROM journal
		WHERE seq < $size ORDER BY seq"
	echo
	journal "SELECT CAST(note AS TEXT) FROM checkpoint
		WHERE size = $size" | sed '$d'
} >journal.txt
cp "$stored" m.mtree.zst
cp "$stored.minisig" m.mtree.zst.minisig
cp "$state"/manifests/receipt/*/nas1.1.mtree.zst file.mtree.zst
cp "$state"/manifests/receipt/*/nas1.1.mtree.zst.minisig file.mtree.zst.minisig
rm -rf "$root"

verify() {
	"$hikae" --root "$scratch" manifest verify "$copy" \
		--manifest m.mtree.zst "$@"
}

say "the copy is intact, and it is said how it was read"
expect_status 0 verify --public-key "$key"
expect_line '^OK ehr@20261120T000000\+0900 .*: intact$' out
expect_line 'compared 2.8 MiB of 2.8 MiB; entries: 10, ' out
expect_status 0 verify --public-key "$key" --json
expect_equal "$(jq -r '.verdict, .bytes == .bytes_total' out | tr '\n' ' ')" \
	'intact true '
expect_status 0 env LANGUAGE=ja "$hikae" manifest verify "$copy" \
	--manifest m.mtree.zst --public-key "$key"
expect_line '^○ ' out

say "one changed bit, kept times: bit rot, and nothing else"
flip "$copy/folder/large" 1234567
expect_status 2 verify --public-key "$key" --json
expect_equal "$(jq -c '[.verdict, (.findings[] | [.code, .path])]' out)" \
	'["damaged",["bit-rot","folder/large"]]'
expect_status 2 verify --public-key "$key"
expect_line '^BAD folder/large: ' out
flip "$copy/folder/large" 1234567

say "a copy that is one file, in several slices"
dump=$scratch/nas1/receipt/20261120.dump
expect_status 0 "$hikae" manifest verify "$dump" --manifest file.mtree.zst \
	--public-key "$key"
expect_line 'compared 292 KiB of 292 KiB; entries: 1, ' out
flip "$dump" 200000
expect_status 2 "$hikae" manifest verify "$dump" --manifest file.mtree.zst \
	--public-key "$key" --json
expect_equal "$(jq -c '[.findings[] | .code]' out)" '["bit-rot"]'
expect_status 66 "$hikae" manifest verify "$dump.gone" \
	--manifest file.mtree.zst --public-key "$key"

say "missing, shorter, more"
mv "$copy/plain" kept
expect_status 2 verify --public-key "$key" --json
expect_equal "$(jq -c '[.findings[] | [.code, .path]]' out)" \
	'[["missing","plain"]]'
mv kept "$copy/plain"
printf 'new' >"$copy/new"
expect_status 1 verify --public-key "$key"
expect_line '^WARN new: ' out
expect_status 0 verify --public-key "$key" --ignore 'old*,ne?'
rm "$copy/new"
cp -p "$copy/plain" kept
truncate -s 3 "$copy/plain"
expect_status 2 verify --public-key "$key" --json
expect_equal "$(jq -c '[.findings[] | [.code, .expected_size, .actual_size]]' \
	out)" '[["truncated",5,3]]'
cp -p kept "$copy/plain"

say "what cannot be read is not damaged, and not intact"
if [ "$(id -u)" -eq 0 ]; then
	give_user "$scratch/nas1"
	chmod 755 "$scratch"
	chmod a+r m.mtree.zst m.mtree.zst.minisig
	chmod 000 "$copy/with space"
	expect_status 3 as_user "$hikae" manifest verify "$copy" \
		--manifest m.mtree.zst --public-key "$key" --json
	expect_equal "$(jq -r '.verdict' out)" undetermined
	chmod 644 "$copy/with space"
fi

say "without its signature a manifest proves nothing"
expect_status 64 verify
expect_line 'give --public-key' err
other=RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
expect_status 2 verify --public-key "$other"
expect_line 'none of the known keys' out
cp m.mtree.zst.minisig good
awk 'NR == 2 { c = substr($0, 60, 1) == "A" ? "B" : "A"
	$0 = substr($0, 1, 59) c substr($0, 61) } 1' good >m.mtree.zst.minisig
expect_status 2 verify --public-key "$key"
mv good m.mtree.zst.minisig
mv m.mtree.zst.minisig elsewhere
expect_status 66 verify --public-key "$key"
expect_status 0 verify --public-key "$key" --signature elsewhere
mv elsewhere m.mtree.zst.minisig

say "other tools agree"
"$hikae" manifest export m.mtree.zst >sums
expect_equal "$(wc -l <sums)" 8 "lines of sums"
(cd "$copy" && sha256sum --quiet --strict -c "$scratch/sums")
(cd "$copy" && find . -type f -print0 | LC_ALL=C sort -z |
	xargs -0 sha256sum | sed 's,  \./,  ,' | sort) >theirs
sort sums | cmp - theirs || fail "sha256sum writes it otherwise"
"$hikae" manifest export --format mtree m.mtree.zst >list.mtree
mtree -p "$copy" <list.mtree >found || fail "mtree: $(cat found)"
expect_equal "$(cat found)" "" "what mtree found"
bsdtar -tf list.mtree >names
expect_line '^\./folder/large$' names
expect_status 64 "$hikae" manifest export --format md5sum m.mtree.zst
head -c 200 m.mtree.zst >part
expect_status 65 "$hikae" manifest export part
expect_equal "$(cat out)" ""

say "the journal proves itself"
expect_status 0 "$hikae" journal verify journal.txt --public-key "$key"
expect_line '^OK ' out
expect_line "entries: $size, signed: $size, " out
expect_status 2 "$hikae" journal verify journal.txt --public-key "$other"
sed 's/"kind":"ehr"/"kind":"erh"/' journal.txt >rewritten
! cmp -s journal.txt rewritten || fail "nothing was rewritten"
expect_status 2 "$hikae" journal verify rewritten --public-key "$key"
sed 3d journal.txt >gap
expect_status 2 "$hikae" journal verify gap --public-key "$key" --json
expect_equal "$(jq -r .fault_seq out)" 1 "where the journal is wrong"
head -n 3 journal.txt >part
expect_status 2 "$hikae" journal verify part --public-key "$key"
: >empty
expect_status 2 "$hikae" journal verify empty --public-key "$key"

say "an empty copy is no intact copy"
expect_status 66 "$hikae" manifest verify nowhere --manifest m.mtree.zst \
	--public-key "$key"
mkdir hollow
expect_status 2 "$hikae" manifest verify hollow --manifest m.mtree.zst \
	--public-key "$key"

say "progress on a terminal only"
expect_status 0 verify --public-key "$key"
expect_equal "$(cat err)" ""
if command -v script >/dev/null; then
	script -qec "$hikae manifest verify $copy --manifest m.mtree.zst \
		--public-key $key" /dev/null </dev/null >terminal
	grep -q '%' terminal || fail "no progress on a terminal"
fi
