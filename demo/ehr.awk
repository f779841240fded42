# One day of an electronic health record's export.
#   awk -v folder=F -v date=YYYYMMDD -v visits=FILE -f ehr.awk people.tsv
#
# Writes F/karte/PATIENT/DATE.xml for each visit of the day, F/order/DATE.csv
# (in UTF-8 with LF: the caller makes CP932 and CRLF of it) and, now and then,
# a letter of referral F/fhir/referral-DATE-PATIENT.json: a FHIR document
# (HL7 FHIR R4, Bundle of type document, as JP-CLINS profiles it).
# visits: lines of PATIENT-NUMBER TAB YYYYMMDD.

function dashed(day) {
	return substr(day, 1, 4) "-" substr(day, 5, 2) "-" substr(day, 7, 2)
}

function spaced(text) {
	sub(/\^/, "　", text)
	return text
}

function put_note(file) {
	file = folder "/karte/" id "/" date ".xml"
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" >file
	print "<karte version=\"1.0\">" >file
	print " <patient id=\"" id "\" sex=\"" sex "\" birthday=\"" birthday \
		"\">" spaced(name) "</patient>" >file
	print " <visit date=\"" dashed(date) "\" department=\"内科\">" >file
	print "  <s>" complaint[(id + visit) % 4] "</s>" >file
	print "  <o>血圧 " 112 + (id * 7 + visit) % 40 "/" \
		66 + (id * 3 + visit) % 24 "、体温 36." (id + visit) % 9 \
		"℃</o>" >file
	print "  <a>" opinion[id % 3] "</a>" >file
	print "  <p>" plan[(id + visit) % 3] "</p>" >file
	print " </visit>\n</karte>" >file
	close(file)
}

function put_referral(file,    instant, letter, person) {
	file = folder "/fhir/referral-" date "-" id ".json"
	instant = dashed(date) "T16:30:00+09:00"
	letter = "urn:uuid:00000000-0000-4000-8000-" date substr(id, 5)
	person = "urn:uuid:00000000-0000-4000-8001-" date substr(id, 5)
	printf "{\"resourceType\":\"Bundle\",\"meta\":{\"profile\":[\"%s\"]}," \
		"\"identifier\":{\"system\":\"%s\",\"value\":\"%s-%s\"}," \
		"\"type\":\"document\",\"timestamp\":\"%s\",\"entry\":[",
		"http://jpfhir.jp/fhir/clins/StructureDefinition/" \
		"JP_Bundle_eReferral|1",
		"http://jpfhir.jp/fhir/clins/bundle-identifier", date, id,
		instant >file
	printf "{\"fullUrl\":\"%s\",\"resource\":{\"resourceType\":" \
		"\"Composition\",\"status\":\"final\",\"type\":{\"coding\":[" \
		"{\"system\":\"http://loinc.org\",\"code\":\"57133-1\"}]}," \
		"\"subject\":{\"reference\":\"%s\"},\"date\":\"%s\"," \
		"\"author\":[{\"display\":\"控えの里病院\"}]," \
		"\"title\":\"診療情報提供書\"}},", letter, person, instant >file
	printf "{\"fullUrl\":\"%s\",\"resource\":{\"resourceType\":" \
		"\"Patient\",\"identifier\":[{\"value\":\"%s\"}],\"name\":" \
		"[{\"text\":\"%s\"}],\"gender\":\"%s\"," \
		"\"birthDate\":\"%s\"}}]}\n", person, id, spaced(name),
		sex == "M" ? "male" : "female", birthday >file
	close(file)
}

BEGIN {
	FS = "\t"
	split("頭痛が続く。/特に変わりなし。/咳が出る。/膝が痛む。", c, "/")
	split("経過良好。/血圧がやや高い。/感冒の疑い。", o, "/")
	split("同じ処方を継続。/２週間後に再診。/血液検査を追加。", p, "/")
	for (i = 0; i < 4; i++)
		complaint[i] = c[i + 1]
	for (i = 0; i < 3; i++) {
		opinion[i] = o[i + 1]
		plan[i] = p[i + 1]
	}
	while ((getline line < visits) > 0) {
		split(line, v, "\t")
		if (v[2] == date)
			here_today[v[1]] = 1
	}
	orders = folder "/order/" date ".csv"
	print "患者番号,氏名,カナ,区分,内容,日付" >orders
}

$1 in here_today {
	id = $1; name = $2; kana = $3; sex = $5; birthday = $6
	visit++
	put_note()
	if (id % 5 == 0)
		put_referral()
	print id "," spaced(name) "," spaced(kana) ",処方," \
		"内服薬　１日３回　１４日分," date >orders
	if (visit % 2)
		print id "," spaced(name) "," spaced(kana) ",検査,生化学," \
			date >orders
}
