# words: what the demo says, in Japanese where the locale is, else in English.
#
# shellcheck shell=sh
# shellcheck disable=SC2034 # colours are run.sh's

# As gettext decides: LANGUAGE counts unless the locale is C.
language=${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}}
case $language in
C | POSIX) ;;
*) language=${LANGUAGE:-$language} ;;
esac

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m')
	dim=$(printf '\033[2m')
	plain=$(printf '\033[0m')
fi

# words ENGLISH JAPANESE
words() {
	case $language in
	ja*) printf '%s' "$2" ;;
	*) printf '%s' "$1" ;;
	esac
}

line() {
	printf '  %s\n' "$(words "$1" "$2")"
}

title() {
	printf '\n%s%s%s\n' "$bold" "$(words "$1" "$2")" "$plain"
}

steps=0
step() {
	steps=$((steps + 1))
	printf '\n%s[%d] %s%s\n' "$bold" "$steps" "$(words "$1" "$2")" "$plain"
}

# What there is to see, below a step's title.
note() {
	printf '  %s%s%s\n' "$dim" "$(words "$1" "$2")" "$plain"
}

# describe SYSTEM MEDIUM: what lies there.
describe() {
	case $1-$2 in
	receipt-*) words "PostgreSQL dumps, claims (UKE), SHA256SUMS" \
		"PostgreSQLのダンプ、レセプト電算ファイル（UKE）、SHA256SUMS" ;;
	ehr-nas1) words "exports as .tar.zst" "エクスポート（.tar.zst）" ;;
	ehr-*) words "the same exports as folders" "同じエクスポート（フォルダー）" ;;
	imaging-*) words "DICOM, daily, unchanged files hard-linked" \
		"DICOM、毎日（変わらないファイルはハードリンク）" ;;
	ssmix2-*) words "HL7 v2.5 messages, one living tree" \
		"HL7 v2.5、更新され続ける 1 つのフォルダー" ;;
	esac
}
