#!/bin/sh
# Runs scenarios tests/scenario/NN-what.sh against the programs in BUILD, two
# at a time (SCENARIO_JOBS), those that wait longest (the last) first.  As root
# they run programs as nobody too; where nobody cannot reach BUILD (a clone below
# /root), they use a copy of it.
# Usage: run-scenario.sh BUILD [NN...]
#
# Each may take SCENARIO_SECONDS (600).  With SCENARIO_TRIES=N one that failed is
# run again, N times in all, and each is told: it waits for real programs, which
# a busy machine may keep waiting.
set -u
here=$(cd "$(dirname "$0")" && pwd)

# run SCRIPT: one scenario; its line, and its output where it failed, at once.
run() {
	name=$(basename "$1" .sh)
	log=$build/scenario/$name.log
	tries=${SCENARIO_TRIES:-1}
	while :; do
		HIKAE_BUILD=$place timeout -k 20 \
			"${SCENARIO_SECONDS:-600}" "$1" >"$log" 2>&1
		status=$?
		tries=$((tries - 1))
		if [ "$tries" -le 0 ] || [ "$status" -eq 0 ] ||
			[ "$status" -eq 77 ]; then
			break
		fi
		cp "$log" "$log.first"
		printf '%s\n  AGAIN   %s (exit %d, %s)\n' \
			"$(tail -n 80 "$log")" "$name" "$status" "$log.first"
	done
	case $status in
	0) said=$(printf '  PASS    %s' "$name") ;;
	77) said=$(printf '  SKIP    %s: %s' "$name" "$(tail -n 1 "$log")") ;;
	*) said=$(tail -n 80 "$log" &&
		printf '  FAIL    %s (exit %d, %s)' "$name" "$status" "$log") ;;
	esac
	printf '%s\n' "$said"
	printf '%s %s\n' "$status" "$name" >>"$results"
}

if [ "$1" = --one ]; then
	build=$2 place=$3 results=$4
	run "$5"
	exit 0
fi

build=$(cd "$1" && pwd)
shift
mkdir -p "$build/scenario"
results=$(mktemp "$build/scenario/results.XXXXXX")
place=$build copy=
trap 'rm -rf "$results" ${copy:+"$copy"}' EXIT
if [ "$(id -u)" -eq 0 ] && ! setpriv --reuid=65534 --regid=65534 \
	--clear-groups test -x "$build/bin/hikaed"; then
	copy=$(mktemp -d /var/tmp/hikae-build.XXXXXX)
	chmod 755 "$copy"
	for part in bin share man tool; do
		[ ! -e "$build/$part" ] || cp -a "$build/$part" "$copy/"
	done
	place=$copy
fi
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
done | sort -r | xargs -r -P "${SCENARIO_JOBS:-2}" -I '{}' \
	"$here/run-scenario.sh" --one "$build" "$place" "$results" '{}'
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
