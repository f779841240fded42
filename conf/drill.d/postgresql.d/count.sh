# What is in the databases that a dump was restored into.  For postgresql, which
# has what is not set here.
# shellcheck shell=sh disable=SC2154,SC2034

# How many databases the newest dump holds; the names that were counted.
newest_holds=0 seen=$newline

count_roles() {
	roles=$(sql -c "SELECT count(*) FROM pg_roles
		WHERE rolname !~ '^pg_' AND rolname <> '$PGUSER'" \
		2>"$work/said") || refuse restore-failed
}

# tell KEY NUMBER: of a table or database, once, where its name is plain.
tell() {
	case $counts in *"\"$1\":"*) return ;; esac
	case $1 in
	*_ | *[!a-z0-9_]*) ;;
	*) [ ${#1} -gt 60 ] || counts="$counts, \"$1\": $2" ;;
	esac
}

# count_tables: of the database at hand; those of the newest dump are told.
count_tables() {
	here_tables=0 here_rows=0
	sql -c "SELECT c.relname, format('%I.%I', n.nspname, c.relname)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname <> 'information_schema'
			AND n.nspname !~ '^pg_' ORDER BY 2" \
		>"$work/tables" 2>"$work/said" || refuse no-tables || return
	while IFS='|' read -r name table; do
		count=$(sql -c "SELECT count(*) FROM ONLY $table" </dev/null \
			2>"$work/said") || refuse table-unreadable || return
		here_tables=$((here_tables + 1)) here_rows=$((here_rows + count))
		[ "$number" -ne "$newest" ] || [ "$here_tables" -gt 100 ] ||
			tell "rows_$name" "$count"
	done <"$work/tables"
}

# name_database: as it is called where it comes from, as far as anybody can say.
name_database() {
	case $PGDATABASE,$kind in
	restored,archive | restored,folder)
		base=$(sed -n 's/^; *dbname: //p' "$work/list" | head -n 1)
		;;
	restored,*)
		base=$(basename "$file" | sed -E \
			-e 's/\.(gz|bz2|xz|zst|lz4)$//; s/\.[a-z]+$//' \
			-e 's/[-_.]?[0-9]{4}[-_.0-9T]*$//')
		;;
	*) base=$PGDATABASE ;;
	esac
	[ -n "$base" ] || base=$number
}

# count_database: the newest of a name is asked what the site asserts.
count_database() {
	count_tables || return
	case $PGDATABASE,$here_tables,$holds in
	template1,0,* | postgres,0,* | restored,0,[1-9]*) return ;;
	esac
	name_database
	holds=$((holds + 1)) only=$PGDATABASE databases=$((databases + 1))
	tables=$((tables + here_tables)) rows=$((rows + here_rows))
	[ "$base,$here_tables" != postgres,0 ] || is_filled=yes
	[ "$here_rows" -eq 0 ] || is_filled=yes
	case $seen in *"$newline$base$newline"*) return ;; esac
	seen=$seen$base$newline
	ask "$base"
	[ "$databases" -le 40 ] || return 0
	if [ "$dumps" -gt 1 ] || [ "$kind" = whole ]; then
		tell "tables_in_$base" "$here_tables"
		tell "rows_in_$base" "$here_rows"
	fi
}

# count_databases: `restored`, last, and those that the dump made itself.  The
# one called postgres is often empty.
count_databases() {
	holds=0 only='' is_filled=no
	sql -c "SELECT datname FROM pg_database WHERE datallowconn
		ORDER BY datname = 'restored', 1" >"$work/databases" \
		2>"$work/said" || refuse no-tables || return
	while IFS= read -r PGDATABASE; do
		count_database || return
	done <"$work/databases"
	[ "$is_filled" = yes ] || judge 1 no-rows
	[ "$number" -eq "$newest" ] || return 0
	newest_holds=$holds PGDATABASE=$only
	[ "$holds" -ne 1 ] || ask ''
}

# trim TEXT
trim() {
	printf '%s' "$1" | xargs
}

# ask NAME: of the database at hand, what the site asserts of that name; '' for
# what it asserts without one.
ask() {
	[ -n "${HIKAE_DRILL_ASSERTIONS:-}" ] || return 0
	of='' expected='' is_due=no
	while read -r line || [ -n "$line" ]; do
		case $line in
		'-- database:'*) of=$(trim "${line#-- database:}") ;;
		'-- expect:'*)
			expected=$(trim "${line#-- expect:}") is_due=yes
			;;
		'' | --*) ;;
		*)
			[ "$is_due" = yes ] ||
				{ judge 3 assertions-malformed && return; }
			is_due=no
			[ "$of" = "$1" ] || continue
			asked=$((asked + 1))
			got=$(sql -c "$line" </dev/null) || got='an error'
			[ "$got" = "$expected" ] || missed=$((missed + 1))
			;;
		esac
	done <"$HIKAE_DRILL_ASSERTIONS"
}
