#!/bin/sh
# Goal: what is wrong is told once, by programs that fail and hang, and never lost.
# shellcheck disable=SC2119 # our own arguments are not meant
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need python3

mails=$scratch/mails

# configure_notify [MAIL-KEYS]: the fake sendmail, a hook, one that hangs.
configure_notify() {
	configure
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[notify it]
		method = mail
		to = it@hospital.example, second@hospital.example
		from = hikae@hospital.example
		command = $scratch/sendmail
		delay = 0s
		group = 0s
		retry = 1s
		digest_time = none
		repeat = none
		timeout = 30s
		$1
		[notify hang]
		method = command
		command = $scratch/hang
		delay = 0s
		group = 0s
		retry = 1s
		timeout = 1s
		digest_time = none
		events = bad, undetermined, warning
		[notify hook]
		method = command
		command = $scratch/hook
		delay = 0s
		group = 0s
		retry = 1s
		digest_time = none
		events = bad, undetermined, warning, recovered
	END
}

# Real programs that read a message: one mail each, or a failure.
make_programs() {
	mkdir -p "$mails" "$scratch/hooks"
	cat >"$scratch/sendmail" <<-END
		#!/bin/sh
		[ ! -e "$scratch/mail-down" ] || { echo "451 try later"; exit 75; }
		new=\$(mktemp "$mails/.new.XXXXXX")
		{ echo "X-Arguments: \$*"; cat; } >"\$new"
		mv "\$new" "$mails/\$(date +%s%N).eml"
	END
	cat >"$scratch/hook" <<-END
		#!/bin/sh
		cat >"$scratch/hooks/.new.\$\$"
		echo "\$HIKAE_NOTIFY \$HIKAE_EVENT \$HIKAE_STATE \$HIKAE_SUBJECT" \\
			>>"$scratch/hooks/log"
		mv "$scratch/hooks/.new.\$\$" "$scratch/hooks/\$(date +%s%N).txt"
	END
	printf '#!/bin/sh\necho busy; sleep 1000 & sleep 1000\n' >"$scratch/hang"
	chmod 755 "$scratch/sendmail" "$scratch/hook" "$scratch/hang"
	give_user "$mails" "$scratch/hooks"
}

# subjects: of all mails, oldest first; read_mails checks each whole.
read_mails() {
	python3 - "$mails" <<-'END'
		import email, email.policy, os, sys
		for name in sorted(os.listdir(sys.argv[1])):
		    if name.startswith("."):
		        continue
		    raw = open(os.path.join(sys.argv[1], name), "rb").read()
		    assert max(map(len, raw.split(b"\n"))) <= 78, "a long line"
		    assert raw.isascii(), "not ASCII"
		    mail = email.message_from_bytes(raw, policy=email.policy.default)
		    assert not mail.defects, mail.defects
		    for key in ("From", "To", "Date", "Subject", "Message-ID"):
		        assert mail[key] and not mail[key].defects, key
		    assert mail["X-Arguments"] == "-i it@hospital.example second@hospital.example"
		    assert mail["To"].addresses[1].addr_spec == "second@hospital.example"
		    assert mail["Auto-Submitted"] == "auto-generated"
		    assert mail["Date"].datetime is not None
		    assert mail.get_content_type() == "text/plain"
		    text = mail.get_content()
		    print("subject", mail["Subject"])
		    print("id", mail["Message-ID"])
		    print("".join("  " + line + "\n" for line in text.splitlines()))
	END
}

mail_has() {
	read_mails | grep -E -- "$1" >/dev/null
}

count_mails() {
	read_mails | grep -Ec -- "${1:-^subject}" || :
}

section() {
	hk notify list --json | jq ".sections[] | select(.id == \"$1\")"
}

is_at_rest() {
	[ "$(section it | jq '.waiting | length')" = 0 ] &&
		[ "$(section hook | jq '.waiting | length')" = 0 ]
}

