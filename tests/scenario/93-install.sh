#!/bin/sh
# Goal: install puts all in its place, uninstall takes it away but for what is evidence or the facility's own, and dist is a tree that builds.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need make

top=$(cd "$here/../.." && pwd)
dest=$scratch/dest
# What was given to the make that runs us is not meant for ours.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES DESTDIR VARIANT WERROR

# into TARGET [VARIABLE=VALUE...]: make install or uninstall of what is built.
into() {
	make -s -C "$top" -o all BUILD="$HIKAE_BUILD" DESTDIR="$dest" "$@"
}
# Everything below $dest that is no folder, sorted.
installed() {
	(cd "$dest" && find . ! -type d | LC_ALL=C sort)
}

say "everything has its place, and nothing is written beside it"
into install prefix=/usr
installed >files
for path in usr/bin/hikae usr/sbin/hikaed etc/hikae/hikae.conf \
	usr/share/locale/ja/LC_MESSAGES/hikae.mo \
	usr/share/man/man1/hikae.1 usr/share/man/ja/man1/hikae.1 \
	usr/share/man/man5/hikae.conf.5 usr/share/man/ja/man5/hikae.conf.5 \
	usr/share/man/man8/hikaed.8 usr/share/doc/hikae/OPERATIONS.md \
	usr/share/doc/hikae/OPERATIONS.ja.md \
	usr/share/hikae/requirements.d/law.conf \
	usr/share/hikae/drill.d/postgresql usr/share/hikae/drill.d/sqlite \
	usr/lib/systemd/system/hikaed.service \
	usr/lib/sysusers.d/hikae.conf usr/lib/tmpfiles.d/hikae.conf \
	usr/lib/udev/rules.d/85-hikae.rules; do
	grep -qxF "./$path" files || fail "$path is missing"
done
expect_no_line '^\./(var|run|root|home|tmp)/' files
# Every page, pack, unit and drill program of the tree.
(cd "$top" && find doc -name '*.[158]' -o -name '*.[158].in' &&
	find conf/requirements.d conf/drill.d systemd -type f) >sources
while read -r source; do
	name=$(basename "$source" .in)
	grep -q "/$name\$" files || fail "$source is not installed"
done <sources

say "what was installed works where it is, in both languages"
expect_status 0 "$dest/usr/bin/hikae" help
expect_line '^Usage: hikae' out
LANGUAGE=ja expect_status 0 "$dest/usr/bin/hikae" help status
LC_ALL=C grep -q '[^ -~]' out || fail "it is not Japanese"
expect_status 0 "$dest/usr/bin/hikae" --root "$dest" config sample
while read -r path; do
	want=644
	case $path in
	*/drill.d/*.d/*) ;;
	./usr/bin/* | ./usr/sbin/* | */drill.d/*) want=755 ;;
	esac
	expect_equal "$(stat -c %a "$dest/$path")" "$want" "mode of $path"
done <files
! grep -rE '@[a-z]+@' "$dest/usr/lib" || fail "a place was not filled in"
# A unit starts what is there.
sed -n 's/^Exec[A-Za-z]*=[-+!]*\(\/[^ ]*hikae[^ ]*\).*/\1/p' \
	"$dest"/usr/lib/systemd/system/* | sort -u >started
expect_line '^/usr/sbin/hikaed$' started
while read -r program; do
	[ -x "$dest$program" ] || fail "$program is started and not there"
done <started

say "once more over it: the facility's configuration stays as it is"
echo '# ours' >>"$dest/etc/hikae/hikae.conf"
cp "$dest/etc/hikae/hikae.conf" ours
into install prefix=/usr
cmp "$dest/etc/hikae/hikae.conf" ours
installed >again
cmp files again

say "uninstall leaves the configuration, the state, and nothing else"
mkdir -p "$dest/etc/hikae/conf.d" "$dest/var/lib/hikae/manifests" \
	"$dest/usr/share/hikae/requirements.d"
echo '[policy]' >"$dest/etc/hikae/conf.d/our.conf"
echo evidence >"$dest/var/lib/hikae/catalog.db"
echo evidence >"$dest/var/lib/hikae/manifests/x"
# What somebody put beside ours is none of ours.
echo theirs >"$dest/usr/share/hikae/requirements.d/their.conf"
into uninstall prefix=/usr
installed >left
cat >kept <<-END
	./etc/hikae/conf.d/our.conf
	./etc/hikae/hikae.conf
	./usr/share/hikae/requirements.d/their.conf
	./var/lib/hikae/catalog.db
	./var/lib/hikae/manifests/x
END
diff kept left || fail "that is not what was to stay"
cmp "$dest/etc/hikae/hikae.conf" ours
rm "$dest/usr/share/hikae/requirements.d/their.conf"
into uninstall prefix=/usr
find "$dest" -depth -type d -name hikae | sed "s|^$dest||" | LC_ALL=C sort >left
printf '/etc/hikae\n/var/lib/hikae\n' >kept
diff kept left || fail "a folder of ours is left"
find "$dest/usr" ! -type d >left
[ ! -s left ] || fail "left: $(cat left)"

say "the same below another prefix"
rm -rf "$dest"
into install
[ -x "$dest/usr/local/sbin/hikaed" ] || fail "no hikaed"
expect_line '^ExecStart=/usr/local/sbin/hikaed' \
	"$dest/usr/local/lib/systemd/system/hikaed.service"
[ -z "$(find "$dest" -mindepth 1 -maxdepth 1 ! -name usr)" ] ||
	fail "it wrote beside its prefix"
into uninstall
expect_equal "$(installed)" ./usr/local/etc/hikae/hikae.conf "what is left"

say "dist: what was committed, the same bytes each time, and it builds"
# A tree may belong to somebody else than who tests it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
if ! command -v git >/dev/null ||
	[ "$(git -C "$top" rev-parse --show-toplevel 2>/dev/null)" != "$top" ]; then
	say "this tree has no history: there is nothing to pack"
	exit 0
fi
git clone -q --depth 1 "file://$top" clone
expect_status 0 make -s -C clone dist
set -- clone/build/hikae-*.tar.gz
expect_equal $# 1 tarballs
expect_line "  build/$(basename "$1")\$" out
sha256sum "$1" >sum
rm "$1"
make -s -C clone dist >out
sha256sum -c --quiet sum
tar -xzf "$1"
tree=$(basename "$1" .tar.gz)
git -C clone ls-tree -r --name-only HEAD | LC_ALL=C sort >committed
(cd "$tree" && find . ! -type d | sed 's|^\./||' | LC_ALL=C sort) >packed
diff committed packed || fail "the tarball is not what was committed"
# Every source and every rule is there: all that would be done is known.
make -n -C "$tree" all >plan
for program in hikae hikaed; do
	expect_line "build/release/bin/$program( |\$)" plan
done
expect_line 'hikae\.mo' plan
make -n -C "$tree" install DESTDIR="$dest" >/dev/null
# It compiles what there is, and no source lies there for nothing.
sed -n 's/.* -c -o [^ ]* \([^ ]*\.c\)$/\1/p' plan | grep -v '^build/' |
	LC_ALL=C sort -u >compiled
(cd "$tree" && find lib daemon cli doc/manual -name '*.c') | LC_ALL=C sort >sources
diff sources compiled
