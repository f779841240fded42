# duties: the acts of the demo after all is well: media, damage, requirements.
#
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # what is not set here is run.sh's

expected_copies() {
	copies=65
	[ "$share" = no ] || copies=72
	echo "$copies"
}

# media_is MEDIUM MEMBER VALUE
media_is() {
	"$hikae" --root "$root" media show "$1" --json | tr -d ' \n' |
		grep -q "\"$2\":\"\?$3\"\?[,}]"
}

# media_wait MEDIUM MEMBER VALUE: until hikae sees it.
media_wait() {
	deadline=$(($(date +%s) + 300))
	until media_is "$@"; do
		[ "$(date +%s)" -lt "$deadline" ] ||
			give_up "$1: $2 is not $3" "$1：$2 が $3 になりません"
		sleep 0.3
	done
}

take_away() {
	if [ "$mounts" = yes ]; then
		media_wait usb1 is_removable_now true
		ask media release usb1
		media_unplug usb1
		media_wait usb1 state absent
	fi
	ask media checkout usb1 \
		--by "$(words "Yamada (IT)" "情報係 山田")" \
		--to "$(words "Sato (office)" "総務 佐藤")" \
		--place "$(words "Safe, branch clinic" "分院の金庫")" \
		--until 7d
}

show_media() {
	step "Which copy is out of an attacker's reach?" \
		"攻撃者の手が届かない複製はどれか"
	if [ "$mounts" = yes ]; then
		note "Look at: disk A is unplugged and lent: out of reach, observed. Disk B stays plugged in." \
			"見どころ：ディスク A は外して分院へ（不在を観測）。ディスク B は差したまま。"
	else
		note "Look at: plain folders cannot be unplugged, so nothing counts as offline." \
			"見どころ：フォルダーは取り外せないため、どれもオフラインに数えません。"
	fi
	take_away
	if [ "$share" = yes ]; then
		share_cut
		media_wait share1 state attached
		line "share1 was unmounted, but its server still answers: in reach." \
			"share1 はアンマウントしましたが、サーバーは応答します。手の届くところにあります。"
	fi
	ask media list
	ask status
	line "nas1 and nas1b are two folders of one disk: hikae counts them as one copy." \
		"nas1 と nas1b は同じディスクの 2 つのフォルダーなので、複製は 1 つと数えます。"
}

show_damage() {
	step "Now copies within reach are damaged, in four ways" \
		"ここで手の届く複製を 4 通りに壊します"
	attack=$(TZ=JST-9 date '+%Y-%m-%d %H:%M:%S')
	damage_all "$root/media"

	step "What is gone shows at the next look, the rest when it is read again" \
		"なくなった世代は走査で、ほかは読み直して見つけます"
	ask scan
	patience=30
	expect_found generation-missing ehr usb2
	for medium in nas1 usb2; do
		ask verify --medium "$medium" --wait
		[ "$asked" -eq 2 ] ||
			give_up "the damage did not count as bad (exit $asked)" \
				"損傷が「異常」になりませんでした（終了コード $asked）"
	done
	patience=2
	expect_found truncated ehr nas1
	expect_found overwritten receipt usb2
	expect_found bit-rot imaging nas1
	bit_rot=$number

	step "What was found" "見つかったもの"
	note "Look at: what happened to which file where, and what to do next." \
		"見どころ：どこのどのファイルに何が起き、次に何をすればよいか。"
	ask findings
	ask show "$bit_rot"
}

show_forgotten() {
	step "The disk that was forgotten in the drive" \
		"差したまま忘れられたディスク"
	note "Look at: disk B may be in reach for 1 minute (max_attached; a real hospital sets hours)." \
		"見どころ：ディスク B の接続は 1 分まで（max_attached。実際には数時間などにします）。"
	while [ "$(date +%s)" -lt $((began + 62)) ]; do
		sleep 0.5
	done
	ask scan
	# Where it was seen to come late, at hikaed's next look but one.
	patience=200
	expect_found left-attached - usb2
	ask findings --medium usb2
}

show_requirements() {
	step "What an inspector asks: each requirement and its evidence" \
		"検査で問われること：要件ごとの証跡"
	note "Look at: hikae never says \"compliant\"; it says what evidence there is." \
		"見どころ：hikae は「適合」とは言いません。証跡があるかどうかだけを示します。"
	ask compliance --pack best-practice --system receipt
	ask compliance BCP-1-2
}

attest() {
	step "What cannot be measured is stated by a person, with a document" \
		"測れないことは、人が書類を添えて申告します"
	note "Look at: it changes what was missing, and ends on a day." \
		"見どころ：足りなかった証跡がそろいます。申告には期限があります。"
	words "How to restore: 1. isolate the network ..." \
		"復元手順書：1. ネットワークを切り離す…" >"$root/procedure.txt"
	ask attest BCP-1-2 --by "$(words "Director Suzuki" "院長 鈴木")" \
		--until "$(TZ=JST-9 date -d "+365 days" +%Y-%m-%d)" --document "$root/procedure.txt" \
		--document-kind restore-procedure
	[ "$asked" -le 1 ] || give_up "not attested" "申告できません"
	ask compliance BCP-1-2
}

show_recovery() {
	step "The day of an attack: what to restore, from which medium" \
		"攻撃を受けた日：何を、どの媒体から戻すか"
	note "Look at: only backups from before the attack, damaged copies left out." \
		"見どころ：攻撃より前のものだけ。壊れた複製は使いません。"
	ask recover plan --before "$attack"

	step "Before an update: is there something to go back to?" \
		"更新の前に：戻せるバックアップはあるか"
	ask preflight receipt --by "$(words "Yamada (IT)" "情報係 山田")" \
		--note "$(words "claims computer, November update" \
			"レセプトコンピューター 11月の更新")"
}

show_signature() {
	step "What is signed can be checked without hikae" \
		"署名した目録は、hikae がなくても確かめられます"
	prove
}
