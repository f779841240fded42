# A server, and restoring one dump into it.  For postgresql, which has what is
# not set here.
# shellcheck shell=sh disable=SC2154,SC2034

# Nobody's role is called like ours: a dump may make any.
export PGHOST="$work" PGUSER=hikae_drill PGDATABASE=template1

# ---- the server ----

# pg PROGRAM ARGUMENT...: what a dump runs does not get our descriptors.
pg() {
	program=$bin/$1
	shift
	timeout "$(left)" "$program" "$@" 3>&- 4>&-
}

sql() {
	pg psql -X -q -At -v ON_ERROR_STOP=1 "$@"
}

drop_cluster() {
	"$bin/pg_ctl" -D "$cluster" -m immediate stop >/dev/null 2>&1
	rm -rf "$cluster"
}

make_cluster() {
	[ ! -e "$cluster" ] || drop_cluster
	pg initdb -D "$cluster" -U "$PGUSER" -A trust -E UTF8 \
		--locale=C.UTF-8 --no-sync >/dev/null 2>"$work/said" ||
		give_up no-cluster
	cat >>"$cluster/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$work'
		dynamic_shared_memory_type = mmap
		wal_level = minimal
		max_wal_senders = 0
		max_wal_size = 256MB
		fsync = off
		full_page_writes = off
		jit = off
	END
	pg pg_ctl -D "$cluster" -w -l "$cluster/log" start >/dev/null \
		2>"$work/said" || give_up no-server
}

# make_place: the database `restored`; only one dump's are there at a time.  With
# a file of roles all begins anew, and the dumps after it have those.
make_place() {
	PGDATABASE=template1
	case $kind in
	globals | whole) make_cluster ;;
	*) [ -e "$cluster" ] || make_cluster ;;
	esac
	: >"$cluster/log"
	[ "$kind" = whole ] || sql -c "SELECT
		format('DROP DATABASE %I;', datname) FROM pg_database
		WHERE datname NOT IN ('template0', 'template1')" |
		sql -f - 2>"$work/said" || give_up no-server
	sql -c 'CREATE DATABASE restored TEMPLATE template0' \
		2>"$work/said" || give_up no-server
	PGDATABASE=restored
}

# ---- one dump ----

has_room() {
	room=$(room)
	[ -e "$cluster" ] || room=$((room - 65536))
	[ "$room" -gt "$(du -sk "$dump" | cut -f 1)" ] || reject 3 no-space
}

unpack() {
	unpacker=$(unpacker "$file")
	[ "$unpacker" != cat ] || return 0
	dump=$unpacked
	# shellcheck disable=SC2086 # words
	timeout "$(left)" $unpacker <"$file" >"$dump" 2>"$work/said" ||
		refuse not-readable
}

# find_roles: those that the schema on standard input names; no dump holds them.
find_roles() {
	LC_ALL=C grep -aEo \
		'(OWNER TO|(^| )(GRANT|CREATE POLICY) .* TO|FOR ROLE) ("[^"]+"|[a-z_][^ ,;]*)' |
		sed -E 's/.*(TO|ROLE) //' | sort -u >"$work/roles"
}

# make_roles: those of them that no file held either.
make_roles() {
	while read -r role; do
		[ "$role" != public ] || continue
		sql -c "CREATE ROLE $role" </dev/null 2>/dev/null || continue
		# Every server has that one.
		[ "$role" = postgres ] || lacking=$((lacking + 1))
	done <"$work/roles"
}

# Without a server first: does it decode to its end?
load_archive() {
	pg pg_restore -l "$dump" >"$work/list" 2>"$work/said" ||
		refuse not-readable || return
	pg pg_restore -f /dev/null "$dump" 2>"$work/said" ||
		refuse not-readable || return
	pg pg_restore -s -f - "$dump" 2>/dev/null | find_roles
	make_roles
	pg pg_restore -d restored --no-owner --no-privileges --no-tablespaces \
		--exit-on-error "$dump" 2>"$work/said" || refuse restore-failed
}

# Lines of plain dumps, outside of data: what another host's server has is left
# to it, and what is dropped before it is made need not be there.
data='/^COPY .* FROM stdin;$/,/^\\\.$/'
adapt=$data'b
/^\\(un)?restrict /d
/^(CREATE|ALTER|DROP|COMMENT ON) TABLESPACE /d
/^(GRANT|REVOKE) .* ON TABLESPACE /d
/^ALTER DATABASE .* SET TABLESPACE /d
/^SET default_tablespace /d
s/^(GRANT .*) GRANTED BY .*;$/\1;/
s/^CREATE DATABASE (.*) WITH TEMPLATE = .*;$/DROP DATABASE IF EXISTS \1;\nCREATE DATABASE \1 TEMPLATE template0;/
/^DROP [A-Z ]*IF EXISTS /!s/^DROP [A-Z]+( [A-Z]+)* /&IF EXISTS /
s/^ALTER TABLE (IF EXISTS )?(.*) DROP CONSTRAINT (IF EXISTS )?/ALTER TABLE IF EXISTS \2 DROP CONSTRAINT IF EXISTS /
s/^ALTER TABLE (IF EXISTS )?(.* DROP (DEFAULT|IDENTITY);)$/ALTER TABLE IF EXISTS \2/'

# A plain dump that was cut off restores as well: its last line tells.
load_plain() {
	end='database cluster dump complete'
	[ "$kind" != plain ] || end='database dump complete'
	tail -c 4000 "$dump" | grep -aq "^-- PostgreSQL $end" ||
		reject 2 truncated || return
	if [ "$kind" = plain ]; then
		LC_ALL=C sed "${data}d" "$dump" | find_roles
		make_roles
	fi
	# What cannot be read to its end must not end well either.
	{ LC_ALL=C sed -E "$adapt" "$dump" || printf '\n\\.\n\\cut off\n'; } |
		sql -f - >/dev/null 2>"$work/said" || refuse restore-failed
}
