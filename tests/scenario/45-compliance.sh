#!/bin/sh
# Goal: each requirement shows its evidence as of any day; what people state counts until it ends.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need script

install_small
mkdir -p "$root/etc/hikae/conf.d"
printf '[system pacs]\nkind = imaging\ninterval = none\n' \
	>"$root/etc/hikae/conf.d/pacs.conf"
generation 20261101
generation 20261102

# evidence ID [SYSTEM]: how its row stands, of ./out.
evidence() {
	jq -r --arg id "$1" --arg system "${2:-}" '
		.requirements[] | select(.id == $id) | .rows[] |
		select((.system // "") == $system) |
		.evidence_state + " " + .reason' out
}

# judged [ARGUMENT...]: the evidence of everything, in ./out.
judged() {
	"$hikae" --root "$root" compliance --json "$@" >out 2>err || :
	jq -e .requirements out >/dev/null || fail "$(cat err)"
}

say "packs are checked with the configuration, by file and line"
own_pack 'cats(system) >= 3'
expect_status 78 hk config check
expect_line 'requirements.d/own.conf:12: check: there is no measure "cats"' err
sed -i 's/cats/generations/; s/>= 3/>= 1/' "$packs/own.conf"
expect_status 1 hk config check

say "two editions on one day are refused, with the place of both"
cp "$packs/own.conf" one.conf
{
	echo 'superseded_by = OWN-2'
	echo 'valid_to = 2026-06-30'
	sed -n '5,$s/OWN-1/OWN-2/; 5,$p' one.conf
	echo 'valid_from = 2026-06-30'
} >>"$packs/own.conf"
expect_status 78 hk config check
expect_line 'own.conf:5: \[requirement OWN-1\] and OWN-2 \(etc/hikae/requirements.d/own.conf, line 15\) are editions' err
LANGUAGE=ja LC_ALL='' LANG=ja expect_status 78 hk config check
expect_line 'own.conf:5: .*（etc/hikae/requirements.d/own.conf の 15 行目）.*有効な日が重なって' err
sed -i 's/^valid_to = .*/valid_to = 2026-06-29/' "$packs/own.conf"
expect_status 1 hk config check
cp one.conf "$packs/own.conf"

expect_status 3 hk compliance
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all

say "a bad pack is told at a reload, too, and leaves all as it was"
printf 'colour = red\n' >>"$packs/own.conf"
expect_status 78 hk reload
expect_line 'own.conf:13: there is no key "colour"' err
expect_status 2 hk compliance
expect_line 'own.conf:13: ' out
sed -i '$d' "$packs/own.conf"
expect_status 0 hk reload

say "nobody is called compliant, and kind and source stand beside each result"
expect_status 2 hk compliance
expect_no_line 'compliant|適合' out
expect_line '^Evidence is complete for [0-9]+ of [0-9]+ requirements in force' out
expect_line '^× LAW-14-2 +Measures for cybersecurity' out
expect_line 'law or notice: 医療法施行規則 第14条第2項' out
expect_line 'OWN-1 .*Own rule .written by the facility' out
expect_line '^Earlier editions' out
LANGUAGE=ja LC_ALL='' LANG=ja "$hikae" --root "$root" compliance >japanese || :
expect_line '^× LAW-14-2 +サイバーセキュリティ確保の措置' japanese
expect_no_line '適合' japanese
# Marks are two columns wide and ids are padded: titles begin at one column.
sed -n 's/^\(○ \|△ \|× \|？\|－\)\([A-Z]\)/\2/p' japanese | cut -c 1-16 >ids
expect_no_line '[^A-Za-z0-9. -]|[^ ]$' ids
# On a terminal of 80 columns nothing is wider, but for an address.
LANGUAGE=ja LANG=ja LC_ALL='' NO_COLOR=1 TERM=xterm script -qec \
	"stty cols 80 rows 24; '$hikae' --root '$root' compliance" \
	/dev/null </dev/null | tr -d '\r' | grep -v https: >screen || :
widest=$(wc -L <screen)
[ "$widest" -le 80 ] || fail "$widest columns"
[ "$(wc -l <screen)" -gt 100 ] || fail "too short a screen"

say "a system without a source misses every rule that applies to it"
judged
expect_equal "$(evidence ES-PRES pacs)" "missing no-source"
expect_equal "$(evidence BCP-1-2 pacs)" "missing no-source"
# The reimbursement never asks about images.
expect_equal "$(evidence FEE-R8-IN pacs)" ""
expect_equal "$(evidence PRD-DRILL-Q pacs)" ""

say "what was not seen is not determinable, and says where to look"
expect_equal "$(evidence G7-EDITION)" "undetermined text-unseen"
expect_equal "$(jq -r '.requirements[] | select(.id == "G7-EDITION") |
	[.text_status, .nearest, (has("text") | tostring)] | join(" ")' out)" \
	"unseen G6-S11-1f false"
expect_status 3 hk compliance --pack guideline-7.0
expect_line 'Open the official text: https://.* nearest known rule: G6-S11-1f' out

say "an earlier edition is shown, and never counts"
expect_equal "$(jq '[.requirements[] | select(.is_superseded | not)] | length' \
	out 2>/dev/null || :)" ""
judged
expect_equal "$(jq '.total == ([.requirements[] |
	select(.is_superseded | not)] | length)' out)" true
