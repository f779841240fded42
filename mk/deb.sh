#!/bin/sh
# Builds the Debian package from the last commit, and looks at it with lintian.
# Usage: mk/deb.sh      (in the source tree, or in an unpacked `make dist`)
set -eu
export LC_ALL=C.UTF-8
top=$(pwd)
work=$top/build/deb
rm -rf "$work"
mkdir -p "$work/hikae"
if git rev-parse --git-dir >/dev/null 2>&1; then
	git archive HEAD | tar -x -C "$work/hikae"
else
	tar -c --exclude=./build . | tar -x -C "$work/hikae"
fi
cd "$work/hikae"
dpkg-buildpackage --build=binary --no-sign -j"$(nproc)" >"$work/log" 2>&1 || {
	tail -n 30 "$work/log" >&2
	echo "deb: failed (build/deb/log)" >&2
	exit 1
}
cd "$work"
cp ./*.deb "$top/build/"
lintian --allow-root --tag-display-limit 0 --fail-on error,warning --suppress-tags \
	"$(sed -n '/^#/d; s/ .*//p' "$top/mk/lintian.txt" | paste -s -d ,)" \
	./*.changes
echo "deb: $(cd "$top/build" && echo hikae_*.deb)"
