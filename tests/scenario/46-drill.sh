#!/bin/sh
# Goal: a drill restores a copy, proves every byte, and leaves nothing behind.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
need bsdtar zstd

medium_keys='offline = detached'
policy="full_after_capture = no
		drill_time = 3s
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"

# program NAME: a drill program from standard input.
program() {
	rm -f "$programs"/*
	{ echo '#!/bin/sh' && cat; } >"$programs/$1"
	chmod 755 "$programs/$1"
	give_user "$programs"
}

generation 20261101
ln -s a "$landing/20261101/inside"
ln -s ../../outside "$landing/20261101/sub/outside"
begin
scan_all

say "a folder; the link that leads out is refused"
drill 1 warning
check_of restore >check
expect_line '^bytes warning .*"differing":0.*"missing":0' check
expect_line '"refused_links":1' check
expect_line '^none warning' - <<-END
	$(check_of inspect)
END
is_swept || fail "the scratch folder was left"
expect_equal "$(query "SELECT files, bytes = bytes_total FROM drill
	WHERE id = $number")" "3|1" "what was proved"

say "a share of it"
drill 1 warning --sample 5%
expect_equal "$(query "SELECT files > 0 AND share_ppm = 50000 FROM drill
	WHERE id = $number")" 1 "a part of the files"

say "kept in a place of one's own"
mkdir kept
give_user kept
drill 1 warning --target "$scratch/kept" --keep
kept=$(jq -r .drill.scratch out)
cmp "$kept/files/b" "$landing/20261101/b"
[ "$(readlink "$kept/files/inside")" = a ] || fail "the link inside"
[ ! -L "$kept/files/sub/outside" ] || fail "the link that leads out"
expect_equal "$(stat -c %a "$kept")" 700
[ -f "$state/drills/$number.kept" ] || fail "nothing says that it stays"
rm -rf "$kept" "$state/drills"/*

say "programs: their word counts, and their result"
program ehr.count <<-'END'
	[ "$HIKAE_DRILL_SYSTEM" = ehr ] || exit 2
	[ "$HIKAE_DRILL_GENERATION" = ehr@20261101T000000+0000 ] || exit 2
	lines=$(wc -l <"$HIKAE_DRILL_FILES/b")
	echo x >"$HIKAE_DRILL_SCRATCH/x" || exit 2
	echo "{\"lines\": $lines, \"name\": \"Yamada\", \"state\": \"fine\"}" >&3
END
drill 1 warning
check_of program >check
expect_line '^ehr-count passed .*"lines":9000' check
expect_line '"state":"fine"' check
expect_no_line Yamada check
program ehr <<-'END'
	exit 2
END
drill 2 failed
program ehr <<-'END'
	exit 7
END
drill 3 undetermined

say "a program that hangs, with what it started"
program ehr <<-END
	setsid $nap &
	(setsid sh -c '$nap' &)
	trap '' TERM
	$nap
END
drill 3 undetermined
expect_equal "$(jq -r .drill.reason out)" time-limit
is_awake || fail "it left processes"

say "a program that forks and ends"
program ehr <<-END
	(setsid sh -c '$nap' &)
	exit 0
END
drill 1 warning
is_awake || fail "it left processes"

say "a program that forks without end"
program ehr <<-END
	while :; do
		$nap &
	done
END
expect_equal "$(hk drill start ehr --operator Tester --json |
	jq -r '.drill.outcome | . == "failed" or . == "undetermined"')" true
is_awake || fail "it left processes"
is_swept || fail "the scratch folder was left"

say "a program that prints without end"
program ehr <<-'END'
	yes | head -c 1000000000
END
drill 3 undetermined
expect_equal "$(jq -r .drill.reason out)" output-limit

say "programs that are not run are no silence"
program ehr.z <<-'END'
	exit 0
END
chmod 777 "$programs/ehr.z"
drill 3 undetermined
check_of program >check
expect_line '^ehr-z undetermined .*"not-trusted"' check
for i in $(seq 10 26); do
	printf '#!/bin/sh\nexit 0\n' >"$programs/ehr.$i"
done
rm "$programs/ehr.z"
chmod 755 "$programs"/*
give_user "$programs"
drill 3 undetermined
expect_equal "$(query "SELECT count(*) FROM drill_check
	WHERE kind = 'program' AND drill = $number AND outcome = 'passed'")" 16
expect_equal "$(jq -r .drill.reason out)" too-many-programs
rm "$programs"/*

say "programs run in the order of their names, wherever they lie"
mkdir -p elsewhere
for i in 1 2 3; do
	printf '#!/bin/sh\nexit 0\n' >"elsewhere/$((4 - i))"
	chmod 755 "elsewhere/$((4 - i))"
	ln -s "$scratch/elsewhere/$((4 - i))" "$programs/ehr.$i"
done
give_user elsewhere
drill 1 warning
expect_equal "$(query "SELECT group_concat(name, ' ') FROM (SELECT name
	FROM drill_check WHERE kind = 'program' AND drill = $number
	ORDER BY seq)")" "ehr-1 ehr-2 ehr-3"

say "a program that goes where it should not"
program ehr <<-END
	fault() { echo "{\"fault\": \"\$1\"}" >&3; exit 2; }
	echo x >"\$HIKAE_DRILL_FILES/b" && fault files
	echo x >/tmp/hikae-drill-test && fault tmp
	echo x >"$scratch/x" && fault beside
	cat "$state/keys/daemon.key" && fault key
	cat "$catalog" && fault catalog
	ls "$state" 2>/dev/null | grep -q . && fault state
	"$hikae" --root "$root" status && fault control
	command -v bash >/dev/null || exit 3
	bash -c 'echo >/dev/tcp/127.0.0.1/9' 2>&1 | grep -q refused && fault net
	exit 0
END
drill 1 warning
expect_line '^ehr passed .*"has_seccomp":true' - <<-END
	$(check_of program)
END

say "a restored file that changes behind hikae's back"
program ehr <<-'END'
	until grep -q more "$HIKAE_DRILL_FILES/b"; do
		sleep 0.1
	done
END
hk drill start ehr --operator Tester --json >changed 2>&1 &
changer=$!
# Its steps before are over once the program runs.
wait_until 60 pgrep -f "$programs/eh[r]"
for file in "$state"/drills/*/files/b; do
	echo more >>"$file"
done
wait "$changer" || :
expect_equal "$(jq -r .drill.reason changed)" bytes-differ

say "Ctrl-C"
program ehr <<-END
	$nap
END
# What a script starts behind & ignores SIGINT otherwise.
env --default-signal=INT "$hikae" --root "$root" drill start ehr \
	--operator Tester --json >aborted 2>&1 &
client=$!
wait_until 60 is_napping
kill -INT "$client"
ended=0
wait "$client" || ended=$?
expect_equal "$ended" 3 "exit status of a drill that was cut off"
expect_equal "$(jq -r .drill.outcome aborted)" aborted
is_awake || fail "it left processes"
is_swept || fail "the scratch folder was left"

# kill_amid [OPTION]: hikaed is killed while such a drill is under way.
kill_amid() {
	"$hikae" --root "$root" drill start ehr --operator Tester "$@" \
		>/dev/null 2>&1 &
	wait_until 60 is_napping
	kill_daemon
	wait_until 60 is_awake
}

say "killed in the middle, with what is to stay"
kill_amid --keep
kept=$(find "$state/drills" -name '*.kept')
[ -f "${kept%.kept}/files/b" ] || fail "nothing was cut off"
begin

say "killed in the middle"
kill_amid
[ "$(find "$state/drills" -name b | wc -l)" -eq 2 ] || fail "nothing was cut off"
begin
only_kept() {
	[ -z "$(find "$state/drills" -mindepth 1 -maxdepth 1 \
		! -path "${kept%.kept}*")" ]
}
wait_until 60 only_kept
cmp "${kept%.kept}/files/b" "$landing/20261101/b"
rm -rf "$state/drills"/*
expect_equal "$(query "SELECT outcome FROM drill ORDER BY id DESC LIMIT 1")" \
	lost

say "one drill of a system at a time; bad words"
expect_status 64 hk drill start ehr
expect_status 64 hk drill start ehr --operator A --sample 5
expect_status 64 hk drill start ehr --operator A --sample 5% --full
expect_status 66 hk drill start ward --operator A
