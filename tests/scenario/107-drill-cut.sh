#!/bin/sh
# Goal: a drill of several dumps that took a share of their files, or whose
# server died, says so: what was not restored is neither green nor a bad dump.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
install_postgresql ehr.postgresql

# said KEY VALUE...: by the program of the last drill.
said() {
	check_of program >check
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

begin_server
# Many tables: the list of a folder is larger than any of its parts.
for table in $(seq 1 40); do
	echo "CREATE TABLE t$table AS SELECT md5(($table * n)::text) AS word
		FROM generate_series(1, 30) n;"
done >tables.sql
server_sql <tables.sql
mkdir folders night
give_user folders
for name in a b c; do
	server_dump -Fd -f "$scratch/folders/$name"
done
server_dump >night/c.sql
end_server
cp night/c.sql night/a.sql
# Newest first: the server dies at the second of three.
sed 's/^SET statement_timeout.*/&\nDO $$ BEGIN PERFORM pg_sleep(86400); END $$;/' \
	night/c.sql >night/b.sql
put 20261101 folders/*
put 20261102 night/*
begin
scan_all

say "all of it"
drill_day 0 passed 20261101
said dumps 3 dumps_restored 3 dumps_failed 0 dumps_undetermined 0 rows 3600

say "a share of it, where a part of a folder is left out"
# Which files are in it is chance: the lists almost always, some part is not.
tried=0
until grep -qs '"reason":"sampled"' check; do
	tried=$((tried + 1))
	[ "$tried" -le 10 ] || fail "no share left a part out"
	hk drill start ehr --operator Tester --sample 85% --json \
		--generation ehr@20261101T000000+0000 >out 2>err || :
	number=$(jq .drill.id out)
	said dumps 3 dumps_failed 0 failed_dump 0
done
expect_line '^ehr.postgresql undetermined ' check
expect_line '"dumps_undetermined":[123][,}]' check
expect_line '"undetermined_dump":[123][,}]' check
expect_equal "$(jq -r .drill.outcome out)" undetermined outcome
shown 'took a share of the files only'
wait_until 60 is_swept

say "the server dies at the second of three dumps"
identity() {
	stat -L -c %d:%i "$1"
}
# Its number is another one where it runs: told by the folder that it works in.
is_at_work() {
	cluster=$(find "$state/drills" -path '*/work/cluster' -prune)
	for backend in $(pgrep -f 'postgres: hikae_drill restored .*DO$'); do
		[ "$(identity "/proc/$backend/cwd")" = "$(identity "$cluster")" ] ||
			continue
		server=$(ps -o ppid= -p "$backend" | tr -d ' ')
		return
	done
	return 1
}
hk drill start ehr --operator Tester --json \
	--generation ehr@20261102T000000+0000 >drilled 2>&1 &
waiting=$!
wait_until 120 is_at_work
kill -KILL "$server"
got=0
wait "$waiting" || got=$?
expect_equal "$got" 3 "exit status of a drill without its server"
expect_equal "$(jq -r .drill.outcome drilled)" undetermined outcome
number=$(jq .drill.id drilled)
said reason server-gone dumps 3 dumps_restored 1 dumps_failed 0
said dumps_undetermined 2 undetermined_dump 1 databases 1 rows 1200
shown 'server of PostgreSQL ended before its work'
wait_until 60 is_swept
expect_equal "$(hk findings --json | jq '.findings | length')" 0 findings
stop_daemon
