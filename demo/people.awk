# Patients, none of them real, in the same order every time.
#   awk -v count=N -f people.awk
#   -> number TAB name TAB kana TAB romaji TAB sex TAB birthday
#
# Names are within JIS X 0208, since every format here must be able to write
# them; "^" parts family and given name.

# The next number below n of a fixed sequence (Park and Miller, 1988).
function next_below(n) {
	seed = (seed * 16807) % 2147483647
	return seed % n
}

function split_names(text, names,    i, count) {
	count = split(text, names, " ")
	return count
}

BEGIN {
	seed = 20261121
	families = split_names("山田/ヤマダ/YAMADA 佐藤/サトウ/SATO " \
		"鈴木/スズキ/SUZUKI 高橋/タカハシ/TAKAHASHI " \
		"田中/タナカ/TANAKA 伊藤/イトウ/ITO 渡辺/ワタナベ/WATANABE " \
		"中村/ナカムラ/NAKAMURA 小林/コバヤシ/KOBAYASHI " \
		"加藤/カトウ/KATO 吉田/ヨシダ/YOSHIDA " \
		"山本/ヤマモト/YAMAMOTO 松本/マツモト/MATSUMOTO " \
		"井上/イノウエ/INOUE 木村/キムラ/KIMURA 林/ハヤシ/HAYASHI " \
		"清水/シミズ/SHIMIZU 森/モリ/MORI 池田/イケダ/IKEDA " \
		"橋本/ハシモト/HASHIMOTO 石川/イシカワ/ISHIKAWA " \
		"前田/マエダ/MAEDA 岡田/オカダ/OKADA " \
		"後藤/ゴトウ/GOTO", family)
	women = split_names("花子/ハナコ/HANAKO 和子/カズコ/KAZUKO " \
		"幸子/サチコ/SACHIKO 洋子/ヨウコ/YOKO " \
		"恵子/ケイコ/KEIKO 美咲/ミサキ/MISAKI " \
		"陽菜/ヒナ/HINA 千代/チヨ/CHIYO 久美/クミ/KUMI " \
		"さくら/サクラ/SAKURA", woman)
	men = split_names("太郎/タロウ/TARO 一郎/イチロウ/ICHIRO " \
		"健一/ケンイチ/KENICHI 正/タダシ/TADASHI " \
		"茂/シゲル/SHIGERU 誠/マコト/MAKOTO " \
		"大輔/ダイスケ/DAISUKE 翔太/ショウタ/SHOTA " \
		"清/キヨシ/KIYOSHI 三郎/サブロウ/SABURO", man)
	for (n = 1; n <= count; n++) {
		sex = next_below(2) ? "F" : "M"
		split(family[1 + next_below(families)], f, "/")
		split(sex == "F" ? woman[1 + next_below(women)] : \
			man[1 + next_below(men)], g, "/")
		printf "%08d\t%s^%s\t%s^%s\t%s^%s\t%s\t%04d-%02d-%02d\n", n,
			f[1], g[1], f[2], g[2], f[3], g[3], sex,
			1930 + next_below(90), 1 + next_below(12),
			1 + next_below(28)
	}
}
