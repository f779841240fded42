#!/bin/sh
# Goal: a drill of several dumps that lacks time or room says so, and how far it
# came.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need gzip
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"

medium_keys='offline = detached'
policy="full_after_capture = no
		drill_time = 40s
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
install_postgresql ehr.postgresql

# drill DAY REASON [OPTION...]
drill() {
	day=$1 reason=$2
	shift 2
	expect_status 3 hk drill start ehr --operator Tester --json \
		--generation "ehr@${day}T000000+0000" "$@"
	query "SELECT detail FROM drill_check WHERE kind = 'program'
		AND drill = $(jq .drill.id out)" >check
	expect_line "\"reason\":\"$reason\"" check
	expect_line '"dumps":2' check
}

begin_server
server_sql <<-'END'
	CREATE TABLE patients AS SELECT generate_series(1, 500) AS id;
END
mkdir slow
server_dump >slow/b.sql
end_server
# Newest first: the one that takes for ever is the older one.
sed 's/^SET statement_timeout.*/&\nSELECT pg_sleep(86400);/' slow/b.sql >slow/a.sql
put 20261101 slow/*
mkdir tiny large
mount -t tmpfs -o size=60m,mode=0777 tiny tiny
# What a packed dump is unpacked to needs room as well.
mkdir packed
gzip <slow/b.sql >packed/a.sql.gz
{
	cat slow/b.sql
	head -c 120000000 /dev/zero | tr '\0' ' '
} | gzip -1 >packed/b.sql.gz
put 20261102 packed/*
mount -t tmpfs -o size=110m,mode=0777 large large
begin
scan_all

say "no time for all of them"
drill 20261101 time-limit
expect_line '"dumps_undetermined":[12][,}]' check
expect_no_line '"dumps_failed":[1-9]' check

say "no room for a server"
drill 20261101 no-space --target "$scratch/tiny"
expect_line '"dumps_undetermined":2' check

say "no room for a dump that is larger than it looks"
expect_status 3 hk drill start ehr --operator Tester --json \
	--generation ehr@20261102T000000+0000 --target "$scratch/large"
query "SELECT detail FROM drill_check WHERE kind = 'program'
	AND drill = $(jq .drill.id out)" >check
expect_line '"no-space"' check
umount tiny large
stop_daemon
