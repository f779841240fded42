# Turns, their times, and the table.  Part of run.sh.
#
# results has a line a turn: SECTION<tab>LABEL<tab>SECONDS, after lines
# SECTION<tab>@size<tab>BYTES<tab>FILES and before SECTION<tab>@target<tab>....
# shellcheck shell=sh disable=SC2154 # variables of run.sh
tab=$(printf '\t')

failed() {
	echo "bench: not measured: $1" | tee -a "$failures" >&2
}

now() {
	date +%s.%N
}

record() {
	printf '%s\t%s\t%s\t%s\n' "$title" "$1" "$2" "${3:-}" >>"$results"
}

section_begin() {
	title=$1
	echo "bench: $title" >&2
	record @size "$2" "$3"
}

# turn LABEL COMMAND...
turn() {
	label=$1
	shift
	begin=$(now)
	if "$@" >/dev/null 2>"$disk/stderr"; then
		end=$(now)
		record "$label" "$(echo "$end $begin" |
			awk '{ printf "%.4f", $1 - $2 }')"
	else
		failed "$label, $title: $(tail -n 1 "$disk/stderr")"
	fi
}

can_drop_caches() {
	[ -w /proc/sys/vm/drop_caches ]
}

turn_cold() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	turn "$@"
}

# turn_sha256 LABEL PROCESSES: what two cores would take for the section's
# bytes at the speed that `openssl speed` shows, in kB/s, of so many at once.
turn_sha256() {
	rate=$(openssl speed -seconds 1 -multi "$2" -bytes 65536 sha256 \
		2>/dev/null | awk '$1 == "sha256" { sub(/k$/, "", $2); print $2 }')
	record "$1" "$(echo "$bytes $rate $2" |
		awk '{ printf "%.4f", $1 / ($2 * 1000 * 2 / $3) }')"
}

# target WHO WHOM RATIO: how many times as fast the first should be.
target() {
	printf '%s\t@target\t%s\t%s\t%s\n' "$title" "$1" "$2" "$3" >>"$results"
}

hikae_verify() {
	"$programs/readers" verify "$place" "$set" "$state" \
		>"$state/verified" || return 1
	read -r _ read_bytes _ cpu peak _ mode verdict <"$state/verified"
	record @child "$peak" "$mode"
	record @cpu "$cpu"
	[ "$verdict" = intact ] && [ "$read_bytes" -eq "$bytes" ]
}

hikae_decode() {
	mkdir -p "$memory/state.decoded"
	"$programs/archive" "$memory/archives" "$packed" \
		"$memory/state.decoded" >"$memory/decoded" || return 1
	read -r _ read_bytes read_files cpu peak _ mode state <"$memory/decoded"
	record @child "$peak" "$mode"
	record @cpu "$cpu"
	[ "$state" = complete ] && [ "$read_bytes" -eq "$archive_bytes" ] &&
		[ "$read_files" -eq "$archive_files" ]
}

plain_read() {
	"$programs/plain" "$@" <"$list"
}

# What the sandbox leaves of plain reading and digesting, with nothing else.
floor_read() {
	"$programs/floor" "$place/$set" "$1" <"$list"
}

contest_print() {
	awk -F "$tab" -f "$here/contest.awk" "$results"
}
