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

say "every page of the manual is well formed"
for page in "$doc"/*.[158] "$doc"/ja/*.[158] "$HIKAE_BUILD"/man/hikae.conf.5 \
	"$HIKAE_BUILD"/man/ja/hikae.conf.5; do
	level=warning
	# A Japanese page has no section called NAME, and is warned of it.
	case $page in */ja/*) level=error ;; esac
	mandoc -T lint -W "$level" "$page" || fail "$page"
done
