#!/bin/sh
# Runs tests/vm/NN-what.sh, each in a virtual machine of its own, two at a time
# (VM_JOBS): one keeps little more than a core busy.
# Usage: run.sh BUILD VM [NN...]
#
# BUILD has the programs, and the Debian package beside it; VM the guest
# (build.sh) and its snapshot.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/vm/machine.sh
. "$here/machine.sh"

die() {
	printf 'vm: %s\n' "$*" >&2
	exit 1
}

# A set of keys: making one is slow on purpose, more so in the guest.
make_keys() {
	keys=$vm/keys
	[ ! -e "$keys/var/lib/hikae/keys" ] || return 0
	rm -rf "$keys"
	mkdir -p "$keys/etc/hikae"
	printf '[facility]\nid = small\nname = Small Clinic\n' \
		>"$keys/etc/hikae/hikae.conf"
	printf 'correct horse\n' >"$keys/passphrase"
	"$build/bin/hikae" --root "$keys" key init \
		--facility-key "$keys/facility.key" \
		--passphrase-file "$keys/passphrase" >/dev/null
}

# The package and keys for the guest, in an image of their own: no other needs to
# be made when they change.
make_image() {
	package=$(find "$build/.." -maxdepth 1 -name 'hikae_*.deb' | head -n 1)
	[ -n "$package" ] || die "there is no package beside $build"
	rm -rf "$vm/install"
	mkdir "$vm/install"
	cp "$package" "$vm/install/hikae.deb"
	cp -a "$vm/keys" "$vm/install/keys"
	cp "$here/install.sh" "$vm/install/install"
	rm -f "$vm/hikae.img"
	truncate -s "$hikae_image_bytes" "$vm/hikae.img"
	mke2fs -q -F -t ext4 -O ^has_journal -d "$vm/install" "$vm/hikae.img"
}

# run SCRIPT: one scenario; its line, and its output where it failed, at once.
run() {
	name=$(basename "$1" .sh)
	log=$vm/log/$name.log
	begin=$(date +%s)
	HIKAE_BUILD=$build HIKAE_VM=$vm timeout -k 20 420 "$1" >"$log" 2>&1
	status=$?
	took="$(($(date +%s) - begin)) s"
	case $status in
	0) said=$(printf '  PASS    %s (%s)' "$name" "$took") ;;
	77) said=$(printf '  SKIP    %s: %s' "$name" "$(tail -n 1 "$log")") ;;
	*) said=$(tail -n 40 "$log" && printf '  FAIL    %s (exit %d, %s, %s)' \
		"$name" "$status" "$took" "$log") ;;
	esac
	printf '%s\n' "$said"
	printf '%s %s\n' "$status" "$name" >>"$vm/log/results"
}

if [ "$1" = --one ]; then
	build=$2 vm=$3
	run "$4"
	exit 0
fi

build=$(cd "$1" && pwd)
vm=$(cd "$2" && pwd)
shift 2
make_keys || die "no keys"
make_image || die "no image of the package"
"$here/warm.sh" "$build/vm/vmctl" "$vm" || exit 1
mkdir -p "$vm/log"
: >"$vm/log/results"
for script in "$here"/[0-9]*.sh; do
	name=$(basename "$script" .sh)
	if [ $# -gt 0 ]; then
		case " $* " in
		*" ${name%%-*} "* | *" $name "*) ;;
		*) continue ;;
		esac
	fi
	printf '%s\n' "$script"
done | sort -r | xargs -r -P "${VM_JOBS:-2}" -I '{}' \
	"$here/run.sh" --one "$build" "$vm" '{}'
awk '
	$1 == 0 { passed++; next }
	$1 == 77 { skipped++; next }
	{ failed++ }
	END {
		printf "vm: %d passed, %d failed, %d skipped\n",
			passed, failed, skipped
		exit failed > 0 || passed == 0
	}
' "$vm/log/results"
