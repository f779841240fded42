#!/bin/sh
# Checks the house rules.  Usage: run.sh FOLDER RULES...
#
# FOLDER is for work files.  RULES name groups: text objects format shell tree
# translation.  From the environment: LISTED (sources that the makefile
# builds), OBJECTS (their objects), POT (the texts of the sources), PO.
# Prints FILE:LINE: RULE: MESSAGE for each violation.  What is right although a
# rule says otherwise stands, with its reason, in tests/lint/allow.
set -eu
export LC_ALL=C
work=$1
shift
here=$(dirname "$0")
allow=${ALLOW:-$here/allow}
mkdir -p "$work"
git ls-files -co --exclude-standard | while read -r file; do
	[ ! -f "$file" ] || printf '%s\n' "$file"
done | sort >"$work/files"

files() {
	grep -E "$1" "$work/files" || :
}

# Rules print FILE LINE RULE WORD MESSAGE, separated by tabs.
violation() {
	printf '%s\t%s\t%s\t%s\t%s\n' "$@"
}

# Compiler-like output FILE:LINE:COLUMN: MESSAGE as violations of rule $1.
from_compiler() {
	sed -nE "s/^([^: ]+):([0-9]+):[0-9]+: (.*)/\\1\t\\2\t$1\t-\t\\3/p"
}

check_text() {
	files '^(lib|daemon|cli|tests|bench)/.*\.[ch]$' |
		xargs awk -f "$here/tokens.awk" >"$work/tokens"
	awk -f "$here/code.awk" "$work/tokens"
	awk -f "$here/include.awk" - "$work/tokens" <"$work/files" \
		>"$work/includes"
	grep -v "	edge	" "$work/includes" || :
	awk '$3 == "edge" { print $4, $5 }' "$work/includes" |
		tsort 2>&1 >/dev/null |
		sed -nE 's/^tsort: ([a-z].*\/.*)/\1/p' | sort -u |
		while read -r header; do
			violation "$header" 1 circle - \
				"part of a circle of includes"
		done
}

check_objects() {
	# shellcheck disable=SC2086 # a list
	objdump -t $OBJECTS >"$work/symbols"
	awk -f "$here/object.awk" - "$work/symbols" <"$work/files"
}

check_format() {
	tool=clang-format
	command -v clang-format-14 >/dev/null && tool=clang-format-14
	$tool --version | grep -q 'version 14\.' ||
		violation .clang-format 1 format - \
			"not checked: clang-format 14 is needed"
	files '\.[ch]$' | xargs "$tool" --dry-run -Werror 2>&1 |
		grep 'code should be clang-formatted' | from_compiler format || :
}

check_shell() {
	{
		files '\.sh$'
		files '\.(c|h|awk|md|txt|po|conf|sh)$' |
			comm -13 - "$work/files" |
			xargs grep -lE '^#!.*[/ ](sh|bash)$' || :
	} | sort -u | xargs shellcheck -f gcc |
		from_compiler shell || :
}

check_tree() {
	files '^lib/.*\.h$' | xargs awk -f "$here/header.awk"
	# shellcheck disable=SC2086 # a list
	printf '%s\n' $LISTED tests/fuzz/replay.c | sort >"$work/listed"
	files '^(lib|daemon|cli|tests/unit|tests/fuzz)/.*\.c$' |
		comm -23 - "$work/listed" | while read -r file; do
		violation "$file" 1 unlisted - "no module.mk names it"
	done
	for file in $(files '^Makefile$|^mk/.*\.mk$'); do
		limit=150
		[ "$file" = Makefile ] && limit=250
		[ "$(wc -l <"$file")" -le $limit ] ||
			violation "$file" "$limit" length - \
				"more than $limit lines"
	done
	for file in $(files '^tests/(scenario|vm)/[0-9][^/]*\.sh$'); do
		sed -n 2p "$file" | grep -q '^# Goal: ' ||
			violation "$file" 2 goal - "no \"# Goal: \" line"
		[ -x "$file" ] ||
			violation "$file" 1 goal - "not executable"
	done
	files '\.(c|h|sh|mk|awk|md|conf|txt)$|^Makefile$' |
		xargs grep -nE '[[:blank:]]$' /dev/null |
		sed -nE 's/^([^:]+):([0-9]+):.*/\1\t\2\tblank\t-\tblank at the end/p'
}

check_translation() {
	for file in $(files '^po/parts/'); do
		violation "$file" 1 translation - "not merged: make po-merge"
	done
	for file in $PO; do
		msgmerge --quiet --force-po --no-fuzzy-matching --no-wrap \
			-o "$work/merged.po" "$file" "$POT"
		check_catalogue --untranslated lacks
		check_catalogue --only-fuzzy guesses
		check_catalogue --only-obsolete "needlessly has"
		msgfmt --check -o /dev/null "$file" 2>&1 |
			sed -nE 's/^([^: ]+):([0-9]+): (.*)/\1\t\2\ttranslation\t-\t\3/p' || :
	done
}

# The texts of the merged catalogue that msgattrib selects by $1.
check_catalogue() {
	if [ "$1" = --only-obsolete ]; then
		msgattrib "$1" --no-wrap "$work/merged.po"
	else
		msgattrib "$1" --no-obsolete --no-wrap "$work/merged.po"
	fi | awk -v po="$file" -v what="$2" -f "$here/translation.awk"
}

# The rules that each group checks.
rules=
for group in "$@"; do
	case $group in
	text) rules="$rules layer circle owner forbidden exit sql parameters" ;;
	objects) rules="$rules export global" ;;
	tree) rules="$rules length opening unlisted goal blank" ;;
	*) rules="$rules $group" ;;
	esac
	"check_$group"
done >"$work/found"

awk -v allow="$allow" -v rules="$rules allow" '
	BEGIN { FS = OFS = "\t" }
	FILENAME == allow {
		if (/^#/ || /^$/)
			next
		split($0, part, " ")
		key = part[1] SUBSEP part[2] SUBSEP part[3]
		line[key] = FNR
		next
	}
	{
		key = $3 SUBSEP $1 SUBSEP $4
		if (key in line) {
			used[key] = 1
			next
		}
		print $1 ":" $2 ": " $3 ": " $5
		broken[$3] = 1
	}
	END {
		for (key in line)
			if (!(key in used)) {
				print allow ":" line[key] ": allow: needless"
				broken["allow"] = 1
			}
		failed = 0
		for (rule in broken)
			failed++
		printf "lint: %d passed, %d failed, 0 skipped\n",
		    split(rules, unused, " ") - failed, failed
		exit failed > 0
	}
' "$allow" "$work/found"
