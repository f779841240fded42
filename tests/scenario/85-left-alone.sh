#!/bin/sh
# Goal: udev's rule marks what hikae mounts itself, so that nobody else does.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need udevadm
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

truncate -s 16M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
plug ext4
number=$(stat -c '%Hr %Lr' "$device")

# This machine's udev is left alone: it has a /run and a /dev of its own here.
mkdir own
mount -t tmpfs none own
mkdir own/run own/dev
mknod own/dev/null c 1 3
# shellcheck disable=SC2086 # two numbers
mknod "own$device" b $number
mount --bind own/dev /dev
mount --bind own/run /run
media=/run/hikae-media
rules=/run/udev/rules.d
mkdir -p "$rules" "$media"
cp "$here/../../systemd/rules.d/85-hikae.rules" "$rules/"

# is_told WORDS [RULE [ACTION]]: what the rule then says of the disk; RULE comes
# before it.
is_told() {
	printf '%s\n' "${2:-}" >"$rules/84-before.rules"
	udevadm test --action="${3:-change}" \
		"/sys/class/block/${device##*/}" >told 2>&1 || fail "$(cat told)"
	# What udev does not understand it leaves out, with a line.
	expect_no_line '85-hikae\.rules:[0-9]' told
	expect_equal "$(grep -E '^(HIKAE|UDISKS)_' told | sort | xargs)" "$1" \
		"what udev knows after '${2:-nothing}'"
}
marked='HIKAE_MEDIUM=1 UDISKS_AUTO=0 UDISKS_IGNORE=1'

say "no medium is hikae's to mount"
is_told ''
expect_line "^ID_FS_UUID=$uuid\$" told
rmdir "$media"
is_told ''
mkdir "$media"

say "another one is"
: >"$media/$(cat /proc/sys/kernel/random/uuid)"
is_told ''

say "this one is"
: >"$media/$uuid"
is_told "$marked"
is_told "$marked" '' add

say "by the UUID of its file system, not of what that lies in"
is_told '' 'ENV{ID_FS_USAGE}="crypto"'
is_told '' 'ENV{ID_FS_USAGE}="raid"'
is_told '' 'ENV{ID_FS_UUID}=""'
: >"$media/5DD3-5C39"
is_told "$marked" 'ENV{ID_FS_UUID}="5DD3-5C39"'

say "a UUID is no way to another place"
for name in . .. ../hikae-media "./$uuid" "/$uuid" ../../etc/passwd; do
	is_told '' "ENV{ID_FS_UUID}=\"$name\""
done
: >"$media/a file"
is_told '' 'ENV{ID_FS_UUID}="a file"'

say "what is hikae's no more is told apart no more"
rm "$media/$uuid"
is_told ''
