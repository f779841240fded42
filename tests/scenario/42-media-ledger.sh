#!/bin/sh
# Goal: who has a medium, what is left connected, what a share is, is on record.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need mkfs.xfs mkfs.btrfs
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

listener=
stop_listener() {
	[ -z "$listener" ] || kill "$listener" 2>/dev/null || :
	wait "$listener" 2>/dev/null || :
	listener=
}
at_end="stop_listener let_go"

mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached
		max_attached = 1h"
install_small

# stamps FILESYSTEM MKFS...: used elsewhere is seen, not used is too.
stamps() {
	say "$1: was it used elsewhere?"
	stamps_image=$1.image
	shift
	truncate -s 320M "$stamps_image"
	"$@" "$stamps_image"
	plug "$stamps_image"
	mount "$device" "$disk"
	mkdir "$disk/ehr"
	generation 20261101
	umount "$disk"
	unplug
	begin
	await state absent
	plug "$stamps_image"
	await state attached
	mount -o ro,noatime "$device" "$disk"
	await state mounted
	await is_removable_now true
	umount "$disk"
	await state attached
	await is_removable_now true
	unplug
	await state absent
	plug -r "$stamps_image"
	await reason unchanged
	await device_read_only true
	unplug
	await state absent
	stop_daemon
	plug "$stamps_image"
	mount "$device" "$disk"
	touch "$disk/elsewhere"
	umount "$disk"
	unplug
	begin
	await state absent
	plug "$stamps_image"
	await reason changed-elsewhere
	hk findings --json >out || :
	jq -r '.findings[].code' out >codes
	expect_line attached-elsewhere codes
	unplug
	await state absent
	stop_daemon
	rm -rf "$state/catalog.db"* "$state/checkpoint" "$state/manifests" \
		"$state/readings" "$stamps_image"
}
stamps xfs mkfs.xfs -q -m "uuid=$uuid"
stamps btrfs mkfs.btrfs -q -U "$uuid"

say "released: nothing is begun, and it can be unmounted"
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
plug ext4
mount -o noatime "$device" "$disk"
mkdir "$disk/ehr" "$root/etc/hikae/conf.d"
generation 20261101
generation 20261102
truncate -s 30M "$landing/20261102/large"
begin
await state mounted
expect_status 0 hk media release disk1
umount "$disk"
await state attached
entries >seen
expect_line '^record:released$' seen
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true
expect_status 0 hk verify --wait

say "what is away by plan is passed over, and told; nothing else is"
mkdir -p "$scratch/fixed/ehr"
cp -r "$landing/20261101" "$scratch/fixed/ehr/"
cat >"$root/etc/hikae/conf.d/fixed.conf" <<-END
	[medium fixed]
	kind = disk
	path = $scratch/fixed
	mountpoint = no
	[source ehr-fixed]
	system = ehr
	medium = fixed
	path = ehr
	layout = directory
	pattern = %Y%m%d
END
expect_status 0 hk reload
scan_all
umount "$disk"
await state attached
wait_until 120 is_idle
expect_status 1 hk verify --wait
expect_equal "$(grep -c 'disk1 is connected, but not mounted' out)" 1
expect_status 1 hk verify --wait --json
jq -e '.run | .unmounted == ["disk1"] and .away == [] and
	.away_copies == 2 and .copies == 1 and .undetermined == 0' out \
	>/dev/null || fail "not passed over: $(cat out)"
expect_status 75 hk verify --wait --medium disk1
expect_line 'disk1 is connected, but not mounted; mount it' err
expect_status 75 hk verify --medium disk1
unplug
await state absent
wait_until 120 is_idle
expect_status 1 hk verify --wait
expect_line 'disk1 is away' out
expect_equal "$(grep -c 'is away' out)" 1
expect_status 75 hk verify --wait --medium disk1
expect_line 'disk1 is away' err
expect_status 75 hk verify --medium disk1
expect_status 0 hk verify --wait --medium fixed
hk findings --json >out || :
jq -r '.findings[].code' out >codes
expect_no_line medium-absent codes
rm -r "$root/etc/hikae/conf.d/fixed.conf"
expect_status 0 hk reload
plug ext4
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true

say "lent, given back, retired"
expect_status 64 hk media checkout disk1 --by Sato
expect_status 66 hk media checkout disk9 --by Sato --to Ito --place safe
expect_status 0 hk media checkout disk1 --by Sato --to Ito \
	--place 'bank vault' --until 30d --note 'weekly'
expect_line 'still connected' out
hk media show disk1 --json |
	jq -e '.medium.custody | .holder == "Ito" and .place == "bank vault" and
		.by == "Sato" and .until > .at' >/dev/null || fail custody
