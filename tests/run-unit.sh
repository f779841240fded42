#!/bin/sh
# Runs unit test programs in the order given and adds up their tests.
# Usage: run-unit.sh FOLDER NAME...   (WRAPPER="valgrind -q" runs them below it)
#
# A program that ends badly without naming a failed test (a crash, a sanitizer)
# counts as one failed; so does one in which no test ran.
set -u
folder=$1
shift
passed=0 failed=0 skipped=0

# The number in cmocka's line "[  PASSED  ] 5 test(s)..." of $output, or 0.
count() {
	printf '%s\n' "$output" | awk -v word="$1" '
		$0 ~ "^\\[ *" word " *\\] [0-9]+ test" {
			sub(/^[^]]*\] */, "")
			sum += $1
		}
		END { print sum + 0 }'
}

for name in "$@"; do
	# shellcheck disable=SC2086 # a command of several words
	output=$(timeout 300 ${WRAPPER:-} "$folder/$name" 2>&1)
	status=$?
	good=$(count PASSED) bad=$(count FAILED) skip=$(count SKIPPED)
	if [ "$bad" -eq 0 ] &&
		{ [ "$status" -ne 0 ] || [ $((good + skip)) -eq 0 ]; }; then
		bad=1
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + skip))
	if [ "$bad" -gt 0 ]; then
		printf '%s\n' "$output"
		printf '  FAIL    %s (exit %d)\n' "$name" "$status"
	elif [ "$skip" -gt 0 ]; then
		printf '  PASS    %s (%d, %d skipped)\n' "$name" "$good" "$skip"
	else
		printf '  PASS    %s (%d)\n' "$name" "$good"
	fi
done
if [ $((passed + failed + skipped)) -eq 0 ]; then
	echo "no unit test was run" >&2
	exit 1
fi
printf 'unit: %d passed, %d failed, %d skipped\n' \
	"$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
