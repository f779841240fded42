#!/bin/sh
# Goal: the report is one page that says how it stands, names no file, fetches nothing, and is the same each time.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# Names that would run, if they became markup.
medium_keys="name = <script>alert(1)</script>&\"'"
policy=$(closed_window)
install_small
mkdir -p "$root/etc/hikae/conf.d"
printf '[system pacs]\nkind = imaging\nname = Images\ninterval = none\n' \
	>"$root/etc/hikae/conf.d/pacs.conf"
generation 20261101
mkdir -p "$disk/unfinished"
printf 'chest\n' >"$disk/unfinished/patient-4711-yamada.dcm"
seq 1 9000 >"$disk/unfinished/b"
printf 'x\n' >"$disk/unfinished/<img src=x onerror=alert(3)>"
give_user "$disk/unfinished"
mv -T "$disk/unfinished" "$landing/20261102"

# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
expect_status 0 hk attest LAW-14-2 --by '<img src=x onerror=alert(2)>' \
	--until "$(date -u -d '+400 days' +%Y-%m-%d)"

# report NAME [ARGUMENT...]: into NAME.html, whatever it says.
report() {
	report_name=$1
	shift
	expect_status 0 "$hikae" --root "$root" report "$@" -o "$report_name.html"
}

say "a page is written, whole and well-formed"
expect_status 0 hk media checkout disk1 --by '<b>Ito</b>' \
	--to '<svg onload=alert(4)>' --place '"><script>alert(5)</script>'
report good
expect_line '^<!DOCTYPE html>$' good.html
expect_line '^</html>$' good.html
if command -v xmllint >/dev/null; then
	xmllint --noout good.html 2>err || fail "$(head -n 5 err)"
else
	say "(not checked for form: xmllint is not installed)"
fi

say "it fetches nothing and runs nothing"
expect_no_line '<(script|link|img|iframe|object|embed|image|use|form|a)[ >]' \
	good.html
expect_no_line '<[^>]* (src|href|style|on[a-z]+)=' good.html
expect_no_line 'url\(|@import' good.html
expect_line "default-src &#39;none&#39;" good.html

say "what people are called stays text"
expect_line '&lt;script&gt;alert\(1\)&lt;/script&gt;&amp;&quot;&#39;' good.html
expect_line 'Stated by &lt;img src=x onerror=alert\(2\)&gt;' good.html

say "marks, kinds and sources are there; nobody is called compliant"
expect_line 'class="mark bad"[^>]*>×<' good.html
expect_line 'law or notice' good.html
expect_line '医療法施行規則' good.html
expect_line 'Earlier editions \(they do not count\)' good.html
expect_no_line 'compliant|適合' good.html
expect_line 'has no source, so nothing of it is read' good.html
expect_line 'What was not measured' good.html
expect_line 'never</td><td>not measured' good.html

say "the officials' forms are drafts, and answer nothing"
expect_line 'インシデント発生時に診療を継続するために必要な情報を検討し' good.html
expect_line '<p class="circle">Yes ・ No</p>' good.html
expect_line '2\.2\.4' good.html

say "the checkpoint and both keys are on the paper"
hk key show --json >keys
expect_line "$(jq -r .daemon.id keys)" good.html
expect_line "$(jq -r .facility.id keys)" good.html
key=$(tail -n 1 "$state/keys/daemon.pub")
expect_equal "$(tr -d '\n ' <good.html | grep -c "$(printf '%s' "$key" |
	sha256sum | cut -c 1-64)")" 1 "fingerprint"
expect_line "$(cut -c 1-64 "$state/keys/origin")" good.html
expect_line 'class="qr"' good.html

say "damage is told, without the name of the file"
printf 'CHEST\n' >"$landing/20261102/patient-4711-yamada.dcm"
printf 'X\n' >"$landing/20261102/<img src=x onerror=alert(3)>"
give_user "$landing"
expect_status 2 hk verify --wait
hk findings >found || :
expect_line 'patient-4711' found
expect_status 1 hk journal verify
expect_line 'covers the first [0-9]+ entries; [0-9]+ are not signed yet' out
sqlite3 "$catalog" '.backup unsigned.db'
expect_status 0 "$hikae" --root "$root" --database unsigned.db report \
	-o unsigned.html
expect_line 'It does not cover the last [0-9]+ of the entries' unsigned.html
report bad
expect_no_line 'It does not cover' bad.html
expect_status 0 hk journal verify
expect_line 'Something is wrong with the backups' bad.html
expect_line 'ehr@20261102T000000' bad.html
expect_line 'hikae show [0-9]+' bad.html
expect_no_line 'patient-|4711|yamada|alert\(3\)' bad.html

say "Japanese, where the reader is"
LANGUAGE=ja LC_ALL='' LANG=ja_JP.UTF-8 "$hikae" --root "$root" report \
	-o japanese.html
expect_line '<html lang="ja">' japanese.html
expect_line 'バックアップに問題があります' japanese.html
expect_line 'はい ・ いいえ' japanese.html
expect_line '頻度</th><th>作成方法</th><th class="restore">復旧方法' japanese.html
expect_line '測っていないこと' japanese.html
expect_no_line '適合|compliant|patient-|4711' japanese.html
expect_line '<html lang="en">' bad.html

say "the same catalog, end and language give the same bytes"
next_second
end=$(date -u '+%Y-%m-%d %H:%M:%S')
next_second
report one --to "$end"
report two --to "$end"
cmp one.html two.html || fail "two reports of one moment differ"
expect_line 'Something is wrong' one.html
# shellcheck disable=SC2119
stop_daemon
cp "$catalog" rescued.db
expect_status 0 "$hikae" --root "$root" --database rescued.db report \
	--to "$end" -o rescued.html
# What was signed since is the newest checkpoint.
for page in one rescued; do
	sed '/id="proof"/,$d' "$page.html" >"$page.part"
done
cmp one.part rescued.part || fail "a rescued catalog tells something else"
mkdir bare
expect_status 0 "$hikae" --root bare --database rescued.db report \
	-o bare.html
expect_line '>ehr<' bare.html

say "the page of the day is renewed in the state"
expect_status 0 as_owner "$hikae" --root "$root" report --refresh
expect_line '^</html>$' "$state/report/index.html"
expect_equal "$(stat -c %a "$state/report" "$state/report/index.html" |
	xargs)" "750 640"

say "without records it says so, and is not good"
next_second
after=$(date -u '+%Y-%m-%d %H:%M:%S')
next_second
expect_status 3 hk report --from "$after" -o empty.html
expect_line 'Nothing was recorded in this period' empty.html
expect_status 3 hk report --to 2001-01-01 -o before.html
expect_line 'nothing is known of that time: the journal begins later' err
expect_status 3 "$hikae" --root "$root" --database "$catalog" compliance \
	--at 2001-01-01
expect_line 'nothing is known of that time: the journal begins later' err
expect_status 64 hk report --from "$(date -d '2 days' +%F)" \
	--to "$(date -d '3 days' +%F)" -o before.html
expect_line 'has not begun yet' err
[ ! -e before.html ] || fail "a page about nothing"

say "what cannot be is refused, and leaves no half page"
expect_status 64 hk report
expect_status 64 hk report --from yesterday -o x.html
expect_status 64 hk report --from 2026-02-02 --to 2026-02-01 -o x.html
expect_status 66 hk report -o nowhere/x.html
[ ! -e x.html ] || fail "a page was left"
if hk report -o - >/dev/full 2>err; then
	fail "a full disk went unnoticed"
fi
hk report -o - >piped.html
expect_line '^</html>$' piped.html
