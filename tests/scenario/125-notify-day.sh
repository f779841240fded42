#!/bin/sh
# Goal: programs that fail or hang for a day are tried as often as documented, another is told, and what waited is delivered once and in order.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/clock.sh
. "$here/../clock.sh"

policy=$(closed_window)
minute=60000
hour=$((60 * minute))

# program NAME: from standard input; it may write below ./told.
program() {
	cat >"$1"
	chmod 755 "$1"
}
section() {
	hk notify list --json | jq ".sections[] | select(.id == \"$1\")"
}
# wait_ms ATTEMPTS: after so many failures, as hikae.conf(5) has it.
wait_ms() {
	wait_ms=$((4 * minute))
	for _ in $(seq 2 "$1"); do
		wait_ms=$((wait_ms * 2))
		[ "$wait_ms" -lt "$hour" ] || break
	done
	[ "$wait_ms" -lt "$hour" ] && echo $wait_ms || echo $hour
}
# hikaed's clock is so far ahead, ms.
ahead=0
advance() {
	ahead=$((ahead + $1))
	set_clock "+$((ahead / 1000))"
}
# All that was due was tried: what waits, waits for a later time.
is_rested() {
	hk notify list --json | jq -e --argjson now \
		"$(($(date +%s%3N) + ahead))" \
		'[.sections[].waiting[]?.next_at > $now] | all'
}
# The last attempt of a section: what it postponed waits as it should.
expect_wait() {
	section "$1" >"$1.json"
	jq -r '.last as $last | .waiting[] | select(.id == $last.id) |
		"\(.attempts) \(.next_at - $last.at)"' "$1.json" >waits
	[ -s waits ] || fail "$1: nothing waits"
	while read -r attempts ms; do
		expect_equal "$ms" "$(wait_ms "$attempts")" \
			"wait after attempt $attempts"
	done <waits
}
# What a program that hangs has started: the seconds are this run's own.
seconds=4725.$$
hanging() {
	grep -lsa "slee[p].$seconds" /proc/[0-9]*/cmdline | cut -d / -f 3
}
nothing_hangs() {
	[ -z "$(hanging)" ]
}
# One that hangs when hikaed ends.
# shellcheck disable=SC2317 # called at the end
end_hanging() {
	hanging | xargs -r kill
}
at_end=end_hanging

mkdir told
program it <<-END
	#!/bin/sh
	[ ! -e "$scratch/down" ] || { echo "451 try later"; exit 75; }
	echo "\$HIKAE_SUBJECT" >>"$scratch/told/it"
END
program boss <<-END
	#!/bin/sh
	echo "\$HIKAE_EVENT \$HIKAE_SUBJECT" >>"$scratch/told/boss"
END
program hang <<-END
	#!/bin/sh
	sleep $seconds & sleep $seconds
END
install_small
give_user told
for name in it boss hang; do
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[notify $name]
		method = command
		command = $scratch/$name
		delay = 0s
		group = 0s
		digest_time = none
		events = bad, undetermined, warning, recovered
	END
done
sed -i '/^\[notify \(it\|hang\)\]/a retry = 4m' "$root/etc/hikae/hikae.conf"
sed -i '/^\[notify hang\]/a timeout = 1s' "$root/etc/hikae/hikae.conf"
sed -i '/^\[notify it\]/a escalate_after = 3h\nescalate_to = boss' \
	"$root/etc/hikae/hikae.conf"
generation 20261101
generation 20261102
begin_with_timers_at +0
scan_all
expect_status 0 hk verify --wait
wait_until 120 is_rested

say "a damage, and nobody who would take the message"
touch down
cp -a "$landing" sound
flip "$landing/20261101/a" 3
expect_status 2 hk verify --wait
is_waiting() {
	[ "$(section "$1" | jq '[.waiting[].attempts > 0] | all and length > 0')" \
		= true ]
}
wait_until 120 is_waiting it
wait_until 120 is_waiting hang
wait_until 120 is_rested
grep -q '^passed-on' told/boss && fail "passed on at once"
for step in 1 2 3 4; do
	expect_wait it
	expect_wait hang
	next=$(hk notify list --json | jq '[.sections[].waiting[]?.next_at] | max')
	advance $((next - $(date +%s%3N) - ahead + 1000))
	# It answers while the one hangs and the other fails.
	hk jobs --json >/dev/null
	wait_until 120 is_rested
done
say "every hour, all day long; and there is news meanwhile"
for hours in 1 1 1 4 1 4 1 4 1 5; do
	step=$((step + 1))
	case $step in
	8)
		flip "$landing/20261102/b" 100
		expect_status 2 hk verify --wait
		;;
	12)
		cp -a sound/. "$landing/"
		hk verify --wait >/dev/null || :
		;;
	esac
	advance $((hours * hour + minute))
	hk jobs --json >/dev/null
	wait_until 120 is_rested
	expect_wait it
	expect_wait hang
done
[ "$ahead" -ge $((24 * hour)) ] || fail "no day went by"

say "told in the status, passed on once, and nothing is lost"
hk status --json >status.json || :
expect_line '"code": "notice-undelivered"' status.json
section it >it.json
jq -r '.waiting | sort_by(.id)[].subject' it.json >waiting
waiting=$(wc -l <waiting)
expect_line '^Act now' waiting
[ "$waiting" -ge 3 ] || fail "$waiting wait"
[ "$waiting" -le 12 ] || fail "$waiting wait"
[ "$(jq '.waiting[0].attempts' it.json)" -ge "$step" ] || fail "$(cat it.json)"
expect_equal "$(jq .dropped it.json)" 0 "dropped"
expect_equal "$(wc -l <told/boss)" "$(sort -u told/boss | wc -l)" \
	"what the other one was told"
expect_equal "$(grep -c '^passed-on' told/boss)" "$(jq --argjson before \
	"$(($(date +%s%3N) + ahead - 3 * hour))" \
	'[.waiting[] | select(.made_at <= $before)] | length' it.json)" "passed on"

say "each one that hung was ended at its limit"
wait_until 60 nothing_hangs
expect_equal "$(grep -c 'notify hang.*not delivered' "$root.log")" \
	"$(grep -c 'notify hang.*not delivered: not done after 1s, and ended' \
		"$root.log")" "ended at the limit"
[ "$(section hang | jq .failed)" -ge "$step" ] || fail "tried too seldom"

say "it works again: all that waited, once, in its order"
cp told/it before 2>/dev/null || : >before
rm down
# The first whose turn comes takes the others with it.
advance $(($(jq '[.waiting[].next_at] | min' it.json) - $(date +%s%3N) -
	ahead + 1000))
is_delivered() {
	[ "$(wc -l <told/it)" -ge $(($(wc -l <before) + waiting)) ]
}
wait_until 120 is_delivered
tail -n +$(($(wc -l <before) + 1)) told/it | head -n "$waiting" |
	diff waiting - || fail "not what waited, or not in order"
kill -0 "$daemon" || fail "hikaed is gone"
stop_daemon