expect_equal "$(jq '.total == .complete + .partial + .missing + .undetermined' \
	out)" true
expect_equal "$(jq -r '.requirements[] | select(.id == "G6-S11-1f") |
	.is_superseded' out)" true

expect_status 3 hk compliance G6-V341-2
expect_line 'An earlier edition: it does not count any more' out
expect_no_line 'hikae attest' out

say "only what was asked for, and what does not exist"
judged --system ehr
expect_equal "$(jq -r '[.requirements[].rows[].system] | unique | join(" ")' \
	out)" ehr
judged --pack fee-r8
expect_equal "$(jq -r '[.requirements[].pack] | unique | join(" ")' out)" fee-r8
expect_status 66 hk compliance --pack nonsense
expect_status 66 hk compliance --system nonsense
expect_status 66 hk compliance NO-SUCH-RULE
expect_status 64 hk compliance --at yesterday
expect_status 65 hk compliance --at 2099-01-01
# Nobody knows, which is no mistake in the question.
expect_status 3 hk compliance --at 2001-01-01
expect_line 'nothing is known of that time: the journal begins later' err
LANGUAGE=ja LANG=ja LC_ALL='' expect_status 3 hk compliance --at 2001-01-01
expect_line 'その時点のことは分かりません' err

say "bad statements are refused, and leave no trace"
entries=$(query 'select count(*) from attestation')
soon=$(date -u -d '+400 days' +%Y-%m-%d)
expect_status 64 hk attest LAW-14-2 --until "$soon"
expect_status 64 hk attest LAW-14-2 --by 'Dr. Sato'
expect_status 64 hk attest LAW-14-2 --by 'Dr. Sato' --until tomorrow
expect_status 66 hk attest NO-SUCH --by 'Dr. Sato' --until "$soon"
expect_status 65 hk attest LAW-14-2 --by 'Dr. Sato' --until 2026-01-01
expect_line 'is over already' err
expect_status 65 hk attest LAW-14-2 --by 'Dr. Sato' --until 2099-01-01
expect_status 65 hk attest PRD-DRILL-Q --by 'Dr. Sato' --until "$soon"
expect_line 'it is measured' err
expect_status 64 hk attest LAW-14-2 --by '' --until "$soon"
expect_status 64 hk attest LAW-14-2 --by 'Dr. Sato' --until "$soon" \
	--note "two
lines"
printf 'excerpt of patient-4711\n' >contract-yamada.pdf
: >empty.pdf
expect_status 64 hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$soon" \
	--document contract-yamada.pdf
expect_status 65 hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$soon" \
	--document empty.pdf --document-kind contract-excerpt
expect_line 'the document is empty' err
expect_status 65 hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$soon" \
	--document contract-yamada.pdf --document-kind bcp
expect_line 'of kind: contract-excerpt, in-house-rule' err
truncate -s 9M large.pdf
! hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$soon" --document large.pdf \
	--document-kind contract-excerpt 2>err || fail "9 MiB were taken"
expect_status 66 hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$soon" \
	--document nowhere.pdf --document-kind contract-excerpt
if [ "$(id -u)" -eq 0 ]; then
	expect_status 77 setpriv --reuid=65533 --regid=65533 --clear-groups \
		"$hikae" --root "$root" attest LAW-14-2 --by X --until "$soon"
fi
expect_equal "$(query 'select count(*) from attestation')" "$entries" entries

say "a statement makes the evidence complete, from then on"
before=$(date -u '+%Y-%m-%d %H:%M:%S')
next_second
expect_status 0 hk attest LAW-14-2 --by '佐藤 院長' --until "$soon" --note ok
expect_line "It counts until $soon 23:59" out
judged
expect_equal "$(evidence LAW-14-2)" "complete all-there"
expect_equal "$(jq -r '.requirements[] | select(.id == "LAW-14-2") |
	.statement.by' out)" '佐藤 院長'
