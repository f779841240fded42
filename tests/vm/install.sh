#!/bin/sh
# Run in the guest: what an administrator does once (doc/OPERATIONS.md).
set -eu
cd /opt/hikae
cp -a --no-preserve=ownership usr etc /
systemctl daemon-reload
systemd-sysusers
install -d -o hikae -g hikae -m 0750 /var/lib/hikae
cp -a keys/var/lib/hikae/. /var/lib/hikae/
chown -R hikae:hikae /var/lib/hikae
