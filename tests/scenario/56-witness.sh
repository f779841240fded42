#!/bin/sh
# Goal: a witness on a medium holds hikae to its journal, is always whole, and is never overwritten while it speaks against it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/witness.sh
. "$here/../witness.sh"
need minisign strace pgrep

# What lies there proves itself, to other tools and to hikae.
expect_whole() {
	minisign -Vq -p "$folder/keys/daemon.pub" -m "$folder/checkpoint.txt"
	minisign -Vq -p "$folder/keys/daemon.pub" -m "$folder/recover-plan.txt"
	expect_status 0 "$hikae" journal verify "$folder/journal.txt" \
		--public-key "$folder/keys/daemon.pub"
	expect_status 0 "$hikae" journal verify "$folder" \
		--public-key "$folder/keys/daemon.pub"
	expect_equal "$(find "$folder" -name '.hikae-tmp-*')" "" leftovers
}

# Why the last one failed.
reason() {
	query "select detail ->> 'reason' from medium_event
		where event = 'witness' and result = 'failed'
		order by seq desc limit 1"
}

size() {
	sed -n '/^hikae\//,$p' "$folder/journal.txt" | sed -n 2p
}

install_small
generation 20261101
generation 20261102

say "written once hikae looked, by nobody but its own child"
begin_until written
expect_whole
expect_equal "$(stat -c %a "$folder")" 755
expect_line '控え' "$folder/README.txt"
expect_line 'The witness folder of hikae' "$folder/README.txt"
expect_line '復旧' "$folder/recover-plan.txt"
expect_line 'Recovery plan, as of' "$folder/recover-plan.txt"
expect_line '^medium disk1$' "$folder/medium.txt"
expect_no_line patients "$folder/journal.txt"
scan_all
stop_daemon

say "it grows with the journal, and what was there stays"
before=$(size)
cp -a "$folder" first
cp -a "$root/var" older
for day in 3 4 5 6 7 8; do
	generation "2026110$day"
done
begin_until written
scan_all
stop_daemon
begin_until written
[ "$(size)" -gt "$before" ] || fail "the witness did not grow"
expect_whole
head -n "$before" first/journal.txt >head-first
head -n "$before" "$folder/journal.txt" | cmp - head-first
cmp first/medium.txt "$folder/medium.txt"
expect_equal "$(hk findings --json | jq '.findings | length')" 0
stop_daemon

say "a state that was put back is an alarm, and the witness stays"
mv "$root/var" newer
cp -a older "$root/var"
sum=$(sha256sum <"$folder/journal.txt")
begin_until rolled-back
findings_are journal-rolled-back
expect_status 2 hk status
expect_status 2 hk check
expect_equal "$(sha256sum <"$folder/journal.txt")" "$sum" "the witness"
expect_status 2 hk findings
expect_line 'put back to an earlier state' out

say "once it grew past the witness it is another journal: still an alarm"
while [ "$(query 'select count(*) from journal')" -le "$(size)" ]; do
	scan_all
	generation "$(date -u -d "2026-11-02 +$(query \
		'select count(*) from journal') days" +%Y%m%d)"
done
stop_daemon
begin_until rewritten
findings_are journal-rewritten journal-rolled-back
expect_equal "$(sha256sum <"$folder/journal.txt")" "$sum" "the witness"

say "a person who knows why accepts it, and it is written anew"
had=$(count written)
for finding in $(hk findings --json | jq '.findings[].id'); do
	expect_status 0 hk accept "$finding" --by Sato --note 'put back a backup'
done
wait_until 120 has_count written $((had + 1))
wait_until 120 is_idle
expect_whole
findings_are
stop_daemon
begin_until written
findings_are
stop_daemon

say "the right state again is the one that is found out"
rm -rf "${root:?}/var"
mv newer "$root/var"
begin_until rolled-back
findings_are journal-rolled-back
stop_daemon
rm -rf "${root:?}/var"
cp -a older "$root/var"
rm -rf "$folder"
cp -a first "$folder"
give_user "$folder"
begin_until written
expect_whole

say "without a signature, or of another, it says nothing: undetermined"
stop_daemon
sed -i '$s/A/B/; $s/a/b/' "$folder/journal.txt"
give_user "$folder"
sum=$(sha256sum <"$folder/journal.txt")
begin_until unreadable
findings_are witness-unreadable
expect_status 3 hk status
expect_equal "$(sha256sum <"$folder/journal.txt")" "$sum" "the witness"
stop_daemon
printf 'hello\n' >"$folder/journal.txt"
begin_until unreadable
findings_are witness-unreadable
finding=$(hk findings --json | jq '.findings[].id')
had=$(count written)
expect_status 0 hk accept "$finding" --by Sato --note 'a torn cable'
wait_until 120 has_count written $((had + 1))
wait_until 120 is_idle
expect_whole
findings_are
stop_daemon

