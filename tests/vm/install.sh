#!/bin/sh
# Run in the guest: what an administrator does once (doc/OPERATIONS.md).
set -eu
cd /opt/hikae
cp -a --no-preserve=ownership usr etc /
# Libraries that came to be needed after the guest was made.
for library in libraries/*; do
	[ -e "/usr/lib/x86_64-linux-gnu/${library#*/}" ] ||
		[ -e "/lib64/${library#*/}" ] || cp "$library" /usr/local/lib/
done
ldconfig
systemctl daemon-reload
systemd-sysusers
install -d -o hikae -g hikae -m 0750 /var/lib/hikae
cp -a keys/var/lib/hikae/. /var/lib/hikae/
chown -R hikae:hikae /var/lib/hikae
