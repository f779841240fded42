#!/bin/sh
# Runs fuzz targets NAME of BUILD/fuzz.
# Usage: run-fuzz.sh replay|fuzz BUILD NAME...
#
# replay: every file of tests/fuzz/corpus/NAME goes through the target once.
# fuzz:   clang's driver makes inputs up for FUZZ_SECONDS (60), starting from that
#         corpus; new ones are collected in BUILD/fuzz/NAME.found, and what
#         crashed is left in BUILD/fuzz/NAME.crash-*.
set -u
mode=$1 build=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
passed=0 failed=0

replay() {
	timeout 60 "$build/fuzz/$1" "$2"/*
}

fuzz() {
	mkdir -p "$build/fuzz/$1.found"
	"$build/fuzz/$1" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 \
		-rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix="$build/fuzz/$1." \
		"$build/fuzz/$1.found" "$2"
}

# How much was tried, from a log.
result() {
	awk '/^stat::number_of_executed_units:/ { n = $2 " inputs" }
		/^[0-9]+ inputs$/ { n = $0 }
		END { print n }' "$1"
}

for name in "$@"; do
	corpus=$here/fuzz/corpus/$name
	if [ -z "$(ls "$corpus" 2>/dev/null)" ]; then
		echo "no corpus: $corpus"
		false
	else
		$mode "$name" "$corpus" >"$build/fuzz/$name.log" 2>&1 || {
			tail -n 40 "$build/fuzz/$name.log"
			false
		}
	fi
	# shellcheck disable=SC2181 # the status of either branch
	if [ $? -eq 0 ]; then
		passed=$((passed + 1))
		printf '  PASS    fuzz/%s: %s\n' "$name" \
			"$(result "$build/fuzz/$name.log")"
	else
		failed=$((failed + 1))
		printf '  FAIL    fuzz/%s\n' "$name"
	fi
done
if [ $((passed + failed)) -eq 0 ]; then
	echo "no fuzz target was run" >&2
	exit 1
fi
printf '%s: %d passed, %d failed, 0 skipped\n' "$mode" "$passed" "$failed"
[ "$failed" -eq 0 ]
