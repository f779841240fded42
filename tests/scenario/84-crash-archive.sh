#!/bin/sh
# Goal: killed at each fsync and rename while an archive is recorded, hikaed loses and invents nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/crash.sh
. "$here/../crash.sh"
need tar zstd

install_small
sed -i -e 's/^layout = .*/layout = archive/' \
	-e 's/^pattern = .*/pattern = %Y%m%d.*/' "$root/etc/hikae/hikae.conf"
mkdir export
seq 1 5000 >export/a
printf 'patients\n' >export/b
tar -c export | zstd -q -o "$landing/20261101.tar.zst"
give_user "$landing"
keep_fresh
killed_at fsync:1 renameat:1
[ "$points" -gt 25 ] || fail "killed $points times only"
