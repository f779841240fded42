#!/bin/sh
# The demo: hikae watches a small hospital, whose backups are then damaged.
# Usage: run.sh BUILD [FOLDER]
#
# BUILD has bin/hikae and bin/hikaed.  Everything is made below FOLDER (default
# BUILD/../demo), also what would be in /etc, /var and /run; it is left there
# to look at, and made anew next time.  Needs no root; with it, media are real
# file systems that come and go.  Speaks Japanese where the locale does.
# Exit 0 when every damage was found and named, and each medium shown for what
# it is.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:?usage: run.sh BUILD [FOLDER]}" && pwd)
folder=${2:-$build/../demo}
hikae=$build/bin/hikae
hikaed=$build/bin/hikaed
. "$here/words.sh"
. "$here/damage.sh"
. "$here/media.sh"
. "$here/share.sh"
. "$here/duties.sh"
. "$here/drills.sh"
. "$here/inspection.sh"
. "$here/told.sh"
media_enter "$here/run.sh" "$@"

daemon=
clean_up() {
	status=$?
	trap - EXIT
	if [ -n "$daemon" ]; then
		kill "$daemon" 2>/dev/null || :
		wait "$daemon" 2>/dev/null || :
	fi
	share_close
	exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

give_up() {
	printf '\n%s\n' "$(words "$1" "$2")" >&2
	[ ! -e "$root/hikaed.log" ] || tail -n 20 "$root/hikaed.log" >&2
	exit 1
}

# A socket's path has at most 107 bytes.
prepare_root() {
	mkdir -p "$folder"
	root=$(cd "$folder" && pwd -P)
	if [ "${#root}" -gt 80 ]; then
		root=$(mktemp -d /tmp/hikae-demo.XXXXXX)
	elif [ -e "$root/this-is-a-demo" ]; then
		rm -rf "$root"
	elif ! rmdir "$root" 2>/dev/null; then
		printf '%s: %s\n' "$root" "$(words "not made by the demo" \
			"デモが作ったフォルダーではありません")" >&2
		exit 73
	fi
	mkdir -p "$root/etc/hikae/conf.d" "$root/var/lib/hikae" "$root/run/hikae"
	chmod 700 "$root/var/lib/hikae" "$root/run/hikae"
	: >"$root/this-is-a-demo"
}

# What a line of sed may hold on its right side.
escaped() {
	printf '%s' "$1" | sed 's/[&|\\]/\\&/g'
}

write_configuration() {
	sed -e "s|@FOLDER@|$(escaped "$root/media")|" \
		-e "s|@MOUNTPOINT@|$mounts|" \
		-e "s|@UUID1@|$(uuid_line usb1)|" \
		-e "s|@UUID2@|$(uuid_line usb2)|" \
		-e "s|@FACILITY@|$(words "Hikae Village Hospital" \
			"控えの里病院")|" \
		-e "s|@EHR@|$(words "Patient records" "電子カルテ")|" \
		-e "s|@RECEIPT@|$(words "Claims computer" \
			"レセプトコンピューター")|" \
		-e "s|@IMAGING@|$(words "Images (PACS)" "医用画像（PACS）")|" \
		-e "s|@SSMIX2@|$(words "SS-MIX2 storage" \
			"SS-MIX2標準化ストレージ")|" \
		-e "s|@NAS@|$(words "NAS in the server room" \
			"サーバー室の NAS")|" \
		-e "s|@NAS_B@|$(words "Second folder of the NAS" \
			"同じ NAS の別フォルダー")|" \
		-e "s|@USB1@|$(words "Removable disk A" \
			"外付けディスク A")|" \
		-e "s|@USB2@|$(words "Removable disk B" \
			"外付けディスク B")|" \
		-e "s|@SAFE@|$(words "Safe, branch clinic" \
			"分院の金庫")|" \
		"$here/hikae.conf.in" >"$root/etc/hikae/hikae.conf"
	[ "$share" = no ] || share_section >"$root/etc/hikae/conf.d/share.conf"
	notify_prepare
}

# hikae's exit status is 0 to 3 whatever the backups are like; else it failed.
ask() {
	printf '\n%s$ hikae' "$dim"
	for argument in "$@"; do
		case $argument in
		*[!a-zA-Z0-9@%+=:,./_-]*) printf " '%s'" "$argument" ;;
		*) printf ' %s' "$argument" ;;
		esac
	done
	printf '%s\n' "$plain"
	asked=0
	"$hikae" --root "$root" "$@" || asked=$?
	[ "$asked" -le 3 ] || [ "$asked" -eq "${also:-0}" ] ||
		give_up "hikae failed (exit $asked)" \
			"hikae が失敗しました（終了コード $asked）"
}

start_daemon() {
	"$hikaed" --root "$root" >"$root/hikaed.log" 2>&1 &
	daemon=$!
	deadline=$(($(date +%s) + 300))
	until "$hikae" --root "$root" jobs >/dev/null 2>&1; do
		if ! kill -0 "$daemon" 2>/dev/null ||
			[ "$(date +%s)" -ge "$deadline" ]; then
			give_up "hikaed does not answer:" \
				"hikaed が応答しません："
		fi
		sleep 0.1
	done
}

