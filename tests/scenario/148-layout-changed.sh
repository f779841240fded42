#!/bin/sh
# Goal: a layout that is changed in the configuration makes no earlier backup missing or damaged, and damage to it is still found.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

policy=$(closed_window)
install_small
sed -i 's/^pattern = .*/pattern = %Y%m%d*/' "$root/etc/hikae/hikae.conf"

layout_is() {
	sed -i "s/^layout = .*/layout = $1/" "$root/etc/hikae/hikae.conf"
	expect_status 0 hk reload
	wait_until 60 media_are_looked_at
	scan_all
}

# All of so many copies are there, and read whole.
all_good() {
	findings_are
	expect_equal "$(hk copies --json | jq -c '[.copies[].state] | sort |
		group_by(.) | map([.[0], length])')" "[[\"captured\",$1]]" copies
	expect_status 0 hk verify --wait
	expect_status 0 hk verify --wait --level members
	expect_equal "$(query 'SELECT intact FROM run ORDER BY id DESC LIMIT 1')" \
		"$1" "what was read"
	findings_are
}

generation 20261101
generation 20261102
begin
scan_all
all_good 2

say "folders at first, archives from now on"
tar -cf "$landing/20261103.tar" -C "$landing" 20261101
give_user "$landing"
layout_is archive
all_good 3

say "files that nobody opens from now on"
cp "$landing/20261103.tar" "$landing/20261104.tar"
give_user "$landing"
layout_is file
all_good 4

say "and folders again"
generation 20261105
layout_is directory
all_good 5

say "what becomes of those of the other kind is told"
mv "$landing/20261103.tar" gone.tar
flip "$landing/20261104.tar" 2000
layout_is archive
rm -r "$landing/20261102"
# A file is not the folder that was recorded.
printf 'x\n' >"$landing/20261102"
give_user "$landing"
scan_all
findings_are generation-missing generation-missing
expect_status 2 hk verify --wait
hk findings --json | jq -r '.findings[] | [.code, .generation] | join(" ")' |
	sort -u >told || :
expect_line '^bit-rot ehr@20261104' told
expect_line '^generation-missing ehr@20261102' told
expect_line '^generation-missing ehr@20261103' told
expect_no_line 'ehr@2026110[15]' told
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"
