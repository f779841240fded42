#!/bin/sh
# Goal: a share that this host serves itself is no other device, and not off-site; whether it is encrypted is not known.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"
need sshfs
sftp=/usr/lib/openssh/sftp-server
[ -x "$sftp" ] || skip "no sftp-server"
[ -w /dev/fuse ] || skip "no FUSE here"

share=$scratch/share
served=$scratch/served
let_both_go() {
	umount -l "$share" 2>/dev/null || :
	let_go
}
at_end=let_both_go

# share_from SERVER: the server is this host, whatever its name.
share_from() {
	umount "$share" 2>/dev/null || :
	sshfs -o "ssh_command=$scratch/connect,ro" "$1:$served" "$share"
	expect_status 0 hk reload
	wait_until 60 media_are_looked_at
	scan_all
}
# own MEMBER...: what is measured for the facility's own requirement.
own() {
	hk compliance --json 2>err | jq -r --arg members "$*" '.requirements[] |
		select(.id == "OWN-1") | .rows[0] | .evidence_state + " " +
		([.checks[0][$members | split(" ")[]] | tostring] | join(" "))'
}
asked() {
	own_pack "$1"
	expect_status 0 hk reload
}
share_has() {
	hk media show share1 --json | jq -r ".medium.$1"
}

printf '#!/bin/sh\nexec %s\n' "$sftp" >connect
chmod +x connect
policy=$(closed_window)
mountpoint=yes
medium_keys="uuid = $uuid"
source_keys="[medium share1]
kind = nas
path = $share
offsite = yes
[source ehr-share1]
system = ehr
medium = share1
path = ehr
layout = directory
pattern = %Y%m%d"
truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk" "$share" "$served"
plug ext4
mount -o noatime "$device" "$disk"
install_small
own_pack 'copies(system) >= 2'
generation 20261101
cp -a "$landing" "$served/"
sshfs -o "ssh_command=$scratch/connect,ro" "nas.example.jp:$served" "$share"
begin
scan_all

say "as far as anybody can tell another machine"
expect_status 0 hk verify --wait
expect_equal "$(share_has disks)" network:nas.example.jp "where it lies"
expect_equal "$(own value)" "complete 2" "copies"

say "whether its disks are encrypted nobody can tell"
expect_equal "$(share_has encrypted)" unknown "its encryption"
expect_equal "$(hk media show disk1 --json | jq -r .medium.encrypted)" none \
	"the disk's"
asked 'encrypted_copies(system) >= 1'
expect_equal "$(own reason)" "undetermined encryption-unknown"

say "this host by any name: no other device, perhaps"
asked 'copies(system) >= 2'
for server in localhost 127.0.1.1 "$(uname -n)"; do
	share_from "$server"
	expect_equal "$(share_has disks)" this-host "served by $server"
	expect_equal "$(own reason)" "undetermined served-here" "copies"
done
hk media show share1 >out
expect_line 'Physical disks .*this host itself serves it' out
LANGUAGE=ja hk media show share1 >out
expect_line 'このホスト自身の共有' out
hk compliance OWN-1 >out || :
expect_line 'This host itself serves one of the media' out

say "nor off-site, whatever the configuration says"
asked 'offsite_copies(system) >= 1'
expect_equal "$(own reason)" "undetermined served-here" "off-site"
stop_daemon