captured() {
	"$hikae" --root "$root" copies --json |
		grep -oE '"state": ?"captured"' | wc -l
}

# Every copy is recorded once it has rested for settle_time; 180 s without one
# more is too long.
wait_for_captures() {
	wanted=$1
	had=0
	deadline=$(($(date +%s) + 180))
	while have=$(captured) && [ "$have" -lt "$wanted" ]; do
		if [ "$have" -gt "$had" ]; then
			had=$have
			deadline=$(($(date +%s) + 180))
		fi
		[ ! -t 1 ] || printf '\r  %d / %d ' "$have" "$wanted"
		kill -0 "$daemon" 2>/dev/null ||
			give_up "hikaed ended:" "hikaed が終了しました："
		[ "$(date +%s)" -lt "$deadline" ] ||
			give_up "only $have of $wanted copies were recorded" \
				"$wanted 件のうち $have 件しか記録されていません"
		sleep 0.5
	done
	[ ! -t 1 ] || printf '\r'
	line "$have copies recorded, each with a signed manifest." \
		"$have 件の複製を記録し、それぞれに署名付きの目録を作りました。"
}

# One line a system: what it is, how many, how large.
list_media() {
	for place in "$root"/media/*/*; do
		system=${place##*/}
		[ "$system" != second ] || continue
		medium=${place%/*}
		medium=${medium##*/}
		count=$(find "$place" -mindepth 1 -maxdepth 1 | wc -l)
		[ "$system" != ssmix2 ] || count=1
		printf '  %-15s %2d  %5s  %s\n' "$medium/$system" "$count" \
			"$(du -sh "$place" | cut -f 1)" \
			"$(describe "$system" "$medium")"
	done
}

# A manifest, its signature and a copy, by other people's programs.
prove() {
	copy=$(find "$root/media/nas1/receipt" -name 'orca-*' | sort |
		tail -n 1)
	manifest=$(cd "$root" && find var/lib/hikae/manifests/receipt \
		-name 'nas1.*.mtree.zst' | sort | tail -n 1)
	key=var/lib/hikae/keys/daemon.pub
	printf '\n%s$ minisign -V -p %s \\\n    -m %s%s\n' "$dim" "$key" \
		"$manifest" "$plain"
	(cd "$root" && minisign -V -p "$key" -m "$manifest")
	printf '\n%s$ cd %s\n$ hikae manifest export %s | sha256sum -c%s\n' \
		"$dim" "${copy#"$root/"}" "${manifest##*/}" "$plain"
	"$hikae" manifest export "$root/$manifest" >"$root/sums"
	(cd "$copy" && sha256sum -c "$root/sums")
}

prepare_root
title "hikae watches a small hospital" "hikae 控え：小さな病院で試す"

step "The hospital's backups: real formats, invented patients" \
	"病院のバックアップを作ります（形式は本物、患者は架空）"
media_make
describe_media
"$here/hospital.sh" "$root/media"
cut_dump
media_fill
share_open
describe_share
list_media

step "Configuration and keys" "設定を確かめ、鍵を作ります"
write_configuration
ask config check
[ "$asked" -eq 0 ] || give_up "the configuration is wrong" "設定に誤りがあります"
printf 'a passphrase for the demo\n' >"$root/passphrase"
chmod 600 "$root/passphrase"
ask key init --facility-key "$root/facility.key" \
	--passphrase-file "$root/passphrase"
[ "$asked" -eq 0 ] || give_up "no keys" "鍵を作れません"

step "The daemon finds the backups, reads them and signs what it saw" \
	"hikaed がバックアップを見つけて読み、目録に署名します"
note "Look at: each generation on how many media, and do they agree?" \
	"見どころ：各世代がいくつの媒体にあり、互いに一致しているか。"
start_daemon
began=$(date +%s)
ask scan
wait_for_captures "$(expected_copies)"
ask generations receipt

step "Everything is read once more and compared with the manifests" \
	"すべてをもう一度読み、目録と照合します"
note "Look at: every copy intact, and how old the oldest reading is." \
	"見どころ：すべて無傷か。いちばん古い読み取りはいつか。"
ask verify --wait
[ "$asked" -le 1 ] ||
	give_up "damage was found where there is none" \
		"壊していないのに損傷が報告されました"

show_media
show_damage
show_forgotten
show_told
show_requirements
attest
show_recovery
show_witness
show_drills
show_signature
show_report
show_evidence

step "How things stand" "いまの状態"
ask status
kill "$daemon"
wait "$daemon" || give_up "hikaed ended badly" "hikaed の終了が異常です"
daemon=

step "All of it is still there to look at" "あとからでも調べられます"
line "below $root; start the daemon again with" \
	"$root の下に残してあります。もう一度起動するには："
[ "$mounts" = no ] || printf '  mount -o loop %s/nas1.img %s/media/nas1\n' \
	"$root" "$root"
printf '  %s --root %s &\n  %s --root %s status\n' "$hikaed" "$root" \
	"$hikae" "$root"
