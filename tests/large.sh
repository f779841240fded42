#!/bin/sh
# Goal: what scenarios show of a few files holds for as many as hospitals have.
# Usage: large.sh BUILD
#
# Runs the scenarios that have a full size at that size: thirty generations of
# 100,000 files (122), memory with 2,000,000 files (139).  Shows what they
# measured, at the end; while they run, it stands in BUILD/scenario/NNN-*.log.
# Not a part of `make check`: it takes half an hour or more, and 5 GB of disk.
set -eu
build=${1:?usage: large.sh BUILD}

status=0
FILES=100000 FEW=10000 MANY=2000000 SCENARIO_JOBS=1 SCENARIO_SECONDS=14400 \
	"$(dirname "$0")/run-scenario.sh" "$build" 122 139 || status=$?
cat "$build"/scenario/122-*.log "$build"/scenario/139-*.log
exit "$status"
