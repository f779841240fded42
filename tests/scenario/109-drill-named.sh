#!/bin/sh
# Goal: drill programs that are not run are no silence; SQLite is checked.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"

# program NAME: a drill program from standard input.
program() {
	{ echo '#!/bin/sh' && cat; } >"$programs/$1"
	chmod 755 "$programs/$1"
	give_user "$programs"
}
# assertions NAME: a query that SQLite would answer as it should.
assertions() {
	printf -- '-- expect: 1\nSELECT 1\n' >"$programs/$1"
	give_user "$programs"
}
# refused NAME REASON: the last drill says so, and a person is told why.
refused() {
	check_of program >check
	expect_line "^$1 undetermined .*\"reason\":\"$2\"" check
	hk drill show "$number" >shown || :
	expect_line "$3" shown
}

mkdir "$landing/20261101"
sqlite3 "$landing/20261101/ehr.db" 'CREATE TABLE t AS SELECT 1 AS one'
# Several pages, one of them damaged at unchanged size; and two databases.
mkdir "$landing/20261102" "$landing/20261103"
sqlite3 "$landing/20261102/karte.sqlite" "CREATE TABLE p AS WITH RECURSIVE
	n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
	SELECT i, 'patient ' || i AS name FROM n; CREATE INDEX x ON p (name)"
cp "$landing/20261102/karte.sqlite" "$landing/20261103/"
head -c 4096 /dev/zero | dd of="$landing/20261102/karte.sqlite" bs=4096 \
	seek=20 conv=notrunc status=none
sqlite3 "$landing/20261103/order s'.db" \
	'CREATE TABLE "o ""1" AS SELECT 1 AS one UNION ALL SELECT 2'
give_user "$landing"
begin
scan_all

say "without programs"
drill_day 0 passed 20261101
expect_equal "$(check_of program)" "" "programs"

say "a link that leads nowhere"
ln -s "$scratch/gone" "$programs/sqlite"
drill_day 3 undetermined 20261101
refused sqlite program-not-found 'leads to no file'
rm "$programs/sqlite"

say "a file that is not executable"
program ehr.check <<-'END'
	exit 0
END
chmod 644 "$programs/ehr.check"
drill_day 3 undetermined 20261101
refused ehr-check not-executable 'no executable file'
rm "$programs/ehr.check"

say "what is meant for others is left alone, as are the parts of programs"
ln -s "$scratch/gone" "$programs/order"
ln -s "$scratch/gone" "$programs/pgdump"
mkdir "$programs/ehr.check.d"
drill_day 0 passed 20261101
expect_equal "$(check_of program)" "" "programs"

say "what was meant for this system, and is of none"
program erh.check <<-'END'
	exit 0
END
drill_day 3 undetermined 20261101
refused erh-check misspelt "is no system"
expect_status 1 hk config check
expect_line 'drill\.d/erh\.check: .*did you mean "ehr"\?' out
expect_line 'drill\.d/order: no system' out
expect_no_line 'drill\.d/(pgdump|ehr)' out
hk reload >out 2>err
expect_line 'drill\.d/erh\.check: .*did you mean "ehr"\?' err
rm "$programs/erh.check" "$programs/order"
expect_status 0 hk config check

say "assertions without a program that asks them"
assertions ehr.sql
drill_day 3 undetermined 20261101
refused ehr-sql not-asked 'no program asked'
program ehr.check <<-'END'
	echo '{"tables": 1}' >&3
END
drill_day 3 undetermined 20261101
refused ehr-sql not-asked 'no program asked'
expect_line '^ehr-check passed' check

say "with one"
program ehr.check <<-'END'
	[ -n "$HIKAE_DRILL_ASSERTIONS" ] || exit 2
	echo '{"assertions": 1}' >&3
END
drill_day 0 passed 20261101
expect_equal "$(check_of program | cut -d ' ' -f 1)" ehr-check

say "a second file of them: the one by the system's name is asked"
assertions ehr.a.sql
assertions ehr.z.sql
drill_day 3 undetermined 20261101
refused ehr-a-sql not-asked 'no program asked'
refused ehr-z-sql not-asked 'no program asked'
expect_line '^ehr-check passed .*"assertions":1' check
rm "$programs"/ehr.?.sql

