#!/bin/sh
# Lets three analyzers read one source.  Usage: analyze.sh SOURCE STAMP
#
# Touches STAMP when none of them complains.  From the environment: CC,
# CPPFLAGS (as for compiling), WARNINGS.
#
# gcc's analyzer finds less in optimized code, so it gets its own -O0.  Two
# checks of gcc 12 are left to clang's analyzer: "uninitialized" forgets what
# was assigned directly before a memcpy, and "leak" takes a pointer that was
# stored in an element of an array for lost.
set -u
source=$1 stamp=$2
work=${stamp%.ok}
status=0
mkdir -p "$(dirname "$stamp")"

# What the analyzers must know of functions whose source they do not see.
known="-include tests/lint/analyzed.h"
[ "$source" = lib/base/error.c ] && known=

# shellcheck disable=SC2086 # flags are words
"$CC" $CPPFLAGS $known -std=c17 -O0 $WARNINGS -Werror \
	-Wno-unused-value -fanalyzer \
	-Wno-analyzer-use-of-uninitialized-value -Wno-analyzer-malloc-leak \
	-MMD -MP -MF "$work.d" -MT "$stamp" -c -o "$work.o" "$source" ||
	status=1
rm -f "$work.o"

# shellcheck disable=SC2086
cppcheck --quiet --error-exitcode=1 --std=c11 --language=c \
	--enable=warning,performance,portability --inline-suppr \
	--suppressions-list=tests/lint/cppcheck.txt --library=posix \
	--library=gnu --template=gcc -D__GNUC__=12 $CPPFLAGS \
	${known:+--include=tests/lint/analyzed.h} "$source" ||
	status=1

# shellcheck disable=SC2086
clang-tidy --quiet "$source" -- $CPPFLAGS $known -std=c17 \
	-Wno-unused-value >"$work.tidy" 2>/dev/null ||
	{ cat "$work.tidy" && status=1; }

[ "$status" -eq 0 ] && : >"$stamp"
exit "$status"
