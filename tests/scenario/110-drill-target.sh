#!/bin/sh
# Goal: no drill writes on a medium, and a place that hangs holds up nobody.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need ntfs-3g mkntfs pgrep
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
server=
stop_server() {
	[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || :
	server=
}
at_end=stop_server
mkdir -p shelf place elsewhere "$root/etc/hikae/conf.d"
mount -t tmpfs shelf shelf
mkdir shelf/free
mount --bind shelf/free elsewhere
cat >"$root/etc/hikae/conf.d/shelf.conf" <<-END
	[medium shelf]
	kind = disk
	path = $scratch/shelf/backups
	mountpoint = no
END
mkdir shelf/backups
mkdir "$landing/20261101"
sqlite3 "$landing/20261101/ehr.db" 'CREATE TABLE t AS SELECT 1 AS one'
chmod 777 "$disk" "$landing" "$landing/20261101" shelf shelf/free
give_user "$landing" place
begin
scan_all

found() {
	find "$disk" shelf -printf '%p %T@ %C@\n' | sort
}
found >before

# refused TARGET: at once, with the reason.
refused() {
	expect_status 77 hk drill start ehr --operator Tester --keep \
		--target "$1"
	expect_line 'on a backup medium' err
}

say "on a medium that is a folder"
refused "$disk"
refused "$landing/20261101"
refused "/$disk/./ehr"

say "on the file system of a medium that is mounted, wherever it is"
refused "$scratch/shelf"
refused "$scratch/shelf/free"
refused "$scratch/elsewhere"
expect_equal "$(query "SELECT count(*) FROM drill")" 0 "drills that began"

say "by links: who makes the folder sees where they lead"
for way in "$landing" "$scratch/elsewhere" "$scratch/shelf"; do
	ln -sfn "$way" way
	drill 3 undetermined --keep --target "$scratch/way"
	expect_equal "$(jq -r .drill.reason out)" target-on-medium reason
	drill 3 undetermined --target "$scratch/way/."
	expect_equal "$(jq -r .drill.reason out)" target-on-medium reason
done
hk drill start ehr --operator Tester --target "$scratch/way" >out 2>err || :
expect_line 'on a backup medium' out

say "nothing was made there"
found >after
cmp before after || fail "a medium was written to"

say "beside the folder it may"
drill_targets=$scratch/place
drill 0 passed --target "$scratch/place"
wait_until 60 is_swept
ln -sfn "$scratch/place" way
drill 0 passed --target "$scratch/way"
wait_until 60 is_swept

say "a place that hangs: the drill is ended, and hikaed answers"
mkdir hang
truncate -s 32M ntfs
mkntfs -q -F -Q ntfs >/dev/null 2>&1
ntfs-3g -o no_detach,uid=65534,gid=65534,umask=077 ntfs hang &
server=$!
wait_until 60 mountpoint -q hang
drill_targets=$scratch/hang
mkdir -p "$programs"
printf '#!/bin/sh\n%s\n' "$nap" >"$programs/ehr"
chmod 755 "$programs/ehr"
give_user "$programs"

# Whatever looks there waits in the kernel; one process of hikae's at least.
is_stuck_there() {
	pgrep -P "$daemon" -f 'role restorer' >/dev/null
}
answers() {
	hk status >/dev/null || [ $? -le 3 ]
	hk drill list --json >out
}
start_there() {
	hk drill start ehr --operator Tester --json --target "$scratch/hang" \
		>drilled 2>&1 &
	waiting=$!
	wait_until 60 is_napping
}
start_there
kill -STOP "$server"
hk drill cancel ehr
wait_until 60 is_stuck_there
answers
kill -CONT "$server"
wait "$waiting" || :
expect_equal "$(jq -r .drill.outcome drilled)" aborted
wait_until 60 is_swept

say "what a crash left there is removed when it answers again"
start_there
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null || :
wait "$waiting" || :
wait_until 60 is_awake
kill -STOP "$server"
begin
wait_until 60 is_stuck_there
answers
kill -CONT "$server"
wait_until 120 is_swept

say "a hikaed that does not answer: Ctrl-C ends the command all the same"
start_unheard() {
	env --default-signal=INT,TERM "$hikae" --root "$root" drill start ehr \
		--operator Tester >unheard 2>&1 &
	client=$!
	wait_until 60 is_napping
	kill -STOP "$daemon"
}
# A second one ends it at once; two that come together are one.
is_interrupted() {
	kill -INT "$client" 2>/dev/null || :
	! grep -q '^State:.[RSD]' "/proc/$client/status" 2>/dev/null
}
is_over() {
	is_awake && hk drill list --json | jq -e '.drills[0].outcome' >/dev/null
}
# goes_on: the command has ended, the drill has not.
goes_on() {
	ended=0
	wait "$client" || ended=$?
	expect_equal "$ended" 3 "exit status"
	expect_line 'goes on in hikaed' unheard
	is_napping || fail "the drill has ended"
	kill -CONT "$daemon"
	hk drill cancel ehr || :
	wait_until 60 is_over
}
start_unheard
wait_until 60 is_interrupted
goes_on

say "one is enough, after a while"
start_unheard
kill -TERM "$client"
goes_on
stop_daemon
