#!/bin/sh
# Goal: what a person asks is answered with names, and with what to do next.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

policy="full_after_capture = no
		$(closed_window)"
system_keys='name = Patient records'
medium_keys='name = Shelf disk'
install_small
generation 20261101
begin
scan_all

# rescued ROOT COMMAND...: from the copy of the catalog, below that root.
rescued() {
	rescued_root=$1
	shift
	"$hikae" --root "$rescued_root" --database kept.db "$@"
}

say "a file that cannot be written is named"
expect_status 66 hk metrics --output nowhere/metrics.prom
expect_line '^hikae: nowhere/metrics.prom: ' err
mkdir folder
expect_status 74 hk metrics --output folder
expect_line '^hikae: folder: ' err
expect_status 66 as_owner "$hikae" --root "$root" catalog backup nowhere/kept.db
expect_line '^hikae: nowhere/kept.db: ' err
expect_status 66 hk journal export nowhere/journal
expect_line '^hikae: nowhere/journal: ' err
expect_status 66 hk evidence export --from 2026-11-01 --to 2026-11-02 \
	-o nowhere/it.zip
expect_line '^hikae: nowhere/it.zip: ' err

say "an older copy of the catalog stays, unless it is to go"
mkdir copies
give_user copies
echo older >copies/kept.db
expect_status 73 as_owner "$hikae" --root "$root" catalog backup copies/kept.db
expect_line '^hikae: copies/kept.db: .*--force' err
expect_equal "$(cat copies/kept.db)" older
expect_status 0 as_owner "$hikae" --root "$root" catalog backup --force \
	copies/kept.db
expect_equal "$(find copies -mindepth 1)" copies/kept.db "what is there"
cp copies/kept.db .
expect_status 73 as_owner "$hikae" --root "$root" catalog backup --force \
	"$catalog"
expect_line 'the catalog itself' err
hk status >out || :
expect_line 'Patient records' out

say "names where the configuration has them, else ids"
for method in status 'recover plan'; do
	# shellcheck disable=SC2086 # words
	rescued "$root" $method >out || :
	expect_line 'Patient records' out
	expect_line 'Shelf disk' out
	mkdir -p empty
	# shellcheck disable=SC2086 # words
	rescued empty $method >out || :
	expect_line 'ehr' out
	expect_line 'disk1' out
	expect_no_line 'Patient records|Shelf disk' out
done
# Another facility's disk1 is another disk.
mkdir -p other/etc/hikae
sed 's/^id = small/id = large/' "$root/etc/hikae/hikae.conf" \
	>other/etc/hikae/hikae.conf
rescued other status >out || :
expect_no_line 'Patient records|Shelf disk' out

say "before the first record: when that was, and what to ask"
first=$(query 'SELECT min(at) FROM manifest')
expect_status 2 hk recover plan --before 2026-10-01
expect_line '^Nothing was recorded before that; the first record is of ' out
command=$(sed -n "s/^  hikae recover plan --before '\(.*\)'\$/\1/p" out)
expect_equal "$(($(date -d "$command" +%s) / 60))" $((first / 60000 + 1)) \
	"the minute after it"
hk recover plan --before "$command" >out || :
expect_line 'generation: ehr@20261101T' out
expect_no_line 'Nothing was recorded before' out
expect_status 2 hk recover plan --before 2026-10-01 --json
expect_equal "$(jq '.systems[0].first_at' out)" "$first"

say "a source that is no title of a document has a name in English"
hk compliance BP-321-OFFLINE >out || :
expect_line 'A variant of 3-2-1' out
env LANGUAGE=ja "$hikae" --root "$root" compliance BP-321-OFFLINE >out || :
expect_line '3-2-1 の変種' out
stop_daemon
