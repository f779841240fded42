#!/bin/sh
# A drill program that tries to go where it should not (inside.sh installs it).
fault() {
	echo "{\"fault\": \"$1\"}" >&3
	exit 2
}
[ "$(cat "$HIKAE_DRILL_FILES/a")" = 'a patient' ] || fault restored
echo x >"$HIKAE_DRILL_SCRATCH/x" || fault scratch
[ -z "$(ls -A /var/lib/hikae 2>/dev/null)" ] || fault state
cat /var/lib/hikae/keys/daemon.key 2>/dev/null && fault key
cat /var/lib/hikae/catalog.db >/dev/null 2>&1 && fault catalog
cat /etc/hikae/hikae.conf >/dev/null 2>&1 && fault configuration
hikae status >/dev/null 2>&1 && fault control
grep -qvE '^ *(lo:|Inter|face)' /proc/net/dev 2>/dev/null && fault network
echo x >"$HIKAE_DRILL_FILES/a" 2>/dev/null && fault files
echo x >/tmp/x 2>/dev/null && fault tmp
kill -0 -1 2>/dev/null && fault processes
echo "{\"uid\": $(id -u)}" >&3
