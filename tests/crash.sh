# hikaed killed at its writes, for scenarios, after tests/small.sh.
#
# The names that are used here are tests/small.sh's.
# shellcheck shell=sh disable=SC2154

need strace minisign pgrep
strace -qq -o /dev/null true 2>/dev/null || skip "no tracing here"
! ldd "$hikaed" | grep -q libasan ||
	skip "ASan looks for leaks by tracing, which cannot be done to a traced process"

# The generation has been captured and read again, and nothing waits.
is_done() {
	hk copies --json 2>/dev/null | jq -e >/dev/null '.copies | length == 1 and
		.[0].verdict == "intact" and .[0].unconfirmed_bytes == 0' &&
		is_idle
}

# live SYSCALL N: from the first start to the end, killed at the Nth such call.
# False when it was not killed.
live() {
	rm -rf "${root:?}/var" "$root/run"
	cp -a fresh/var "$root/"
	# shellcheck disable=SC2086 # words
	strace -qq -o trace -e "trace=$1" -e "inject=$1:signal=KILL:when=$2" \
		$owner "$hikaed" --root "$root" >>"$root.log" 2>&1 &
	tracer=$!
	daemons="$daemons $tracer"
	deadline=$(($(date +%s) + 120))
	until is_done || ! kill -0 "$tracer" 2>/dev/null; do
		[ "$(date +%s)" -lt "$deadline" ] || fail "$1 $2: never done"
		sleep 0.02
	done
	traced=$(pgrep -P "$tracer" -x hikaed | head -n 1) || :
	[ -z "$traced" ] || kill "$traced" 2>/dev/null || :
	ended=0
	wait "$tracer" 2>/dev/null || ended=$?
	daemons=
	[ "$ended" -ne 0 ]
}

# What must hold after any crash, before anybody repairs anything.
check() {
	[ -e "$catalog" ] || return 0
	expect_equal "$(as_owner sqlite3 "$catalog" 'PRAGMA integrity_check')" \
		ok "$1: integrity"
	as_owner sqlite3 "$catalog" "SELECT sha256, generation,
		medium || '.' || version FROM manifest
		JOIN copy ON copy.id = manifest.copy
		UNION ALL SELECT members_sha256, generation,
		medium || '.' || version || '.members' FROM manifest
		JOIN copy ON copy.id = manifest.copy
		WHERE members_sha256 IS NOT NULL" >rows 2>err || {
		expect_line 'no such table' err
		return 0
	}
	while IFS='|' read -r sha256 generation name; do
		file=$state/manifests/ehr/$generation/$name.mtree.zst
		expect_equal "$(sha256sum <"$file")" "$sha256  -" "$1: manifest"
		minisign -qVm "$file" -p "$state/keys/daemon.pub" ||
			fail "$1: the signature of $file"
	done <rows
	[ "$(as_owner sqlite3 "$catalog" 'SELECT count(*) FROM journal')" -gt 0 ] ||
		return 0
	rm -f "$root/again.db"
	expect_status 0 as_owner "$hikae" --root "$root" catalog rebuild \
		"$root/again.db"
}

# killed_at CALL:STEP...: a life for each STEP-th such call; $points is how many
# there were.  The state as it is now is where each begins, without a journal.
points=0
killed_at() {
	mkdir fresh
	cp -a "$root/var" fresh/
	for calls in "$@"; do
		call=${calls%:*}
		n=1
		while live "$call" "$n"; do
			check "$call $n"
			begin
			scan_all
			wait_until 60 is_done
			findings_are
			expect_status 0 hk status
			stop_daemon
			check "$call $n, again"
			points=$((points + 1))
			n=$((n + ${calls#*:}))
		done
		say "killed at $call up to $n"
	done
}
