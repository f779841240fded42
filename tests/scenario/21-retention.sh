#!/bin/sh
# Goal: what the backup software rotates away expires; what is deleted is missed.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

today=$(date -u +%Y%m%d)
days_ago() {
	date -u -d "$today -$1 days" +%Y%m%d
}

# missing: the generations that are.
missing() {
	hk findings --json | jq -r '.findings[] |
		select(.code == "generation-missing") | .generation' | sort
}

source_keys='retention = 10d'
system_keys='generations_min = 2'
install_small
for age in 2 3 20 21 22; do
	generation "$(days_ago "$age")"
done
begin
scan_all
expect_status 0 hk status

say "an old one that is gone has expired, with the damage found in it"
flip "$landing/$(days_ago 22)/b" 100
expect_status 2 hk verify --wait
rm -r "${landing:?}/$(days_ago 22)"
scan_all
findings_are
expect_status 0 hk status
expect_equal "$(hk copies --json | jq '.copies | length')" 4 copies
expect_equal "$(query "SELECT group_concat(json_extract(leaf, '\$.reason'))
	FROM journal WHERE json_extract(leaf, '\$.event') = 'expired'")" \
	retention "the record"

say "a young one that is gone is missing"
mv "$landing/$(days_ago 3)" "$disk/kept"
scan_all
expect_equal "$(missing)" "ehr@$(days_ago 3)T000000+0000"
expect_status 2 hk status

say "an old one is missing too, while too few newer ones are there"
rm -r "${landing:?}/$(days_ago 20)"
scan_all
expect_equal "$(missing | xargs)" \
	"ehr@$(days_ago 20)T000000+0000 ehr@$(days_ago 3)T000000+0000"

say "and expires when they are"
mv "$disk/kept" "$landing/$(days_ago 3)"
scan_all
scan_all
findings_are
expect_status 0 hk status

say "one that is put back is another copy: the record of the first stays"
digest() {
	find "$state/manifests/ehr/ehr@$(days_ago 22)T000000+0000" -type f \
		-exec sha256sum {} + | sort
}
digest >before
generation "$(days_ago 22)"
scan_all
digest >after
cmp before after || fail "the manifest of the expired copy was replaced"
hk copies --json | jq -r '.copies[] | [.generation, .verdict] | join(" ")' >copies.txt
expect_line "^ehr@$(days_ago 22)T000000.0000.2 intact\$" copies.txt

say "what was deleted on purpose can be said so, and only that"
rm -r "${landing:?}/$(days_ago 2)"
scan_all
expect_status 2 hk status
copy=$(hk copies --json | jq -r '.copies[] | select(.state == "missing") | .id')
expect_status 0 hk expire "$copy"
findings_are
expect_status 66 hk expire "$copy"
expect_status 66 hk expire "$copy" "$copy"
expect_status 64 hk expire one
expect_status 73 hk expire "$(hk copies --json | jq -r '.copies[0].id')"
stop_daemon
expect_status 0 hk journal verify
