#!/bin/sh
# Goal: what is left out, away by plan or counted once is told, never hidden.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

pack_of() {
	printf '[pack]\nid = %s\nname = %s\nname_en = %s\n' "$1" "$1" "$1"
}
row_of() {
	printf '[requirement %s]\nkind = best-practice\ntitle = t\ntitle_en = t
source = s\ntext_status = memory\nsystems = ehr\ncheck = %s\n' "$1" "$2"
}
has_reason() {
	hk status --json >status.json || :
	jq -e --arg code "$1" '.reasons[] | select(.code == $code) |
		.severity == "bad"' status.json >/dev/null
}

install_small
generation 20261101
mkdir -p "$packs"
{
	pack_of own
	row_of OWN-1 'generations(system) >= 1'
} >"$packs/own.conf"
{
	pack_of other
	row_of OTHER-1 'nonsense(system) >= 1'
} >"$packs/zz.conf"

say "a faulty pack stops no backup from being verified, and is told"
expect_status 78 hk config check
expect_line 'zz.conf:[0-9]+: ' err
begin
scan_all
has_reason pack-faulty || fail "status says nothing"
expect_equal "$(jq .exit status.json)" 2
expect_status 2 hk compliance --json
jq -r '.requirements[].id' out >ids
expect_line '^OWN-1$' ids
expect_no_line '^OTHER-1$' ids
expect_equal "$(jq '.total > 10' out)" true
jq -r '.left_out[]' out >texts
expect_line 'zz.conf:[0-9]+: ' texts
expect_status 2 hk compliance
expect_line 'zz.conf:[0-9]+: ' out
expect_status 2 hk check
expect_status 78 hk reload
expect_status 78 hk attest OTHER-1 --by 'Dr. Sato' --until 30d
expect_line 'zz.conf:[0-9]+: ' err

say "mended, it counts"
{
	pack_of other
	row_of OTHER-1 'generations(system) >= 1'
} >"$packs/zz.conf"
expect_status 0 hk reload
! has_reason pack-faulty || fail "status still says so"
hk compliance --json >out || :
jq -r '.requirements[].id' out >ids
expect_line '^OTHER-1$' ids
expect_equal "$(jq '.left_out | length' out)" 0

say "a statement holds until a day, or for so long"
{
	pack_of own
	row_of OWN-1 'generations(system) >= 1'
	printf 'attestation = a\nattestation_en = a\n'
} >"$packs/own.conf"
expect_status 65 hk attest OWN-1 --by 'Dr. Sato' --until 365d
expect_status 0 hk reload
expect_status 0 hk attest OWN-1 --by 'Dr. Sato' --until 365d
expect_status 0 hk attest OWN-1 --by 'Dr. Sato' \
	--until "$(date -d '10 days' +%F)"
hk attest --list OWN-1 --json >out
expect_equal "$(jq '[.attestations[] | (.until - .at) / 86400000 | floor] |
	sort | map(. >= 364 or (. >= 9 and . <= 11)) | all' out)" true
expect_status 64 hk attest OWN-1 --by 'Dr. Sato' --until soon
expect_line '365d' err
