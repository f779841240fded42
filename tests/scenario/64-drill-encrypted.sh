#!/bin/sh
# Goal: an encrypted dump is decrypted and restored, and nobody keeps its
# passphrase.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
need bsdtar zstd gpg

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
cp "$here/../../conf/drill.d/gpg-decrypt" "$programs/ehr.gpg-decrypt"
install_postgresql ehr.postgresql
give_user "$programs"
# Nobody else on this host has it.
secret="correct horse 電池 staple 4711 $$"
printf '%s\n' "$secret" >right
printf 'something else\n' >wrong
: >empty

# encrypt FILE: as ORCA's script does, with a passphrase.
encrypt() {
	[ -d "$scratch/gnupg" ] || mkdir -m 700 "$scratch/gnupg"
	gpg --homedir "$scratch/gnupg" --batch --quiet --pinentry-mode loopback \
		--passphrase-file right --symmetric --cipher-algo AES256 "$1"
}

# A path of gpg's own sockets has 107 bytes at most; it needs none here.
begin_server
server_sql <<-'END'
	CREATE TABLE patients AS SELECT generate_series(1, 700) AS id;
END
mkdir dump damaged plain
server_dump >orca.sql
end_server
encrypt orca.sql
mv orca.sql.gpg dump/
put 20261101 dump/orca.sql.gpg
cp dump/orca.sql.gpg damaged/
flip damaged/orca.sql.gpg "$(($(stat -c %s damaged/orca.sql.gpg) - 100))"
put 20261102 damaged/orca.sql.gpg
put 20261103 orca.sql
# One whose name no list of plain letters holds, and one of the same name.
mkdir -p odd/dump named/other
# Damaged where gpg gives up before it has said anything of what is inside.
back=40
until gpg --homedir "$scratch/gnupg" --batch --pinentry-mode loopback \
	--passphrase-file right --decrypt odd/it.gpg 2>&1 >/dev/null |
	grep -q 'inflate problem'; do
	back=$((back + 1))
	cp dump/orca.sql.gpg odd/it.gpg
	flip odd/it.gpg "$(($(stat -c %s odd/it.gpg) - back))"
done
mv odd/it.gpg 'odd/電子 カルテ.sql.gpg'
cp dump/orca.sql.gpg odd/dump/
put 20261104 odd
cp dump/orca.sql.gpg named/
cp dump/orca.sql.gpg named/other/
put 20261105 named
mkdir none
: >none/orca.sql.gpg
echo 'dumped at night' >none/log.txt
put 20261106 none
# One of two for another passphrase; one that nobody encrypted; no such file.
mkdir mixed open
cp dump/orca.sql.gpg mixed/b.sql.gpg
cp orca.sql a.sql
cp right kept
cp wrong right
encrypt a.sql
cp kept right
mv a.sql.gpg mixed/
put 20261107 mixed/*
gpg --homedir "$scratch/gnupg" --batch --quiet --output open/orca.sql.gpg \
	--store orca.sql
put 20261108 open/*
echo 'no message' >open/orca.sql.gpg
put 20261109 open/*
begin
scan_all

say "the right passphrase"
drill_day 1 warning 20261101 --secret-file right
check_of program >check
expect_line '^ehr-gpg-decrypt passed .*"decrypted":1' check
expect_line '^ehr-postgresql passed .*"rows":700' check
[ -z "$(find "$state/drills" -mindepth 1)" ] || fail "something was left"

say "from a descriptor"
drill_day 1 warning 20261101 --secret-file - <right

say "a wrong one: nobody can tell, and a sentence says so"
drill_day 3 undetermined 20261101 --secret-file wrong
check_of program >check
expect_line '^ehr-gpg-decrypt undetermined .*"reason":"wrong-passphrase"' check
hk drill show "$number" >shown || :
expect_line 'passphrase is wrong' shown

say "none, and one that is empty"
drill_day 3 undetermined 20261101
check_of program >check
expect_line '^ehr-gpg-decrypt undetermined .*"reason":"no-passphrase"' check
hk drill show "$number" >shown || :
expect_line 'no passphrase was given' shown
expect_status 65 hk drill start ehr --operator Tester --secret-file empty

say "the passphrase is right, and the file is damaged"
drill_day 2 failed 20261102 --secret-file right
check_of program >check
expect_line '^ehr-gpg-decrypt failed .*"reason":"not-decrypted"' check

say "every encrypted file counts, whatever its name; an empty one is none"
drill_day 2 failed 20261104 --secret-file right
check_of program >check
expect_line '^ehr-gpg-decrypt failed .*"reason":"not-decrypted"' check
drill_day 1 warning 20261105 --secret-file right
check_of program >check
expect_line '^ehr-gpg-decrypt passed .*"decrypted":2' check
drill_day 2 failed 20261106 --secret-file right
check_of program >check
expect_line '^ehr-gpg-decrypt failed .*"reason":"empty"' check

say "one of two is for another: the other is decrypted, and that is not all"
drill_day 3 undetermined 20261107 --secret-file right
check_of program >check
expect_line '^ehr-gpg-decrypt undetermined .*"decrypted":1' check
expect_line '"encrypted":2.*"reason":"wrong-passphrase".*"undetermined_file":1' check
expect_line '^ehr-postgresql passed .*"rows":700' check

say "a file that is named as an encrypted one, and is none"
drill_day 1 warning 20261108 --secret-file right
check_of program >check
expect_line '^ehr-gpg-decrypt warning .*"decrypted":0' check
expect_line '"reason":"not-encrypted"' check
drill_day 3 undetermined 20261109 --secret-file right
check_of program >check
expect_line '"reason":"no-openpgp"' check

say "it is seen by the decrypting program alone, and kept nowhere"
cat >"$programs/ehr.a-look" <<-END
	#!/bin/sh
	[ -z "\${HIKAE_DRILL_SECRET_FD:-}" ] || exit 2
	[ ! -e /proc/self/fd/4 ] || exit 2
	$nap
END
chmod 755 "$programs/ehr.a-look"
give_user "$programs"
hk drill start ehr --operator Tester --generation \
	ehr@20261101T000000+0000 --secret-file right >/dev/null 2>&1 &
waiting=$!
wait_until 60 is_napping
for process in /proc/[0-9]*; do
	for what in environ cmdline; do
		! grep -qsa "correct horse 電池 staple [4]711 $$" "$process/$what" ||
			fail "$process/$what has the passphrase"
	done
done
hk drill cancel ehr
wait "$waiting" || :
stop_daemon
! grep -rqa "correct horse 電池 staple 4711 $$" "$root" "$root.log" ||
	fail "the passphrase was kept"
begin
rm "$programs/ehr.a-look"

say "what is not encrypted needs no passphrase"
drill_day 3 undetermined 20261103
check_of program >check
expect_line '"reason":"nothing-encrypted"' check
expect_line '^ehr-postgresql passed' check
