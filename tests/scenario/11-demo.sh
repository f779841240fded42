#!/bin/sh
# Goal: the demo names every damage it does and shows each medium for what it is.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need dump2dcm psql rsync zstd minisign pgrep mkfs.ext4
run=$here/../../demo/run.sh
root=$scratch/demo
[ "${#root}" -le 80 ] || root=$(mktemp -d /tmp/hikae-demo.XXXXXX)

say "in Japanese, on a machine without that locale"
expect_status 0 env LC_ALL=ja_JP.UTF-8 "$run" "$HIKAE_BUILD" "$root"
expect_line '小さな病院で試す' out
expect_line 'ok  bit-rot +imaging, nas1' out
expect_line 'ok  truncated +ehr, nas1' out
expect_line 'ok  overwritten +receipt, usb2' out
expect_line 'ok  generation-missing +ehr, usb2' out
expect_line 'ok  left-attached +-, usb2' out
expect_line '^orca.dump: OK' out
expect_line 'バックアップに問題があります' "$root/report.html"
find "$root/var/lib/hikae/manifests" -name '*.zst' -exec zstd -dcq {} + |
	sed -n 's|^\./\(.*/\)*\([^/ ]*\) .*type=file.*|\2|p' |
	awk 'length > 5' | sort -u >names
[ "$(wc -l <names)" -ge 500 ] || fail "few names"
if grep -oFf names "$root/report.html"; then
	fail "the report names files"
fi
expect_equal "$(pgrep -f "hikaed --root $root")" "" "daemons left"
expect_equal "$(awk -v at="$root/" 'index($5, at) == 1' /proc/self/mountinfo)" \
	"" "mounts left"

say "each medium for what it is"
expect_line '^○ BCP-1-2 ' out
expect_line '^× BP-321-BACKUPS ' out
if grep -Eq '外付けディスク A +オフライン確認済み' out; then
	# Four copies of the claims on two disks.
	expect_line 'レセプトコンピューター +.* 3-2-1 ' out
	expect_line '^○ BP-321-OFFLINE ' out
	expect_line '^○ SURVEY-MULTIPLE ' out
	expect_line '^○ SURVEY-BOTH ' out
	at_once=
else
	sed 's/^/mount: /' "$root/mount.log" 2>/dev/null || :
	at_once=imaging
	expect_line '1 つのディスク上のフォルダーです' out
	expect_no_line '^○ BP-321-OFFLINE |^○ SURVEY-BOTH ' out
fi

say "somebody is told in one message, and a disk carries the plan"
expect_line '^  \| 要対応：' out
expect_line '医用画像（PACS）（サーバー室の NAS）.*壊れている複製' out
expect_line '^Trusted comment: hikae witness .* usb2 checkpoint.txt' out
expect_line '^  \| 復旧計画|1 つのディスク上のフォルダーです' out

say "drills: four that prove, one that fails for a real reason, a signature"
# Images come from disk A, which has to be fetched: nobody waits for that drill.
# Where media are folders there is nothing to fetch.
sed -n 's/^○ 訓練[0-9]*（\([a-z0-9]*\)@.*）：合格$/\1/p' out >good
expect_equal "$(sort good | xargs)" "$(printf '%s\n' ehr $at_once receipt ssmix2 |
	xargs)" "good drills"
expect_equal "$(grep -c '^○ 復元訓練 第[0-9]*号：合格$' out)" 1 \
	"records of good drills"
expect_line '^× 訓練[0-9]+（receipt@.*）：失敗' out
expect_line '^途中で終わっています' out
expect_line '^○ 記録簿の[0-9]+番に記録しました' out

say "evidence: checked by others' tools, refused when changed"
expect_line '^Trusted comment: hikae evidence ' out
expect_line '^Trusted comment: hikae checkpoint ' out
expect_line '^○ すべてのファイルが署名されたときのままです' out
expect_line '^× この一式は証跡になりません' out

say "not over a folder that is somebody else's"
mkdir other
: >other/file
expect_status 73 "$run" "$HIKAE_BUILD" "$scratch/other"
expect_equal "$(ls other)" file

say "what was found is known after a restart, what was not is missed"
# shellcheck source=demo/damage.sh
. "$here/../../demo/damage.sh"
words() { printf '%s' "$1"; }
give_up() { fail "$1"; }
start_daemon "$root"
expect_found bit-rot imaging nas1
(trap - EXIT && expect_found bit-rot receipt nas1) 2>err &&
	fail "found what is not there"
expect_line 'not found: bit-rot' err
stop_daemon "$daemon"
[ "$root" = "$scratch/demo" ] || rm -rf "$root"
