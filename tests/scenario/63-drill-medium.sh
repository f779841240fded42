#!/bin/sh
# Goal: a drill outlives the loss of its medium, and waits for it over restarts.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need ntfs-3g mkntfs
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

LARGE=100
server=
stop_server() {
	[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || :
	server=
}
let_go_second() {
	umount -l "$scratch/shelf" 2>/dev/null || :
}
at_end="stop_server let_go_second let_go"

# serve: what the disk's image lies on, which can die.
serve() {
	ntfs-3g -o no_detach ntfs lower &
	server=$!
	wait_until 60 mountpoint -q lower
}
attach() {
	plug "$1"
	mount -o ro,noload "$device" "$disk"
	await state mounted
}

# A real disk has no copy of its bytes in this host's memory.  While the reader
# is stopped nothing brings one back: what it has not read yet must come from
# the disk.
forget_bytes() {
	dd if=lower/image iflag=nocache count=0 status=none
}

policy="full_after_capture = no
		readers = 1
		$(closed_window)"
medium_keys="uuid = $uuid
		offline = detached"
mountpoint=yes
truncate -s $((LARGE + 60))M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
# Who had this loop device before may have left its switch on.
blockdev --setrw "$device"
mount -o noatime "$device" "$disk"
install_small
mkdir "$landing/20261101"
head -c "${LARGE}000000" /dev/urandom >"$landing/20261101/large"
umount "$disk"
unplug
truncate -s $((LARGE + 120))M ntfs
mkntfs -q -F -Q ntfs >/dev/null 2>&1
mkdir -p lower
serve
cp ext4 lower/image
sync
begin
attach lower/image
scan_all
# What a media's coming starts ends before the drill begins.
await is_removable_now true

say "pulled out in the middle of a drill"
catch_sender
forget_bytes
kill -KILL "$server"
wait "$server" 2>/dev/null || :
server=
kill -CONT "$child"
got=0
wait "$waiting" || got=$?
expect_equal "$got" 3 "exit status of a drill that lost its medium"
expect_equal "$(jq -r .drill.outcome drilled)" undetermined
wait_until 60 is_swept
expect_equal "$(query "SELECT count(*) FROM copy_state
	WHERE state = 'missing' OR damaged > 0")" 0 "copies lost"
umount -l "$disk"
unplug
umount -l lower
await state absent

say "back: what could not be read is read again, and is whole"
attach ext4
expect_status 0 hk verify --wait
expect_status 1 hk drill start ehr --operator Tester
await is_removable_now true
umount "$disk"
unplug
await state absent

say "away: the order is kept, and shown"
drills=$(query 'SELECT count(*) FROM drill')
expect_status 75 hk drill start ehr --operator 'Tester 山田' --sample 50%
expect_line 'disk1' err
hk drill list --json >listed
expect_equal "$(jq -r '.waiting[] | "\(.system) \(.medium) \(.operator)"' \
	listed)" "ehr disk1 Tester 山田"
asked=$(jq '.waiting[0].asked_at' listed)

say "over a restart, and over the death of hikaed"
stop_daemon
begin
hk drill list --json >listed
expect_equal "$(jq '.waiting[0].asked_at' listed)" "$asked" "since when"
kill_daemon
begin
hk drill list >listed
expect_line 'Tester 山田 waits for the medium disk1' listed

say "it can be cancelled, and stays so"
hk drill cancel ehr
expect_status 66 hk drill cancel ehr
stop_daemon
begin
expect_equal "$(hk drill list --json | jq '.waiting | length')" 0 "waiting"

say "nonsense in its place is told, and harmless"
printf '{"version":1,"system":7}' >"$state/drills/waiting-ehr.json"
stop_daemon
begin
expect_equal "$(hk drill list --json | jq '.waiting | length')" 0 "waiting"
expect_line 'cannot be taken up' "$root.log"

say "the medium comes, and the drill begins by itself"
expect_status 75 hk drill start ehr --operator Tester --sample 50%
stop_daemon
begin
expect_equal "$(hk drill list --json | jq '.waiting | length')" 1 "waiting"
expect_equal "$(query 'SELECT count(*) FROM drill')" "$drills" "drills"
attach ext4
has_ended() {
	[ "$(query "SELECT count(*) FROM drill
		WHERE outcome IN ('passed', 'warning')
		AND share_ppm = 500000 AND operator = 'Tester'")" = 1 ]
}
wait_until 120 has_ended
wait_until 60 is_swept
expect_equal "$(hk drill list --json | jq '.waiting | length')" 0 "waiting"
await is_removable_now true

if has_clock; then
	say "left in its socket, it is not taken for one that an attack leaves"
	other=$(cat /proc/sys/kernel/random/uuid)
	sed -i 's/^\t*offline = detached/&\nmax_attached = 1h/' \
		"$root/etc/hikae/hikae.conf"
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[medium disk2]
		kind = disk
		path = $scratch/shelf
		mountpoint = yes
		uuid = $other
		offline = detached
		[source ehr-disk2]
		system = ehr
		medium = disk2
		path = ehr
		layout = directory
		pattern = %Y%m%d
	END
	mkdir -p shelf
	truncate -s 16M second
	mkfs.ext4 -q -m 0 -U "$other" second
	mount -o loop,noatime second shelf
	mkdir -p shelf/ehr/20261031
	seq 1 9000 >shelf/ehr/20261031/a
	hk reload >/dev/null
	scan_all
	expect_status 1 hk drill start ehr --operator Tester --medium disk2
	stop_daemon
	umount shelf
	begin env FAKETIME=+90m FAKETIME_DONT_FAKE_MONOTONIC=1 \
		LD_PRELOAD="$clock_library"
	await state mounted
	is_left() {
		hk findings --json | jq -e '.findings[] |
			select(.code == "left-attached")'
	}
	wait_until 60 is_left
	expect_status 75 hk drill start ehr --operator Tester
	expect_line disk2 err
	hk drill cancel ehr
	expect_status 1 hk drill start ehr --operator Tester --medium disk1
	await is_removable_now true
fi
umount "$disk"
unplug
stop_daemon
