#!/bin/sh
# Goal: a configuration on disk that is not in force is told by status, findings, check and journal until a valid one is; and SIGHUP is not lost before hikaed is ready.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need pgrep

more=$root/etc/hikae/conf.d/more.conf
mistake='etc/hikae/conf\.d/more\.conf:1: '

# first_reason: code, how bad, and whether it has an instant.
first_reason() {
	hk status --json | jq -r '.reasons[0] |
		[.code, .severity, (.refused_at > 0), .mistakes] | join(" ")'
}
entries() {
	query "SELECT count(*) FROM journal"
}
is_refused() {
	hk status --json | jq -e '.reasons | any(.code == "config-refused")'
}
is_in_force() {
	! is_refused
}

policy=$(closed_window)
install_small
mkdir "$root/etc/hikae/conf.d"
cat >"$root/etc/hikae/conf.d/notify.conf" <<-END
	[notify hook]
	method = command
	command = $scratch/hook
	delay = 0s
	group = 0s
	retry = 1s
	digest_time = none
	events = bad
END
printf '#!/bin/sh\ncat >>"%s"\n' "$scratch/hooks/told" >"$scratch/hook"
chmod 755 "$scratch/hook"
mkdir "$scratch/hooks"
give_user "$scratch/hooks"
is_told() {
	grep -s 'configuration on disk' "$scratch/hooks/told"
}
generation 20261101
begin
scan_all
findings_are

say "a mistake that a reload finds stands in status, findings and check"
printf 'colour = red\nshape = round\n' >"$more"
expect_status 78 hk reload
expect_equal "$(first_reason)" 'config-refused bad true 2'
expect_status 2 hk status
expect_line 'Act now: configuration on disk is not in force since ' out
expect_line "^  $mistake.* \(1 more\)$" out
expect_line '  -> Mend it \(hikae config check' out
expect_status 2 hk findings
expect_line "^  $mistake" out
findings_are config-refused
expect_status 2 hk check
expect_line "CRITICAL - .*not in force since .*$mistake" out
expect_line ' reasons_bad=1;;;0; .* findings_bad=1;;;0;' out
expect_status 2 env LC_ALL=C.UTF-8 LANGUAGE=ja "$hikae" --root "$root" check
expect_line 'ディスク上の設定が反映されていません（.* から）' out

say "somebody is told, by the section beside the mistake"
wait_until 60 is_told

say "nothing about the mistake itself is journalled"
query "SELECT CAST(leaf AS TEXT) FROM journal" >leaves
expect_line '"code":"config-refused"' leaves
expect_no_line 'more\.conf|colour' leaves

say "by SIGHUP another one: since the first, and no second entry"
since=$(hk status --json | jq '.reasons[0].refused_at')
before=$(entries)
printf '\n[nonsense]\n' >"$more"
kill -HUP "$daemon"
says_other() {
	hk check | grep 'more\.conf:2: '
}
wait_until 60 says_other
expect_equal "$(hk status --json | jq '.reasons[0].refused_at')" "$since"
expect_equal "$(entries)" "$before" entries

say "a valid one settles it, whichever way it comes"
rm "$more"
kill -HUP "$daemon"
wait_until 60 is_in_force
findings_are
printf 'colour = red\n' >"$more"
expect_status 78 hk reload
findings_are config-refused
stop_daemon
expect_status 78 "$hikaed" --root "$root"
rm "$more"
begin
findings_are
hk journal checkpoint >/dev/null
expect_status 0 hk journal verify

say "requirements with a mistake are not left out by a reload: it is refused"
own_pack 'nonsense(system) >= 1'
expect_status 78 hk reload
expect_equal "$(hk status --json | jq -c '[.reasons[].code |
	select(. == "config-refused" or . == "pack-faulty")]')" \
	'["config-refused"]'
own_pack 'generations(system) >= 1'
expect_status 0 hk reload
findings_are
stop_daemon

say "SIGHUP before hikaed is ready is taken up when it is"
command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null ||
	exit 0
before=$(entries)
# Held up before it is ready; what it has read by then is journalled.
# shellcheck disable=SC2086 # words
inject listen:delay_enter=5000000 $owner "$hikaed" --root "$root" \
	>>"$root.log" 2>&1 &
tracer=$!
find_daemon() {
	daemon=$(pgrep -f -x "$hikaed --root $root")
}
has_read() {
	[ "$(entries)" -gt "$before" ]
}
has_new() {
	hk systems --json | jq -e '.systems | any(.id == "later")'
}
wait_until 60 find_daemon
daemons="$daemons $daemon"
wait_until 60 has_read
printf '[system later]\nkind = receipt\ninterval = none\n' >"$more"
kill -HUP "$daemon"
wait_until 60 has_new
kill -TERM "$daemon"
stopped=0
wait "$tracer" || stopped=$?
expect_equal "$stopped" 0 "exit status of hikaed"
