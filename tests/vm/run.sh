#!/bin/sh
# Runs tests/vm/NN-what.sh, one virtual machine after the other.
# Usage: run.sh BUILD VM [NN...]
#
# BUILD has the programs, and the Debian package beside it; VM the guest
# (build.sh) and its snapshot.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
vm=$(cd "$2" && pwd)
shift 2
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

# run SCRIPT: one scenario; its line, and its output where it failed.
run() {
	name=$(basename "$1" .sh)
	log=$vm/log/$name.log
	begin=$(date +%s)
	HIKAE_BUILD=$build HIKAE_VM=$vm timeout -k 20 300 "$1" >"$log" 2>&1
	status=$?
	took="$(($(date +%s) - begin)) s"
	case $status in
	0)
		passed=$((passed + 1))
		printf '  PASS    %s (%s)\n' "$name" "$took"
		;;
	77)
		skipped=$((skipped + 1))
		printf '  SKIP    %s: %s\n' "$name" "$(tail -n 1 "$log")"
		;;
	*)
		failed=$((failed + 1))
		tail -n 40 "$log"
		printf '  FAIL    %s (exit %d, %s, %s)\n' "$name" "$status" \
			"$took" "$log"
		;;
	esac
}

make_keys || die "no keys"
make_image || die "no image of the package"
"$here/warm.sh" "$build/vm/vmctl" "$vm" || exit 1
mkdir -p "$vm/log"
passed=0 failed=0 skipped=0
for script in "$here"/[0-9]*.sh; do
	name=$(basename "$script" .sh)
	if [ $# -gt 0 ]; then
		case " $* " in
		*" ${name%%-*} "* | *" $name "*) ;;
		*) continue ;;
		esac
	fi
	run "$script"
done
printf 'vm: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
