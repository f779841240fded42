#!/bin/sh
# Goal: who knows of a damage does not know of the next, and a blind hikaed says so.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

cat >"$scratch/hook" <<-END
	#!/bin/sh
	{ echo "\$HIKAE_EVENT \$HIKAE_STATE"; cat; } >>"$scratch/told/log"
END
chmod 755 "$scratch/hook"
mkdir -p "$scratch/told"
install_small
give_user "$scratch/told"
chmod 755 "$scratch/told"
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[notify hook]
	method = command
	command = $scratch/hook
	delay = 0s
	group = 0s
	retry = 1s
	digest_time = none
	events = bad, undetermined, recovered
END
told() {
	grep -Eq "$1" "$scratch/told/log" 2>/dev/null
}
# ask_status [--database FILE]: of hikaed, or of a catalog alone.
ask_status() {
	expect_status 2 "$hikae" --root "$root" "$@" status --json
	mv out status.json
}
copy_catalog() {
	rm -f "$scratch/told/copy.db"
	as_owner sqlite3 "$catalog" ".backup '$scratch/told/copy.db'"
}
# known CODE: by whom the problem is acknowledged, or nobody.
known() {
	jq -r --arg code "$1" '[.reasons[] | select(.code == $code) |
		.acknowledged.by // "nobody"][0]' status.json
}

generation 20261101
generation 20261102
begin
scan_all
cp -a "$landing/20261101/b" sound

say "one copy is damaged, and somebody knows"
flip "$landing/20261101/b" 3
expect_status 2 hk verify --wait
wait_until 60 told '^problem bad'
expect_status 0 hk ack copies-damaged --by Sato --until 2d --note 'new disk ordered'
expect_status 0 hk ack bit-rot --by Sato --until 2d --note 'new disk ordered'
ask_status
expect_equal "$(known copies-damaged)" Sato
expect_equal "$(known bit-rot)" Sato
copy_catalog
ask_status --database "$scratch/told/copy.db"
expect_equal "$(known copies-damaged)" Sato

say "that one is mended, another breaks: as many, and nobody knows"
cp -a sound "$landing/20261101/b"
flip "$landing/20261102/b" 3
expect_status 2 hk verify --wait
ask_status
expect_equal "$(known copies-damaged)" nobody
expect_equal "$(known bit-rot)" nobody
copy_catalog
ask_status --database "$scratch/told/copy.db"
expect_equal "$(known copies-damaged)" nobody
expect_equal "$(known bit-rot)" nobody
expect_equal "$(jq -c '[.reasons[] | select(.code == "copies-damaged") |
	.count]' status.json)" '[1]'

say "hikaed cannot read its own catalog: that is told"
copy_catalog
rm "$scratch/told/log"
as_owner sqlite3 "$catalog" "ALTER TABLE copy RENAME TO lost"
wait_until 60 told 'how the backups stand is not known'
! told '^recovered' || fail "something seems to have ended"
as_owner sqlite3 "$catalog" "ALTER TABLE lost RENAME TO copy"
# Renaming changes how a table is written down.  hikaed, which looks at its own
# records soon after the start, may have seen that, and is to look again.
as_owner sqlite3 "$catalog" >/dev/null <<-END
	ATTACH '$scratch/told/copy.db' AS was;
	PRAGMA writable_schema = ON;
	UPDATE main.sqlite_schema AS now SET sql = (SELECT sql
		FROM was.sqlite_schema AS old
		WHERE old.type = now.type AND old.name = now.name);
END
hk verify --self >self || :
# An end of its own, or beside what that look met.
wait_until 60 told '^(recovered|Ended)'
