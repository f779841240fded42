#!/bin/sh
# Goal: config tells every mistake at once, with file and line, daemon or not.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need jq

root=$scratch/root
conf=$root/etc/hikae/hikae.conf
mkdir -p "$root/etc/hikae/conf.d"

config() {
	"$hikae" --root "$root" config "$@"
}

say "no configuration is no good configuration"
expect_status 78 config check
expect_line 'etc/hikae/hikae.conf' err

say "the sample can be used, in both languages"
expect_status 0 env LANGUAGE=ja "$hikae" config sample
expect_line '^# .*設定' out
cp out "$conf"
expect_status 0 config check
"$hikae" config sample >"$conf"
expect_status 0 config check
expect_line '^OK .*Systems: 1, media: 1, sources: 1$' out
expect_status 0 env LANGUAGE=ja "$hikae" --root "$root" config check
expect_line '^○ ' out
expect_status 0 config check --json
expect_equal "$(jq -c '[.systems, .media, .sources, .problems]' out)" \
	'[1,1,1,[]]'

say "the manual has every key, in both languages"
# Of the sample's sections one is not in force.
printf '[notify it]\nmethod = mail\nto = it@hospital.example\n' >>"$conf"
config show | sed -n 's/^\([a-z_]*\) =.*/\1/p' | sort -u >keys
[ "$(wc -l <keys)" -gt 30 ] || fail "too few keys: $(wc -l <keys)"
for page in hikae.conf.5 ja/hikae.conf.5; do
	sed -n 's/^\.It Cm \([a-z_]*\) Li = .*/\1/p' "$HIKAE_BUILD/man/$page" |
		sort -u >described
	cmp keys described || fail "$page has other keys"
done
LC_ALL=C grep -A 1 '^\.It Cm .* Li =' "$HIKAE_BUILD/man/ja/hikae.conf.5" |
	LC_ALL=C grep -v '^\.It\|^--' >helps
! LC_ALL=C grep -v '[^ -~]' helps || fail "a key is not explained in Japanese"

say "what is shown can be loaded and is shown the same"
config show >shown
cp "$conf" kept
cp shown "$conf"
config show >again
cmp shown again || fail "the effective configuration changes"
cp kept "$conf"
expect_equal "$(config show --json | jq -r '.facility.timezone')" Asia/Tokyo

say "what nothing watches is a warning"
printf '[system order]\nkind = order\ninterval = 1d\n' \
	>"$root/etc/hikae/conf.d/order.conf"
expect_status 1 config check
expect_line '^WARN \[system order\] has no source' out
expect_status 1 config check --json
expect_equal "$(jq -c '.unused' out)" '[{"id":"order","kind":"system"}]'

say "so are two media that look alike in reports"
cat >"$root/etc/hikae/conf.d/alike.conf" <<-END
	[medium alike]
	kind = disk
	path = /mnt/alike
	[medium alike-too]
	kind = disk
	name = alike
	path = /mnt/alike-too
END
expect_status 1 config check
expect_line '^WARN etc/hikae/conf.d/alike.conf:6: name: .*medium alike\]' out
expect_status 1 config check --json
expect_equal "$(jq '.problems | length' out)" 1
rm "$root/etc/hikae/conf.d/alike.conf"

say "so are two sources that find the same backups, of one system or two"
cat >"$root/etc/hikae/conf.d/twice.conf" <<-END
	[medium twice]
	kind = disk
	path = /mnt/twice
	[system twice]
	kind = other
	[source twice-a]
	system = twice
	medium = twice
	path = dumps
	layout = file
	pattern = db-%Y%m%d
	[source twice-b]
	system = twice
	medium = twice
	path = dumps
	layout = file
	pattern = log-%Y%m%d
END
expect_status 1 config check
expect_no_line 'twice' out
sed -i 's/log-/*/' "$root/etc/hikae/conf.d/twice.conf"
expect_status 1 config check
expect_line '^WARN etc/hikae/conf.d/twice.conf:12: .*twice-a.*twice-b.*twice' out
rm "$root/etc/hikae/conf.d/twice.conf"

say "all problems are told at once, with their places"
printf 'nonsense\n[policy]\nsettle_time = 5\nsettle_tiem = 5m\n' \
	>"$root/etc/hikae/conf.d/wrong.conf"
expect_status 78 config check
expect_line '^etc/hikae/conf.d/wrong.conf:1: ' err
expect_line '^etc/hikae/conf.d/wrong.conf:3: ' err
expect_line '^etc/hikae/conf.d/wrong.conf:4: .* did you mean "settle_time"\?$' err
expect_status 78 config check --json
expect_equal "$(jq '.problems | length' out)" 3
expect_status 78 config show

say "the command line"
expect_status 64 config
expect_line 'config check' err
expect_status 64 config chekc
expect_line 'did you mean config check' err
expect_status 64 config check now
expect_status 64 config check --jsno
expect_line 'unknown option --jsno' err
expect_status 66 "$hikae" --root "$scratch/nowhere" config check
expect_status 0 "$hikae" help config check
expect_line '^Usage: hikae config check$' out
expect_status 0 "$hikae" config check --help
expect_status 64 "$hikae"
expect_status 0 "$hikae" --version
expect_line '^hikae [0-9]' out

say "what cannot be written was not said"
got=0
"$hikae" config sample >/dev/full || got=$?
expect_equal "$got" 74 "exit status with a full disk"

say "colours on a terminal only, and not with NO_COLOR"
rm "$root/etc/hikae/conf.d/wrong.conf" "$root/etc/hikae/conf.d/order.conf"
escape=$(printf '\033')
on_terminal() {
	script -qec "$hikae --root $root config check" /dev/null </dev/null
}
if command -v script >/dev/null; then
	TERM=xterm on_terminal >coloured
	grep -q "$escape" coloured || fail "no colours on a terminal"
	NO_COLOR=1 TERM=xterm on_terminal >plain
	! grep -q "$escape" plain || fail "colours despite NO_COLOR"
	TERM=dumb on_terminal >plain
	! grep -q "$escape" plain || fail "colours on a dumb terminal"
fi
TERM=xterm config check >plain
! grep -q "$escape" plain || fail "colours in a file"