judged --at "$before"
expect_equal "$(evidence LAW-14-2)" "missing no-statement"
judged --at "$(date -u +%Y-%m-%d)"
expect_equal "$(evidence LAW-14-2)" "complete all-there"

say "each form in which hikae writes a time says when"
stated=$(hk journal list --limit 1000 --json | jq '[.entries[] |
	select(.type == "attestation")] | last | .at')
seconds=$((stated / 1000))
# state_at TIME STATE
state_at() {
	judged --at "$1"
	expect_equal "$(evidence LAW-14-2)" "$2"
}
state_at "$stated" "complete all-there"
state_at "$((stated - 1))" "missing no-statement"
state_at "$(date -d "@$seconds" +%Y-%m-%dT%H:%M:%S+00:00)" "complete all-there"
state_at "$(TZ=Asia/Tokyo date -d "@$seconds" +%Y-%m-%dT%H:%M:%S%:z)" \
	"complete all-there"
state_at "$(date -d "@$((seconds - 1))" +%Y-%m-%dT%H:%M:%SZ)" \
	"missing no-statement"
state_at "$(date -d "@$seconds" +%Y%m%dT%H%M%S+0000)" "complete all-there"
state_at "$(date -d "@$seconds" '+%Y-%m-%d %H:%M')" "complete all-there"
state_at "令和$(date -d "@$seconds" '+%Y %-m %-d %-H %-M' |
	(read -r y m d h i; echo "$((y - 2018))年$m月$d日 $h時$i分"))" \
	"complete all-there"
expect_status 0 hk attest ES-PRES --by '佐藤 院長' \
	--until "$(date -u -d '+400 days' +%Y-%m-%dT%H:%M:%S+09:00)"
plan_of() {
	"$hikae" --root "$root" recover plan --json --before "$1" >out || :
	jq .before out
}
expect_equal "$(plan_of "$(TZ=Asia/Tokyo date -d "@$seconds" +%FT%T%:z)")" \
	"$((seconds * 1000))"

say "a document is kept under its digest; its name is nowhere"
head -c 100000 /dev/urandom >>contract-yamada.pdf
sum=$(sha256sum contract-yamada.pdf | cut -d ' ' -f 1)
expect_status 0 hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$soon" \
	--document contract-yamada.pdf --document-kind contract-excerpt
judged
expect_equal "$(evidence FEE-R6-ATT)" "complete all-there"
expect_equal "$(sha256sum <"$state/evidence/documents/$sum" | cut -d ' ' -f 1)" \
	"$sum" "what was kept"
hk journal list --json >listed
expect_line "$sum" listed
expect_no_line yamada listed
! grep -rq yamada "$state" || fail "the name of a document is in the state"
expect_status 0 hk attest --list
expect_line 'FEE-R6-ATT +Dr. Sato .* yes +contract-excerpt' out
LANGUAGE=ja LANG=ja LC_ALL='' hk compliance FEE-R6-ATT >japanese || :
expect_line "書類（契約書の抜粋）、SHA-256 $sum" japanese
expect_no_line '^ *->' japanese
# The same document for another requirement is kept once.
expect_status 0 hk attest FEE-R8-IN --by 'Dr. Sato' --until "$soon" \
	--document contract-yamada.pdf --document-kind contract-excerpt
find "$state/evidence/documents" -type f -name '[0-9a-f]*' >kept
expect_equal "$(wc -l <kept)" 1

say "what is stated applies a rule that else does not"
expect_equal "$(jq -r '.omitted[] | select(.id == "FEE-R6-RULE") | .reason' \
	out 2>/dev/null || :)" ""
judged
expect_equal "$(jq -r '.omitted[] | select(.id == "FEE-R6-RULE") | .reason' \
	out)" not-stated
expect_status 0 hk attest FEE-R6-RULE --by 'Dr. Sato' --until "$soon"
expect_line 'FEE-R6-RULE is an earlier edition, .* now: FEE-R8-IN' out
judged
expect_equal "$(evidence FEE-R6-RULE)" "partial no-document"

say "what is stated is not asked for again, but for its document"
expect_status 0 hk attest CL-R8 --by 'Dr. Sato' --until "$soon"
expect_no_line 'earlier edition' out
expect_status 0 hk attest BCP-1-2 --by 'Dr. Sato' --until "$soon"
hk compliance BCP-1-2 >out || :
expect_line 'It is stated, but a document is to be attached' out
expect_no_line 'Somebody states' out

