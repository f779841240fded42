#!/bin/sh
# Goal: a browser shows the report whole, on A4, in grey and on a telephone, and its code can be read.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need chromium zbarimg pdfinfo pdftotext fc-list
[ -n "$(fc-list :lang=ja)" ] || skip "no Japanese font"

# browse ARGUMENT... URL: one look, in a profile of its own.
browse() {
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
		--user-data-dir="$scratch/profile" --allow-file-access-from-files \
		--virtual-time-budget=20000 "$@" 2>/dev/null
}

# measure LOOK FILE: what a browser measures of it by that page, in ./found.
measure() {
	cp "$2" page.html
	cp "$here/../$1.html" "$here/../look.js" .
	browse --dump-dom "file://$PWD/$1.html" >dom
	sed -n '/<pre id="found">/,/<\/pre>/p' dom | sed 's/<[^>]*>//g' >found
	expect_line '^texts [0-9]{2,}, least contrast' found
}

look() {
	measure look "$1"
	for width in 1100 794 390; do
		expect_line "^width $width looked at" found
	done
	expect_no_line '^(contrast|small|overflow|out of its box)' found
}

# look_in_grey FILE: no state is told by colour alone.
look_in_grey() {
	measure grey "$1"
	expect_line '^signs bad good .*unknown warning$' found
	expect_line '^frames [2-9], bars [1-9]' found
	expect_line '^days bad [0-9]+, good [0-9]+, nothing [0-9]+, reach' found
	expect_line '^prints 6, least share' found
	expect_no_line '^(pale|no sign|sign|colour|keys|one|day|not|alike) ' found
}

# finds PATTERN SED: it finds what is done to the page so.
finds() {
	tr '\n' ' ' <ja.html >flat.html
	sed "$2" flat.html >changed.html
	! cmp -s flat.html changed.html || fail "unchanged: $2"
	measure grey changed.html
	expect_line "$1" found
}

# print_a4 FILE PDF
print_a4() {
	browse --no-pdf-header-footer --print-to-pdf="$PWD/$2" \
		"file://$PWD/$1" || :
	[ -s "$2" ] || fail "no PDF of $1"
}

medium_keys="name = とても長い名前の外付けディスク（サーバー室の棚・3段目・金曜日用）"
policy=$(closed_window)
system_keys='recovery_target = 1h'
install_small
mkdir -p "$root/etc/hikae/conf.d"
printf '[system pacs]\nkind = imaging\nname = 医用画像\ninterval = none\n' \
	>"$root/etc/hikae/conf.d/pacs.conf"
generation 20261101
generation 20261102
begin
scan_all
flip "$landing/20261101/a" 3
hk verify --wait >/dev/null || :
hk drill start ehr --operator Sato --json >drill.json || :
hk drill sign-off "$(jq .drill.id drill.json)" --by Sato --observation fine \
	>/dev/null
for language in ja en; do
	LANGUAGE=$language LC_ALL='' LANG=C.UTF-8 hk report -o "$language.html"
done
hk evidence export --from "$(date -u +%F)" --to "$(date -u +%F)" -o e.zip \
	>/dev/null
unzip -q -j e.zip '*/data/report.html' -d .
mv report.html bundle.html

for page in ja en bundle; do
	say "$page: it fits, and every text can be read"
	look "$page.html"
	say "$page: in grey, every text and every state"
	look_in_grey "$page.html"
	say "$page: on A4, within its margins"
	print_a4 "$page.html" "$page.pdf"
	pdfinfo "$page.pdf" >info
	expect_line '^Page size: +59[0-9.]+ x 84[0-9.]+ pts \(A4\)' info
	expect_line "^Pages: +([2-9]|1[0-4])\$" info
	# 13 mm at both sides; a bracket's empty half may hang over.
	pdftotext -bbox "$page.pdf" words
	sed -n 's/.*xMin="\([0-9.]*\)".* xMax="\([0-9.]*\)".*>\(.*\)<.*/\1 \2 \3/p' \
		words >placed
	[ "$(wc -l <placed)" -gt 100 ] || fail "few words"
	awk '$1 < 36 || $2 > 564' placed >outside
	[ ! -s outside ] || fail "beyond the margin: $(head -n 3 outside)"
done
say "what is told by colour alone would be found"
finds '^sign ○ of bad' 's/>×</>○</g'
finds '^colour alone: ' 's/class="card good/class="card warning/'
finds '^alike: good bad ' 's/\.cross{fill:none;stroke:#fff/.cross{fill:none;stroke:none/'
finds '^one shape: good bad' 's/<path class="cross"[^>]*\/>//g'
finds '^pale [0-9.]+: ' 's/--soft:#4f5b6b/--soft:#8f9bab/'
pdftotext ja.pdf ja.txt
expect_line 'バックアップに問題があります' ja.txt
pdftotext en.pdf en.txt
expect_line 'Something is wrong with the backups' en.txt

say "a telephone reads the code on the printed page"
pdftoppm -r 150 -gray -png ja.pdf sheet
for sheet in sheet-*.png; do
	zbarimg -q --raw "$sheet" 2>/dev/null || :
done >code
sqlite3 "$catalog" 'select note from checkpoint order by size' >notes
expect_equal "$(grep -cxF "$(sed -n 2p code)" notes)" 1 "the code's checkpoint"

say "the page with the keys is one sheet, whose codes are the keys"
as_owner "$hikae" --root "$root" key paper >paper.html
look paper.html
print_a4 paper.html paper.pdf
expect_equal "$(pdfinfo paper.pdf | sed -n 's/^Pages: *//p')" 1 "sheets"
pdftoppm -r 150 -gray -png paper.pdf paper
zbarimg -q --raw paper-*.png | sort >codes
hk key show --json | jq -r '.daemon.public_key, .facility.public_key' | sort |
	cmp - codes
