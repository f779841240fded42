# A server of PostgreSQL as hospitals have them, for scenarios, after
# tests/small.sh; as the owner, since root may not run one.
# shellcheck shell=sh disable=SC2154

pgbin=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null |
	sort -V | tail -n 1)
[ -n "$pgbin" ] || skip "PostgreSQL is missing (mk/packages.txt)"
pgbin=$(dirname "$pgbin")

# Beside the scratch folder: a socket's path has 107 bytes at most.
begin_server() {
	cluster=$scratch/source
	mkdir "$cluster"
	give_user "$cluster"
	as_owner "$pgbin/initdb" -D "$cluster/data" -U postgres -A trust \
		--no-sync --locale=C.UTF-8 >/dev/null
	socket=$(mktemp -d /tmp/hikae.XXXXXX)
	give_user "$socket"
	as_owner "$pgbin/pg_ctl" -D "$cluster/data" -w -l "$cluster/log" \
		-o "-k $socket -c listen_addresses= -c fsync=off" start >/dev/null
}

end_server() {
	as_owner "$pgbin/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null
	rm -rf "$socket"
}

# Of the server: SQL from standard input; a dump.
server_sql() {
	as_owner psql -q -h "$socket" -U postgres
}
server_dump() {
	as_owner pg_dump -h "$socket" -U postgres "$@" postgres
}

# install_postgresql NAME: the drill program, under that name in $programs.
install_postgresql() {
	cp "$here/../../conf/drill.d/postgresql" "$programs/$1"
	cp -R "$here/../../conf/drill.d/postgresql.d" "$programs/$1.d"
	chmod -R go-w "$programs/$1" "$programs/$1.d"
}

# put DAY FILE...: a generation of these files.
put() {
	day=$1
	shift
	mkdir "$disk/new"
	cp -R "$@" "$disk/new/"
	give_user "$disk/new"
	mv -T "$disk/new" "$landing/$day"
}
