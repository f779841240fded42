#!/bin/sh
# Goal: a drill that lacks room or PostgreSQL says so, and is no bad backup.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
need bsdtar zstd

LARGE=200
medium_keys='offline = detached'
policy="full_after_capture = no
		readers = 1
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"

mkdir "$landing/20261101"
head -c "${LARGE}000000" /dev/urandom >"$landing/20261101/large"
give_user "$landing"
begin_server
server_sql <<-'END'
	CREATE TABLE patients AS SELECT generate_series(1, 500) AS id;
END
mkdir dump newer
server_dump -Fc >dump/ehr.dump
server_dump >plain.sql
end_server
# As versions to come may write them: the archive's format 1.99, and a setting that
# older servers do not know.
cp dump/ehr.dump newer/ehr.dump
printf '\001\143' | dd of=newer/ehr.dump bs=1 seek=5 conv=notrunc status=none
sed -e 's/^-- Dumped from database version .*/-- Dumped from database version 99.1/' \
	-e 's/^SET statement_timeout/SET hikae_of_the_future = 0;\n&/' plain.sql \
	>newer.sql
put 20261102 dump/ehr.dump
put 20261103 newer/ehr.dump
put 20261104 newer.sql
small=$scratch/small
drill_targets=$small
mkdir "$small"
mount -t tmpfs -o size=$((LARGE + 100))m,mode=0777 small "$small"
begin
scan_all

say "no room in the middle of restoring"
catch_sender --target "$small" --generation ehr@20261101T000000+0000
head -c 1000000000 /dev/zero >"$small/filler" 2>/dev/null || :
kill -CONT "$child"
got=0
wait "$waiting" || got=$?
expect_equal "$got" 3 "exit status of a drill without room"
expect_equal "$(jq -r '.drill | "\(.outcome) \(.reason)"' drilled)" \
	"undetermined no-space"
wait_until 60 is_swept
expect_equal "$(query "SELECT count(*) FROM finding")" 0 "findings"
expect_equal "$(query "SELECT count(*) FROM copy_state
	WHERE damaged > 0")" 0 "damaged copies"

say "no room from the beginning"
drill_day 3 undetermined 20261101 --target "$small"
expect_equal "$(jq -r .drill.reason out)" no-space
# Before anything was written.
check_of restore >check
expect_line '^plan undetermined' check
wait_until 60 is_swept

say "room again"
rm "$small/filler"
drill_day 1 warning 20261101 --target "$small"
check_of restore >check
expect_line '^bytes passed .*"differing":0' check
wait_until 60 is_swept
umount "$small"

say "signed once, by somebody, after its end"
expect_status 64 hk drill sign-off "$number" --observation fine
expect_status 64 hk drill sign-off "$number" --by Tester
got=0
hk drill sign-off "$number" --by '' --observation fine >out 2>err || got=$?
[ "$got" -ne 0 ] || fail "signed by nobody"
expect_status 66 hk drill sign-off 999999 --by Tester --observation fine
expect_status 0 hk drill sign-off "$number" --by Signer --observation fine
got=0
hk drill sign-off "$number" --by Other --observation bad >out 2>err || got=$?
[ "$got" -ne 0 ] || fail "signed twice"
expect_line 'signed already' err
expect_equal "$(hk journal list --limit 5000 --json | jq '[.entries[] |
	select(.type == "drill" and .event == "signed")] | length')" 1
hk drill show "$number" >shown
expect_line Signer shown
expect_no_line Other shown

say "not before its end"
cat >"$programs/ehr" <<-END
	#!/bin/sh
	$nap
END
chmod 755 "$programs/ehr"
give_user "$programs"
hk drill start ehr --operator Tester --json \
	--generation ehr@20261102T000000+0000 >drilled 2>&1 &
waiting=$!
wait_until 60 is_napping
running=$(hk drill list --json | jq '.drills[0].id')
got=0
hk drill sign-off "$running" --by Tester --observation fine >out 2>err || got=$?
[ "$got" -ne 0 ] || fail "signed before its end"
expect_line 'not over' err
hk drill cancel ehr
wait "$waiting" || :
rm "$programs/ehr"

say "PostgreSQL is there, and new enough"
install_postgresql pgdump
install_postgresql sql
give_user "$programs"
drill_day 0 passed 20261102

say "it is too old: nobody can tell, and the dump is no bad one"
drill_day 3 undetermined 20261103
check_of program >check
expect_line '^pgdump undetermined .*"reason":"postgresql-too-old"' check
hk drill show "$number" >shown || :
expect_line 'newer version of PostgreSQL' shown
drill_day 3 undetermined 20261104
check_of program >check
expect_line '^sql undetermined .*"reason":"postgresql-too-old"' check

say "it is missing"
mkdir nothing
mount --bind nothing /usr/lib/postgresql
drill_day 3 undetermined 20261102
check_of program >check
expect_line '^pgdump undetermined .*"reason":"postgresql-missing"' check
hk drill show "$number" >shown || :
expect_line 'PostgreSQL is not installed' shown
umount /usr/lib/postgresql
drill_day 0 passed 20261102
stop_daemon
