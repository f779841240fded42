#!/bin/sh
# Installs what the named groups of mk/packages.txt lack, through apt-get.
# Usage: deps.sh GROUP...
#
# Does nothing, quickly, when nothing is missing.  Services that come with a
# package are not started.
set -eu

list=$(dirname "$0")/packages.txt
groups=" $* "

# "package probe" of the wanted groups, each package once.
wanted=$(awk -v groups="$groups" '
	/^[a-z]/ && index(groups, " " $1 " ") && !seen[$2]++ { print $2, $3 }
' "$list")
if [ -z "$wanted" ]; then
	echo "deps: no such group:$groups" >&2
	exit 64
fi

# The wanted packages that dpkg does not know as installed.
not_installed() {
	if ! command -v dpkg-query >/dev/null; then
		printf '%s\n' "$wanted"
		return
	fi
	# A package that dpkg never heard of makes it fail: it is missing.
	{
		# shellcheck disable=SC2046 # one word a package
		dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
			$(printf '%s\n' "$wanted" | cut -d ' ' -f 1) \
			2>/dev/null || :
		printf '%s\n' "$wanted"
	} | awk '
		$1 == "installed" && NF == 2 { installed[$2] = 1; next }
		$2 ~ /:/ && !installed[$1]
	'
}

# True when what the package would bring is there by other means.
# shellcheck disable=SC2086 # a path is a pattern
is_present() {
	case $1 in
	command:*) command -v "${1#*:}" >/dev/null ;;
	module:*) pkg-config --exists "${1#*:}" 2>/dev/null ;;
	header:*) printf '#include <stddef.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <%s>\n' "${1#*:}" | cc -E -x c - >/dev/null 2>&1 ;;
	path:*) ls ${1#*:} >/dev/null 2>&1 ;;
	*) return 1 ;;
	esac
}

missing=
while read -r package probe; do
	[ -n "$package" ] && ! is_present "$probe" &&
		missing="$missing $package"
done <<EOF
$(not_installed)
EOF
[ -n "$missing" ] || exit 0

cannot() {
	printf 'deps: %s; these packages are missing:\n' "$1" >&2
	# shellcheck disable=SC2086 # one word a package
	printf '  %s\n' $missing >&2
	exit 1
}

command -v apt-get >/dev/null || cannot "there is no apt-get here"
become=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null ||
		cannot "installing needs root, and there is no sudo"
	become=sudo
fi

# A package's scripts start its service unless the machine looks as if it had
# no init system: hide systemd from them, and name the single-user run level.
apt() {
	if [ -d /run/systemd/system ]; then
		# shellcheck disable=SC2016 # expanded by the inner shell
		set -- unshare --mount sh -c \
			'mount -t tmpfs tmpfs /run/systemd && exec "$@"' \
			sh apt-get "$@"
	else
		set -- apt-get "$@"
	fi
	$become env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 "$@" </dev/null
}

printf 'deps: installing%s\n' "$missing"
quiet="-qq -o Dpkg::Use-Pty=0"
# shellcheck disable=SC2086 # words are meant
set -- install -y --no-install-recommends $quiet $missing
if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
	# shellcheck disable=SC2086
	apt update $quiet || cannot "apt-get update failed"
	apt "$@" >/dev/null || cannot "apt-get install failed"
elif ! apt "$@" >/dev/null; then
	# Lists that are too old name versions that are gone.
	# shellcheck disable=SC2086
	apt update $quiet || cannot "apt-get update failed"
	apt "$@" >/dev/null || cannot "apt-get install failed"
fi
