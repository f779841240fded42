#!/bin/sh
# Goal: a drill takes the newest copy that an attack leaves, asks for its medium
# by name and place, and status says what it does.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

# File systems in memory have no UUID: nobody can tell such a disk's absence
# from its presence but by the mount.
shelve() {
	wait_until 120 is_free disk1
	umount "$1"
}
is_free() {
	hk media show "$1" --json | jq -e .medium.is_removable_now
}
bring() {
	mount --bind "$scratch/keep/$(basename "$1")" "$1"
}

policy="full_after_capture = no
		$(closed_window)"
medium_keys='name = Disk A
		location = 金庫
		offline = detached'
mountpoint=yes
second=$scratch/second
mkdir -p keep "$disk" "$second"
mount -t tmpfs keep keep
mkdir keep/disk keep/second
bring "$disk"
bring "$second"
install_small
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[medium disk2]
	kind = disk
	path = $second
	mountpoint = yes
	offline = detached
	[source ehr-disk2]
	system = ehr
	medium = disk2
	path = ehr
	layout = directory
	pattern = %Y%m%d
END
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
generation 20261101
generation 20261102
mkdir "$second/ehr"
cp -a "$landing/20261101" "$second/ehr/"
give_user "$second" "$programs"
begin
scan_all

# is_mounted MEDIUM YES|NO
is_mounted() {
	[ "$(hk media show "$1" --json | jq -r \
		'if .medium.state == "mounted" then "yes" else "no" end')" = "$2" ]
}
# restored STATUS GENERATION-AND-MEDIUM [OPTION...]: by a drill that ends so.
restored() {
	status=$1 wanted=$2
	shift 2
	expect_status "$status" hk drill start ehr --operator Tester --json "$@"
	expect_equal "$(jq -r '.drill | .generation + " " + .medium' out)" \
		"$wanted" "what was restored"
	number=$(jq .drill.id out)
}

say "the newest, from an offline medium"
restored 1 "ehr@20261102T000000+0000 disk1"
first=$number

say "its medium is away: asked for by name and place, nothing older instead"
shelve "$disk"
wait_until 60 is_mounted disk1 no
drills=$(query 'SELECT count(*) FROM drill')
expect_status 75 hk drill start ehr --operator Tester
expect_line 'disk1' err
expect_line '金庫' err
expect_equal "$(query 'SELECT count(*) FROM drill')" "$drills" "drills"

say "status says so, and who waits"
hk status >out || :
expect_line '^Drills: ehr waits for Disk A, kept at 金庫' out
hk status --json >out || :
expect_equal "$(jq -r '.drills.waiting[0] |
	[.system, .medium, .place, .operator] | join(" ")' out)" \
	"ehr disk1 金庫 Tester"
expect_equal "$(jq '.drills.running | length' out)" 0
hk drill list >out
expect_line 'kept at: 金庫' out
expect_equal "$(hk drill list --json | jq '.waiting[0].asked_at > 0')" true

say "it comes back: the drill begins by itself"
bring "$disk"
has_ended() {
	[ "$(query "SELECT count(*) FROM drill WHERE outcome IS NOT NULL")" = \
		$((drills + 1)) ]
}
wait_until 60 has_ended
wait_until 60 is_swept
expect_equal "$(hk drill list --json | jq '.drills[0].medium_ms > 0')" true \
	"the time until the medium was there"
hk status >out || :
expect_no_line '^Drills:' out

say "of equal copies, one that is there"
shelve "$disk"
wait_until 60 is_mounted disk1 no
restored 1 "ehr@20261101T000000+0000 disk2" --generation \
	ehr@20261101T000000+0000
bring "$disk"
wait_until 60 is_mounted disk1 yes

say "the trend: what the one before took"
restored 1 "ehr@20261102T000000+0000 disk1"
hk drill show "$number" --json >shown
expect_equal "$(jq '.previous.id < .id and .rate > 0 and .previous.rate > 0 and
	.total_ms == .medium_ms + .restore_ms + .check_ms and .whole_ms > 0' \
	shown)" true "what was measured"
hk drill show "$number" >shown
expect_line 'Trend, the oldest first:' shown
expect_line 'Restoring: .* a second$' shown
expect_equal "$(hk drill show "$first" --json | jq 'has("previous")')" false
hk drill list --json >out
expect_equal "$(jq '[.drills[] | .rate > 0] | all' out)" true "rates"

say "a name of spaces is nobody's"
for blank in ' ' '　' ' 　'; do
	expect_status 64 hk drill sign-off "$number" --by "$blank" \
		--observation fine
	expect_status 64 hk drill start ehr --operator "$blank"
done
expect_status 64 hk drill sign-off "$number" --by Tester --observation ' '

say "status names one that runs"
cat >"$programs/ehr" <<-END
	#!/bin/sh
	$nap
END
chmod 755 "$programs/ehr"
give_user "$programs"
hk drill start ehr --operator Tester >ended 2>&1 &
waiting=$!
wait_until 60 is_napping
hk status >out || :
expect_line '^Drills: ehr: running programs \(no\. [0-9]+\)' out
expect_equal "$(query "SELECT count(*) FROM drill_check
	WHERE drill = (SELECT max(id) FROM drill)")" 1 "what is journalled at once"

say "what cannot be removed is told, and removed as soon as it can be"
number=$(hk drill list --json | jq '.drills[0].id')
mkdir "$state/drills/$number/files/held"
mount -t tmpfs held "$state/drills/$number/files/held"
hk drill cancel "$number"
wait "$waiting" || :
expect_line 'could not be removed' ended
expect_line 'was not removed' "$root.log"
[ -d "$state/drills/$number" ] || fail "it was removed"
umount "$state/drills/$number/files/held"
wait_until 120 is_swept

say "a place of one's own is swept after a crash, too"
mkdir elsewhere
give_user elsewhere
hk drill start ehr --operator Tester --target "$scratch/elsewhere" \
	>ended 2>&1 &
waiting=$!
wait_until 60 is_napping
[ -n "$(find elsewhere -name files)" ] || fail "it is not there"
kill_daemon
wait "$waiting" || :
begin
is_empty() {
	[ -z "$(find elsewhere -mindepth 1)" ]
}
wait_until 60 is_empty
wait_until 60 is_swept
stop_daemon
