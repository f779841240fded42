# inspection: what the director reads, and what an inspector checks alone.
#
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # what is not set here is run.sh's

show_report() {
	step "The report for the director and the binder" \
		"院長と綴じ込み用の報告書"
	note "Look at: open it in a browser, or print it on A4." \
		"見どころ：ブラウザーで開くか、A4 で印刷してください。"
	ask report -o "$root/report.html"
	[ "$asked" -eq 0 ] || give_up "no report" "報告書を作れません"
}

# tell COMMAND...: show it, and run it.
tell() {
	printf '\n%s$ %s%s\n' "$dim" "$*" "$plain"
	"$@"
}

# By standard tools alone, in the unpacked bundle.
check_bundle() {
	cd "$root/bundle"/*/ || return 1
	tell minisign -V -p "$root/var/lib/hikae/keys/daemon.pub" \
		-m tagmanifest-sha256.txt
	tell minisign -V -p "$root/var/lib/hikae/keys/daemon.pub" \
		-m data/journal/checkpoint-end.txt
	tell sha256sum --quiet -c tagmanifest-sha256.txt manifest-sha256.txt
}

show_evidence() {
	step "The evidence for an inspector, who trusts nobody" \
		"検査官へ渡す証跡一式：誰も信用しない人のために"
	note "Look at: it is checked with minisign and sha256sum, without hikae." \
		"見どころ：hikae を使わず、minisign と sha256sum で確かめられます。"
	ask evidence export --from "$(TZ=JST-9 date -d '-7 days' +%Y-%m-%d)" \
		--to "$(TZ=JST-9 date +%Y-%m-%d)" -o "$root/evidence.tar"
	[ -e "$root/evidence.tar" ] || give_up "no bundle" "証跡一式を作れません"
	mkdir "$root/bundle"
	LC_ALL=C bsdtar -xf "$root/evidence.tar" -C "$root/bundle"
	(check_bundle) || give_up "the bundle is wrong" "証跡一式が合いません"
	ask evidence verify "$root/evidence.tar" \
		--public-key "$root/var/lib/hikae/keys/daemon.pub"
	[ "$asked" -eq 0 ] || give_up "not proven" "証明されません"

	step "One byte of it is changed" "その 1 バイトを変えると"
	note "Look at: it is refused, and what is wrong is named." \
		"見どころ：拒否され、どこが違うかが示されます。"
	cp "$root/evidence.tar" "$root/forged.tar"
	flip_bit "$root/forged.tar"
	ask evidence verify "$root/forged.tar" \
		--public-key "$root/var/lib/hikae/keys/daemon.pub"
	[ "$asked" -eq 2 ] || give_up "it was believed" "改変が通ってしまいました"
}
