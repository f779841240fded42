#!/bin/sh
# Run in the guest: what an administrator does once (doc/OPERATIONS.md).
set -eu
cd /opt/hikae
dpkg -i hikae.deb >/tmp/install.log 2>&1 || {
	cat /tmp/install.log >&2
	exit 1
}
install -d -o hikae -g hikae -m 0750 /var/lib/hikae
cp -a keys/var/lib/hikae/. /var/lib/hikae/
chown -R hikae:hikae /var/lib/hikae
