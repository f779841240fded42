#!/bin/sh
# Runs unit test programs in the order given and adds up their results.
# Usage: run-unit.sh FOLDER NAME...
set -u
folder=$1
shift
failed=0
count=0
for name in "$@"; do
	count=$((count + 1))
	if output=$("$folder/$name" 2>&1); then
		printf '  PASS    %s\n' "$name"
	else
		failed=$((failed + 1))
		printf '%s\n' "$output"
		printf '  FAIL    %s\n' "$name"
	fi
done
if [ "$count" -eq 0 ]; then
	echo "no unit test was run" >&2
	exit 1
fi
printf 'unit: %d passed, %d failed\n' $((count - failed)) "$failed"
[ "$failed" -eq 0 ]
