# A medium with a witness, for scenarios, after tests/small.sh.
#
# The names that are used here, tests/small.sh's, and those that are set here,
# the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

medium_keys='witness = yes'
policy=$(closed_window)
folder=$disk/hikae-witness

# Results of the medium's witness in the journal, oldest first.
results() {
	query "select e.result from medium_event e where e.event = 'witness'
		order by seq"
}
count() {
	results | grep -cx "$1" || :
}
has_count() {
	[ "$(count "$1")" -ge "$2" ]
}

# begin_until RESULT: the next one that comes after a start.
begin_until() {
	had=$(count "$1")
	# shellcheck disable=SC2119 # our own arguments are not meant
	begin
	wait_until 120 has_count "$1" $((had + 1))
	wait_until 120 is_idle
}
