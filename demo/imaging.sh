# imaging: a PACS store, copied every night with rsync --link-dest.
#
#   imaging_make WORK NAS USB    reads WORK/people.tsv, leaves WORK/pacs
#
# A generation is a folder daily.STAMP; what did not change since the day
# before is a hard link to it.  dcmtk makes the files.
#
# shellcheck shell=sh
# shellcheck disable=SC2154 # $here and $days are hospital.sh's

# imaging_day WORK N STUDIES: a day's new images go into WORK/pacs.
imaging_day() {
	mkdir -p "$1/dicom"
	iconv -f UTF-8 -t ISO-2022-JP "$1/people.tsv" |
		LC_ALL=C awk -v folder="$1/dicom" -v date="$(day_time "$2" %Y%m%d)" \
			-v number=$(($2 + 1)) -v studies="$3" -v slices=6 \
			-f "$here/imaging.awk" >"$1/dicom/list"
	while IFS='	' read -r text image; do
		mkdir -p "$1/pacs/${image%/*}"
		dump2dcm -q +te +l 400000 "$text" "$1/pacs/$image"
	done <"$1/dicom/list"
	set_times "$1/pacs/$(day_time "$2" %Y/%m%d)" "$2" 09:35
	rm -rf "$1/dicom"
}

imaging_make() {
	night=0
	before=
	while [ "$night" -lt "$days" ]; do
		# The store as the day before left it.
		imaging_day "$1" $((night - 1)) 2
		generation=daily.$(day_stamp "$night" 0300)
		rsync -a ${before:+"--link-dest=$before"} "$1/pacs/" \
			"$2/$generation/"
		touch -d "$(day_date "$night") 03:00" "$2/$generation"
		before=$2/$generation
		night=$((night + 1))
	done
	rsync -aH "$2/" "$3/"
}