say "a bit of an entry that rotted is written anew from the journal"
flip "$folder/journal.txt" 200
! "$hikae" journal verify "$folder" \
	--public-key "$folder/keys/daemon.pub" >out 2>err ||
	fail "a flipped bit was not seen"
begin_until written
expect_whole
findings_are
stop_daemon

say "one that was deleted is told, and there is a new one"
rm -rf "$folder"
begin_until written
findings_are witness-missing
expect_status 1 hk status
expect_whole
hk accept "$(hk findings --json | jq '.findings[].id')" --by Sato \
	--note 'formatted' >/dev/null
findings_are
stop_daemon
rm -rf "$folder"
begin_until written
findings_are witness-missing
hk accept "$(hk findings --json | jq '.findings[].id')" --by Sato \
	--note 'formatted again' >/dev/null
stop_daemon

say "a token of another medium: it is not the one it is taken for"
cp -a "$folder" kept
mkdir -p "$scratch/disk9/ehr"
cp -a "$landing/20261101" "$scratch/disk9/ehr/"
give_user "$scratch/disk9"
sed -i "s|^path = $disk\$|path = $scratch/disk9|; s/disk1/disk9/" \
	"$root/etc/hikae/hikae.conf"
begin_until written
stop_daemon
cp "$scratch/disk9/hikae-witness/medium.txt" "$folder/medium.txt"
configure
begin_until foreign
is_wrong() {
	hk media list --json >medialist
	[ "$(hk media list --json | jq -r '.media[] | select(.id == "disk1") |
		.state + " " + .reason')" = "wrong-medium other-token" ]
}
wait_until 120 is_wrong
stop_daemon
rm -rf "$folder"
mv kept "$folder"
begin_until written
findings_are_not_wrong() {
	! hk findings --json | jq -e '.findings[] |
		select(.code == "wrong-medium")' >/dev/null
}
wait_until 120 findings_are_not_wrong
stop_daemon

say "where it cannot be written that is told, and nothing else suffers"
had=$(count failed)
chmod 555 "$folder"
as_owner true
if as_owner sh -c ": >'$folder/x'" 2>/dev/null; then
	rm -f "$folder/x"
	chmod 755 "$folder"
	say "(this user can write anywhere: left out)"
else
	begin_until failed
	findings_are witness-unwritten
	expect_status 1 hk status
	expect_equal "$(reason)" denied
	scan_all
	stop_daemon
	chmod 755 "$folder"
	begin_until written
	findings_are
	stop_daemon
fi

strace -qq -o /dev/null true 2>/dev/null || exit 0
! ldd "$hikaed" | grep -q libasan || exit 0

say "a child that is killed at any call in the folder leaves it whole"
cp -a "$root/var" before-kill
cp -a "$folder" before-folder
for call in renameat fsync; do
	when=1
	while :; do
		rm -rf "${root:?}/var" "$folder"
		cp -a before-kill "$root/var"
		cp -a before-folder "$folder"
		failed=$(count failed)
		written=$(count written)
		# Paths are those of the folder itself: hikaed changes nothing there.
		# shellcheck disable=SC2086 # words
		strace -f -qq -o trace -P "$folder" -e "trace=$call" \
			-e "inject=$call:signal=KILL:when=$when" \
			$owner "$hikaed" --root "$root" >>"$root.log" 2>&1 &
		tracer=$!
		daemons="$daemons $tracer"
		is_over() {
			has_count failed $((failed + 1)) ||
				has_count written $((written + 1))
		}
		wait_until 120 is_over
		traced=$(pgrep -P "$tracer" -x hikaed | head -n 1)
		kill "$traced"
		wait "$tracer" || :
		daemons=
		"$hikae" journal verify "$folder" --public-key \
			"$folder/keys/daemon.pub" >out 2>err ||
			fail "$call $when: $(cat out err)"
		if has_count written $((written + 1)); then
			break
		fi
		expect_equal "$(reason)" crashed
		when=$((when + 1))
	done
	say "$call: killed $((when - 1)) times"
	[ "$call" != renameat ] || [ "$when" -gt 3 ] || fail "never killed"
done
begin_until written
expect_whole
