#!/bin/sh
# Goal: the service holds on Debian 12's kernel: its unit, Landlock ABI 2.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

resume
say "the kernel is Debian 12's"
guest 'uname -r; journalctl -k -o cat' >kernel
expect_line '^6\.1\.' kernel

say "systemd understands the units"
must 'systemd-analyze verify --man=no /usr/lib/systemd/system/hikae*'
expect_equal "$(cat guest.out)" "" "what it says"

say "hikaed starts with the sandbox required, and captures and verifies"
policy='sandbox = required'
medium_keys='mountpoint = no'
generation 20261101
generation 20261102
begin
scan_all
verify 0
all_good
expect_equal "$(hk copies --json | jq ".copies | length")" 2 copies
guest 'journalctl -o cat -u hikaed' >log
expect_no_line 'best-effort|cannot be locked' log
still_alive

say "one flipped byte is found"
must "cd $landing/20261101 && touch -r b stamp &&
	printf x | dd of=b bs=1 seek=20000 conv=notrunc status=none &&
	touch -r stamp b && rm stamp"
verify 2
findings_are bit-rot
expect_status 2 hk status
