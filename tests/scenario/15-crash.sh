#!/bin/sh
# Goal: whenever hikaed is killed, nothing is lost, invented or left undone.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/crash.sh
. "$here/../crash.sh"

install_small
generation 20261101
keep_fresh
killed_at renameat:1 unlink:1 unlinkat:1 ftruncate:1 fdatasync:1
# What hikaed writes into files of its own.
killed_in "$state" write

# Only SQLite writes by pwrite64, and what it writes counts when it was
# synchronised: tests/unit/store/fault_test.c dies at each of its calls.  Here
# some of them, others each day; FIRST=n makes a day's again.
STEP=61
first=${FIRST:-$(($(date +%j | sed 's/^0*//') * 7 % STEP + 1))}
say "at pwrite64 number $first, and each ${STEP}th from there (FIRST=$first)"
killed_at "pwrite64:$STEP:$first"
sed -n 's/^pwrite64([0-9]*<\([^>]*\)>.*/\1/p' trace | sort | uniq -c >written
cat written
expect_line "/catalog\\.db-wal\$" written
! grep -vE "$catalog(-wal|-journal|-shm)?\$" written ||
	fail "who else writes by pwrite64?"
[ "$points" -gt 35 ] || fail "killed $points times only"
