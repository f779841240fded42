#!/bin/sh
# Goal: a burst of failures is told in one message, none is buried, and a rescued catalog knows who takes care.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"

told=$scratch/told

# configure_hook GROUP: a program that keeps each message.
configure_hook() {
	configure
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[notify hook]
		method = command
		command = $scratch/hook
		delay = 0s
		group = $1
		digest_time = none
		repeat = none
		events = bad, undetermined, warning, recovered
	END
}

# messages EVENT: how many came.
messages() {
	find "$told" -name "*.$1" | wc -l
}

# Looks were taken since: a test is made after one.
look() {
	expect_status 0 hk notify test hook
}

held() {
	hk notify list --json | jq '.sections[0].held'
}

is_held() {
	[ "$(held)" -ge "$1" ]
}

mkdir "$told"
cat >hook <<-END
	#!/bin/sh
	cat >"$told/.new.\$\$"
	mv "$told/.new.\$\$" "$told/\$(date +%s%N).\$HIKAE_EVENT"
END
chmod 755 hook
give_user "$told"
policy=$(closed_window)
install_small
generation 20261101
generation 20261102
begin
scan_all
hk verify --wait >/dev/null
expect_status 0 hk status
configure_hook 1h
expect_status 0 hk reload
look
rm -f "$told"/*

say "the first failure is told at once"
flip "$landing/20261101/a" 3
hk verify --wait >/dev/null || :
wait_until 60 eval '[ "$(messages problem)" = 1 ]'
grep -h 'ehr' "$told"/*.problem >first
expect_equal "$(held)" 0 held

say "what else fails soon after is held, and what ends with it"
mv "$landing/20261102" "$scratch/gone"
scan_all
wait_until 60 is_held 1
look
expect_equal "$(messages problem)" 1 "messages of problems"
kill_daemon
begin
look
is_held 1 || fail "what was held is forgotten with hikaed"
mv "$scratch/gone" "$landing/20261102"
scan_all
look
is_held 1 || fail "it ended, and is forgotten"
flip "$landing/20261101/a" 3
hk verify --wait >/dev/null
expect_status 0 hk status
look
expect_equal "$(messages recovered)" 0 "messages of ends"

say "then all of it comes in one, also what came and went"
configure_hook 0s
expect_status 0 hk reload
wait_until 60 eval '[ "$(messages recovered)" = 1 ]'
look
expect_equal "$(messages problem) $(messages recovered)" "1 1" messages
cat "$told"/*.recovered >last
expect_line 'and gone before this was sent' last
[ "$(grep -c '^- ' last)" -ge 2 ] || fail "$(cat last)"
expect_equal "$(held)" 0 held

say "who takes care of what shows without hikaed, too"
flip "$landing/20261101/a" 3
hk verify --wait >/dev/null || :
expect_status 0 hk ack copies-damaged --by 'Sato Hanako' --note ordered \
	--until "$(date -d tomorrow +%F)"
expect_status 2 hk status
expect_line 'acknowledged by Sato Hanako until' out
stop_daemon
cp "$catalog" rescued.db
expect_status 2 "$hikae" --database rescued.db status
expect_line 'acknowledged by Sato Hanako until' out
