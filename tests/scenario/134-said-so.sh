#!/bin/sh
# Goal: what is not well, or not there, is said to be so, not left out.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

until=$(date -u -d '+300 days' +%Y-%m-%d)

install_small
sed -i 's/^interval = none/interval = 1d/' "$root/etc/hikae/hikae.conf"
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[notify hook]
	method = command
	command = $scratch/hook
	delay = 1h
	digest_time = none
END
mkdir "$scratch/hooks"
cat >"$scratch/hook" <<-END
	#!/bin/sh
	cat >"$scratch/hooks/.new"
	printf '%s\n' "\$HIKAE_SUBJECT" >>"$scratch/hooks/.new"
	mv "$scratch/hooks/.new" "$scratch/hooks/last"
END
chmod 755 "$scratch/hook"
give_user "$scratch/hooks"
generation 20261101
generation 20261102
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all

say "a system that was never drilled is no good one"
expect_status 1 hk drill due
expect_line 'ehr: never drilled yet' out
expect_equal "$(hk drill due --json | jq -c '[.status, .systems[0].status]')" \
	'["warning","warning"]'

say "without findings there may be other matters"
expect_status 0 hk findings
expect_line '^There is no open finding' out
others=$(hk status --json | jq '[.reasons[] | select(.severity != "good")] |
	length')
[ "$others" -gt 0 ] || fail "the generation is late"
expect_line "^Other matters that hikae status lists: $others\$" out

say "about a text that nobody saw nothing can be stated"
expect_status 65 hk attest G7-EDITION --by 'Dr. Sato' --until "$until"
expect_line 'text of G7-EDITION has not been seen' err

say "a plain folder cannot be released, and nothing is recorded of it"
expect_status 64 hk media release disk1
expect_line 'disk1 is a plain folder' err
hk journal list --json >entries
expect_no_line '"released"' entries

say "a drill of what does not exist names it"
expect_status 66 hk drill start nosuch --operator Tester
expect_line 'no system is configured as nosuch' err
expect_status 66 hk drill start ehr --medium nosuch --operator Tester
expect_line 'no medium is configured as nosuch' err
expect_status 66 hk drill start ehr --generation nosuch --operator Tester
expect_line 'no generation is known as nosuch' err

say "a test speaks as alarms do, whoever asks for it"
LANGUAGE=ja LC_ALL='' LANG=ja expect_status 0 hk notify test hook
expect_line '\[a test\]' "$scratch/hooks/last"
expect_line '^hikae status, on .*, shows everything' "$scratch/hooks/last"

say "copies whose manifests agree may be damaged"
first=$(hk copies --json | jq '.copies | map(.id) | min')
second=$(hk copies --json | jq '.copies | map(.id) | max')
expect_status 0 hk diff "$first" "$second"
expect_no_line 'open damage' out
as_owner sh -c "echo other >'$landing/20261101/a'"
hk verify --wait >/dev/null || :
expect_equal "$(hk findings --json | jq '.findings[0].copy')" \
	"$first"
expect_status 0 hk diff "$first" "$second"
expect_equal "$(grep 'open damage' out)" \
	"Only manifests are compared; copy $first has open damage: hikae show $first"
