# Bundles of evidence, for scenarios, after tests/small.sh.
#
# The names that are used here, tests/small.sh's, and those that are set here,
# the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

not_at_midnight
today=$(date -u +%Y-%m-%d)

# export_today FILE [ARGUMENT...]
export_today() {
	file=$1
	shift
	hk evidence export --from "$today" --to "$today" -o "$file" "$@"
}

# begin_period, end_period: what is done between both, and nothing else, is in
# the period from $from to $to, which is over.
begin_period() {
	next_second
	from=$(date -u '+%Y-%m-%d %H:%M:%S')
}
end_period() {
	next_second
	to=$(date -u '+%Y-%m-%d %H:%M:%S')
	next_second
}
# export_period FILE [ARGUMENT...]
export_period() {
	hk evidence export --from "$from" --to "$to" -o "$@"
}
