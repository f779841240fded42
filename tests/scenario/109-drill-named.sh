#!/bin/sh
# Goal: what is named for a drill and is not run, or not asked, is no silence.
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
give_user "$landing"
begin
scan_all

say "without programs"
drill 0 passed
expect_equal "$(check_of program)" "" "programs"

say "a link that leads nowhere"
ln -s "$scratch/gone" "$programs/sqlite"
drill 3 undetermined
refused sqlite program-not-found 'leads to no file'
rm "$programs/sqlite"

say "a file that is not executable"
program ehr.check <<-'END'
	exit 0
END
chmod 644 "$programs/ehr.check"
drill 3 undetermined
refused ehr-check not-executable 'no executable file'
rm "$programs/ehr.check"

say "what is meant for others is left alone, as are the parts of programs"
ln -s "$scratch/gone" "$programs/order"
ln -s "$scratch/gone" "$programs/pgdump"
mkdir "$programs/ehr.check.d"
drill 0 passed
expect_equal "$(check_of program)" "" "programs"

say "assertions without a program that asks them"
assertions ehr.sql
drill 3 undetermined
refused ehr-sql not-asked 'no program asked'
program ehr.check <<-'END'
	echo '{"tables": 1}' >&3
END
drill 3 undetermined
refused ehr-sql not-asked 'no program asked'
expect_line '^ehr-check passed' check

say "with one"
program ehr.check <<-'END'
	[ -n "$HIKAE_DRILL_ASSERTIONS" ] || exit 2
	echo '{"assertions": 1}' >&3
END
drill 0 passed
expect_equal "$(check_of program | cut -d ' ' -f 1)" ehr-check

say "a second file of them: the one by the system's name is asked"
assertions ehr.a.sql
assertions ehr.z.sql
drill 3 undetermined
refused ehr-a-sql not-asked 'no program asked'
refused ehr-z-sql not-asked 'no program asked'
expect_line '^ehr-check passed .*"assertions":1' check
rm "$programs"/ehr.?.sql

say "others may write to them"
chmod 666 "$programs/ehr.sql"
drill 2 failed
refused ehr-sql assertions-not-trusted 'were not asked'
rm "$programs/ehr.sql"
ln -s "$scratch/gone" "$programs/ehr.sql"
drill 2 failed
refused ehr-sql program-not-found 'leads to no file'
rm "$programs/ehr.sql"

say "a status of 1 is a warning only with what it warns of"
program ehr.check <<-'END'
	echo '{"pages": 3}' >&3
	exit 1
END
drill 1 warning
check_of program >check
expect_line '^ehr-check warning .*"pages":3,.*"status":1' check
# As an interpreter ends that gave up.
program ehr.check <<-'END'
	set -e
	false
	echo '{"pages": 3}' >&3
END
drill 3 undetermined
refused ehr-check no-result 'what it warns of'
