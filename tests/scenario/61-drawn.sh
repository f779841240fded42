#!/bin/sh
# Goal: hikaed answers others while a document is drawn that takes long.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reporter.sh
. "$here/../reporter.sh"
need jq python3

# judged: what evidence there is that the journal is whole.
judged() {
	jq -r '[.requirements[].rows[].checks[]? |
		select(.measure == "journal_intact") | .value] | unique |
		map(tostring) | join(" ")' "$1"
}

policy=$(closed_window)
install_small
generation 20261101
begin
scan_all
hk verify ehr --wait >/dev/null

say "a journal of many entries"
# Each question of this kind is one.
hk journal checkpoint >/dev/null
before=$(query 'SELECT count(*) FROM journal')
python3 - "$root/run/hikae/control.sock" <<'END'
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
for i in range(3000):
    s.sendall(json.dumps({"method": "io.hikae.Control.Preflight", "parameters":
        {"system": "ehr", "max_age_ms": 86400000, "by": "scenario"}}).encode()
        + b"\0")
    answer = b""
    while not answer.endswith(b"\0"):
        answer += s.recv(65536)
END
after=$(query 'SELECT count(*) FROM journal')
[ "$after" -ge $((before + 3000)) ] || fail "the journal has $after entries"

say "others are answered while compliance is drawn"
catch_reporter hk compliance --json
for command in 'status --json' 'jobs --json' 'copies --json' 'media list --json'; do
	# shellcheck disable=SC2086 # words
	hk $command >answer || [ $? -lt 64 ] || fail "$command: $(cat answer)"
	jq -e . answer >/dev/null
done
kill -0 "$waiting" || fail "compliance was answered by another"
[ ! -s asked ] || fail "something was said before it was drawn"

say "a second one is drawn beside it"
hk compliance --json >second &
second=$!
wait_until 60 sh -c "[ -s second ]"
wait "$second" || [ $? -le 3 ] || fail "$(cat second)"
expect_equal "$(reporters)" 1
kill -CONT "$child"
got=0
wait "$waiting" || got=$?
[ "$got" -le 3 ] || fail "$(cat asked.err)"
jq -S 'del(.. | .value?, .at?)' asked >first.sorted
jq -S 'del(.. | .value?, .at?)' second >second.sorted
cmp first.sorted second.sorted

say "names are those of the configuration in force, not of the file"
sed -i 's/^name = Small Clinic/name = Renamed Clinic/' "$root/etc/hikae/hikae.conf"
hk compliance --json >named || [ $? -le 3 ] || fail "no compliance"
expect_equal "$(jq -r .facility_name named)" 'Small Clinic'
expect_status 0 hk reload
hk compliance --json >named || [ $? -le 3 ] || fail "no compliance"
expect_equal "$(jq -r .facility_name named)" 'Renamed Clinic'
# One with a mistake changes nothing that is in force.
cp "$root/etc/hikae/hikae.conf" sound.conf
echo 'nonsense = 1' >>"$root/etc/hikae/hikae.conf"
hk compliance --json >named || [ $? -le 3 ] || fail "no compliance"
expect_equal "$(jq -r .facility_name named)" 'Renamed Clinic'
cp sound.conf "$root/etc/hikae/hikae.conf"

say "a child that is killed: a clear word, and hikaed goes on"
catch_reporter hk compliance
kill -KILL "$child"
await_asked 3
expect_line 'was ended by signal 9 before it was done' asked.err
hk recover plan --json >planned || [ $? -le 3 ] || fail "no plan"
jq -e '.systems | length > 0' planned >/dev/null

say "what was looked at is not looked at again, what came since is"
hk compliance --json >one || :
hk preflight ehr --max-age 24h --by again >/dev/null || :
hk journal checkpoint >/dev/null
hk compliance --json >two || :
expect_equal "$(judged one)" "$(judged two)"

say "it draws in a sandbox, and has the catalog and no key"
# line_of KEY: of the child's status.
line_of() {
	grep "^$1:" "/proc/$child/status" | cut -f 2
}
# Step by step, from where it was caught, until it has locked itself in; false
# where it ended before it was seen there.
step_into_sandbox() {
	while stop_reporter; do
		[ "$(line_of Seccomp)" != 2 ] || return 0
		kill -CONT "$child"
	done
	return 1
}
tries=0
while :; do
	catch_reporter hk compliance --json
	! step_into_sandbox || break
	wait "$waiting" || :
	tries=$((tries + 1))
	[ "$tries" -lt 50 ] || fail "no child was seen in its sandbox"
done
expect_equal "$(line_of NoNewPrivs)" 1
expect_equal "$(line_of CapEff)" 0000000000000000
if ls "/proc/$child/fd/" >/dev/null 2>&1; then
	find "/proc/$child/fd" -printf '%l\n' >open
	expect_line 'catalog\.db$' open
	expect_no_line 'keys' open
	expect_no_line 'control\.sock' open
fi
kill -CONT "$child"
wait "$waiting" || :

say "hikaed can be stopped while a child draws"
catch_reporter hk compliance --json
# shellcheck disable=SC2119 # our own arguments are not meant
stop_daemon
await_asked 3
is_gone() {
	! kill -0 "$child"
}
wait_until 60 is_gone
