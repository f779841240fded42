#!/bin/sh
# Checks a claims file (RECEIPTC.UKE): CP932, CRLF, its records and totals.
# Usage: uke_check.sh FILE...       exit 0 when all hold
#
# GO (last) holds the sum over receipts of (1 if HO) + (number of KO), and the
# sum of their points: HO's, or the first KO's where there is no HO.
set -u

check() {
	if ! iconv -f CP932 -t UTF-8 "$1" >/dev/null 2>&1; then
		printf '%s: not CP932\n' "$1" >&2
		return 1
	fi
	LC_ALL=C awk -v file="$1" -F , '
		function wrong(what) {
			print file ":" NR ": " what >"/dev/stderr"
			bad = 1
		}
		# What the receipt before this line adds to the totals.
		function finish_receipt() {
			if (receipts && !insurers && !payers)
				wrong("a receipt without HO and KO")
			count += insurers + payers
			points += insurers ? insured : paid
			insurers = payers = insured = paid = 0
		}
		!/\r$/ { wrong("ends without CRLF") }
		{ sub(/\r$/, ""); last = $1 }
		(NR == 1) != ($1 == "IR") { wrong($1 " in a wrong place") }
		$1 == "RE" { finish_receipt(); receipts++ }
		$1 == "HO" { insurers = 1; insured = $6 }
		$1 == "KO" && !payers++ { paid = $6 }
		$1 == "GO" {
			finish_receipt()
			if ($2 != count)
				wrong("GO counts " $2 ", there are " count)
			if ($3 != points)
				wrong("GO has " $3 " points, there are " points)
			if ($4 != "99")
				wrong("not the last volume")
		}
		END {
			if (last != "GO")
				wrong("GO is not the last record")
			if (!receipts)
				wrong("no receipts")
			if (!bad)
				printf "%s: %d receipts, total %d, %d points\n",
					file, receipts, count, points
			exit bad
		}
	' "$1"
}

status=0
for file in "$@"; do
	check "$file" || status=1
done
[ $# -gt 0 ] && exit $status
echo "usage: uke_check.sh FILE..." >&2
exit 64
