#!/bin/sh
# Runs scenarios tests/scenario/NN-what.sh against the programs in BUILD, two
# at a time (SCENARIO_JOBS).
# Usage: run-scenario.sh BUILD [NN...]
set -u
here=$(cd "$(dirname "$0")" && pwd)

# run SCRIPT: one scenario; its line, and its output where it failed, at once.
run() {
	name=$(basename "$1" .sh)
	log=$build/scenario/$name.log
	HIKAE_BUILD=$build timeout -k 20 300 "$1" >"$log" 2>&1
	status=$?
	case $status in
	0) said=$(printf '  PASS    %s' "$name") ;;
	77) said=$(printf '  SKIP    %s: %s' "$name" "$(tail -n 1 "$log")") ;;
	*) said=$(tail -n 40 "$log" &&
		printf '  FAIL    %s (exit %d, %s)' "$name" "$status" "$log") ;;
	esac
	printf '%s\n' "$said"
	printf '%s %s\n' "$status" "$name" >>"$results"
}

if [ "$1" = --one ]; then
	build=$2 results=$3
	run "$4"
	exit 0
fi

build=$(cd "$1" && pwd)
shift
mkdir -p "$build/scenario"
results=$(mktemp "$build/scenario/results.XXXXXX")
trap 'rm -f "$results"' EXIT
for script in "$here"/scenario/[0-9]*.sh; do
	[ -e "$script" ] || continue
	name=$(basename "$script" .sh)
	if [ $# -gt 0 ]; then
		case " $* " in
		*" ${name%%-*} "* | *" $name "*) ;;
		*) continue ;;
		esac
	fi
	printf '%s\n' "$script"
done | xargs -r -P "${SCENARIO_JOBS:-2}" -I '{}' \
	"$here/run-scenario.sh" --one "$build" "$results" '{}'
if [ ! -s "$results" ]; then
	echo "no scenario was run" >&2
	exit 1
fi
awk '
	$1 == 0 { passed++; next }
	$1 == 77 { skipped++; next }
	{ failed++ }
	END {
		printf "scenario: %d passed, %d failed, %d skipped\n",
			passed, failed, skipped
		exit failed > 0
	}
' "$results"
