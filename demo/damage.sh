# damage: what the demo breaks, and whether hikae noticed.
#
#   damage_all MEDIA                    breaks four copies, and says how
#   expect_found CODE SYSTEM MEDIUM     hikae says so; sets $number
#
# shellcheck shell=sh
# shellcheck disable=SC2154 # $hikae and $root are run.sh's

# flip_bit FILE: one bit in its middle, keeping size and times.
flip_bit() {
	times=$(mktemp)
	offset=$(($(stat -c %s "$1") / 2))
	byte=$(od -An -tu1 -j "$offset" -N 1 "$1" | tr -d ' ')
	touch -r "$1" "$times"
	# shellcheck disable=SC2059 # an octal escape
	printf "\\$(printf '%03o' $((byte ^ 1)))" |
		dd of="$1" bs=1 seek="$offset" conv=notrunc status=none
	touch -r "$times" "$1"
	rm -f "$times"
}

# The N-th from the end of the arguments after it.
from_end() {
	shift $(($# - $1))
	printf '%s' "$1"
}

damage_image() {
	generation=$(from_end 1 "$1"/nas1/imaging/*)
	image=$(find "$generation" -name '*.dcm' -links 2 | sort | head -n 1)
	flip_bit "$image"
	line "nas1: one bit of one CT image, which two generations share; its time stays" \
		"nas1：2 つの世代が共有する CT 画像 1 枚の 1 ビットを反転（更新日時はそのまま）"
}

damage_archive() {
	archive=$(from_end 3 "$1"/nas1/ehr/*)
	truncate -s $(($(stat -c %s "$archive") * 6 / 10)) "$archive"
	line "nas1: an export of patient records loses its last 40 %" \
		"nas1：電子カルテのアーカイブ 1 つの後ろ 4 割を切り落とす"
}

damage_claims() {
	claims=$(from_end 2 "$1"/usb2/receipt/*)/RECEIPTC.UKE
	LC_ALL=C sed 's/^\(GO,[0-9]*,\)2/\19/' "$claims" >"$1/claims"
	cat "$1/claims" >"$claims"
	rm "$1/claims"
	line "usb2: somebody overwrites the total of the month's claims" \
		"usb2：レセプト電算ファイルの合計点数を書き換える"
}

damage_generation() {
	oldest=$(find "$1/usb2/ehr" -mindepth 1 -maxdepth 1 | sort | head -n 1)
	rm -r "$oldest"
	line "usb2: the oldest generation of patient records is deleted" \
		"usb2：電子カルテの最も古い世代を削除する"
}

damage_all() {
	damage_image "$1"
	damage_archive "$1"
	damage_claims "$1"
	damage_generation "$1"
}

# find_finding CODE SYSTEM MEDIUM: the number of an open finding like that.
# With "-" for the system it may be any, or none.
find_finding() {
	of_system="\"system\":\"$2\""
	[ "$2" != - ] || of_system=
	"$hikae" --root "$root" findings --json | tr -d ' \n' |
		sed 's/},{/}\n{/g' | grep "\"code\":\"$1\"" |
		grep -e "$of_system" | grep "\"medium\":\"$3\"" |
		grep -o '"id":[0-9]*' | head -n 1 | tr -dc 0-9
}

# A scan may still be under way: $patience is how many seconds to wait.
expect_found() {
	deadline=$(($(date +%s) + ${patience:-2}))
	until number=$(find_finding "$@") && [ -n "$number" ]; do
		[ "$(date +%s)" -lt "$deadline" ] ||
			give_up "not found: $1 ($2 on $3)" \
				"見つかっていません：$1（$3 の $2）"
		sleep 0.5
	done
	printf '  ok  %-20s %s, %s\n' "$1" "$2" "$3"
}
