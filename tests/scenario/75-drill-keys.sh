#!/bin/sh
# Goal: a dump encrypted for a key is decrypted and restored, and nobody keeps
# the key.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
need bsdtar zstd gpg gpg-agent gpgconf

# A path of gpg's own sockets has 107 bytes at most.
rings=$(mktemp -d /tmp/hikae.XXXXXX)
drop_rings() {
	gpgconf --homedir "$rings" --kill gpg-agent 2>/dev/null || :
	rm -rf "$rings"
}
at_end=drop_rings

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
cp "$here/../../conf/drill.d/gpg-decrypt" "$programs/ehr.gpg-decrypt"
install_postgresql ehr.postgresql
# Where a key is put: in memory, and seen by such a program alone.
cat >"$programs/ehr.a-look-decrypt" <<-'END'
	#!/bin/sh
	[ -n "${HIKAE_DRILL_KEY_FD:-}" ] || exit 0
	[ "$(stat -f -c %T "$HIKAE_DRILL_MEMORY")" = tmpfs ] || exit 2
	[ "$(ls -A "$HIKAE_DRILL_MEMORY" | wc -l)" -eq 0 ] || exit 2
	echo x >"$HIKAE_DRILL_MEMORY/x" || exit 2
	echo x 2>/dev/null >&5 && exit 2
	echo '{"looked": 1}' >&3
END
cat >"$programs/ehr.b-look" <<-'END'
	#!/bin/sh
	[ -z "${HIKAE_DRILL_KEY_FD:-}${HIKAE_DRILL_SECRET_FD:-}" ] || exit 2
	[ -z "${HIKAE_DRILL_MEMORY:-}" ] || exit 2
	[ ! -e /proc/self/fd/4 ] && [ ! -e /proc/self/fd/5 ] || exit 2
END
chmod 755 "$programs"/*
give_user "$programs"
# Nobody else on this host has it.
secret="battery staple 鍵 4712 $$"
printf '%s\n' "$secret" >right
printf 'something else\n' >wrong

# decrypted OUTCOME REASON
decrypted() {
	check_of program >check
	expect_line "^ehr-gpg-decrypt $1 .*\"reason\":\"$2\"" check
}

ring() {
	gpg --homedir "$rings" --batch --quiet --pinentry-mode loopback "$@"
}
# make_key NAME PASSPHRASE: NAME.key is what an operator exports.
make_key() {
	ring --passphrase "$2" --quick-generate-key "$1@example.org" rsa2048 \
		default never
	ring --passphrase "$2" --quick-add-key "$(ring --with-colons \
		--list-keys "$1@example.org" | awk -F: '/^fpr/ { print $10; exit }')" \
		rsa2048 encr never
	ring --passphrase "$2" --armor --export-secret-keys "$1@example.org" \
		>"$1.key"
}
# encrypt_for NAME FILE
encrypt_for() {
	ring --trust-model always --recipient "$1@example.org" --output \
		"$2.gpg" --encrypt "$2"
}

make_key open ''
make_key shut "$secret"
ring --armor --export open@example.org >public.key
begin_server
server_sql <<-'END'
	CREATE TABLE patients AS SELECT generate_series(1, 800) AS id;
END
mkdir for-open for-shut damaged
server_dump >orca.sql
end_server
encrypt_for open orca.sql
mv orca.sql.gpg for-open/
encrypt_for shut orca.sql
mv orca.sql.gpg for-shut/
cp for-shut/orca.sql.gpg damaged/
flip damaged/orca.sql.gpg "$(($(stat -c %s damaged/orca.sql.gpg) - 200))"
put 20261101 for-open/orca.sql.gpg
put 20261102 for-shut/orca.sql.gpg
put 20261103 damaged/orca.sql.gpg
begin
scan_all

say "a key without a passphrase"
drill_day 1 warning 20261101 --key-file open.key
check_of program >check
expect_line '^ehr-a-look-decrypt passed .*"looked":1' check
expect_line '^ehr-b-look passed' check
expect_line '^ehr-gpg-decrypt passed .*"decrypted":1' check
expect_line '^ehr-postgresql passed .*"rows":800' check
is_swept || fail "something was left"

say "a key with one, from a descriptor"
drill_day 1 warning 20261102 --key-file - --secret-file right <shut.key
check_of program >check
expect_line '^ehr-gpg-decrypt passed .*"decrypted":1' check
expect_line '^ehr-postgresql passed .*"rows":800' check

say "whoever has not the right one cannot tell, and a sentence says so"
drill_day 3 undetermined 20261102 --key-file shut.key --secret-file wrong
decrypted undetermined wrong-passphrase
drill_day 3 undetermined 20261102 --key-file shut.key
decrypted undetermined no-passphrase
drill_day 3 undetermined 20261102 --key-file open.key
decrypted undetermined wrong-key
hk drill show "$number" >shown || :
expect_line 'encrypted for another key' shown
drill_day 3 undetermined 20261102 --secret-file right
decrypted undetermined needs-a-key
hk drill show "$number" >shown || :
expect_line '[-][-]key-file' shown

say "what is no private key is refused"
expect_status 65 hk drill start ehr --operator Tester --key-file public.key
expect_line 'holds no private key' err
expect_status 64 hk drill start ehr --operator Tester --key-file - \
	--secret-file - <shut.key
sed 's/PUBLIC KEY/PRIVATE KEY/' public.key >named.key
drill_day 3 undetermined 20261101 --key-file named.key
decrypted undetermined no-private-key

say "the key is right, and the file is damaged"
drill_day 2 failed 20261103 --key-file shut.key --secret-file right
decrypted failed not-decrypted

say "it is seen by the decrypting program alone, and kept nowhere"
cat >"$programs/ehr.z-wait" <<-END
	#!/bin/sh
	$nap
END
chmod 755 "$programs/ehr.z-wait"
give_user "$programs"
hk drill start ehr --operator Tester --generation ehr@20261102T000000+0000 \
	--key-file shut.key --secret-file right >/dev/null 2>&1 &
waiting=$!
wait_until 60 is_napping
# A line of the key that no other key has.
mark=$(sed -n 5p shut.key)
[ ${#mark} -ge 60 ] || fail "the key has no such line"
no_trace() {
	for process in /proc/[0-9]*; do
		for what in environ cmdline; do
			! grep -qsaF "$1" "$process/$what" ||
				[ "$process" = "/proc/$$" ] ||
				fail "$process/$what has it"
		done
	done
	! grep -rqaF "$1" "$root" "$root.log" || fail "it was kept"
}
no_trace "$mark"
no_trace "$secret"
[ -z "$(find "$state/drills" -name 'gnupg' -o -name '*.key' -o \
	-name 'private-keys*')" ] || fail "a key ring lies on the disk"
! pgrep -f "gpg-agent.*/memor[y]/" >/dev/null || fail "an agent was left"
hk drill cancel ehr
wait "$waiting" || :
stop_daemon
no_trace "$mark"
