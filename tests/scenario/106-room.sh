#!/bin/sh
# Goal: the disk of the state is called nearly full before it is full, for its
# bytes, its inodes and what hikae takes of it; and no more when there is room.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need mkfs.ext4 fallocate

policy=$(closed_window)
code='state-nearly-full'
filler=$root/var/filler

# leave KIB: so much is free then, and at no time more than before or after.
leave() {
	[ -e "$filler" ] || : >"$filler"
	avail=$(df -k --output=avail "$root/var" | tail -n 1)
	old=$(stat -c %s "$filler")
	new=$((old + (avail - $1) * 1024))
	if [ "$new" -gt "$old" ]; then
		fallocate -l "$new" "$filler"
	else
		truncate -s "$new" "$filler"
	fi
}
codes_are() {
	[ "$(hk findings --json | jq -r '.findings[].code' | sort | xargs)" = "$1" ]
}
# metric NAME
metric() {
	hk metrics | sed -n "s/^$1{facility=\"small\"} //p"
}
# How often findings were opened, found again, closed.
events() {
	query "SELECT count(*) FROM journal WHERE leaf ->> 'type' = 'finding'"
}
# Whatever is to be recorded, it cannot be.
is_unwritten() {
	hk verify --wait >/dev/null 2>&1 || :
	got=0
	hk status >out || got=$?
	[ "$got" -eq 3 ] && grep -q 'journal cannot be written' out
}

mkdir -p "$root/var"
truncate -s 256M image
mkfs.ext4 -q -m 0 -N 4096 image
device=$(loop_device image)
mount "$device" "$root/var"
losetup -d "$device"
install_small
generation 20261101
begin
scan_all
expect_status 0 hk verify --wait
expect_status 0 hk verify --self
expect_status 0 hk status
# A fiftieth, where hikae itself took less.
expect_equal "$(metric hikae_state_reserve_bytes)" \
	$(($(stat -f -c '%b * %S' "$root/var") / 50)) reserve
expect_equal "$(metric hikae_state_reserve_files)" \
	$(($(stat -f -c %c "$root/var") / 50)) "reserve of files"
[ "$(metric hikae_state_free_bytes)" -gt $((100 << 20)) ] || fail "no room"

say "less than a fiftieth is left"
leave 4096
wait_until 120 codes_are $code
expect_status 1 hk status
expect_line 'Little room is left' out
expect_line 'Make room on that disk' out
expect_status 1 env LANGUAGE=ja "$hikae" --root "$root" status
expect_line '空きが残りわずか' out
expect_line 'そのディスクを空ける' out
hk show "$(hk findings --json | jq '.findings[].id')" >out
expect_line 'Free +[34]\.[0-9]' out
expect_line 'should be left +[45]\.[0-9]' out
expect_equal "$(hk metrics | sed -n \
	's/^hikae_findings_open{.*severity="warning"} //p')" 1 metrics
[ "$(metric hikae_state_free_bytes)" -le $((4 << 20)) ] || fail "more is free"
expect_status 1 hk verify --self
expect_equal "$(events)" 1 "entries of what stands already"

say "full: nothing can be recorded, and that is no good status"
# SQLite's log is short then, and has no room of its own.
stop_daemon
begin
leave 512
head -c 10000000 /dev/zero >"$root/var/rest" 2>/dev/null || :
wait_until 120 is_unwritten

say "room again, and all is recorded"
rm "$root/var/rest" "$filler"
wait_until 120 codes_are ''
generation 20261102
scan_all
expect_status 0 hk verify --wait
expect_status 0 hk status
expect_equal "$(query "SELECT detail ->> 'free_bytes' < detail ->>
	'reserve_bytes' FROM finding_state ORDER BY from_seq LIMIT 1")" 1 detail

say "less is left than hikae took of late"
late=$state/manifests/late
mkdir "$late"
head -c 50000000 /dev/zero >"$late/large"
give_user "$late"
leave 40960
expect_status 1 hk verify --self
codes_are $code || fail "what was taken does not count"
[ "$(metric hikae_state_reserve_bytes)" -ge 50000000 ] || fail "reserve"

say "it stands over a restart, and until there is a quarter more"
stop_daemon
begin
expect_status 1 hk verify --self
leave 55000
expect_status 1 hk verify --self
leave 70000
wait_until 120 codes_are ''

say "what was taken long ago counts no more"
touch -d '100 days ago' "$late/large" "$late"
leave 40960
wait_until 120 codes_are $code
expect_status 0 hk verify --self
codes_are '' || fail "what was taken long ago counts"

say "inodes that run out"
rm "$filler"
mkdir "$root/var/many"
seq -f "$root/var/many/%.0f" "$(($(stat -f -c %d "$root/var") - 60))" |
	xargs touch
wait_until 120 codes_are $code
[ "$(metric hikae_state_free_files)" -le 60 ] || fail "more files are free"
rm -r "$root/var/many"
wait_until 120 codes_are ''
expect_status 0 hk status
stop_daemon
expect_status 0 hk journal verify
