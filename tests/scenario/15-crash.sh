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
# Not every pwrite64: what SQLite writes counts when it was synchronised.
killed_at renameat:1 unlink:1 unlinkat:1 ftruncate:1 fdatasync:1 pwrite64:37
[ "$points" -gt 35 ] || fail "killed $points times only"
