#!/bin/sh
# Makes the backups of a small hospital that does not exist: what its systems
# would have left on two media, in real formats made by the real tools.
# Usage: hospital.sh FOLDER [NOW]     makes FOLDER/nas1 and FOLDER/usb1
#
#   receipt  PostgreSQL dumps and claims, with the producer's checksums
#   ehr      an export: .tar.zst on nas1, a folder of the same on usb1
#   ssmix2   SS-MIX2 standard storage, one living tree
#   imaging  a PACS store, daily generations that share files by hard link
#
# Seven days, the last one's backups being less than 29 hours old at NOW (in
# seconds since 1970).  Two runs with one NOW differ only in what PostgreSQL
# notes in its dumps.  Needs no root.
set -eu
export LC_ALL=C.UTF-8 TZ=JST-9
umask 022

here=$(cd "$(dirname "$0")" && pwd)
. "$here/receipt.sh"
. "$here/ehr.sh"
. "$here/imaging.sh"

folder=${1:?usage: hospital.sh FOLDER [NOW]}
days=7
# The last day: backups are made between 01:30 and 04:30.
last=$((${2:-$(date +%s)} - 5 * 3600))

# day_time N FORMAT: of the N-th day, from 0.
day_time() {
	date -d "@$((last - (days - 1 - $1) * 86400))" "+$2"
}
day_date() {
	day_time "$1" %Y-%m-%d
}
# day_stamp N HHMM: as it stands in names.
day_stamp() {
	day_time "$1" "%Y%m%d-$2"
}

# set_times PATH N HH:MM: everything there was written at that time.
set_times() {
	find "$1" -exec touch -h -d "$(day_date "$2") $3" {} +
}

clean_up() {
	status=$?
	trap - EXIT
	server_stop
	rm -rf "$work"
	exit "$status"
}

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
for medium in nas1 usb1; do
	if [ -e "$folder/$medium/receipt" ]; then
		printf 'hospital: %s exists already\n' "$folder/$medium/receipt" >&2
		exit 73
	fi
	mkdir -p "$folder/$medium/receipt" "$folder/$medium/ehr" \
		"$folder/$medium/ssmix2" "$folder/$medium/imaging"
done
work=$(mktemp -d "$folder/work.XXXXXX")
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

awk -v count=1200 -f "$here/people.awk" >"$work/people.tsv"
# In a process of its own, so that two processors have work.
(
	trap - EXIT
	imaging_make "$work" "$folder/nas1/imaging" "$folder/usb1/imaging"
) &
images=$!
receipt_make "$work" "$folder/nas1/receipt" "$folder/usb1/receipt"
wait "$images"
visits_make "$work"
ssmix2_make "$work" "$folder/nas1/ssmix2" "$folder/usb1/ssmix2"
ehr_make "$work" "$folder/nas1/ehr" "$folder/usb1/ehr"
