#!/bin/sh
# Goal: the record of a drill fits one A4 page in both languages and says what
# was measured and what was not; what is to be improved stays open.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
need bsdtar zstd

# A page of 297 mm with margins of 20 mm, in letters of 10 points.
LINES_MAX=60
COLUMNS_MAX=96

system_keys='name = 電子カルテ
		recovery_order = 1
		recovery_target = 1h
		restored_by = 情報係が手順書 3 により復元'
source_keys='made_by = 電子カルテ製品の夜間処理'
medium_keys='name = 外付けディスク A
		location = 分院の金庫
		offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
install_postgresql ehr.postgresql
cat >"$programs/ehr.sql" <<-'END'
	-- expect: 600
	SELECT count(*) FROM patients
END
# The check of one line that OPERATIONS names.
cat >"$programs/ehr.quick" <<-'END'
	#!/bin/sh
	pg_restore -f /dev/null "$HIKAE_DRILL_FILES/ehr.dump" || exit 2
END
chmod 755 "$programs/ehr.quick"
give_user "$programs"

begin_server
server_sql <<-'END'
	CREATE TABLE patients AS SELECT generate_series(1, 600) AS id;
	CREATE TABLE visits AS SELECT generate_series(1, 40) AS id;
	CREATE TABLE orders AS SELECT generate_series(1, 70) AS id;
	CREATE TABLE results AS SELECT generate_series(1, 90) AS id;
END
server_dump -Fc >ehr.dump
end_server
seq 1 5000 >notes.txt
put 20261101 ehr.dump notes.txt
head -c "$(($(stat -c %s ehr.dump) * 3 / 4))" ehr.dump >short
mkdir lost
mv short lost/ehr.dump
put 20261102 lost/ehr.dump notes.txt
begin
scan_all

# page LANGUAGE NUMBER: what is printed.
page() {
	LANGUAGE=$1 LANG=$1.UTF-8 LC_ALL='' hk drill show "$2" >page 2>err || :
	lines=$(wc -l <page)
	widest=$(wc -L <page)
	[ "$lines" -le "$LINES_MAX" ] || fail "$lines lines: $(cat page)"
	[ "$widest" -le "$COLUMNS_MAX" ] || fail "$widest columns: $(cat page)"
}

# drill STATUS [OPTION...]: $number is its number.
drill() {
	status=$1
	shift
	expect_status "$status" hk drill start ehr --operator '情報係 山田' --json "$@"
	number=$(jq .drill.id out)
}
due() {
	hk drill due --json >out || :
	jq -c "[.systems[0] | $1]" out
}

say "a share of it, and then all"
# Which files are in it is chance; that it is a share is not.
hk drill start ehr --operator Tester --sample 5% --json \
	--generation ehr@20261101T000000+0000 >out 2>err || :
sampled=$(jq .drill.id out)
drill 0 --generation ehr@20261101T000000+0000
page C "$sampled"
expect_line 'Share chosen: 5 %' page
expect_line 'Restoring and checking all of it, at this pace: ' page
expect_line 'not in the sample' page

say "not signed: it does not count, and status says so"
expect_equal "$(due 'has("done"), .unsigned > 0')" '[false,true]'
hk status --json >out || :
expect_equal "$(jq '[.reasons[].code] | any(. == "drill-unsigned")' out)" true

say "signed by another than who carried it out"
expect_status 0 hk drill sign-off "$number" --by '院長 鈴木' \
	--witness '総務 佐藤' --observation '記録を読めることを確認した。
患者数が一致した。' --improvement 'ディスクの取り寄せに時間がかかった。' \
	--due 2100-01-01
expect_equal "$(due 'has("done"), .improvements_open')" '[true,1]'
hk drill due >out || :
expect_line 'Default: quarter +Rules: year' out
expect_line 'All systems, one after the other' out
expect_equal "$(hk drill due --json | jq '.estimate_ms > 0 and
	.systems[0].back_after_ms == .systems[0].estimate_ms and
	.systems[0].target_ms == 3600000')" true "estimates"

say "one page, in both languages"
page C "$number"
expect_line 'To be improved: ' page
expect_line 'Signed by: 院長 鈴木' page
expect_line 'Witness: 総務 佐藤' page
expect_line 'Carried out by: 情報係 山田' page
expect_line '^OK ehr-postgresql: .*rows 800' page
expect_line '^OK ehr-quick' page
expect_line 'Trend, the oldest first:' page
expect_line "^ +no\\. $sampled, .* of it: .* a second" page
expect_line "^ +no\\. $number, .* 100 % of it: .* a second" page
expect_line 'Target: 1 h' page
expect_line 'Medium: 外付けディスク A \(disk1\)' page
expect_line 'Facility: Small Clinic' page
page ja "$number"
expect_line '^○ 復元訓練 第[0-9]+号' page
expect_line '署名者：院長 鈴木' page
cp page record.ja

say "open until it is done"
expect_status 0 hk drill improved "$number" --by '情報係 山田' --note '当日便に変えた。'
expect_equal "$(due '.improvements_open')" '[0]'
got=0
hk drill improved "$number" --by Other >out 2>err || got=$?
[ "$got" -ne 0 ] || fail "closed twice"
page ja "$number"
expect_line '当日便に変えた' page

say "one that failed, with a reason that is said"
drill 2 --generation ehr@20261102T000000+0000
expect_status 0 hk drill sign-off "$number" --by '院長 鈴木' \
	--observation '前夜のダンプは末尾が欠けていた。' --improvement '監視を加える。'
page C "$number"
expect_line '^BAD Restore drill no\. ' page
page ja "$number"

say "one after it that passes, and is signed"
expect_status 2 hk drill due
drill 0 --generation ehr@20261101T000000+0000
expect_status 2 hk drill due
expect_status 0 hk drill sign-off "$number" --by '院長 鈴木' \
	--observation '前の世代は復元できた。'
expect_status 0 hk drill due

say "the table of the continuity plan"
expect_status 0 hk report -o report.html
grep -q '情報係が手順書 3 により復元' report.html || fail "how it is restored"
grep -q '電子カルテ製品の夜間処理' report.html || fail "how it is made"

# at DAYS: hikaed so many days later; $codes are the reasons of its status.
at() {
	stop_daemon
	begin env FAKETIME="+$1d" FAKETIME_DONT_FAKE_MONOTONIC=1 \
		LD_PRELOAD="$clock_library"
	hk status --json >out || :
	codes=$(jq -r '[.reasons[] | select(.system == "ehr") | .code] |
		join(" ")' out)
}
if has_clock; then
	say "due by hikae's default, and then by the rules"
	at 100
	case " $codes " in
	*' drill-overdue '*) fail "overdue after 100 days: $codes" ;;
	*' drill-due '*) ;;
	*) fail "not due after 100 days: $codes" ;;
	esac
	expect_status 1 hk drill due
	at 400
	case " $codes " in
	*' drill-overdue '*) ;;
	*) fail "not overdue after 400 days: $codes" ;;
	esac
	expect_status 2 hk drill due
fi
stop_daemon
