#!/bin/sh
# Goal: backups that are of another kind than the layout says are told, and not passed over.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

policy=$(closed_window)
install_small
sed -i 's/^pattern = .*/pattern = %Y%m%d*/' "$root/etc/hikae/hikae.conf"
generation 20261101
begin
scan_all
findings_are

# other NAME: what has it was made two days ago.
other() {
	give_user "$landing"
	touch -h -d '2 days ago' "$landing/$1"
}

say "what lies beside a backup, or was left by an older one, is its own affair"
printf 'log\n' >"$landing/20261101.log"
printf 'log\n' >"$landing/20261031.log"
other 20261101.log
other 20261031.log
scan_all
findings_are
expect_status 0 hk status

say "newer ones are told, once for all of them"
tar -cf "$landing/20261102.tar" -C "$landing" 20261101
other 20261102.tar
scan_all
findings_are name-other-kind
expect_status 1 hk status
expect_line 'of another kind' out
expect_status 1 hk findings
expect_line '20261102\.tar' out
ln -s ../elsewhere "$landing/20261103"
other 20261103
printf 'of today\n' >"$landing/20261104.log"
entries=$(query 'SELECT count(*) FROM journal')
scan_all
scan_all
findings_are name-other-kind
expect_equal "$(query 'SELECT count(*) FROM journal')" "$entries" entries

say "with the next backup of the right kind it is over"
generation 20261105
scan_all
findings_are
expect_status 0 hk status

say "a link among archives"
stop_daemon
sed -i 's/^layout = .*/layout = archive/' "$root/etc/hikae/hikae.conf"
rm -r "${landing:?}"/*
tar -cf "$landing/20261111.tar" -C "$HIKAE_BUILD/bin" hikae
give_user "$landing"
begin
scan_all
ln -s ../20261112.tar "$landing/20261112.tar"
other 20261112.tar
scan_all
hk findings --json | jq -r '.findings[].code' >codes || :
expect_line '^name-other-kind$' codes
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"
