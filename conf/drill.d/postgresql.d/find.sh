# Which dumps there are among the restored files.  For postgresql, which has what
# is not set here.
# shellcheck shell=sh disable=SC2154,SC2034

newest=0

# unpacker FILE: what unpacks a file of that name.
unpacker() {
	case $1 in
	*.gz) echo gzip -dc ;;
	*.bz2) echo bzip2 -dc ;;
	*.xz) echo xz -dc ;;
	*.zst) echo zstd -dc ;;
	*.lz4) echo lz4 -dc ;;
	*) echo cat ;;
	esac
}

contents() {
	unpacker=$(unpacker "$1")
	$unpacker <"$1"
}

# kind_of FILE: archive, folder, plain, globals (roles), whole (of pg_dumpall),
# empty, unknown; text, SQL that is no dump; part, of a folder; else nothing.
kind_of() {
	case $1 in
	# Of the tar format, taken apart, is such a folder as well.
	*/toc.dat) echo folder && return ;;
	*/restore.sql | */[0-9]*.dat | */[0-9]*.dat.* | */blob*)
		[ ! -e "${1%/*}/toc.dat" ] || return
		;;
	esac
	head=$(contents "$1" | head -c 400 | tr '\000' '\001')
	case $newline$head in
	"$newline"PGDMP* | "$newline"toc.dat*) echo archive ;;
	*"$newline-- PostgreSQL database dump"*) echo plain ;;
	*"$newline-- PostgreSQL database cluster dump"*)
		if contents "$1" | grep -aq '^-- PostgreSQL database dump'; then
			echo whole
		else
			echo globals
		fi
		;;
	*"$newline-- MySQL dump "* | *"$newline-- MariaDB dump "*) echo unknown ;;
	*) kind_by_name "$1" ;;
	esac
}

# kind_by_name FILE: of what does not begin like a dump.
kind_by_name() {
	name=$1 is_shut=no
	case $1 in
	*/[0-9][0-9][0-9][0-9].dat.* | */[0-9][0-9][0-9][0-9][0-9].dat.*)
		echo part && return
		;;
	# gpg-decrypt has said what became of it.
	*.gpg | *.pgp | *.asc) [ ! -d "$work/decrypted" ] || return ;;
	esac
	case $1 in
	*.asc) case $head in *'BEGIN PGP MESSAGE'*) is_shut=yes ;; esac ;;
	*.gpg | *.pgp | *.age | *.enc | *.zip | *.7z) is_shut=yes ;;
	esac
	[ "$is_shut" = no ] || name=${name%.*}
	[ "$(unpacker "$name")" = cat ] || name=${name%.*}
	case $name in
	*.dump | *.pgdump | *.backup | *.sql) ;;
	*) return ;;
	esac
	if [ ! -s "$1" ]; then
		echo empty
	elif [ "$is_shut" = no ] && [ "${name##*.}" = sql ] && is_text; then
		echo text
	else
		echo unknown
	fi
}

is_text() {
	[ -n "$head" ] && [ -z "$(printf '%s' "$head" |
		LC_ALL=C tr -d '\11-\15\33\40-\176\200-\377')" ]
}

# list_dumps: of the files' paths on standard input, "ORDER NUMBER KIND FILE|".
list_dumps() {
	folder=''
	while IFS= read -r file; do
		kind=$(kind_of "$file" 2>/dev/null)
		if [ "$kind" = part ]; then
			[ "$folder" != "${file%/*}" ] || continue
			folder=${file%/*} kind=unknown
		fi
		case $kind in
		'') continue ;;
		text) sql_files=$((sql_files + 1)) && continue ;;
		esac
		dumps=$((dumps + 1))
		case $kind in
		globals) order=$dumps ;;
		whole) newest=$dumps order=$((2000000000 - dumps)) ;;
		*) newest=$dumps order=$((1000000000 - dumps)) ;;
		esac
		printf '%d %d %s %s|\n' "$order" "$dumps" "$kind" "$file"
	done
}

# find_dumps: into the list `dumps`, what is restored first at its head.
find_dumps() {
	# What a program before this one decrypted counts as restored.
	set -- "$HIKAE_DRILL_FILES"
	[ ! -d "$work/decrypted" ] || set -- "$@" "$work/decrypted"
	# No list can hold such a name, and what is not looked at is not good.
	[ -z "$(find "$@" -name "*$newline*" -print -quit)" ] || give_up odd-name
	find "$@" -type f | LC_ALL=C sort >"$work/files"
	list_dumps <"$work/files" >"$work/unsorted"
	sort -n "$work/unsorted" >"$work/dumps"
}

# told_by KIND FILE: what it tells of itself, or PostgreSQL of it.
told_by() {
	case $1 in
	folder) pg pg_restore -l "${2%/*}" ;;
	archive) contents "$2" | pg pg_restore -l ;;
	plain | whole) contents "$2" | grep -am 1 '^-- Dumped from database ' ;;
	esac 2>&1
}

# is_newer KIND FILE: it says that a newer PostgreSQL made it than is here, or is
# of a format that this one does not know.
is_newer() {
	told=$(told_by "$1" "$2")
	case $told in *'unsupported version'*) return 0 ;; esac
	made=$(printf '%s\n' "$told" | sed -n \
		's/^\(--\|;\) *Dumped from database version:* *\([0-9]*\).*/\2/p' |
		head -n 1)
	here=$("$bin/initdb" --version | sed 's/^[^)]*) *\([0-9]*\).*/\1/')
	[ -n "$made" ] && [ "$made" -gt "$here" ]
}

# Roles do not say it: the dumps beside them do.
is_from_newer() {
	if [ "$kind" != globals ]; then
		is_newer "$kind" "$file"
		return
	fi
	while read -r _ _ other path; do
		! is_newer "$other" "${path%|}" || return 0
	done <"$work/dumps"
	return 1
}
