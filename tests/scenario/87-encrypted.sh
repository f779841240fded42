#!/bin/sh
# Goal: a copy counts as encrypted only where each of its files is, and the number of those that are not is told.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need gpg gpg-agent gpgconf 7z openssl zip sha256sum bsdtar

# A path of gpg's own sockets has 107 bytes at most.
rings=$(mktemp -d /tmp/hikae.XXXXXX)
drop_rings() {
	gpgconf --homedir "$rings" --kill gpg-agent 2>/dev/null || :
	rm -rf "$rings"
}
at_end=drop_rings
ring() {
	gpg --homedir "$rings" --batch --quiet --pinentry-mode loopback \
		--passphrase '' "$@"
}

# The sealed files of one day, with what lies beside such files.
seal_into() {
	mkdir -p "$1/parts"
	ring --passphrase secret --output "$1/ehr.sql.gpg" -c ehr.sql
	ring --passphrase secret --armor --output "$1/ehr.sql.asc" -c ehr.sql
	ring --trust-model always --recipient clinic@example.org \
		--output "$1/parts/keyed.gpg" --encrypt ehr.sql
	7z a -bd -psecret -mhe=on "$1/parts/all.7z" ehr.sql note.txt >/dev/null
	openssl enc -aes-256-cbc -pbkdf2 -k secret -in ehr.sql \
		-out "$1/ehr.sql.enc"
	zip -q -P secret "$1/ehr.zip" ehr.sql note.txt
	: >"$1/done"
	(cd "$1" && sha256sum ehr.sql.gpg ehr.sql.enc >SHA256SUMS)
	ring --output "$1/SHA256SUMS.sig" --detach-sign "$1/SHA256SUMS"
}

# appear DAY: what stands in ./new is that day's generation.
appear() {
	give_user new
	mv new "$landing/$1"
}

# encryption DAY: state, files, encrypted, plain, aside, unclear, unseen.
encryption() {
	hk copies --json | jq -r --arg day "$1" '.copies[] |
		select(.generation | test("@" + $day)) | .encryption |
		[.state, .files, .encrypted, .plain, .aside, .unclear, .unseen] |
		join(" ")'
}

# rule ID: what is measured for it of copies that are not encrypted.
rule() {
	hk compliance --json >out || :
	jq -r --arg id "$1" '.requirements[] | select(.id == $id) |
		.rows[].checks[] | select(.measure == "unencrypted_copies") |
		[.state, .value] | join(" ")' out
}

ring --quick-generate-key clinic@example.org default default never
seq 1 30000 >ehr.sql
printf 'a note\n' >note.txt
install_small
seal_into new
appear 20261101
begin
scan_all

say "gpg by passphrase and by key, 7z, openssl, zip: each file is encrypted"
expect_equal "$(encryption 20261101)" "whole 9 6 0 3 0 0"
expect_status 0 hk verify --wait
expect_equal "$(query 'SELECT encrypted FROM copy_trait
	WHERE to_seq > 1 << 60')" files "what is written down"
expect_equal "$(rule INT-CISA-1)" "known 0" "what a rule is told"
number=$(hk copies --json | jq -r '.copies[0].id')
expect_status 0 hk show "$number"
expect_line '^Files encrypted +6 of 9 \(not encrypted: 0, not known: 0, .*: 3\)$' out

say "one plain dump among them"
seal_into new
cp ehr.sql new/parts/
appear 20261102
say "nothing encrypted; something that nobody can tell; only checksums"
generation 20261103
seal_into new
openssl rand 20000 >new/archive.tib
appear 20261104
seal_into new
find new -type f ! -name SHA256SUMS -delete
appear 20261105
say "a README is content; a list of checksums that is none is, too"
seal_into new
echo 'The password is in the safe.' >new/README
appear 20261106
seal_into new
echo '1;SATO;TARO' >>new/SHA256SUMS
appear 20261107
scan_all
expect_equal "$(encryption 20261102)" "partly 10 6 1 3 0 0"
expect_equal "$(encryption 20261103)" "none 3 0 3 0 0 0"
expect_equal "$(encryption 20261104)" "unknown 10 6 0 3 1 0"
expect_equal "$(encryption 20261105)" "unknown 1 0 0 1 0 0"
expect_equal "$(encryption 20261106)" "partly 10 6 1 3 0 0"
expect_equal "$(encryption 20261107)" "partly 9 6 1 2 0 0"
number=$(hk copies --json | jq -r '.copies[] |
	select(.generation | test("@20261102")) | .id')
hk show "$number" >out || :
expect_line '^Files encrypted +6 of 10 \(not encrypted: 1, ' out

say "what looks encrypted by name, or by its first bytes, and is not"
mkdir new
ring --armor --output new/a.asc --sign ehr.sql
ring --output new/b.gpg --sign ehr.sql
cp ehr.sql new/c.gpg
cp ehr.sql new/d.enc
zip -q -P secret new/e.zip ehr.sql
zip -q new/e.zip note.txt
7z a -bd new/f.7z ehr.sql >/dev/null
appear 20261108
scan_all
expect_equal "$(encryption 20261108 | cut -d ' ' -f 1-3)" "none 6 0"

say "what is carried by hard links was looked at when it was read"
cp -al "$landing/20261101" "$disk/linked"
ring --passphrase secret --output "$disk/linked/more.gpg" -c note.txt
give_user "$disk/linked/more.gpg"
mv "$disk/linked" "$landing/20261109"
scan_all
expect_equal "$(encryption 20261109)" "whole 10 7 0 3 0 0"
cp -al "$landing/20261103" "$disk/linked"
ring --passphrase secret --output "$disk/linked/more.gpg" -c note.txt
give_user "$disk/linked/more.gpg"
mv "$disk/linked" "$landing/20261110"
scan_all
expect_equal "$(encryption 20261110)" "partly 4 1 3 0 0 0"
query 'SELECT bytes_read < bytes / 2 FROM manifest ORDER BY id DESC LIMIT 2' |
	xargs >carried
expect_equal "$(cat carried)" "1 1" "whether little was read"

say "the bundle has it, and a catalog that is made anew"
hk copies --json | jq -S '[.copies[] | {generation, encryption}]' >before
today=$(date -u +%Y-%m-%d)
hk evidence export --from "$today" --to "$today" -o all.tar >/dev/null
bsdtar -xOf all.tar '*/data/copies.jsonl' |
	jq -sS '[.[] | select(.generation) | {generation, encryption}]' \
		>bundled
diff before bundled || fail "the bundle differs"
stop_daemon
expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild "$root/again.db"
"$hikae" --database "$root/again.db" copies --json |
	jq -S '[.copies[] | {generation, encryption}]' | cmp - before ||
	fail "the rebuilt catalog differs"
