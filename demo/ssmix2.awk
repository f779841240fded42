# SS-MIX2 standard storage as one text, for ehr.sh to take apart.
#   awk -v today=YYYYMMDD -v visits=FILE -f ssmix2.awk people.tsv
#   -> for each file: "FILE" TAB PATH TAB YYYYMMDD, then its segments, a line
#      each
#
# HL7 v2.5 in the manner of JAMI's SS-MIX2 guideline 1.2; visits: lines of
# PATIENT-NUMBER TAB YYYYMMDD.

# The next number below n of a fixed sequence (Park and Miller, 1988).
function next_below(n) {
	seed = (seed * 16807) % 2147483647
	return seed % n
}

# Begin a file; department "-" and date "-" where the type has none.
function begin(date, type, event, department, flag,    when, order, stamp) {
	when = date == "-" ? first : date
	order = sprintf("%015d", ++orders)
	stamp = when sprintf("%02d%02d%02d%03d", 9 + next_below(8),
		next_below(60), next_below(60), next_below(1000))
	printf "FILE\t%s/%s/%s/%s/%s/%s_%s_%s_%s_%s_%s_%d\t%s\n",
		substr(id, 1, 3), substr(id, 4, 3), id, date, type,
		id, date, type, order, stamp, department, flag, when
	print "MSH|^~\\&|HIS|HIKAE|GW|STORAGE|" substr(stamp, 1, 14) "||" \
		event "|" order "|P|2.5||||||~ISO IR87||ISO 2022-1994|" \
		"SS-MIX2_1.20^SS-MIX2^1.2.392.200250.2.1.100.1.2.120^ISO"
	person = name "^^^^^L^I~" kana "^^^^^L^P"
	print "PID|0001||" id "^^^^PI||" person "||" birthday "|" sex
}

function basics() {
	begin("-", "ADT-00", "ADT^A08^ADT_A01", "-", 1)
	print "PV1|0001|O|01^^^^^N||||||||||||||||||||||||||||||||||||||||||||" \
		"|" first
	print "AL1|1|DA^薬剤アレルギー^HL70127|999^該当なし^99XXX"
	begin("-", "PPR-01", "PPR^ZD1^PPR_ZD1", "01", 1)
	print "PRB|AD|" first "|" disease[id % 4] "|" id "01"
}

function prescription(date, flag,    i) {
	begin(date, "OMP-01", "RDE^O11^RDE_O11", "01", flag)
	for (i = 0; i < 1 + id % 3; i++) {
		print "ORC|NW|" orders "||" orders "_01|||||" date
		print "RXE||" drug[(id + i) % 3] "|1||TAB^錠^MR9P|TAB^錠^MR9P" \
			"||||14|TAB^錠^MR9P|||||||||||OHP^外来処方^MR9P"
		print "TQ1|||1013044400000000&内服・経口・１日３回朝昼夕食後" \
			"&JAMISDP01|||14^D&日&ISO+|" date
		print "RXR|PO^口^HL70162"
	}
}

function laboratory(date,    i) {
	begin(date, "OML-11", "OUL^R22^OUL_R22", "01", 1)
	print "SPM|1|||023^血清^JC10||||||||||||||" date "0900"
	print "OBR|1|" orders "||E001^生化学的検査^99XXX"
	for (i = 0; i < 4; i++) {
		split(test[i], t, ";")
		print "OBX|" i + 1 "|NM|" t[1] "||" t[3] + next_below(t[4]) \
			"|" t[2] "|||||F"
	}
}

BEGIN {
	FS = "\t"
	seed = 87
	disease[0] = "9990001^高血圧症^99XXX"
	disease[1] = "9990002^２型糖尿病^99XXX"
	disease[2] = "9990005^脂質異常症^99XXX"
	disease[3] = "9990007^気管支喘息^99XXX"
	drug[0] = "999001^降圧薬Ａ錠５ｍｇ^99XXX"
	drug[1] = "999002^血糖降下薬Ｂ錠２５０ｍｇ^99XXX"
	drug[2] = "999003^胃薬Ｃ錠１０ｍｇ^99XXX"
	test[0] = "X001^ＡＳＴ^99XXX;U;15;40"
	test[1] = "X002^クレアチニン^99XXX;mg/dL;1;3"
	test[2] = "X003^総コレステロール^99XXX;mg/dL;150;120"
	test[3] = "X004^血糖^99XXX;mg/dL;80;150"
	while ((getline line < visits) > 0) {
		split(line, v, "\t")
		days[v[1]] = days[v[1]] " " v[2]
	}
}

$1 in days {
	id = $1; name = $2; kana = $3; sex = $5; birthday = $6
	gsub(/-/, "", birthday)
	count = split(days[id], day, " ")
	first = day[1]
	basics()
	for (n = 1; n <= count; n++) {
		begin(day[n], "ADT-12", "ADT^A04^ADT_A01", "01", 1)
		print "PV1|0001|O|01^^^^^C"
		# A prescription that was changed: the older one is no longer
		# valid.
		if ((id + n) % 5 == 0)
			prescription(day[n], 0)
		prescription(day[n], 1)
		if ((id + n) % 2 == 0)
			laboratory(day[n])
	}
}
