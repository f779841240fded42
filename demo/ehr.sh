# ehr: an electronic health record's nightly export, and SS-MIX2 storage.
#
#   visits_make WORK           reads WORK/people.tsv, makes WORK/visits.tsv
#   ehr_make WORK NAS USB      needs both, and WORK/pacs for scanned pictures
#   ssmix2_make WORK NAS USB   needs both
#
# A generation of the export is ehr-STAMP.tar.zst on the NAS and a folder
# ehr-STAMP with the same files on the other medium.
#
# shellcheck shell=sh
# shellcheck disable=SC2154 # $here and $days are hospital.sh's

# Days before the first night that have notes.
history=30

# Forty patients, each of whom comes every sixth day.
visits_make() {
	visit_day=-$history
	while [ "$visit_day" -lt $((days - 1)) ]; do
		printf '%s\t%s\n' "$visit_day" "$(day_time "$visit_day" %Y%m%d)"
		visit_day=$((visit_day + 1))
	done | awk '
		BEGIN { FS = OFS = "\t" }
		{
			for (n = 1; n <= 40; n++)
				if ((n * 5 + ($1 + 60) * 11) % 6 == 0)
					print sprintf("%08d", n), $2
		}
	' >"$1/visits.tsv"
}

# ehr_day WORK N: a day's notes go into WORK/ehr-export.
ehr_day() {
	date=$(day_time "$2" %Y%m%d)
	awk -v folder="$1/ehr-export" -v date="$date" \
		-v visits="$1/visits.tsv" -f "$here/ehr.awk" "$1/people.tsv"
	sed 's/$/\r/' "$1/ehr-export/order/$date.csv" |
		iconv -f UTF-8 -t CP932 >"$1/order.csv"
	mv "$1/order.csv" "$1/ehr-export/order/$date.csv"
	# One scanned picture a day, once there are any.
	find "$1/pacs/$(day_time "$2" %Y/%m%d)" -name 0003.dcm 2>/dev/null |
		sort | head -n 1 | while read -r image; do
		dcmj2pnm -q +oj +Wn "$image" "$1/ehr-export/scan/$date.jpg"
	done
	find "$1/ehr-export" -name "*$date*" \
		-exec touch -d "$(day_date "$2") 17:40" {} +
}

ehr_make() {
	mkdir -p "$1/ehr-export/fhir" "$1/ehr-export/order" "$1/ehr-export/scan"
	cut -f 1 "$1/visits.tsv" | sort -u |
		sed "s|^|$1/ehr-export/karte/|" | xargs mkdir -p
	ehr_date=-$history
	while [ "$ehr_date" -lt -1 ]; do
		ehr_day "$1" "$ehr_date"
		ehr_date=$((ehr_date + 1))
	done
	night=0
	while [ "$night" -lt "$days" ]; do
		ehr_day "$1" $((night - 1))
		find "$1/ehr-export" -type d \
			-exec touch -d "$(day_date "$night") 01:59" {} +
		generation=ehr-$(day_stamp "$night" 0200)
		tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner \
			-cf - ehr-export |
			zstd -q -o "$2/$generation.tar.zst"
		set_times "$2/$generation.tar.zst" "$night" 02:00
		cp -a "$1/ehr-export" "$3/$generation"
		night=$((night + 1))
	done
}

# The text that ssmix2.awk makes, converted once, taken apart into files whose
# segments end with CR; then times, one call for the files of one day.
ssmix2_make() {
	awk -v visits="$1/visits.tsv" -f "$here/ssmix2.awk" "$1/people.tsv" |
		iconv -f UTF-8 -t ISO-2022-JP >"$1/ssmix2.text"
	grep '^FILE' "$1/ssmix2.text" | cut -f 2,3 >"$1/ssmix2.list"
	sed "s|^|$2/|; s|/[^/]*\$||" "$1/ssmix2.list" | sort -u |
		xargs mkdir -p
	LC_ALL=C awk -v root="$2" '
		/^FILE\t/ {
			if (file != "")
				close(file)
			split($0, part, "\t")
			file = root "/" part[2]
			next
		}
		{ printf "%s\r", $0 >file }
	' "$1/ssmix2.text"
	cut -f 2 "$1/ssmix2.list" | sort -u | while read -r date; do
		grep "	$date\$" "$1/ssmix2.list" | cut -f 1 |
			sed "s|^|$2/|" | xargs touch -d "$date 23:50"
	done
	find "$2" -type d -exec touch -d "$(day_date $((days - 2))) 23:50" {} +
	rsync -a "$2/" "$3/"
}
