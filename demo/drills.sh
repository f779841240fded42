# drills: restoring, for real: once for each kind of system, once in vain.
#
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # what is not set here is run.sh's

operator=$(words "Yamada (IT)" "情報係 山田")

# A night on which the disk of the claims computer was full: the dump lost its
# end before any copy was made, and the checksums are those of what was left.
cut_dump() {
	for medium in nas1 usb1; do
		cut=$(from_end 4 "$root/media/$medium"/receipt/*)
		touch -r "$cut/SHA256SUMS" "$root/times"
		truncate -s $(($(stat -c %s "$cut/orca.dump") * 7 / 10)) \
			"$cut/orca.dump"
		(cd "$cut" && sha256sum RECEIPTC.UKE orca.dump orca.sql \
			>SHA256SUMS)
		touch -r "$root/times" "$cut/orca.dump" "$cut/SHA256SUMS" "$cut"
	done
	cut=${cut##*/}
	cut_generation=$(printf '%s' "${cut#orca-}" |
		sed 's/\(.*\)-\(.*\)/receipt@\1T\200+0900/')
}

# drill_wait SYSTEM: until its drill has ended.
drill_wait() {
	deadline=$(($(date +%s) + 300))
	until "$hikae" --root "$root" drill list "$1" --json |
		tr -d ' \n' | grep -q '"outcome":"'; do
		[ "$(date +%s)" -lt "$deadline" ] ||
			give_up "the drill does not end" "訓練が終わりません"
		sleep 0.5
	done
}

drill_number() {
	"$hikae" --root "$root" drill list "$1" --json | tr -d ' \n' |
		grep -o '"id":[0-9]*' | head -n 1 | tr -dc 0-9
}

# drill SYSTEM STATUS [OPTION...]
drill() {
	drilled=$1
	wanted=$2
	shift 2
	ask drill start "$drilled" --operator "$operator" "$@"
	[ "$asked" -eq "$wanted" ] ||
		give_up "the drill ended with $asked, not $wanted" \
			"訓練の終了コードが $wanted でなく $asked です"
}

# The images' only copy out of reach is on disk A: hikae asks for it.
drill_images() {
	also=75
	ask drill start imaging --operator "$operator"
	also=
	if [ "$mounts" = yes ]; then
		[ "$asked" -eq 75 ] ||
			give_up "it did not ask for the disk" \
				"ディスクを求めませんでした"
		line "Disk A is brought back, and plugged in read-only." \
			"ディスク A を分院から戻し、読み取り専用でつなぎます。"
		ask media checkin usb1 --by "$operator"
		media_plug usb1
		drill_wait imaging
	fi
	ask drill show "$(drill_number imaging)"
}

show_drills() {
	step "Can it be restored, and how fast?" \
		"本当に復元できるか、何分かかるか"
	note "Look at: hikae asks for the disk that an attack would leave; what was proved, and what not." \
		"見どころ：攻撃後に残るディスクを使います。何を証明し、何を証明していないか。"
	drill_images
	for system in receipt ehr ssmix2; do
		ask drill start "$system" --medium usb1 --operator "$operator"
		[ "$asked" -le 1 ] ||
			give_up "the drill failed" "訓練に失敗しました"
	done

	step "A drill that fails, though every byte is as it was backed up" \
		"バイトは無傷でも、復元に失敗する訓練"
	note "Look at: that night's dump had lost its end before it was copied." \
		"見どころ：この夜のダンプは、コピーされる前から末尾が欠けていました。"
	drill receipt 2 --medium usb1 --generation "$cut_generation"

	step "A drill counts when it is signed" "訓練は、署名してはじめて数えます"
	ask drill sign-off "$(drill_number ehr)" \
		--by "$(words "Director Suzuki" "院長 鈴木")" \
		--witness "$(words "Sato (office)" "総務 佐藤")" \
		--observation "$(words "Records could be read." \
			"記録を読めることを確認した。")" \
		--improvement "$(words "Fetching the disk took long." \
			"ディスクの取り寄せに時間がかかった。")" \
		--due "$(TZ=JST-9 date -d '+60 days' +%Y-%m-%d)"
	ask drill due
}
