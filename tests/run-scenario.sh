#!/bin/sh
# Runs scenarios tests/scenario/NN-what.sh against the programs in BUILD.
# Usage: run-scenario.sh BUILD [NN...]
set -u
build=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
passed=0 failed=0 skipped=0
for script in "$here"/scenario/[0-9]*.sh; do
	[ -e "$script" ] || continue
	name=$(basename "$script" .sh)
	if [ $# -gt 0 ]; then
		case " $* " in
		*" ${name%%-*} "* | *" $name "*) ;;
		*) continue ;;
		esac
	fi
	mkdir -p "$build/scenario"
	log=$build/scenario/$name.log
	HIKAE_BUILD=$build timeout -k 20 300 "$script" >"$log" 2>&1
	status=$?
	case $status in
	0) passed=$((passed + 1)) && printf '  PASS    %s\n' "$name" ;;
	77) skipped=$((skipped + 1)) &&
		printf '  SKIP    %s: %s\n' "$name" "$(tail -n 1 "$log")" ;;
	*)
		failed=$((failed + 1))
		tail -n 40 "$log"
		printf '  FAIL    %s (exit %d, %s)\n' "$name" "$status" "$log"
		;;
	esac
done
if [ $((passed + failed + skipped)) -eq 0 ]; then
	echo "no scenario was run" >&2
	exit 1
fi
printf 'scenario: %d passed, %d failed, %d skipped\n' \
	"$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
