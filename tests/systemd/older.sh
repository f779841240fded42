#!/bin/sh
# Builds the Debian package of the last commit whose catalog is of an older
# schema, with a version that is older as well: what an upgrade finds.
# Usage: older.sh FOLDER      (prints FOLDER/older-COMMIT.deb, which it keeps)
#
# Prints nothing where the tree has no such history, as an unpacked `make dist`.
set -eu
export LC_ALL=C.UTF-8
folder=$(readlink -f "$1")
top=$(cd "$(dirname "$0")/../.." && pwd)
header=lib/store/schema.h
line='^#define SCHEMA_VERSION [0-9]'
# A tree may belong to somebody else than who tests it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

[ "$(git -C "$top" rev-parse --show-toplevel 2>/dev/null)" = "$top" ] || exit 0
# The first one added the header.
changed=$(git -C "$top" log -1 --format=%H --diff-filter=M -G"$line" -- $header)
commit=$(git -C "$top" rev-parse --quiet --verify "$changed^" || :)
[ -n "$changed" ] && [ -n "$commit" ] || exit 0
package=$folder/older-$commit.deb
if [ ! -e "$package" ]; then
	work=$folder/older
	rm -rf "$work"
	mkdir -p "$work/hikae"
	git -C "$top" archive "$commit" | tar -x -C "$work/hikae"
	cd "$work/hikae"
	schema=$(sed -n 's/^#define SCHEMA_VERSION //p' $header)
	sed -i "1s/(\([^)]*\))/(\1~schema$schema)/" debian/changelog
	dpkg-buildpackage --build=binary --no-sign -j"$(nproc)" \
		>"$folder/older.log" 2>&1 || {
		tail -n 30 "$folder/older.log" >&2
		exit 1
	}
	cp "$work"/hikae_*.deb "$package.new"
	mv "$package.new" "$package"
	rm -rf "$work"
fi
printf '%s\n' "$package"
