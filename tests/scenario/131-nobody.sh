#!/bin/sh
# Goal: what nobody's name stands under is not recorded, and a sentence says what is wanted.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

entries() {
	query 'SELECT count(*) FROM journal'
}

# nobody OPTION COMMAND...: refused in words with every kind of blank, which
# stands where the command says BLANK; and nothing is written.
nobody() {
	option=$1
	shift
	for blank in ' ' '　' "$tab" "$nbsp" "$zero" "$mark" " 　$zero"; do
		put "$blank" "$@"
		expect_line "^hikae: --$option: write " err
	done
	expect_equal "$(entries)" "$before" "entries after $option"
}

# put BLANK COMMAND...
put() {
	blank_is=$1
	shift
	left=$#
	while [ "$left" -gt 0 ]; do
		if [ "$1" = BLANK ]; then
			set -- "$@" "$blank_is"
		else
			set -- "$@" "$1"
		fi
		shift
		left=$((left - 1))
	done
	expect_status 64 hk "$@"
}

tab=$(printf '\t')
nbsp=$(printf '\302\240')
zero=$(printf '\342\200\213')
mark=$(printf '\357\273\277')
policy=$(closed_window)
install_small
own_pack 'attested(facility) = yes'
sed -i 's/^check = .*/attestation = 書面がある\nattestation_en = It is written/' \
	"$packs/own.conf"
generation 20261101
begin
scan_all
wait_until 60 is_idle
before=$(entries)

say "statements, custody, problems, updates and evidence need a name"
nobody by attest OWN-1 --by BLANK --until 30d
nobody note attest OWN-1 --by Sato --until 30d --note BLANK
nobody by media checkout disk1 --by BLANK --to Sato --place safe
nobody to media checkout disk1 --by Sato --to BLANK --place safe
nobody place media checkout disk1 --by Sato --to Suzuki --place BLANK
nobody by media checkin disk1 --by BLANK
nobody by media retire disk1 --by BLANK
nobody by ack single-copy --by BLANK --until 7d --note 'a disk is ordered'
nobody note ack single-copy --by Sato --until 7d --note BLANK
nobody by accept 1 --by BLANK --note 'it is so'
nobody note accept 1 --by Sato --note BLANK
nobody by preflight ehr --by BLANK
nobody by evidence export --from 2026-11-01 --to 2026-11-02 --by BLANK -o x.zip
nobody operator drill start ehr --operator BLANK

say "what was to be back in the past is refused"
expect_status 64 hk media checkout disk1 --by Sato --to Suzuki --place safe \
	--until 2020-01-01
expect_line 'is over already' err
expect_status 64 hk media checkout disk1 --by Sato --to Suzuki --place safe \
	--until 1969-01-01
expect_equal "$(entries)" "$before" "entries"

say "in the language of who asks"
expect_status 64 env LANGUAGE=ja "$hikae" --root "$root" attest OWN-1 --by '　' \
	--until 30d
expect_line '^hikae: --by に氏名を書いてください' err

say "and a name is taken"
expect_status 0 hk attest OWN-1 --by '佐藤　花子' --until 30d
expect_status 0 hk media checkout disk1 --by 佐藤 --to 鈴木 --place 金庫 \
	--until 30d
expect_equal "$(query "SELECT count(*) FROM attestation")" 1 statements
stop_daemon