hk media list >out
expect_line 'Ito, bank vault' out
for language in en ja; do
	LANGUAGE=$language hk media list >out
	[ "$(wc -L <out)" -le 100 ] || fail "too wide: $(cat out)"
done
LANGUAGE=ja hk media show disk1 >out
expect_no_line ' (detached|none|disk|device-read-only.*)$' out
expect_line '取り外して保管' out
expect_status 0 hk media checkin disk1 --by Sato --place shelf
hk media show disk1 --json | jq -e '.medium | has("custody") | not' \
	>/dev/null || fail "still lent"
expect_status 0 hk media retire disk1 --by Sato --note shredded
hk media show disk1 --json | jq -e '.medium.retired_at' >/dev/null ||
	fail "not retired"
stop_daemon
# It is out of service, and connected.
expect_status 1 "$hikae" --database "$catalog" media show disk1
expect_line 'Ito.*bank vault' out
expect_status 1 "$hikae" --database "$catalog" media list

if has_clock; then
	say "left connected: a finding, that closes when it goes"
	begin_later() {
		begin env FAKETIME="$1" FAKETIME_DONT_FAKE_MONOTONIC=1 \
			LD_PRELOAD="$clock_library"
	}
	begin_later +90m
	await state mounted
	hk findings --json >out || :
	jq -e '.findings[] | select(.code == "left-attached") |
		.severity == "warning"' out >/dev/null || fail "not left"
	stop_daemon
	begin_later +3h
	await state mounted
	hk findings --json >out || :
	jq -e '.findings[] | select(.code == "left-attached") |
		.severity == "bad"' out >/dev/null || fail "not bad"
	stop_daemon
	# A clock that is set back takes nothing of it away.
	begin_later +2m
	await state mounted
	scan_all
	hk findings --json >out || :
	jq -e '.findings[] | select(.code == "left-attached") |
		.severity == "bad"' out >/dev/null || fail "hidden by the clock"
	await is_removable_now true
	umount "$disk"
	unplug
	await state absent
	hk findings --json >out || :
	jq -r '.findings[].code' out >codes
	expect_no_line left-attached codes
	stop_daemon
else
	umount "$disk"
	unplug
fi

say "a share that is not mounted is never absent"
rm -rf "$state/catalog.db"* "$state/checkpoint" "$state/manifests" \
	"$state/readings"
sed -i 's/^kind = disk/kind = nas/; /^\t*uuid = /d; /^\t*max_attached/d' \
	"$root/etc/hikae/hikae.conf"
begin
await state unknown
await reason not-asked
await in_reach true
expect_status 3 hk media list
# Any port that is free; it says which once it listens there.
python3 -u -m http.server --bind 127.0.0.1 0 >served 2>&1 &
listener=$!
wait_until 60 grep -q ' port [0-9]' served
port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' served)
sed -i "s/^kind = nas/&\\naddress = 127.0.0.1:$port/" "$root/etc/hikae/hikae.conf"
hk reload >/dev/null
await state attached
await reason answers
stop_listener
# Whoever refuses is there.
hk reload >/dev/null
await reason refuses
await in_reach true
stop_daemon

say "what is connected and not configured is proposed, and can be added"
# Others may have an usb mounted on this host.
stick=usb$$
mkdir "$stick"
mount -o noatime "$(loop_device ext4)" "$stick"
device=$(findmnt -n -o SOURCE "$stick")
hk media scan >proposed
expect_line "^\[medium $stick\]\$" proposed
expect_line "^path = $scratch/$stick\$" proposed
# The serial number is that of the disk on which the file lies.
expect_no_line '^serial' proposed
cp "$root/etc/hikae/hikae.conf" kept
cat proposed >>"$root/etc/hikae/hikae.conf"
# A medium without a source is a warning.
expect_status 1 hk config check
cp kept "$root/etc/hikae/hikae.conf"
expect_status 66 hk media add nothing
expect_status 0 hk media add "$stick"
expect_status 1 hk config check
expect_line "^path = $scratch/$stick\$" "$root/etc/hikae/conf.d/medium-$stick.conf"
hk media scan >proposed
expect_no_line "^\[medium $stick\]\$" proposed
begin
hk media show "$stick" --json | jq -e --arg id "$stick" '.medium.id == $id' >/dev/null ||
	fail "not added"
stop_daemon
umount "$stick"
printf '[medium other]\nkind = disk\n' >>"$root/etc/hikae/hikae.conf"
rm "$root/etc/hikae/conf.d/medium-$stick.conf"
mount -o noatime "$device" "$stick"
expect_status 78 hk media add "$stick"
[ ! -e "$root/etc/hikae/conf.d/medium-$stick.conf" ] || fail "written all the same"
umount "$stick"
