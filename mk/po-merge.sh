#!/bin/sh
# Merges the fragments po/parts/*.LANGUAGE.po into po/LANGUAGE.po.
# Usage: po-merge.sh LANGUAGE POT
#
# A text of the catalogue wins over one of a fragment, and an earlier fragment
# over a later one.  The result has the texts of POT in source order; texts
# that the sources no longer have are dropped, and listed.  Merged fragments
# are removed.
set -eu
language=$1 pot=$2
catalogue=po/$language.po
work=build/po-merge.$language
rm -rf "$work"
mkdir -p "$work"

set -- "$catalogue"
for part in po/parts/*."$language".po; do
	[ -e "$part" ] && set -- "$@" "$part"
done

msgcat --use-first --force-po --no-wrap --no-location -o "$work/all.po" "$@"
# Without fuzzy matching: a guess would be a wrong translation in waiting.
msgmerge --quiet --force-po --no-fuzzy-matching --no-wrap --sort-by-file \
	-o "$work/merged.po" "$work/all.po" "$pot"
msgattrib --only-obsolete --no-wrap "$work/merged.po" |
	sed -n 's/^#~ msgid /po-merge: not in the sources: /p'
# Line numbers would change with every commit: only the file is kept.
msgattrib --no-obsolete --force-po --no-wrap --add-location=file --sort-by-file \
	-o "$catalogue" "$work/merged.po"
shift
[ $# -eq 0 ] || rm -f "$@"
rmdir po/parts 2>/dev/null || :
msgfmt --check --statistics -o /dev/null "$catalogue"
