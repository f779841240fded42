#!/bin/sh
# Goal: a NAS that stops answering under a reader costs nothing but the answer.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

# The service itself goes on answering, and says that nothing is known.
not_known() {
	nothing_known
	still_alive
}

resume
policy='job_timeout = 10s
readers = 1'
generation 20261101 /srv/backup/nfs/ehr
generation 20261101 /srv/backup/smb/ehr
must 'head -c 30000000 /dev/urandom >/srv/backup/nfs/ehr/20261101/large
	cp /srv/backup/nfs/ehr/20261101/large /srv/backup/smb/ehr/20261101/'
must 'systemctl start nfs-server && systemctl start smbd &&
	mkdir -p /mnt/nfs /mnt/smb &&
	mount -t nfs4 -o ro 127.0.0.1:/nfs /mnt/nfs &&
	mount -t cifs -o ro,guest //127.0.0.1/backup/smb /mnt/smb'
disk=/mnt/nfs
medium_keys='readers = 1'
more='[medium smb]
kind = nas
path = /mnt/smb
[source ehr-smb]
system = ehr
medium = smb
path = ehr
layout = directory
pattern = %Y%m%d'
begin

say "NFS and SMB: read and good"
scan_all
verify 0
all_good
expect_equal "$(hk copies --json | jq '.copies | length')" 2 copies

say "the NFS server stops in the middle of a file: the reader hangs"
in_background 'hikae verify --wait --medium disk1'
stop_reader 8000000
must 'echo 0 >/proc/fs/nfsd/threads; kill -CONT $(cat /run/reader)'
still_alive
finish 3
has_finding worker-hung
not_known

say "it comes back: good again"
must 'systemctl restart nfs-server'
wait_until 100 guest 'timeout 5 ls /mnt/nfs/ehr'
scan_all
verify 0
all_good

say "the NFS server is away before a reader begins"
# While it answers: what is dropped has to be given back to it.
must 'echo 3 >/proc/sys/vm/drop_caches; echo 0 >/proc/fs/nfsd/threads'
in_background 'hikae verify --wait'
must 'sleep 2'
still_alive
finish 3
has_finding worker-hung
not_known

say "it comes back: good again"
must 'systemctl restart nfs-server'
wait_until 100 guest 'timeout 5 ls /mnt/nfs/ehr'
scan_all
verify 0
all_good

say "the SMB server stops answering"
must 'echo 3 >/proc/sys/vm/drop_caches; pkill -STOP smbd'
in_background 'hikae verify --wait'
must 'sleep 2'
still_alive
finish 3
not_known

say "it comes back: good again"
must 'pkill -CONT smbd'
wait_until 100 guest 'timeout 5 ls /mnt/smb/ehr'
scan_all
verify 0
all_good
still_alive