say "a statement that ends soon is told beforehand"
expect_status 0 hk attest LAW-14-2 --by 'Dr. Sato' \
	--until "$(date -u -d '+3 days' +%Y-%m-%d)"
judged
expect_equal "$(evidence LAW-14-2)" "complete all-there"
hk compliance LAW-14-2 >out || :
expect_no_line '^ *->' out
hk status --json >health || :
expect_equal "$(jq -r '.reasons[] | select(.code == "statement-ends") |
	.severity' health 2>/dev/null)" ""
expect_status 0 hk attest --list --json
last=$(jq -r '[.attestations[] | select(.requirement == "LAW-14-2") | .id] |
	min' out)
expect_status 0 hk attest --withdraw "$last" --by 'Dr. Sato'
expect_status 66 hk attest --withdraw "$last" --by 'Dr. Sato'

say "somebody says that an offline medium lies where it belongs"
printf '[medium usb1]\nkind = removable\npath = %s\noffline = detached\n' \
	"$scratch/usb" >"$root/etc/hikae/conf.d/usb.conf"
expect_status 0 hk reload
expect_status 66 hk attest offline-disk1 --by 'Dr. Sato' --until "$soon"
expect_status 66 hk attest offline-usb2 --by 'Dr. Sato' --until "$soon"
expect_status 0 hk attest offline-usb1 --by 'Dr. Sato' --until "$soon"
rm "$root/etc/hikae/conf.d/usb.conf"
expect_status 0 hk reload
hk status --json >health || :
expect_equal "$(jq -r '.reasons[] | select(.code == "statement-ends") |
	.severity' health)" warning
judged
expect_equal "$(evidence LAW-14-2)" "complete ends-soon"
hk compliance LAW-14-2 >out || :
expect_line 'State it again before it ends' out

say "what the facility said about itself decides what applies"
printf '[facility]\nbeds = 40\nfees = none\n' \
	>"$root/etc/hikae/conf.d/facility.conf"
expect_status 0 hk reload
judged
expect_equal "$(jq -r '.omitted[] | select(.id == "FEE-R8-IN" or
	.id == "FEE-R6-10") | .reason' out | sort | tr '\n' ' ')" \
	'few-beds other-fee '
expect_equal "$(jq -r '[.is_fees_unknown, .is_beds_unknown] | @csv' out)" \
	false,false

say "a rescued catalog tells the same, without hikaed"
judged
jq -S 'del(.facility_name, .at, .entries) | del(.. | .name?)' out >told
# shellcheck disable=SC2119
stop_daemon
cp "$catalog" rescued.db
"$hikae" --root "$root" --database rescued.db compliance --json >out || :
jq -S 'del(.facility_name, .at, .entries) | del(.. | .name?)' out >rescued
# An age goes on between the two.
sed -i '/"value":/d' told rescued
diff told rescued >difference || fail "$(cat difference)"
expect_status 64 "$hikae" --database rescued.db attest LAW-14-2 --by X \
	--until "$soon"
expect_status 0 "$hikae" --root "$root" --database rescued.db attest --list

if has_clock; then
	say "a statement that ended counts no more"
	begin env LD_PRELOAD="$clock_library" FAKETIME=+10d
	judged
	expect_equal "$(evidence LAW-14-2)" "missing statement-ended"
	hk status --json >health || :
	expect_equal "$(jq -r '.reasons[] | select(.code == "statement-ended") |
		.severity' health)" warning
	# shellcheck disable=SC2119
	stop_daemon
fi

say "no day has two editions of a rule"
expect_equal "$(awk -F ' = ' '
	/^\[requirement / { id = substr($1, 14, length($1) - 14) }
	$1 == "valid_from" { from[id] = $2 }
	$1 == "valid_to" { to[id] = length($2) == 7 ? $2 "-31" : $2 }
	$1 == "superseded_by" { next_of[id] = $2 }
	END {
		for (id in next_of)
			if (to[id] == "" || to[id] >= from[next_of[id]])
				print id
	}' "$here"/../../conf/requirements.d/*.conf | sort)" ""

say "the manual explains each measure that a pack may name"
for page in hikae-requirements.5 ja/hikae-requirements.5; do
	sed -n '/measures.MEASURES/,/^};/p' "$here/../../lib/model/measure.c" |
		grep -o '= {"[a-z_]*"' | cut -d '"' -f 2 |
		while read -r measure; do
			expect_line "^.It Fn $measure (system|facility)\$" \
				"$here/../../doc/$page"
		done
done
