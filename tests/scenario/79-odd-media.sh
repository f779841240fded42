#!/bin/sh
# Goal: odd media and clocks lose nothing and make nothing fresher: another UUID, a full one, a read-only one, too little time; and papers end.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need tune2fs e2fsck setpriv
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

# What an offline medium's evidence is worth, and the reasons beside it.
evidence() {
	hk status --json | jq -r '.media[] | select(.id == "disk1") |
		.offline_evidence + " " + (.offline_reason // "")'
}
has_evidence() {
	evidence | grep -Eqx "$1"
}
await_evidence() {
	evidence_until=$(($(date +%s) + 120))
	until has_evidence "$1"; do
		[ "$(date +%s)" -lt "$evidence_until" ] ||
			fail "evidence: $(evidence), expected $1"
		sleep 0.1
	done
}
lost() {
	query "SELECT count(*) FROM copy_state
		WHERE state = 'missing' OR damaged > 0"
}
requirement() {
	hk compliance --json 2>err | jq -r --arg id "$1" '.requirements[] |
		select(.id == $id) | .rows[0] |
		.evidence_state + " " + .reason'
}
reasons() {
	hk status --json | jq -r '.reasons[].code' | sort -u
}

mountpoint=yes
medium_keys="uuid = $uuid
		offline = detached"
policy=$(closed_window)
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk"
plug ext4
mount -o noatime "$device" "$disk"
install_small
generation 20261101
umount "$disk"
# shellcheck disable=SC2119 # our own arguments are not meant
begin

say "full to the last block: read and good, and nothing is written there"
mount -o noatime "$device" "$disk"
cat /dev/zero >"$disk/fill" 2>/dev/null || :
await state mounted
await is_removable_now true
! dd if=/dev/zero of="$disk/more" bs=64k count=1 2>err ||
	fail "it is not full"
expect_status 0 hk verify --wait
findings_are
rm "$disk/fill" "$disk/more"
umount "$disk"
await state attached

say "mounted read-only: read and good; that it is so is no write protection"
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true
expect_status 0 hk verify --wait
findings_are
hk media show disk1 --json >out
expect_equal "$(jq -r '[.medium.protections[].result] | join(" ")' out)" open \
	"the device's switch"
umount "$disk"
await state attached

say "its UUID changed: another medium until somebody says that it is not"
unplug
await state absent
other=$(cat /proc/sys/kernel/random/uuid)
e2fsck -fp ext4 >/dev/null
tune2fs -U "$other" ext4 >/dev/null 2>&1
plug ext4
mount -o ro,noatime "$device" "$disk"
await state wrong-medium
await reason other-uuid
expect_equal "$(lost)" 0 "copies lost"
expect_status 2 hk media list
scan_all
findings_are wrong-medium
expect_status 2 hk status
! hk verify --wait >out 2>err || fail "another medium was called good"
umount "$disk"
unplug
await state absent
sed -i "s/$uuid/$other/" "$root/etc/hikae/hikae.conf"
expect_status 0 hk reload
plug ext4
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true
expect_status 0 hk verify --wait
findings_are
umount "$disk"
await state attached
unplug
await state absent
await_evidence 'verified .*'
stop_daemon

say "who may not state is refused, and nothing is kept"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
printf 'the plan\n' >plan.pdf
chmod 644 plan.pdf
# On another day than the clocks below.
soon=$(date -u -d '+300 days' +%Y-%m-%d)
rule=INT-HIPAA-B
state_by() {
	"$@" "$hikae" --root "$root" attest "$rule" --by 'Dr. Sato' \
		--until "$soon" --document "$scratch/plan.pdf" \
		--document-kind bcp
}
expect_status 77 state_by setpriv --reuid=65533 --regid=65533 --clear-groups
if getent group hikae >/dev/null; then
	expect_status 77 state_by setpriv --reuid=65533 --regid=65533 \
		--groups "$(getent group hikae | cut -d : -f 3)"
fi
expect_equal "$(query 'select count(*) from attestation')" 0 statements
expect_equal "$(find "$state/evidence/documents" -type f 2>/dev/null)" "" \
	documents
expect_equal "$(requirement INT-HIPAA-B)" "missing no-statement"
expect_status 0 state_by env
expect_equal "$(requirement INT-HIPAA-B)" "complete all-there"
# shellcheck disable=SC2119
stop_daemon

has_clock || exit 0

# shellcheck source=tests/clock.sh
. "$here/../clock.sh"
# What is written down shows the clock; this is, whatever the answer.
note() {
	hk preflight ehr --max-age 24h --by Sato --note update >/dev/null 2>&1 || :
}
codes() {
	hk findings --json | jq -r '.findings[].code'
}

say "a clock set back while it is away makes nothing fresher"
begin_at +0
await_evidence 'verified .*'
set_clock -20d
note
codes >seen
expect_line '^clock-back$' seen
await_evidence 'undetermined clock'
expect_equal "$(lost)" 0 "copies lost"

say "one that jumped ahead lets it decay, and back again makes it no younger"
set_clock +60d
note
await_evidence 'stale offline-stale'
set_clock +0
note
await_evidence 'stale offline-stale'
codes >seen
expect_line '^clock-back$' seen
expect_equal "$(lost)" 0 "copies lost"

say "it comes back: read again, and good"
plug ext4
mount -o ro,noatime "$device" "$disk"
await state mounted
await is_removable_now true
umount "$disk"
await state attached
unplug
await state absent
await_evidence 'verified .*'
stop_daemon

# What was stated before ages with the steps back of the clock; this is new.
begin_at +0
rule=INT-HIPAA-C
expect_status 0 state_by env
stop_daemon

say "a document that is about to end is told beforehand, and then counts no more"
begin_at +290d
expect_equal "$(requirement INT-HIPAA-C)" "complete ends-soon"
reasons >seen
expect_line '^statement-ends$' seen
stop_daemon
begin_at +302d
expect_equal "$(requirement INT-HIPAA-C)" "missing statement-ended"
reasons >seen
expect_line '^statement-ended$' seen
expect_no_line '^statement-ends$' seen
stop_daemon

say "its time is up amid a large file: the newest was read first, and it may go"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"
rm -rf "${root:?}/var"
make_keys "$root"
truncate -s 200M large
mkfs.ext4 -q -m 0 -U "$uuid" large
plug large
mount -o noatime "$device" "$disk"
mkdir "$landing"
policy='readers = 1'
medium_keys="uuid = $uuid
		offline = detached
		attach_time = 1m"
configure
generation 20261101
head -c 120000000 /dev/urandom >"$landing/20261101/LARGE"
generation 20261102
umount "$disk"
unplug
# Here the jump is one of the clock that hikaed waits by, too.
set_clock +0
begin env FAKETIME_TIMESTAMP_FILE="$root/offset" FAKETIME_NO_CACHE=1 \
	LD_PRELOAD="$clock_library"
come() {
	plug large
	mount -o ro,noatime "$device" "$disk"
	await state mounted
}
go() {
	umount "$disk"
	await state attached
	unplug
	await state absent
	query "select detail ->> 'checked' from medium_event
		where event = 'record' order by seq desc limit 1"
}
attaches() {
	query "select count(*) from run where trigger = 'attach'
		and outcome = '$1'"
}
# A reader of the attach is stopped in the large file, or it was too late.
catch_attach() {
	until ! find_reader && medium_has is_removable_now true; do
		if find_reader && stop_child; then
			! has_open "$child" LARGE || return 0
			let_go_on
		fi
	done
	return 1
}
come
await is_removable_now true
expect_equal "$(go)" 1 "all was read at the first attach"
tries=0
while :; do
	done_before=$(attaches 'done')
	come
	! catch_attach || break
	go >/dev/null
	tries=$((tries + 1))
	[ "$tries" -lt 8 ] || fail "no reader was caught"
done
cut_before=$(attaches cancelled)
set_clock +2m
await is_removable_now true
await is_cut true
kill -CONT "$child" 2>/dev/null || :
expect_equal "$(attaches 'done')" $((done_before + 1)) "runs over the newest"
expect_equal "$(attaches cancelled)" $((cut_before + 1)) "runs that were cut off"
findings_are
expect_equal "$(go)" 0 "what the record says was read"

say "the next time what is left is read, the oldest first"
come
await is_removable_now true
await is_cut false
expect_equal "$(go)" 1 "what the record says was read"
findings_are
stop_daemon
