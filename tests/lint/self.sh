#!/bin/sh
# Goal: each rule of the lint finds what it is there for.
# Usage: self.sh FOLDER
#
# Plants violations in a small tree below FOLDER and expects exactly those.
set -eu
export LC_ALL=C
lint=$(cd "$(dirname "$0")" && pwd)
rm -rf "$1"
mkdir -p "$1"
cd "$1"
git init -q .
cp "$lint/../../.clang-format" .
mkdir -p lib/base lib/os lib/model lib/store lib/judge cli daemon \
	tests/scenario po mk build/obj/lib/base

header() { # FOLDER NAME LAYER [LINES...]
	file=lib/$1/$2.h
	printf '/*\n * %s: planted.\n *\n * Layer %s.\n */\n' "$2" "$3" >"$file"
	shift 3
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$file"
}

header base good 0 'int good_add(int a, int b);'
header base upward 0 '#include "lib/os/low.h"'
header base one 0 '#include "lib/base/two.h"'
header base two 0 '#include "lib/base/one.h"'
header base seven 0 'int seven_f(int a, int b, int c, int d, int e, int f, int (*g)(int, int));'
header base six 0 'int six_f(int a, int b, int c, int d, int e,' '    int (*g)(int, int)) __attribute__((nonnull(6, 1)));'
header os low 1
header os wrong 0
header model sideways 3 '#include "lib/inspect/dicom.h"'
header judge far 6 '#include "lib/examine/read.h"'
header judge fine 6 '#include "lib/base/good.h"'
awk 'BEGIN { for (i = 0; i < 150; i++) print "" }' >>lib/base/good.h
printf 'int\n' >lib/base/mute.h

cat >lib/base/good.c <<'EOF'
#include "lib/base/good.h"

#include <sqlite3.h>
#include <obscure.h>

/* sprintf(x) in a comment, and strcpy( too */
static const char *const text = "sprintf( SELECT_ \" exit(1) /* no comment";

int counter;
static int hidden;
static const char *const table[] = {"a", "b"};

int
good_add(int a, int b)
{
	hidden++;
	return a + b + (table[a] == text);
}

int
stray(void)
{
	exit(1);
	return sprintf (0, "SELECT x");
}
EOF
{
	printf 'int\nmain(void)\n{\n'
	awk 'BEGIN { for (i = 0; i < 56; i++) print "\t;" }'
	printf '\texit(0);\n}\n'
} >cli/main.c
sed 's/^\texit/\t;\n&/' cli/main.c >daemon/main.c
printf '#include "cli/table.h"\n#include "lib/store/sql.h"\n' >daemon/loop.c
printf 'static const char *q = "PRAGMA x";\n#include <sqlite3.h>\n' >lib/store/sql.c
printf 'static  int x;\n' >lib/os/low.c
# shellcheck disable=SC2016 # planted
printf '#!/bin/sh\nif [ $x = 1 ]; then :; fi\n' >mk/bad.sh
printf '#!/bin/sh\n# no goal\n' >tests/scenario/01-bad.sh
printf 'all: \n' >Makefile
awk 'BEGIN { for (i = 0; i < 151; i++) print "#" }' >mk/long.mk
sed "/^\$/q" "$lint/../../po/ja.po" >po/ja.po
cp po/ja.po build/pot
printf '#: lib/base/good.c:3\nmsgid "new"\nmsgstr ""\n' >>build/pot
printf '#: lib/base/good.c:4\nmsgid "unsure"\nmsgstr ""\n' >>build/pot
printf '#, fuzzy\nmsgid "unsure"\nmsgstr "x"\nmsgid "old"\nmsgstr "x"\n' >>po/ja.po
printf 'forbidden lib/base/never.c - planted\n' >build/allow
printf 'build\n' >.gitignore

cc -w -c -o build/obj/lib/base/good.o -x c - <<'EOF'
int counter, good_global;
static int hidden;
static const char *const table[] = {"a", "b"};
int good_add(int a) { static int calls; return hidden++ + calls++ + table[a][0]; }
int stray(void) { return 0; }
EOF

cat >build/expected <<'EOF'
Makefile:1: blank
build/allow:1: allow
cli/main.c:1: unlisted
daemon/loop.c:1: layer
daemon/loop.c:1: unlisted
daemon/main.c:1: unlisted
daemon/main.c:2: length
lib/base/good.c:1: export
lib/base/good.c:1: export
lib/base/good.c:1: global
lib/base/good.c:1: global
lib/base/good.c:1: global
lib/base/good.c:1: global
lib/base/good.c:23: exit
lib/base/good.c:24: forbidden
lib/base/good.c:24: sql
lib/base/good.c:3: owner
lib/base/good.c:4: owner
lib/base/good.c:3: translation
lib/base/good.c:4: translation
lib/base/good.h:156: length
lib/base/mute.h:1: opening
lib/base/one.h:1: circle
lib/base/seven.h:6: parameters
lib/base/two.h:1: circle
lib/base/upward.h:6: layer
lib/judge/far.h:6: layer
lib/model/sideways.h:6: layer
lib/os/low.c:1: format
lib/os/low.c:1: unlisted
lib/os/wrong.h:4: opening
lib/store/sql.c:1: unlisted
mk/bad.sh:2: shell
mk/bad.sh:2: shell
mk/long.mk:150: length
po/ja.po:0: translation
tests/scenario/01-bad.sh:1: goal
tests/scenario/01-bad.sh:2: goal
EOF
sort -o build/expected build/expected
status=0
ALLOW=build/allow LISTED=lib/base/good.c OBJECTS=build/obj/lib/base/good.o \
	POT=build/pot PO=po/ja.po \
	"$lint/run.sh" build/lint text objects format shell tree translation \
	>build/output 2>build/errors || status=$?
# What clang-format thinks of the other planted lines does not matter here.
sed -E 's/^([^:]+:[0-9]+: [a-z]+):.*/\1/' build/output |
	grep -vE '^lint: |(good|seven|main|sql|loop|mute|six).*: format$' | sort >build/got
if [ "$status" -ne 1 ] || [ -s build/errors ] ||
	! diff build/expected build/got; then
	cat build/errors
	echo "the lint does not find what is planted (< missed, > too many)"
	exit 1
fi
