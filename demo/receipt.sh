# receipt: a claims computer with PostgreSQL, dumped every night.
#
#   receipt_make WORK NAS USB    reads WORK/people.tsv
#
# A generation is a folder orca-STAMP: the database twice (pg_dump's custom
# format and plain SQL), the month's claims, and the producer's checksums.
#
# shellcheck shell=sh
# shellcheck disable=SC2154 # $here and $days are hospital.sh's

# PostgreSQL refuses to run as root: as somebody else then.
as_server() {
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups \
			"$@")
	else
		"$@"
	fi
}

# The newest server's programs; the cluster lives in a short path of its own,
# since a socket's path has at most 107 bytes, and listens nowhere else.
server_start() {
	server_bin=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null |
		sort -V | tail -n 1)
	if [ -z "$server_bin" ]; then
		echo "hospital: PostgreSQL is missing" >&2
		return 1
	fi
	server_bin=${server_bin%/*}
	server=$(mktemp -d /tmp/hikae-demo.XXXXXX)
	[ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$server"
	as_server "$server_bin/initdb" -D "$server/data" -U orca -A trust \
		-E UTF8 --no-locale --no-sync >"$server.log" 2>&1 &&
		as_server "$server_bin/pg_ctl" -D "$server/data" -w -l \
			"$server/log" -o "-F -k $server -c listen_addresses=''" \
			start >>"$server.log" 2>&1 && return 0
	cat "$server.log" >&2
	return 1
}

server_stop() {
	[ -n "${server:-}" ] || return 0
	as_server "$server_bin/pg_ctl" -D "$server/data" -m immediate stop \
		>/dev/null 2>&1 || :
	rm -rf "$server" "$server.log"
	server=
}

# SQL or a \copy from the standard input; arguments are psql's.
query() {
	"$server_bin/psql" -X -q -At -v ON_ERROR_STOP=1 -h "$server" -U orca \
		-d orca "$@"
}

dump() {
	"$server_bin/pg_dump" -h "$server" -U orca "$@" orca
}

# receipt_generation FOLDER DAY
receipt_generation() {
	mkdir -p "$1"
	dump -Fc -f "$1/orca.dump"
	dump -Fp -f "$1/orca.sql"
	query -v day="$2" -f "$here/receipt_uke.sql" | sed 's/$/\r/' |
		iconv -f UTF-8 -t CP932 >"$1/RECEIPTC.UKE"
	(cd "$1" && sha256sum RECEIPTC.UKE orca.dump orca.sql >SHA256SUMS)
}

receipt_make() {
	server_start
	"$server_bin/createdb" -h "$server" -U orca orca
	query -c 'create table people (number text, name text, kana text,
		romaji text, sex text, birthday date)'
	query -c '\copy people from stdin' <"$1/people.tsv"
	query -v day="$(day_date -1)" -f "$here/receipt_schema.sql" >/dev/null
	number=0
	while [ "$number" -lt "$days" ]; do
		# What happened the day before is what the night's dump holds.
		query -v day="$(day_date $((number - 1)))" -v number="$number" \
			-f "$here/receipt_day.sql" >/dev/null
		generation=orca-$(day_stamp "$number" 0130)
		receipt_generation "$2/$generation" "$(day_date "$number")"
		set_times "$2/$generation" "$number" 01:31
		number=$((number + 1))
	done
	server_stop
	rsync -a "$2/" "$3/"
}
