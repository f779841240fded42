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
# False when it was not killed.  The calls, with their files, are in ./trace.
live() {
	rm -rf "${root:?}/var" "$root/run"
	cp -a fresh/var "$root/"
	# shellcheck disable=SC2086 # words
	strace -qq -y -o trace -e "trace=$1" -e "inject=$1:signal=KILL:when=$2" \
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

# go_on CALL N: the life after one that was killed there, in which all that was to
# be done is done; $points is how many there were.
points=0
go_on() {
	check "$1 $2"
	begin
	scan_all
	wait_until 60 is_done
	findings_are
	expect_status 0 hk status
	stop_daemon
	check "$1 $2, again"
	points=$((points + 1))
}

# The state as it is now is where each life begins, without a journal.
keep_fresh() {
	mkdir fresh
	cp -a "$root/var" fresh/
}

# killed_at CALL:STEP[:FIRST]...: a life for each STEP-th such call, from the
# FIRST.
killed_at() {
	for calls in "$@"; do
		call=${calls%%:*}
		calls=${calls#*:}:1
		step=${calls%%:*} n=${calls#*:}
		n=${n%%:*}
		while live "$call" "$n"; do
			go_on "$call" "$n"
			n=$((n + step))
		done
		say "killed at $call up to $n"
	done
}

# killed_in FOLDER CALL: at each such call on a file below the folder, by where
# it stood in a life that nobody ended.
killed_in() {
	! live "$2" 60000 || fail "it was killed at $2"
	steps=$(awk -v call="$2(" -v below="<$1/" 'index($0, call) == 1 {
		n++
		if (index($0, below))
			print n
	}' trace)
	[ -n "$steps" ] || fail "there is no $2 below $1"
	for n in $steps; do
		! live "$2" "$n" || go_on "$2" "$n"
	done
	say "killed at $2 below ${1##*/}: $(printf '%s' "$steps" | xargs)"
}