say "those of one program are not asked by another"
# asking NAME N: a program that asks SELECT N, and whose file has nothing else.
asking() {
	program "$1" <<-END
		[ "\$(tail -n 1 "\$HIKAE_DRILL_ASSERTIONS")" = 'SELECT $2' ] || exit 2
		echo '{"assertions": 1}' >&3
	END
}
# expecting NAME N: assertions that ask SELECT N.
expecting() {
	printf -- '-- expect: %s\nSELECT %s\n' "$2" "$2" >"$programs/$1"
	give_user "$programs"
}
asking ehr.check 2
expecting ehr.check.sql 2
drill_day 3 undetermined 20261101
refused ehr-sql not-asked 'no program asked'
expect_line '^ehr-check passed .*"assertions":1' check
asking ehr.other 1
asking tool 3
ln -s tool "$programs/ehr.z"
expecting ehr.tool.sql 3
drill_day 0 passed 20261101
check_of program >check
expect_equal "$(cut -d ' ' -f 1 check | xargs)" "ehr-check ehr-other ehr-z"
expect_status 0 hk config check
program tool <<-'END'
	echo '{"tables": 1}' >&3
END
drill_day 3 undetermined 20261101
refused ehr-tool-sql not-asked 'no program asked'
rm "$programs"/ehr.check.sql "$programs"/ehr.tool.sql "$programs"/ehr.other \
	"$programs"/ehr.z "$programs"/tool
asking ehr.check 1
drill_day 0 passed 20261101

say "others may write to them"
chmod 666 "$programs/ehr.sql"
drill_day 2 failed 20261101
refused ehr-sql assertions-not-trusted 'were not asked'
rm "$programs/ehr.sql"
ln -s "$scratch/gone" "$programs/ehr.sql"
drill_day 2 failed 20261101
refused ehr-sql program-not-found 'leads to no file'
rm "$programs/ehr.sql"

say "a status of 1 is a warning only with what it warns of"
program ehr.check <<-'END'
	echo '{"pages": 3}' >&3
	exit 1
END
drill_day 1 warning 20261101
check_of program >check
expect_line '^ehr-check warning .*"pages":3,.*"status":1' check
# As an interpreter ends that gave up.
program ehr.check <<-'END'
	set -e
	false
	echo '{"pages": 3}' >&3
END
drill_day 3 undetermined 20261101
refused ehr-check no-result 'what it warns of'
rm "$programs/ehr.check"

say "SQLite: every page, and the rows"
cp "$here/../../conf/drill.d/sqlite" "$programs/sqlite"
chmod 755 "$programs/sqlite"
give_user "$programs"
drill_why 0 passed null 20261103
check_of program >check
expect_line '^sqlite passed .*"databases":2,"databases_failed":0' check
expect_line '"rows":9002' check
expect_line '"tables":2' check
hk drill show "$number" >shown
expect_line 'That the application works' shown

say "a page that is damaged"
drill_why 2 failed sqlite 20261102
check_of program >check
expect_line '^sqlite failed .*"failed_database":1.*"reason":"not-sound"' check
check_of inspect >check
expect_line '^sqlite passed' check

say "its assertions"
cat >"$programs/ehr.sql" <<-'END'
	-- database: karte
	-- expect: 9000
	SELECT count(*) FROM p
	-- database: order s'
	-- expect: 2
	SELECT count(*) FROM "o ""1"
END
give_user "$programs"
drill_why 0 passed null 20261103
expect_equal "$(check_of program | grep -o '"assertions":2')" '"assertions":2'
printf -- '-- database: karte\n-- expect: 1\nSELECT count(*) FROM p\n' \
	>"$programs/ehr.sql"
drill_why 2 failed sqlite 20261103
check_of program >check
expect_line '"reason":"assertion-failed"' check
drill_why 3 undetermined sqlite 20261101
check_of program >check
expect_line '"reason":"database-not-restored"' check
printf -- '-- expect: 1\nSELECT count(*) FROM t\n' >"$programs/ehr.sql"
drill_why 0 passed null 20261101
drill_why 3 undetermined sqlite 20261103
