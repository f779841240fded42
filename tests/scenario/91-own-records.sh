#!/bin/sh
# Goal: what is altered in hikae's own records is found by itself after a start, by hikae verify --self at once, and closes when it is mended.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck disable=SC2034 # reporter.sh's
drawing_role=records
# shellcheck source=tests/reporter.sh
. "$here/../reporter.sh"

policy=$(closed_window)
manifest=$state/manifests/ehr/ehr@20261101T000000+0000/disk1.1.mtree.zst

# Codes of open findings, sorted.
codes() {
	hk findings --json | jq -r '.findings[].code' | sort | xargs
}
codes_are() {
	[ "$(codes)" = "$1" ]
}

# after_start CODES: what hikaed finds without being asked.
after_start() {
	stop_daemon
	# shellcheck disable=SC2119 # our own arguments are not meant
	begin
	wait_until 120 codes_are "$1"
}

# alter SQL: behind hikaed's back, while it runs.
alter() {
	as_owner sqlite3 "$catalog" ".timeout 20000" "$1" >out
}

# How often findings were opened, found again, closed.
events() {
	query "SELECT count(*) FROM journal WHERE leaf ->> 'type' = 'finding'"
}

install_small
generation 20261101
generation 20261102
# shellcheck disable=SC2119 # our own arguments are not meant
begin
scan_all
expect_status 0 hk verify --wait

say "all is as it should be"
expect_status 0 hk verify --self
expect_line 'own records: [0-9]+ journal entries, manifests of 2 copies \(2 read' out
expect_status 0 hk verify --self --wait --json
expect_equal "$(jq -c '[.status, .exit, .manifests, .digested, .findings, .codes]' \
	out)" '["good",0,2,2,0,[]]'
expect_status 64 hk verify --self ehr
expect_status 64 hk verify --self --level full
expect_equal "$(codes)" ""

say "a row that says what the journal does not"
alter 'UPDATE copy SET taken_at = taken_at + 1'
expect_status 2 hk verify --self
expect_line 'Findings: 1' out
expect_equal "$(codes)" catalog-differs
expect_equal "$(query "SELECT detail FROM finding_state
	ORDER BY from_seq DESC LIMIT 1")" '{"table":"copy"}'
expect_status 2 hk status
expect_line 'says something else than the journal' out
hk compliance --json >out || :
expect_line journal-broken out
before=$(events)
expect_status 2 hk verify --self
expect_equal "$(events)" "$before" "entries of what stands already"
alter 'UPDATE copy SET taken_at = taken_at - 1'
expect_status 0 hk verify --self
expect_equal "$(codes)" ""
expect_status 0 hk status

say "the same without a word to hikaed"
alter "UPDATE slice_verdict SET verdict = 'damaged' WHERE slice = 0"
after_start catalog-differs
alter "UPDATE slice_verdict SET verdict = 'intact' WHERE slice = 0"

say "a manifest that is gone, and one that is another"
mv "$manifest" away
after_start manifest-missing
expect_equal "$(hk copies --json ehr@20261101T000000+0000 |
	jq -r '.copies[0].verdict')" undetermined
cp -p away "$manifest"
flip "$manifest" 100
expect_status 2 hk verify --self
expect_equal "$(codes)" signature-invalid
cp -p away "$manifest"
after_start ""
expect_equal "$(hk copies --json | jq -r '.copies[].verdict' | sort -u)" intact

say "what a verification found is a verification's to close"
mv "$manifest" away
expect_status 3 hk verify --wait ehr@20261101T000000+0000
expect_equal "$(codes)" manifest-missing
cp -p away "$manifest"
expect_status 2 hk verify --self
expect_equal "$(codes)" manifest-missing
expect_status 0 hk verify --wait ehr@20261101T000000+0000
expect_equal "$(codes)" ""

say "a key that others can read, while hikaed runs"
chmod 444 "$state/keys/daemon.key"
wait_until 120 codes_are key-exposed
expect_status 2 hk status
expect_line 'daemon.key is open to others' "$root.log"
chmod 400 "$state/keys/daemon.key"
wait_until 120 codes_are ""
mv "$state/keys/daemon.key" key
wait_until 120 codes_are key-missing
mv key "$state/keys/daemon.key"
wait_until 120 codes_are ""

say "a configuration that others can change"
mkdir -p "$root/etc/hikae/conf.d"
give_user "$root/etc"
chmod 775 "$root/etc/hikae/conf.d"
wait_until 120 codes_are config-exposed
chmod 755 "$root/etc/hikae/conf.d"
chmod 666 "$root/etc/hikae/hikae.conf"
expect_status 1 hk verify --self
expect_equal "$(codes)" config-exposed
chmod 644 "$root/etc/hikae/hikae.conf"
expect_status 0 hk verify --self

say "hikaed serves others meanwhile, and takes a new configuration"
catch_reporter hk verify --self
expect_status 0 hk status
expect_status 0 hk reload
kill -0 "$waiting" || fail "it was answered before it was done"
kill -CONT "$child"
await_asked 0

say "a look that failed is no good look"
catch_reporter hk verify --self
kill -KILL "$child"
await_asked 75
expect_equal "$(codes)" records-unchecked
expect_status 3 hk status
expect_status 0 hk verify --self
expect_equal "$(codes)" ""

say "an end does not wait for it"
catch_reporter hk verify --self
stop_daemon
got=0
wait "$waiting" || got=$?
[ "$got" -ne 0 ] || fail "nobody answered, and that was good"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
expect_equal "$(codes)" ""

say "an entry is altered"
stop_daemon
triggers=$(query "SELECT sql || ';' FROM sqlite_schema
	WHERE name = 'journal_same'")
leaf=$(query "SELECT hex(leaf) FROM journal
	WHERE leaf ->> 'type' = 'captured' LIMIT 1")
alter "DROP TRIGGER journal_same; UPDATE journal SET leaf = CAST(replace(
	CAST(leaf AS TEXT), '\"problems\":0', '\"problems\":1') AS BLOB)
	WHERE hex(leaf) = '$leaf'; $triggers"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
wait_until 120 codes_are 'catalog-differs journal-broken'
expect_status 2 hk status
expect_line 'does not prove itself' out
expect_status 2 hk journal verify
stop_daemon
alter "DROP TRIGGER journal_same; UPDATE journal SET leaf = x'$leaf'
	WHERE leaf ->> 'problems' = 1; $triggers"
# shellcheck disable=SC2119 # our own arguments are not meant
begin
wait_until 120 codes_are ""
expect_status 0 hk status

say "nothing of all this left a trace beside the journal"
expect_equal "$(find "$state" -name '.hikae-tmp-*')" "" leftovers
stop_daemon
expect_status 0 hk journal verify
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild \
	"$root/again.db"
