#!/bin/sh
# Goal: a drill that failed stays so until a later one counts, and what all of
# an archive takes is told from what was restored of it, and checked.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
need bsdtar zstd tar

policy="full_after_capture = no
		$(closed_window)"
system_keys='recovery_target = 1h'
install_small
sed -i -e 's/^layout = .*/layout = archive/' \
	-e 's/^pattern = .*/pattern = %Y%m%d.*/' "$root/etc/hikae/hikae.conf"
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"

# program: the system's drill program, from standard input.
program() {
	{ echo '#!/bin/sh' && cat; } >"$programs/ehr"
	chmod 755 "$programs/ehr"
	give_user "$programs"
}

sign() {
	expect_status 0 hk drill sign-off "$number" --by Suzuki \
		--observation 'as expected'
}

# stands STATUS FAILED: of `drill due`; the number that failed, or null.
stands() {
	expect_status "$1" hk drill due --json
	expect_equal "$(jq -c '.systems[0] | [.failed, .status]' out)" \
		"[$2,\"$3\"]" "the drill that failed"
	hk status --json >out || :
	expect_equal "$(jq '[.reasons[].code] | any(. == "drill-failed")' out)" \
		"$([ "$2" = null ] && echo false || echo true)" "status"
}

# Of many bytes that pack well.
mkdir -p one
for i in $(seq 10 49); do
	seq 1 "${i}000" >"one/$i"
done
tar -c one | zstd -q >"$landing/20261101.tar.zst"
give_user "$landing"
begin
scan_all

# evidence: of a drill each quarter, by each check: its state, why, the share.
evidence() {
	hk compliance --json >out || :
	jq -c '[.requirements[] | select(.id == "PRD-DRILL-Q") | .rows[] |
		.evidence_state, (.checks[] | .reason, .share_ppm)]' out
}
# told YES NO: in the report's paragraph for who reads no more.
told() {
	hk report -o report.html >out
	tr -d '\n' <report.html | grep -o 'class="summary".*class="next"' >verdict
	expect_line "$1" verdict
	expect_no_line "$2" verdict
}

say "one file of many counts in part, and the share is said"
program <<-'END'
	exit 0
END
drill 1 warning --sample 0.0001%
sign
expect_equal "$(evidence | jq -c '.[:2], .[2] < 50000')" \
	'["partial","drill-small"]
true'
expect_equal "$(hk drill due --json | jq -c '.systems[0] |
	[.in_a_year, has("done"), .sample]')" "[0,false,$number]" "due"
hk drill due >out
expect_line "no\\. $number restored only [1-4] % of the bytes" out
told 'has not been shown' 'was shown within a year'

say "one that failed"
drill 1 warning --sample 50%
sign
expect_equal "$(evidence | jq -c '.[:2]')" '["complete","drill-sampled"]'
told 'share of the bytes only: ehr \([5-9][0-9] %\)' 'drill failed'
drill 1 warning
sign
expect_equal "$(evidence)" '["complete",null,null]'
stands 0 null good
told 'was shown within a year' 'share of the bytes'
program <<-'END'
	exit 2
END
drill 2 failed
failed=$number
stands 2 "$failed" bad

say "another that was cancelled, one that could not tell: no less failed"
program <<-END
	$nap
END
env --default-signal=INT "$hikae" --root "$root" drill start ehr \
	--operator Tester --json >aborted 2>&1 &
client=$!
wait_until 60 is_napping
kill -INT "$client"
wait "$client" || :
expect_equal "$(jq -r .drill.outcome aborted)" aborted
stands 2 "$failed" bad
program <<-'END'
	exit 3
END
drill 3 undetermined
sign
stands 2 "$failed" bad
expect_status 2 hk drill due
expect_line "no\. $failed failed" out
hk compliance --json >out || :
expect_equal "$(jq -c '[.requirements[] | .rows[] | .checks[] |
	select(.measure == "drill_age") | [.state, .reason]] | unique' out)" \
	'[["none","drill-failed"]]' "compliance"

told 'last restore drill failed: ehr' 'was shown within a year'
expect_line 'Now, since one failed' report.html

say "... which says nothing of what lies there: that is told apart"
hk verify --wait >/dev/null || fail "not intact"
told 'All 1 systems have their generations' 'In none of'

say "a small one mends nothing; one that passes does when it is signed"
program <<-'END'
	exit 0
END
drill 1 warning --sample 0.0001%
sign
stands 2 "$failed" bad
drill 1 warning
stands 2 "$failed" bad
sign
stands 0 null good

say "of an archive its members are counted, and checking them takes time"
packed=$(stat -c %s "$landing/20261101.tar.zst")
program <<-'END'
	sleep 2
END
drill 1 warning
sign
hk drill show "$number" --json >out
expect_equal "$(jq -c "[.files, .of_files, .bytes == .of_bytes,
	.of_bytes > 3 * $packed, .whole_ms == .restore_ms + .check_ms,
	.check_ms >= 2000]" out)" '[40,40,true,true,true,true]' "all of it"
whole=$(jq .whole_ms out)
hk drill show "$number" >out
expect_line 'in 40 of 40 files' out
expect_status 0 hk drill due --json
expect_equal "$(jq '.systems[0].estimate_ms' out)" "$whole" "estimate"

say "the record and the report have the last few, the oldest first"
expect_equal "$(hk drill show "$number" --json | jq -c '[(.trend | length),
	(.trend | map(.id) | . == sort), .trend[-1].id == .id]')" \
	'[5,true,true]' "trend"
hk report -o report.html >out
grep -q 'the last drills: .* → .* a second' report.html || fail "its trend"

say "a half stands for all of it"
drill 1 warning --sample 50%
sign
hk drill show "$number" --json >out
expect_equal "$(jq -c '[.of_files, .files < 40,
	.whole_ms > .restore_ms + .check_ms]' out)" '[40,true,true]' "a half"
whole=$(jq .whole_ms out)
expect_status 0 hk drill due --json
expect_equal "$(jq '.systems[0].estimate_ms' out)" "$whole" "estimate"
stop_daemon
