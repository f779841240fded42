#!/bin/sh
# Goal: every command explains itself, in both languages and in the manual.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need mandoc jq

doc=$here/../../doc
"$hikae" help | sed -n 's/^  \([a-z]*\( [a-z-]*\)\{0,1\}\)  .*/\1/p' >commands
[ "$(wc -l <commands)" -gt 10 ] || fail "too few commands: $(cat commands)"

while read -r command; do
	noun=${command%% *}
	# shellcheck disable=SC2086 # one or two words
	expect_status 0 "$hikae" help $command
	expect_line "^Usage: hikae $command( |\$)" out
	cp out english
	# shellcheck disable=SC2086
	expect_status 0 "$hikae" $command --help
	cmp -s out english || fail "--help and help differ: $command"
	# shellcheck disable=SC2086
	expect_status 64 "$hikae" $command --no-such-option
	expect_line 'unknown option --no-such-option' err
	expect_line "hikae help $command\$" err
	# shellcheck disable=SC2086
	expect_status 0 env LANGUAGE=ja "$hikae" help $command
	head -n 1 out | LC_ALL=C grep -q '[^ -~]' || fail "not in Japanese: $command"
	expect_status 0 "$hikae" help "$noun"
	for page in "$doc/hikae.1" "$doc/ja/hikae.1"; do
		expect_line "Cm $command( |\$)" "$page"
	done
done <commands

say "what is not there"
expect_status 64 "$hikae" help no-such-command
expect_status 64 "$hikae" statsu
expect_line 'did you mean status' err
for words in "no-such-command" "journal" "journal no-such-verb" "help statsu"; do
	# shellcheck disable=SC2086 # words
	expect_status 64 "$hikae" $words --json
	expect_equal "$(jq -r .error.code out)" usage "the error of $words"
done

say "every format has a page, in both languages, and its example is true"
for format in manifest journal evidence setup notify requirements; do
	for page in "$doc/hikae-$format.5" "$doc/ja/hikae-$format.5"; do
		[ -s "$page" ] || fail "no $page"
	done
	expect_line "Xr hikae-$format 5" "$doc/hikae.1"
done
for page in "$doc/hikae-setup.5" "$doc/ja/hikae-setup.5"; do
	rm -rf root nas
	mkdir -p root nas/backup/ehr
	sed -n '/^\[facility\]/,/^\.Ed/p' "$page" | sed '/^\.Ed/d' >answers
	sed -i "s|^path = /mnt/nas1|path = $PWD/nas\nmountpoint = no|
		s|^\[medium|[keys]\npassphrase_file = $PWD/words\n&|" answers
	echo 'correct horse' >words
	expect_status 0 "$hikae" --root root setup --answers answers \
		--facility-key "$PWD/facility-$(wc -c <"$page").key"
done

say "the guide has the same chapters in both languages"
for guide in OPERATIONS OPERATIONS.ja; do
	sed -n 's/^## \([0-9]*\)\..*/\1/p' "$doc/$guide.md" >"$guide.chapters"
	expect_equal "$(xargs <"$guide.chapters")" \
		"$(seq -s ' ' 1 "$(wc -l <"$guide.chapters")")" "chapters of $guide"
done
cmp OPERATIONS.chapters OPERATIONS.ja.chapters

say "every page of the manual is well formed"
for page in "$doc"/*.[158] "$doc"/ja/*.[158] "$HIKAE_BUILD"/man/hikae.conf.5 \
	"$HIKAE_BUILD"/man/ja/hikae.conf.5; do
	level=warning
	# A Japanese page has no section called NAME, and is warned of it.
	case $page in */ja/*) level=error ;; esac
	mandoc -T lint -W "$level" "$page" || fail "$page"
done
