#!/bin/sh
# Goal: a producer's own checksums are verified; damage before capture is told.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need sha256sum

# foreign_of DAY: what the journal says about that generation's checksums.
foreign_of() {
	query "SELECT foreign_kind, foreign_result, foreign_listed,
		foreign_mismatched FROM manifest JOIN copy ON copy.id = copy
		WHERE generation LIKE 'ehr@$1%' ORDER BY manifest.id DESC LIMIT 1"
}

# verdict_of DAY: of the one copy of that generation.
verdict_of() {
	hk copies --json | jq -r --arg at "ehr@$1" \
		'.copies[] | select(.generation | startswith($at)).verdict'
}

# sign DAY TOOL LIST: as a producer does, last.
sign() {
	(cd "$landing/$1" && find . -type f -printf '%P\n' |
		sort | xargs -d '\n' "$2") >list
	mv list "$landing/$1/$3"
	give_user "$landing/$1"
}

install_small

say "none, agreeing, agreeing by another algorithm"
generation 20261101
generation 20261102
sign 20261102 sha256sum SHA256SUMS
generation 20261103
sign 20261103 sha512sum SHA512SUMS
begin
scan_all
expect_equal "$(foreign_of 20261101)" '|||' "without a list"
expect_equal "$(foreign_of 20261102)" 'checksums|agrees|3|0' "SHA-256"
expect_equal "$(foreign_of 20261103)" 'checksums|agrees|3|0' "SHA-512"
findings_are
# The first read each byte once, the last twice (but its list).
bytes=$(query "SELECT bytes_read - bytes FROM manifest JOIN copy ON
	copy.id = copy WHERE generation LIKE 'ehr@20261102%'")
expect_equal "$bytes" 0 "read again for SHA-256"
bytes=$(query "SELECT bytes_read - bytes FROM manifest JOIN copy ON
	copy.id = copy WHERE generation LIKE 'ehr@20261103%'")
expect_equal "$bytes" "$(cat "$landing"/20261103/a "$landing"/20261103/b \
	"$landing"/20261103/sub/c | wc -c)" "read again for SHA-512"

say "changed on the way, before hikae saw it first"
generation 20261104
sign 20261104 sha256sum SHA256SUMS
flip "$landing/20261104/b" 20000
generation 20261105
sign 20261105 md5sum MD5SUMS
flip "$landing/20261105/sub/c" 7
rm "$landing/20261105/a"
scan_all
expect_equal "$(foreign_of 20261104)" 'checksums|differs|3|1' "one changed"
expect_equal "$(foreign_of 20261105)" 'checksums|differs|3|2' "and one missing"
findings_are foreign-manifest-mismatch foreign-manifest-mismatch \
	foreign-manifest-mismatch
expect_equal "$(verdict_of 20261102)" intact
expect_equal "$(verdict_of 20261104)" damaged
expect_status 2 hk status

say "its own manifest is intact, and reading it again changes nothing"
expect_equal "$(query "SELECT sum(damaged) FROM run")" 0 "damaged slices"
hk verify --wait >out 2>err || :
findings_are foreign-manifest-mismatch foreign-manifest-mismatch \
	foreign-manifest-mismatch
expect_equal "$(verdict_of 20261104)" damaged

say "a list that is none is told, and nothing else"
generation 20261106
printf 'hello\n' >"$landing/20261106/SHA256SUMS"
scan_all
expect_equal "$(foreign_of 20261106)" 'checksums|unreadable|0|0' "no list"
expect_equal "$(hk findings --json | jq -r '.findings[].code' |
	grep -c unreadable)" 1 "unreadable lists"

say "foreign = none: nobody looks"
stop_daemon
source_keys='foreign = none'
configure
generation 20261107
sign 20261107 sha256sum SHA256SUMS
begin
scan_all
expect_equal "$(foreign_of 20261107)" '|||' "not looked at"
stop_daemon
source_keys=
configure
begin

say "a bag after RFC 8493"
bag=$landing/20261108
mkdir -p "$bag/data/d"
printf 'one' >"$bag/data/a"
printf 'two' >"$bag/data/d/b"
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' \
	>"$bag/bagit.txt"
printf 'Payload-Oxum: 6.2\n' >"$bag/bag-info.txt"
(cd "$bag" && find data -type f -print0 | xargs -0 sha256sum \
	>manifest-sha256.txt)
cp -a "$bag" "$landing/20261109"
printf 'stray' >"$landing/20261109/data/c"
give_user "$bag" "$landing/20261109"
scan_all
expect_equal "$(foreign_of 20261108)" 'bagit|agrees|2|0' "a bag"
expect_equal "$(foreign_of 20261109)" 'bagit|differs|2|1' "a stray file"

say "the catalog can be rebuilt with all of it"
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"

server_bin=$(find /usr/lib/postgresql/*/bin -name pg_verifybackup 2>/dev/null |
	sort -V | tail -n 1)
[ -n "$server_bin" ] || skip "pg_verifybackup is missing (mk/packages.txt)"
server_bin=${server_bin%/*}
say "base backups of a real PostgreSQL, with pg_verifybackup beside"
server=$(mktemp -d /tmp/hikae-foreign.XXXXXX)
give_user "$server"
as_user "$server_bin/initdb" -D "$server/data" -U ehr -A trust --no-sync \
	>"$scratch/server.log" 2>&1
as_user "$server_bin/pg_ctl" -D "$server/data" -w -l "$server/log" \
	-o "-F -k $server -c listen_addresses=''" start >>"$scratch/server.log"
# base_backup DAY ARGUMENTS...
base_backup() {
	base_day=$1
	shift
	as_user "$server_bin/pg_basebackup" -h "$server" -U ehr \
		-D "$landing/$base_day" --no-sync -c fast "$@"
}
backed_up=0
base_backup 20261110 --manifest-checksums=SHA256 &&
	base_backup 20261111 &&
	base_backup 20261112 --manifest-checksums=SHA512 -R --manifest-force-encode &&
	base_backup 20261113 -Ft &&
	base_backup 20261114 --manifest-checksums=NONE &&
	backed_up=1
as_user "$server_bin/pg_ctl" -D "$server/data" -m immediate stop >/dev/null
rm -rf "$server"
expect_equal "$backed_up" 1 "base backups"
cp -a "$landing/20261111" "$landing/20261115"
cp -a "$landing/20261111" "$landing/20261116"
cp -a "$landing/20261111" "$landing/20261117"
flip "$landing/20261115/global/pg_control" 100
rm "$landing/20261116/PG_VERSION"
printf 16 >"$landing/20261116/base/1/PG_VERSION"
sed -i '0,/"Size": [0-9]*/s//"Size": 1/' "$landing/20261117/backup_manifest"
# What an earlier backup left in the same folder.
cp -a "$landing/20261111" "$landing/20261118"
cp -p "$landing/20261118/base/1/PG_VERSION" "$landing/20261118/base/1/99999"
# Files, from the list itself: all but what pg_verifybackup leaves out.
files=$(jq '[.Files[].Path | select(test(
	"^(pg_wal/|postgresql.auto.conf$)") | not)] | length' \
	"$landing/20261110/backup_manifest")
begin
scan_all
wait_until 120 is_idle
for day in 20261110 20261111 20261112; do
	"$server_bin/pg_verifybackup" -nq "$landing/$day" ||
		fail "pg_verifybackup does not agree with $day"
	expect_equal "$(foreign_of $day)" "postgresql|agrees|$files|0" "$day"
done
for day in 20261115 20261116 20261117 20261118; do
	! "$server_bin/pg_verifybackup" -nq "$landing/$day" 2>/dev/null ||
		fail "pg_verifybackup agrees with $day"
done
expect_equal "$(foreign_of 20261115)" "postgresql|differs|$files|1" "a byte"
expect_equal "$(foreign_of 20261116)" "postgresql|differs|$files|2" \
	"a missing file and a changed one"
expect_equal "$(foreign_of 20261117)" "postgresql|unreadable|0|0" \
	"the list itself is damaged"
expect_equal "$(foreign_of 20261118)" "postgresql|differs|$files|1" \
	"a file too many"
# What was not compared is not said to agree.
expect_equal "$(foreign_of 20261113 | cut -d '|' -f 2)" not-compared "tar"
expect_equal "$(foreign_of 20261114 | cut -d '|' -f 2)" not-compared "no digests"
stop_daemon
