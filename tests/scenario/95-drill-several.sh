#!/bin/sh
# Goal: a drill restores every dump of a generation, and one that was not
# restored is never green.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need gzip
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
install_postgresql postgresql
# One program by names that are all meant.
for name in pgdump sql ehr.postgresql; do
	ln -s postgresql "$programs/$name"
done

# drill STATUS OUTCOME DAY: $number is its number, ./check what its program says.
drill() {
	expect_status "$1" hk drill start ehr --operator Tester --json \
		--generation "ehr@$3T000000+0000"
	expect_equal "$(jq -r .drill.outcome out)" "$2" "outcome of $3"
	number=$(jq .drill.id out)
	query "SELECT outcome || ' ' || detail FROM drill_check
		WHERE kind = 'program' AND drill = $number" >check
	expect_equal "$(wc -l <check)" 1 "programs that ran"
}

# said KEY VALUE...: in the program's own words.
said() {
	while [ $# -gt 0 ]; do
		expect_line "\"$1\":\"?$2\"?[,}]" check
		shift 2
	done
}

# shown TEXT: the record of the drill says so, however its lines are broken.
shown() {
	hk drill show "$number" | tr -s '\n ' ' ' >shown || :
	expect_line "$1" shown
}

# dump DATABASE ARGUMENT...
dump() {
	database=$1
	shift
	as_owner pg_dump -h "$socket" -U postgres "$@" "$database"
}
dump_all() {
	as_owner pg_dumpall -h "$socket" -U postgres "$@"
}
# cut FILE: what is left when a disk was full.
cut_off() {
	truncate -s "$(($(stat -c %s "$1") * 3 / 4))" "$1"
}

begin_server
mkdir space
give_user space
server_sql <<-END
	CREATE ROLE orca;
	CREATE ROLE "hr app";
	CREATE TABLESPACE fast LOCATION '$scratch/space';
	CREATE DATABASE orca OWNER orca;
	CREATE DATABASE hr;
	CREATE DATABASE rooms TABLESPACE fast;
	CREATE DATABASE lab ENCODING 'EUC_JP' LC_COLLATE 'C' LC_CTYPE 'C'
		TEMPLATE template0;
	\connect orca
	CREATE TABLE patients AS SELECT generate_series(1, 500) AS id;
	ALTER TABLE patients OWNER TO orca;
	ALTER TABLE patients ADD PRIMARY KEY (id);
	CREATE TABLE visits (patient int DEFAULT 1 REFERENCES patients);
	INSERT INTO visits SELECT generate_series(1, 60);
	\connect hr
	CREATE TABLE staff AS SELECT 'CREATE DATABASE x WITH TEMPLATE = y;' AS name
		FROM generate_series(1, 40);
	GRANT SELECT ON staff TO "hr app";
	CREATE POLICY own ON staff TO "hr app" USING (true);
	\connect rooms
	CREATE TABLE rooms TABLESPACE fast AS SELECT generate_series(1, 7) AS id;
	CREATE TABLE beds (room int) INHERITS (rooms);
	INSERT INTO beds VALUES (8, 8);
	\connect lab
	SET client_encoding = 'UTF8';
	CREATE TABLE results AS SELECT n, '検査' AS name FROM generate_series(1, 9) n;
END
mkdir night all clean
dump orca -Fc >night/orca_20261031.dump
echo 'INSERT INTO patients SELECT generate_series(501, 600)' |
	as_owner psql -q -h "$socket" -U postgres orca
dump_all --globals-only >night/globals.sql
dump hr | gzip >night/hr.sql.gz
mkdir folder
give_user folder
dump lab -Fd -f "$scratch/folder/lab"
cp -R folder/lab night/
dump orca -Fc >night/orca_20261101.dump
dump rooms -Ft >night/rooms.tar
dump orca >orca.sql
dump orca -c >clean/orca-1.sql
dump orca -c -C >clean/orca-2.sql
dump_all >all/all.sql
dump_all --clean >all/clean.sql
end_server

put 20261101 night/*
mkdir five
for name in a b c d e; do
	cp night/orca_20261101.dump "five/$name.dump"
done
cut_off five/c.dump
put 20261102 five/*
mkdir newer
cp night/orca_20261101.dump newer/a.dump
sed -e 's/^-- Dumped from database version .*/-- Dumped from database version 99.1/' \
	-e 's/^SET statement_timeout/SET hikae_of_the_future = 0;\n&/' orca.sql \
	>newer/b.sql
put 20261103 newer/*
put 20261104 all/all.sql
put 20261105 all/clean.sql
put 20261106 clean/*
mkdir unsaid odd
grep -v '^-- PostgreSQL database dump complete' orca.sql | gzip >unsaid/orca.sql.gz
put 20261107 unsaid/*
# A head that was overwritten, one that nobody decrypted, an aborted folder, and
# what is no dump at all.
{ head -c 4096 /dev/zero && tail -c +4097 night/orca_20261101.dump; } >odd/hr.dump
echo x >odd/lab.dump.gpg
cp night/rooms.tar odd/
mkdir odd/lab
cp night/lab/*.dat.gz odd/lab/
echo "SELECT 'night'" >odd/night.sql
put 20261108 odd/*
mkdir lacks
sed 's/^SET default_table_access.*/&\nCREATE EXTENSION hikae_of_the_future;/' \
	orca.sql >lacks/orca.sql
gzip <night/orca_20261101.dump >lacks/orca.dump.gz
put 20261109 lacks/*
begin
scan_all

say "one dump a database, and the roles: all of them, by one program"
cat >"$programs/ehr.sql" <<-'END'
	-- expect: 8
	SELECT count(*) FROM rooms
	-- database: orca
	-- expect: 600
	SELECT count(*) FROM patients
	-- expect: 1
	SELECT count(*) FROM pg_roles WHERE rolname = 'orca'
	-- database: lab
	-- expect: 9
	SELECT count(*) FROM results WHERE name = '検査'
END
drill 0 passed 20261101
said dumps 6 dumps_restored 6 dumps_failed 0 dumps_undetermined 0
said roles 3 roles_lacking 0 databases 5 assertions 4 assertions_failed 0
said tables 8 rows $((560 + 660 + 40 + 8 + 9))
said rows_in_orca 660 tables_in_orca 2 rows_in_hr 40 rows_in_lab 9
said rows_in_rooms 8 rows_rooms 7 rows_beds 1
shown 'rows in orca 660, '

say "an assertion of a database that is not there"
printf -- '-- database: ward\n-- expect: 1\nSELECT 1\n' >"$programs/ehr.sql"
drill 3 undetermined 20261101
said reason database-not-restored assertions 0
rm "$programs/ehr.sql"

say "one of five is damaged: which, and the others are restored"
drill 2 failed 20261102
said dumps 5 dumps_restored 4 dumps_failed 1 failed_dump 3 reason not-readable
shown 'dumps 5, dumps that failed 1, dumps restored 4, the first that failed is no\. 3'

say "one of two is of a newer server"
drill 3 undetermined 20261103
said dumps 2 dumps_restored 1 dumps_undetermined 1 undetermined_dump 2
said reason postgresql-too-old

say "all databases in one plain dump"
cat >"$programs/ehr.sql" <<-'END'
	-- database: orca
	-- expect: 600
	SELECT count(*) FROM patients
	-- database: hr
	-- expect: 40
	SELECT count(*) FROM staff WHERE name LIKE '% WITH TEMPLATE = y;'
END
for day in 20261104 20261105; do
	drill 0 passed "$day"
	said dumps 1 dumps_restored 1 databases 4 roles 3 assertions 2
	said rows $((660 + 40 + 8 + 9)) rows_in_lab 9 tables_in_rooms 2
done
printf -- '-- expect: 1\nSELECT 1\n' >"$programs/ehr.sql"
drill 3 undetermined 20261104
said reason assertions-of-which dumps_restored 1
rm "$programs/ehr.sql"

say "dumps that drop first what they make"
drill 0 passed 20261106
said dumps 2 dumps_restored 2 databases 2 rows 1320 roles_lacking 1

say "a packed plain dump that lost its end, though it decodes"
drill 2 failed 20261107
said dumps 1 failed_dump 1 reason truncated

say "what looks like a dump and cannot be restored is no silence"
drill 3 undetermined 20261108
said dumps 4 dumps_restored 1 dumps_undetermined 3 undetermined_dump 1
said sql_files 1 reason dump-unknown

say "an extension that this host lacks is no damage; a packed archive"
drill 3 undetermined 20261109
said dumps 2 dumps_restored 1 undetermined_dump 2 reason extension-missing rows 660

say "whose parts others can write is not run"
chmod o+w "$programs/postgresql.d/load.sh"
drill 3 undetermined 20261101
said reason not-trusted
chmod o-w "$programs/postgresql.d/load.sh"
mv "$programs/postgresql.d" "$programs/elsewhere"
drill 3 undetermined 20261101
said reason not-whole
stop_daemon
