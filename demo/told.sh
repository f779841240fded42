# told: who is told of damage, and what a disk tells when the host is gone.
#
# shellcheck shell=sh
# shellcheck disable=SC2154 # what is not set here is run.sh's

# A real facility says `method = mail`; here a program keeps each message.
notify_prepare() {
	mkdir -p "$root/told"
	cat >"$root/tell" <<-END
		#!/bin/sh
		cat >"$root/told/.new.\$\$"
		mv "$root/told/.new.\$\$" "$root/told/\$(date +%s%N)"
	END
	chmod 755 "$root/tell"
	cat >"$root/etc/hikae/conf.d/notify.conf" <<-END
		[notify it]
		method = command
		command = $root/tell
		delay = 0s
		group = 5s
		digest_time = none
		events = bad
	END
}

# The newest message that names a problem of that system and medium.
message_about() {
	grep -lF "$1" "$root"/told/* 2>/dev/null | tail -n 1
}

show_told() {
	step "Who is told, and when" "担当者には、すぐに知らせが届きます"
	note "Look at: one message, not one for each; what is wrong, and what to do next." \
		"見どころ：続けて起きたことは 1 通にまとまります。何が起き、次に何をするか。"
	about=$(words "Images (PACS) (NAS in the server room)" \
		"医用画像（PACS）（サーバー室の NAS）")
	deadline=$(($(date +%s) + 300))
	until message=$(message_about "$about") && [ -n "$message" ]; do
		[ "$(date +%s)" -lt "$deadline" ] ||
			give_up "nobody was told" "誰にも知らせが届いていません"
		sleep 0.5
	done
	printf '\n'
	head -n 22 "$message" | sed "s/^/  | /"
	[ "$(wc -l <"$message")" -le 22 ] || printf '  | …\n'
	ask notify list
}

show_witness() {
	step "If this host is gone as well: what disk B carries" \
		"このホストまで失われたら：ディスク B が持っているもの"
	note "Look at: the signed journal and the recovery plan, written there by hikae (witness = yes)." \
		"見どころ：hikae が置いた署名付きの記録簿と復旧計画（witness = yes）。"
	deadline=$(($(date +%s) + 300))
	until [ -e "$root/media/usb2/hikae-witness/journal.txt" ]; do
		[ "$(date +%s)" -lt "$deadline" ] ||
			give_up "no witness was written" "証人が書かれていません"
		sleep 0.5
	done
	(
		cd "$root/media/usb2/hikae-witness"
		tell ls
		tell minisign -V -p "$root/var/lib/hikae/keys/daemon.pub" \
			-m checkpoint.txt
	) || give_up "the witness is wrong" "証人が合いません"
	ask journal verify "$root/media/usb2/hikae-witness/journal.txt" \
		--public-key "$root/var/lib/hikae/keys/daemon.pub"
	[ "$asked" -eq 0 ] || give_up "the witness is wrong" "証人が合いません"
	# One that never goes is written at the start and once a day: too early.
	[ "$mounts" = yes ] || return 0
	printf '\n'
	sed -n "/^$(words "Recovery plan" "復旧計画")/,\$p" \
		"$root/media/usb2/hikae-witness/recover-plan.txt" |
		head -n 12 | sed 's/^/  | /'
	printf '  | …\n'
}