hangs() {
	[ "$(section hang | jq .undelivered)" -ge "$1" ]
}

install_small
make_programs
printf '#!/bin/sh\ntrue\n' >"$scratch/hang"
configure_notify ''
generation 20261101
begin
scan_all

say "a test says what happened"
expect_status 0 hk notify test it
mail_has '^subject Good: .*\[a test\]' || fail "no test mail"
touch "$scratch/mail-down"
expect_status 2 hk notify test it
expect_line 'exit status 75; 451 try later' out
rm "$scratch/mail-down"
expect_status 66 hk notify test nobody
wait_until 60 is_at_rest

say "damage is told at once, to each section, and named without a file's name"
rm -rf "${mails:?}"/*
flip "$landing/20261101/a" 3
hk verify --wait >/dev/null || :
wait_until 60 mail_has '^subject Act now: ehr \(disk1\): '
wait_until 60 grep -q 'hook problem bad Act now' "$scratch/hooks/log"
wait_until 60 is_at_rest
read_mails >all
expect_line 'Small Clinic' all
expect_line '-> See why \(hikae findings\)' all
expect_no_line '/a|sub/c' all
expect_equal "$(grep -c '^id' all)" "$(grep '^id' all | sort -u | wc -l)" "ids"

say "what stands is not told twice, and an acknowledgement settles repeats"
before=$(count_mails)
hk scan --json >/dev/null
wait_until 60 is_idle
hk notify test it >/dev/null
expect_equal "$(count_mails)" "$((before + 1))" "mails"
configure_notify 'repeat = 1s' >/dev/null 2>&1
sed -i '0,/repeat = none/{/repeat = none/d}' "$root/etc/hikae/hikae.conf"
expect_status 0 hk reload
wait_until 60 mail_has '\[still\]'
tomorrow=$(date -d tomorrow +%F)
expect_status 64 hk ack copies-damaged --by Sato --note replaced
expect_status 64 hk ack copies-damaged --by Sato --note replaced --until 2020-01-01
expect_status 64 hk ack copies-damaged --by Sato --note replaced --until 2099-01-01
expect_status 66 hk ack clock-back --by Sato --note replaced --until "$tomorrow"
for code in $(hk status --json | jq -r '.reasons[] |
	select(.severity != "good").code' | sort -u); do
	expect_status 0 hk ack "$code" --by 'Sato Hanako' --note replaced \
		--until "$tomorrow"
done
expect_status 2 hk status
expect_line 'acknowledged by Sato Hanako until' out
wait_until 60 is_at_rest
quiet_since=$(count_mails '\[still\]')
hk scan --json >/dev/null
wait_until 60 is_idle
hk notify test it >/dev/null
expect_equal "$(count_mails '\[still\]')" "$quiet_since" "repeats"
hk journal list --json >all
expect_line '"type": "acknowledged"' all
expect_line '"note": "replaced"' all

say "while nothing goes out: queued, tried again, told in the status, and kept"
printf '#!/bin/sh\necho busy; sleep 1000 & sleep 1000\n' >"$scratch/hang"
touch "$scratch/mail-down"
configure_notify ''
expect_status 0 hk reload
generation 20261102
scan_all
flip "$landing/20261102/b" 100
rm -rf "${scratch:?}/hooks"/*
rm "$landing/20261101/b"
hk verify --wait >/dev/null || :
mail_is_stuck() {
	[ "$(section it | jq .undelivered)" -ge 1 ]
}
wait_until 120 mail_is_stuck
hk status --json >told.json || :
expect_line '"code": "notice-undelivered"' told.json
wait_until 60 hangs 1
section hang | jq -r .last.said >out
expect_line 'not done after 1s, and ended; busy' out
# The hook was not delayed by either.
wait_until 60 grep -q 'hook problem bad' "$scratch/hooks/log"
waiting=$(section it | jq -c '[.waiting[].id]')
kill_daemon
begin
expect_equal "$(section it | jq -c '[.waiting[].id]')" "$waiting" "queue after a kill"
stop_daemon
begin
rm "$scratch/mail-down"
wait_until 120 eval '[ "$(section it | jq ".waiting | length")" = 0 ]'
read_mails >all
grep '^id' all | sort | uniq -d >twice
[ ! -s twice ] || fail "delivered twice"
pgrep -f "$scratch/hang" | wc -l >hanging
[ "$(cat hanging)" -le 3 ] || fail "hung programs stay"

say "a digest in Japanese, and what nobody acknowledges goes to another"
stop_daemon
rm -rf "${mails:?}"/* "${scratch:?}/hooks"/*
configure_notify 'escalate_after = 1s
		escalate_to = hook'
sed -i '/^\[notify hang\]/,/^events/d; 0,/digest_time = none/s//digest_time = 00:00/;
	s/^timezone = UTC/&\nlanguage = ja/' "$root/etc/hikae/hikae.conf"
# As if it had been told nothing yet, and no digest for a week.
jq '.channels[].digest_at -= 604800000 | .channels[].problems = [] |
	.channels[].notices = [] | .acks = []' "$state/outbox.json" >outbox.json
cp outbox.json "$state/outbox.json"
begin
wait_until 60 mail_has '^subject 要対応：ehr.* - Small Clinic'
wait_until 60 mail_has '^subject 要対応：.*（毎日のまとめ）'
wait_until 60 mail_has '良い世代'
wait_until 60 grep -q 'hook escalated bad 要対応：.*対応の記録なし' "$scratch/hooks/log"
wait_until 60 is_at_rest
expect_equal "$(grep -c 'hook escalated' "$scratch/hooks/log")" 1 "escalations"
expect_equal "$(count_mails '毎日のまとめ')" 1 "digests"

# The rest kills by tracing, and ASan traces to look for leaks.
stop_daemon
command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null &&
	! ldd "$hikaed" | grep -q libasan || exit 0

say "killed at each durable write: told at least once, under one name"
# Nothing but the mail, so that every write is about it.
configure_notify ''
sed -i '/^\[notify hang\]/,$d' "$root/etc/hikae/hikae.conf"
sed -i "s/^settle_time = 0s/&\n$(closed_window)/" "$root/etc/hikae/hikae.conf"
rm -f "$state/outbox.json"
cp -a "$root/var" fresh

told() {
	mail_has '^subject Act now' && [ "$(section it |
		jq '.waiting | length')" = 0 ]
}

# live CALL N: killed at the Nth such call, or done without it.
live() {
	rm -rf "${root:?}/var" "$root/run" "${mails:?}"/*
	cp -a fresh "$root/var"
	# shellcheck disable=SC2086 # words
	strace -qq -o trace -e "trace=$1" -e "inject=$1:signal=KILL:when=$2" \
		$owner "$hikaed" --root "$root" >>"$root.log" 2>&1 &
	tracer=$!
	daemons="$daemons $tracer"
	deadline=$(($(date +%s) + 60))
	until told 2>/dev/null || ! kill -0 "$tracer" 2>/dev/null; do
		[ "$(date +%s)" -lt "$deadline" ] || fail "$1 $2: never told"
		sleep 0.05
	done
	traced=$(pgrep -P "$tracer" -x hikaed | head -n 1) || :
	[ -z "$traced" ] || kill "$traced" 2>/dev/null || :
	ended=0
	wait "$tracer" 2>/dev/null || ended=$?
	[ "$ended" -ne 0 ]
}

killed=0
for call in renameat fsync; do
	for step in 1 2 3 4; do
		live $call $step || break
		killed=$((killed + 1))
		begin
		wait_until 60 told
		stop_daemon
		expect_equal "$(read_mails | grep '^id' | sort -u | wc -l)" 1 \
			"messages after $call $step"
	done
done
[ "$killed" -ge 4 ] || fail "killed $killed times only"
