# CT images of one day as texts for dump2dcm, one file an image.
#   awk -v folder=F -v date=YYYYMMDD -v number=N -v studies=N -v slices=N \
#       -f imaging.awk people.tsv        (people.tsv: names in ISO-2022-JP)
#   -> lines: PATH-OF-TEXT TAB PATH-IN-THE-STORE
#
# DICOM PS3.3 A.3 (CT Image), in explicit little endian; PS3.5 6.1.2.3 for the
# names' character set.  A body, two lungs and noise, 256 by 256, 12 bits.

# The next number below n of a fixed sequence (Park and Miller, 1988).
function next_below(n) {
	seed = (seed * 16807) % 2147483647
	return seed % n
}

function inside(x, y, cx, cy, rx, ry) {
	return ((x - cx) / rx) ^ 2 + ((y - cy) / ry) ^ 2 < 1
}

function put(tag, vr, value) {
	print "(" tag ") " vr " [" value "]" >text
}

function number_of(tag, value) {
	print "(" tag ") US " value >text
}

# The picture; rows in one string each, since a line is one value of DICOM.
function put_pixels(slice, slices,    x, y, row, tissue, lung) {
	lung = 14 + 24 * sin(3.1416 * (slice + 0.5) / slices)
	printf "(7fe0,0010) OW " >text
	for (y = 0; y < 256; y++) {
		row = ""
		for (x = 0; x < 256; x++) {
			tissue = 24
			if (inside(x, y, 128, 128, 110, 84))
				tissue = 1050
			if (inside(x, y, 88, 124, lung, lung * 1.3) || \
			    inside(x, y, 168, 124, lung, lung * 1.3))
				tissue = 200
			seed = (seed * 16807) % 2147483647
			row = row (x + y ? "\\" : "") hex[tissue + seed % 64]
		}
		printf "%s", row >text
	}
	print "" >text
}

function put_image(study, series, slice) {
	put("0008,0005", "CS", "\\ISO 2022 IR 87")
	put("0008,0008", "CS", "ORIGINAL\\PRIMARY\\AXIAL")
	print "(0008,0016) UI =CTImageStorage" >text
	put("0008,0018", "UI", series sprintf("%03d", slice + 1))
	put("0008,0020", "DA", date)
	put("0008,0023", "DA", date)
	put("0008,0030", "TM", "093000")
	put("0008,0033", "TM", "0931" sprintf("%02d", slice))
	put("0008,0050", "SH", date sprintf("%03d", accession))
	put("0008,0060", "CS", "CT")
	put("0008,0070", "LO", "SYNTHETIC")
	put("0008,0090", "PN", "")
	put("0010,0010", "PN", romaji "=" name "=" kana)
	put("0010,0020", "LO", id)
	put("0010,0030", "DA", birthday)
	put("0010,0040", "CS", sex)
	put("0018,0050", "DS", "5.0")
	put("0018,0060", "DS", "120")
	put("0020,000d", "UI", study)
	put("0020,000e", "UI", series)
	put("0020,0010", "SH", accession)
	put("0020,0011", "IS", 1)
	put("0020,0012", "IS", 1)
	put("0020,0013", "IS", slice + 1)
	put("0020,0032", "DS", "-128\\-128\\" slice * 5)
	put("0020,0037", "DS", "1\\0\\0\\0\\1\\0")
	put("0020,0052", "UI", study "9")
	put("0020,1040", "LO", "")
	number_of("0028,0002", 1)
	put("0028,0004", "CS", "MONOCHROME2")
	number_of("0028,0010", 256)
	number_of("0028,0011", 256)
	put("0028,0030", "DS", "1.0\\1.0")
	number_of("0028,0100", 16)
	number_of("0028,0101", 12)
	number_of("0028,0102", 11)
	number_of("0028,0103", 0)
	put("0028,1050", "DS", "40")
	put("0028,1051", "DS", "400")
	put("0028,1052", "DS", "-1024")
	put("0028,1053", "DS", "1")
	put_pixels(slice, slices)
}

BEGIN {
	FS = "\t"
	seed = 1 + number
	for (i = 0; i < 4096; i++)
		hex[i] = sprintf("%04x", i)
}

# Every eleventh patient has a scan at some time; these are the day's.
NR % 11 == 0 && NR / 11 > number * studies && NR / 11 <= (number + 1) * studies {
	id = $1; name = $2; kana = $3; romaji = $4; sex = $5
	birthday = $6
	gsub(/-/, "", birthday)
	accession++
	# PS3.5 B.2: below 2.25 any UUID, as a number, is a UID.
	study = "2.25." date sprintf("%04d", accession) "7701"
	for (slice = 0; slice < slices; slice++) {
		text = folder "/" accession "-" slice ".txt"
		put_image(study, study "1", slice)
		close(text)
		printf "%s\t%s/%s/%s/%s/%04d.dcm\n", text, substr(date, 1, 4),
			substr(date, 5, 4), study, "1", slice + 1
	}
}
