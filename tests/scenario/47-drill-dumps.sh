#!/bin/sh
# Goal: a database dump is restored for real, and what it runs reaches nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need bsdtar zstd
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

medium_keys='offline = detached
		location = 金庫'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
install_postgresql pgdump
install_postgresql sql

begin_server
server_sql <<-'END'
	CREATE TABLE patients (id int PRIMARY KEY, name text);
	INSERT INTO patients SELECT n, 'patient ' || n FROM generate_series(1, 5000) n;
	CREATE TABLE visits (id int, patient int REFERENCES patients);
	INSERT INTO visits SELECT n, n % 5000 + 1 FROM generate_series(1, 300) n;
END
mkdir dump
server_dump -Fc >dump/ehr.dump
server_dump >plain.sql
server_dump -Ft >ehr.tar
mkdir folder
give_user folder
server_dump -Fd -f "$scratch/folder/ehr"
end_server

put 20261101 dump/ehr.dump
put 20261102 plain.sql
put 20261029 ehr.tar
cp -r folder "$landing/20261028"
give_user "$landing/20261028"
head -c "$(($(stat -c %s dump/ehr.dump) * 3 / 4))" dump/ehr.dump >ehr.dump
put 20261103 ehr.dump
# What a hostile dump would do.
cat >hostile.sql <<-END
	--
	-- PostgreSQL database dump
	--
	CREATE TABLE loot (line text);
	COPY loot FROM PROGRAM 'cat $state/keys/daemon.key $catalog 2>/dev/null | wc -c';
	COPY loot FROM PROGRAM 'touch /tmp/hikae-hostile $scratch/hostile; echo tried';
	COPY loot FROM PROGRAM 'bash -c "echo > /dev/tcp/127.0.0.1/9" 2>&1 | grep -c refused; true';
	COPY loot FROM PROGRAM '$hikae --root $root status >/dev/null 2>&1 && echo reached; true';
	--
	-- PostgreSQL database dump complete
	--
END
put 20261104 hostile.sql
# Whole, but what it says cannot be.
cat >refused.sql <<-END
	--
	-- PostgreSQL database dump
	--
	CREATE TABLE visits (id int, patient int NOT NULL);
	INSERT INTO visits VALUES (1, NULL);
	--
	-- PostgreSQL database dump complete
	--
END
put 20261031 refused.sql
begin
scan_all

say "an archive of pg_dump, with its row counts"
drill_why 0 passed null 20261101
check_of program >check
expect_line '^pgdump passed .*"rows":5300.*"rows_patients":5000' check
expect_line '"rows_visits":300' check
check_of inspect >check
expect_line '^pgdump passed' check

say "the other formats of pg_dump: tar, and a folder"
for day in 20261029 20261028; do
	drill_why 0 passed null "$day"
	check_of program >check
	expect_line '^pgdump passed .*"rows":5300.*"rows_patients":5000' check
done

say "assertions"
cat >"$programs/ehr.sql" <<-'END'
	-- expect: t
	SELECT count(*) = 5000 FROM patients;
	-- expect: 300
	SELECT count(*) FROM visits
END
drill_why 0 passed null 20261101
expect_equal "$(check_of program | grep -o '"assertions":2')" '"assertions":2'
printf -- '-- expect: 1\nSELECT count(*) FROM visits\n' >"$programs/ehr.sql"
drill_why 2 failed pgdump 20261101
check_of program >check
expect_line '"reason":"assertion-failed"' check
rm "$programs/ehr.sql"

say "a plain dump"
drill_why 0 passed null 20261102
check_of program >check
expect_line '^sql passed .*"rows":5300' check

say "a dump that lost its end"
drill_why 2 failed truncated 20261103
check_of program >check
expect_line '^pgdump failed .*"reason":"not-readable"' check

say "a dump that PostgreSQL refuses"
drill_why 2 failed sql 20261031
check_of program >check
expect_line '^sql failed .*"reason":"restore-failed"' check
check_of inspect >check
expect_line '^sql passed' check

say "a hostile dump: it runs, and reaches nothing"
cat >"$programs/ehr.sql" <<-'END'
	-- expect: 0,0,tried
	SELECT string_agg(line, ',' ORDER BY line) FROM loot
END
expect_status 0 hk drill start ehr --operator Tester --json \
	--generation ehr@20261104T000000+0000
check_of program >check
expect_line '^sql passed .*"assertions":1' check
[ ! -e /tmp/hikae-hostile ] || fail "it wrote to /tmp"
[ ! -e "$scratch/hostile" ] || fail "it wrote elsewhere"
rm "$programs/ehr.sql"

say "nothing is left"
expect_equal "$(find "$state/drills" -mindepth 1 | wc -l)" 0
! pgrep -f "$state/drills" >/dev/null || fail "a server was left"

say "a medium that is not to be had is asked for, with its place"
mountpoint=yes
configure
expect_status 0 hk reload
wait_until 60 medium_is disk1 unknown
expect_status 75 hk drill start ehr --operator Tester
expect_line 'disk1' err
expect_line '金庫' err
hk drill cancel ehr
expect_status 66 hk drill cancel ehr
before=$(query "SELECT count(*) FROM drill")
expect_status 75 hk drill start ehr --operator Tester
mountpoint=no
configure
expect_status 0 hk reload
is_resumed() {
	[ "$(query "SELECT count(*) FROM drill WHERE outcome = 'passed'
		AND id = (SELECT max(id) FROM drill)")" = 1 ] &&
		[ "$(query "SELECT count(*) FROM drill")" -gt "$before" ]
}
wait_until 60 is_resumed
