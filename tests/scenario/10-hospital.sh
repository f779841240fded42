#!/bin/sh
# Goal: the tools of each format accept what the demo's hospital leaves.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need dump2dcm dcmftest psql rsync zstd iconv jq setpriv
demo=$here/../../demo
nas=$scratch/hospital/nas1
usb=$scratch/hospital/usb1

# The number of arguments, and the last of them.
count() { echo $#; }
last() { eval "echo \"\${$#}\""; }

# Somebody without rights may not even get here, when this is root's home.
give_user "$scratch"
somebody=as_user
as_user test -x "$demo/hospital.sh" 2>/dev/null || somebody=
now=$(date +%s)
$somebody "$demo/hospital.sh" "$scratch/hospital" "$now"
expect_equal "$(ls "$scratch/hospital")" "nas1
usb1" "what was left"
expect_status 73 "$demo/hospital.sh" "$scratch/hospital"

say "seven generations on both media, none from the future, the last one fresh"
for medium in "$nas" "$usb"; do
	for system in receipt ehr imaging; do
		expect_equal "$(count "$medium/$system"/*)" 7 "$medium/$system"
	done
done
expect_equal "$(find hospital -newermt now -type f | head -n 1)" "" "the future"
for newest in "$(last "$nas"/receipt/*)" "$(last "$nas"/ehr/*)"; do
	[ -n "$(find "$newest" -maxdepth 0 -newermt '29 hours ago')" ] ||
		fail "$newest is old"
done

say "PostgreSQL reads every dump to its end"
for generation in "$nas"/receipt/*; do
	dump=$generation/orca.dump
	pg_restore -l "$dump" >out
	expect_line 'TABLE DATA public tbl_ptinf' out
	pg_restore -f /dev/null "$dump"
	expect_line '^-- PostgreSQL database dump complete' "$generation/orca.sql"
	(cd "$generation" && sha256sum --quiet --strict -c SHA256SUMS)
done
pg_restore -f - "$dump" >restored.sql
rows=$(awk '/^COPY public.tbl_sryact /,/^\\\.$/' restored.sql | wc -l)
[ "$rows" -gt 5000 ] || fail "only $rows rows"
expect_equal "$(cat "$nas"/receipt/*/SHA256SUMS | sort -u | wc -l)" 21 \
	"different files"
head -c 20000 "$dump" >short.dump
expect_status 1 pg_restore -f /dev/null short.dump

say "claims are CP932 with CRLF and have the right totals"
claims=$(last "$nas"/receipt/*/RECEIPTC.UKE)
"$demo/uke_check.sh" "$nas"/receipt/*/RECEIPTC.UKE
receipts=$(LC_ALL=C grep -c '^RE,' "$claims")
LC_ALL=C grep -q "^GO,$receipts," "$claims" &&
	fail "no public payer: the totals do not differ"
LC_ALL=C sed '0,/^KO,/{/^KO,/d}' "$claims" >no-payer.UKE
expect_status 1 "$demo/uke_check.sh" no-payer.UKE
expect_line 'GO counts' err
LC_ALL=C sed '$d' "$claims" >no-total.UKE
expect_status 1 "$demo/uke_check.sh" no-total.UKE
tr -d '\r' <"$claims" >lines.UKE
expect_status 1 "$demo/uke_check.sh" lines.UKE
iconv -f CP932 -t UTF-8 "$claims" >utf8.UKE
expect_status 1 "$demo/uke_check.sh" utf8.UKE

say "the export unpacks, and is on the other medium too"
for archive in "$nas"/ehr/*.tar.zst; do
	tar -tf "$archive" >/dev/null
done
mkdir unpacked
tar -C unpacked -xf "$archive"
folder=$usb/ehr/$(basename "$archive" .tar.zst)
diff -r unpacked/ehr-export "$folder"
find "$folder/fhir" -name '*.json' -exec jq -e '.type == "document"' {} + >out
expect_no_line false out
iconv -f CP932 -t UTF-8 "$(last "$folder"/order/*.csv)" >order.csv
expect_line '処方' order.csv
expect_equal "$(od -An -tx1 -N 2 "$(last "$folder"/scan/*)")" " ff d8" "JPEG"

say "SS-MIX2: names agree, ISO-2022-JP there and back, CR alone"
find "$nas/ssmix2" -type f -printf '%P\n' >messages
[ "$(wc -l <messages)" -gt 500 ] || fail "too few messages"
awk -F / '
	{
		fields = split($6, f, "_")
		if (NF != 6 || fields != 7 || f[1] != $3 || f[2] != $4 ||
		    f[3] != $5 || substr($3, 1, 3) != $1 ||
		    substr($3, 4, 3) != $2 || length(f[5]) != 17)
			print
	}
' messages >misplaced
expect_equal "$(cat misplaced)" "" "misplaced messages"
while read -r message; do
	cat "$nas/ssmix2/$message"
done <messages >all.hl7
iconv -f ISO-2022-JP -t UTF-8 all.hl7 >all.utf8
iconv -f UTF-8 -t ISO-2022-JP all.utf8 | cmp - all.hl7
expect_equal "$(tr -dc '\n' <all.hl7 | wc -c)" 0 "line feeds"
expect_equal "$(tr '\r' '\n' <all.utf8 | grep -c '^MSH|^~\\&|')" \
	"$(wc -l <messages)" "messages that begin with MSH"
expect_equal "$(tail -c 1 all.hl7 | od -An -tx1)" " 0d" "the end"
diff -r "$nas/ssmix2" "$usb/ssmix2"

say "DICOM: every image is Part 10, days share what did not change"
newest=$(last "$nas"/imaging/*)
find "$newest" -name '*.dcm' -exec dcmftest {} + >out
expect_no_line '^no' out
[ "$(wc -l <out)" -gt 50 ] || fail "too few images"
image=$(find "$newest" -name '*.dcm' | sort | head -n 1)
dcmdump +P 0008,0005 +P 7fe0,0010 "$image" >out
expect_line 'ISO 2022 IR 87' out
expect_line '131072, 1 PixelData' out
for medium in "$nas" "$usb"; do
	shared=$medium/imaging/${image#"$nas"/imaging/}
	expect_equal "$(stat -c %h "$shared")" 7 "links of $shared"
done
diff -r "$nas/imaging" "$usb/imaging"

say "the same hospital again, now as oneself"
"$demo/hospital.sh" "$scratch/again" "$now"
diff -r "$nas/ehr" again/nas1/ehr
diff -r "$nas/ssmix2" again/nas1/ssmix2
diff -r "$nas/imaging" again/nas1/imaging
cmp "$claims" "$scratch/again${claims#"$scratch/hospital"}"
