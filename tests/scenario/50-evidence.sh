#!/bin/sh
# Goal: an inspector checks a bundle with sha256sum and minisign, and any change of it is found.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need minisign bsdtar unzip jq

today=$(date -u +%Y-%m-%d)
year=$(date -u -d '+300 days' +%Y-%m-%d)

# export FILE [ARGUMENT...]: of today.
export_today() {
	file=$1
	shift
	hk evidence export --from "$today" --to "$today" -o "$file" "$@"
}

install_small
generation 20261101
generation 20261102
# Names that hold a patient's id, in a generation and as a generation's name.
as_owner mkdir "$landing/20261102/patient-4711"
as_owner sh -c "echo x >'$landing/20261102/patient-4711/yamada-hanako.dcm'"
as_owner cp -r "$landing/20261102" "$landing/patient-4711-yamada"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
printf 'excerpt\n' >contract.pdf
expect_status 0 hk attest FEE-R6-ATT --by 'Dr. Sato' --until "$year" \
	--document contract.pdf --document-kind contract-excerpt
# Damage, so that there is a finding about a file.
flip "$landing/20261102/patient-4711/yamada-hanako.dcm" 0
hk verify >/dev/null || :
cp "$state/keys/daemon.pub" daemon.pub

say "a bundle, as tar and as zip"
expect_status 0 export_today bundle.tar
cat out
expect_status 0 export_today bundle.zip
bsdtar -tf bundle.tar
