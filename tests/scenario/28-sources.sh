#!/bin/sh
# Goal: a source that finds nothing, or lies elsewhere now, is never good.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

# source_of ID MEDIUM PATH: one more source of the configuration.
source_of() {
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[source $1]
		system = ehr
		medium = $2
		path = $3
		layout = directory
		pattern = %Y%m%d
	END
}

# copies_of SOURCE: generation, medium and verdict of each.
copies_of() {
	hk copies --json | jq -r ".copies[] | select(.source == \"$1\") |
		[.generation, .medium, .verdict] | join(\" \")" | sort
}

apply() {
	give_user "$root/etc" "$disk"
	hk reload >out
	scan_all
}

install_small
generation 20261101
begin
scan_all
expect_status 0 hk status

say "a second source in which no name fits the pattern"
mkdir -p "$disk/second/backup-20261101"
printf 'x\n' >"$disk/second/backup-20261101/dump"
source_of second disk1 second
apply
findings_are nothing-found
expect_status 2 hk status

say "the same instant from two sources on one medium"
mv "$disk/second/backup-20261101" "$disk/second/20261101"
scan_all
findings_are
expect_equal "$(copies_of second)" "ehr@20261101T000000+0000.2 disk1 intact"
expect_status 0 hk status

say "names that are no date are said once, and taken back when they are gone"
mkdir "$disk/second/20260231" "$disk/second/20260431"
give_user "$disk"
scan_all
findings_are name-no-date name-no-date
expect_status 1 hk status
entries=$(query 'SELECT count(*) FROM journal')
scan_all
scan_all
expect_equal "$(query 'SELECT count(*) FROM journal')" "$entries" entries
rmdir "$disk/second/20260231" "$disk/second/20260431"
scan_all
findings_are
expect_status 0 hk status

say "a source that was moved to another medium"
mkdir -p "$disk/nas/ehr"
cp -a "$landing/20261101" "$disk/nas/ehr/"
configure
sed -i 's/^medium = disk1/medium = nas/' "$root/etc/hikae/hikae.conf"
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[medium nas]
	kind = nas
	mountpoint = no
	path = $disk/nas
END
source_of second disk1 second
apply
copies_of ehr-disk1 >copies
expect_line '^ehr@20261101T000000.0000 disk1 ' copies
expect_line '^ehr@20261101T000000.0000 nas intact$' copies
hk status --json | jq -r '.reasons[].code' >codes
expect_line '^copies-unwatched$' codes
say "what lay on the old medium is not judged by what lies on the new one"
hk verify --wait >out || :
copies_of ehr-disk1 >copies
expect_line '^ehr@20261101T000000.0000 disk1 undetermined$' copies
expect_line '^ehr@20261101T000000.0000 nas intact$' copies
hk findings --json | jq -r '.findings[].code' >codes
expect_line '^source-missing$' codes
expect_no_line 'manifest-missing' codes
hk findings >out || :
expect_line '^source-missing: .*the configuration no longer has its source on this medium\.$' \
	out
expect_line '  -> .*\(hikae expire\)' out
LANGUAGE=ja hk findings >out || :
expect_line '^source-missing: 設定では、.*この複製は読めません。$' out
# Nobody reads it again by himself.
hk status --json | jq -r '.reasons[].code' >codes
expect_line '^copies-unwatched$' codes
expect_no_line '^copies-undetermined$' codes
hk findings --json | jq -e '.findings[] | select(.code == "source-missing") |
	.severity == "undetermined" and .verdict == "none"' >/dev/null ||
	fail "severity"

say "and when it expired that is settled"
old=$(hk copies --json | jq '.copies[] |
	select(.source == "ehr-disk1" and .medium == "disk1").id')
expect_status 0 hk expire "$old"
hk findings --json | jq -r '.findings[].code' >codes
expect_no_line '^source-missing$' codes

say "many generations of one instant have a number each"
stop_daemon
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[source many]
	system = ehr
	medium = disk1
	path = many
	layout = directory
	pattern = %Y%m%d-*
	marker = .complete
END
mkdir -p "$disk/many"
give_user "$root/etc" "$disk"
begin
n=0
while [ $n -lt 150 ]; do
	n=$((n + 1))
	mkdir -p "$disk/unfinished"
	printf x >"$disk/unfinished/a"
	touch "$disk/unfinished/.complete"
	give_user "$disk/unfinished"
	mv -T "$disk/unfinished" "$disk/many/20261130-$n"
	# Scans that run while captures end order none of them again.
	[ $((n % 3)) -ne 0 ] || hk scan many >/dev/null
done
scan_all
expect_no_line 'capture of .* failed' "$root.log"
expect_equal "$(query "SELECT count(DISTINCT generation) FROM copy
	WHERE source = 'many'")" 150 generations
expect_equal "$(query "SELECT count(*) FROM copy
	WHERE source = 'many' AND generation = 'ehr@20261130T000000+0000.150'")" \
	1 "the last"
expect_equal "$(query "SELECT result FROM source_scan WHERE source = 'many'
	AND to_seq > 1 << 60")" ok
