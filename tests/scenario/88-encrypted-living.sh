#!/bin/sh
# Goal: whether a living tree, an archive or a single file is encrypted is known after each capture, also of what was not read again.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need gpg gpg-agent gpgconf openssl zip

# A path of gpg's own sockets has 107 bytes at most.
rings=$(mktemp -d /tmp/hikae.XXXXXX)
drop_rings() {
	gpgconf --homedir "$rings" --kill gpg-agent 2>/dev/null || :
	rm -rf "$rings"
}
at_end=drop_rings
ring() {
	gpg --homedir "$rings" --batch --quiet --pinentry-mode loopback \
		--passphrase secret "$@"
}

# source_of ID LAYOUT [PATTERN]: a source beside the first one.
source_of() {
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[source $1]
		system = ehr
		medium = disk1
		path = $1
		layout = $2
		${3:+pattern = $3}
	END
	mkdir -p "$disk/$1"
}

# encryption SOURCE: of its copies, oldest first.
encryption() {
	hk copies --json | jq -r --arg source "$1" '[.copies[] |
		select(.source == $source)] | sort_by(.generation) | .[].encryption |
		[.state, .files, .encrypted, .plain, .aside, .unclear, .unseen] |
		join(" ")'
}

# A tree is recorded again when its interval is over: hours later each time.
hours=0
later() {
	stop_daemon
	# A change of a file's owner is one of the file, and it is read again.
	find "$disk" -newer "$scratch/before" | while read -r new; do
		give_user "$new"
	done
	: >"$scratch/before"
	hours=$((hours + 2))
	begin env LD_PRELOAD="$clock_library" FAKETIME=+${hours}h
	scan_all
}

seq 1 30000 >ehr.sql
install_small
sed -i 's/^interval = .*/interval = 1h/' "$root/etc/hikae/hikae.conf"
source_of tree tree
source_of archives archive '%Y%m%d.*'
source_of files file '%Y%m%d.*'
for part in 1 2 3 4 5 6 7 8; do
	mkdir "$disk/tree/$part"
	openssl enc -aes-256-cbc -pbkdf2 -k secret -in ehr.sql \
		-out "$disk/tree/$part/ehr.enc"
done
ring --output ehr.gpg -c ehr.sql
mkdir sealed mixed
cp ehr.gpg sealed/
cp ehr.gpg ehr.sql mixed/
tar -cf "$disk/archives/20261101.tar" sealed
tar -czf "$disk/archives/20261102.tar.gz" mixed
zip -qr -P secret "$disk/archives/20261103.zip" mixed
cp ehr.gpg "$disk/archives/20261104.gpg"
ring --passphrase '' --quick-generate-key clinic@example.org default default \
	never
ring --passphrase '' --armor --output "$disk/archives/20261105.asc" \
	--sign ehr.sql
cp ehr.gpg "$disk/files/20261101.gpg"
cp ehr.sql "$disk/files/20261102.sql"
give_user "$disk"
: >before
begin
scan_all

say "of archives the members, of single files the file"
expect_equal "$(encryption archives | head -n 4)" "whole 1 1 0 0 0 0
partly 2 1 1 0 0 0
whole 2 2 0 0 0 0
whole 1 1 0 0 0 0"
expect_equal "$(encryption archives | tail -n 1)" "unknown 1 0 0 0 1 0" \
	"what is only signed"
expect_equal "$(encryption files)" "whole 1 1 0 0 0 0
none 1 0 1 0 0 0"

expect_equal "$(encryption tree)" "whole 8 8 0 0 0 0"

say "a living tree: nothing was read again, and all is known"
if ! has_clock; then
	say "not with a sanitizer, which goes not with other clocks"
	exit 0
fi
mkdir "$disk/tree/9"
ring --output "$disk/tree/9/ehr.gpg" -c ehr.sql
later
expect_equal "$(encryption tree)" "whole 9 9 0 0 0 0"
cp ehr.sql "$disk/tree/9/"
later
expect_equal "$(encryption tree)" "partly 10 9 1 0 0 0"
printf 'x' >"$disk/tree/9/mark"
later
expect_equal "$(encryption tree)" "partly 11 9 2 0 0 0"
query "SELECT bytes_read < bytes / 2 FROM manifest m JOIN copy c
	ON c.id = m.copy WHERE c.source = 'tree' ORDER BY m.id DESC LIMIT 2" |
	xargs >carried
expect_equal "$(cat carried)" "1 1" "whether little was read"
rm "$disk/tree/9/ehr.sql" "$disk/tree/9/mark"
later
expect_equal "$(encryption tree)" "whole 9 9 0 0 0 0"

say "a verification reads all, and what was known stays known"
expect_status 0 hk verify --wait
openssl enc -aes-256-cbc -pbkdf2 -k secret -in ehr.sql \
	-out "$disk/tree/9/more.enc"
later
expect_equal "$(encryption tree)" "whole 10 10 0 0 0 0"

say "without its readings all is read and looked at again"
rm "$state/readings/disk1"
mkdir "$disk/tree/10"
cp ehr.gpg "$disk/tree/10/"
later
expect_equal "$(encryption tree)" "whole 11 11 0 0 0 0"
