#!/bin/sh
# Can make check-vm run here?  Says why not.
set -eu

cannot() {
	printf 'vm: %s\n' "$*" >&2
	exit 1
}

[ "$(id -u)" -eq 0 ] || cannot "making the guest needs root (debootstrap)"
release=$(. /etc/os-release && printf '%s %s' "$ID" "${VERSION_ID:-}")
[ "$release" = "debian 12" ] ||
	cannot "the guest runs the programs built here: that needs Debian 12"
[ "$(dpkg --print-architecture)" = amd64 ] ||
	cannot "the guest is an amd64, and so must this machine be"
