#include <string.h>
#include <strings.h>

#include "lib/format/magic.h"

#define BIT(magic) (UINT64_C(1) << MAGIC_##magic)
#define TEXTS (BIT(TEXT) | BIT(XML) | BIT(JSON) | BIT(HL7) | BIT(RECEIPT))
#define PICTURES                                                       \
	(BIT(JPEG) | BIT(JPEG2000) | BIT(PNG) | BIT(GIF) | BIT(TIFF) | \
	    BIT(BMP) | BIT(RIFF) | BIT(BMFF))
#define PACKED                                                     \
	(BIT(GZIP) | BIT(ZSTD) | BIT(XZ) | BIT(BZIP2) | BIT(LZ4) | \
	    BIT(COMPRESS) | BIT(ZIP) | BIT(SEVENZIP))
#define SEALED                                                            \
	(BIT(OPENPGP) | BIT(OPENSSL) | BIT(AGE) | BIT(LUKS) | BIT(BORG) | \
	    BIT(CMS))

/*
 * Endings that stand for one family and nothing else; what everybody uses for
 * everything (.dat, .bak, .db, .img) is not here.  Files of offices may be
 * sealed with a password (OLE2) or be tables of web pages (.xls).
 */
static const struct {
	const char *endings; /* each with a space behind it */
	struct magic_claim claim;
} claims[] = {
    {"dcm dic dicom ima ", {BIT(DICOM), true}},
    {"txt csv tsv log ini cfg conf md hl7 uke hen sql html htm css js yaml "
     "yml ics vcf sh bat ps1 rtf xml xsd xsl json mml ",
	{TEXTS, true}},
    {"dump pgdump ", {BIT(PGDUMP) | BIT(TAR) | TEXTS | PACKED, true}},
    {"jpg jpeg jpe png gif tif tiff bmp webp jp2 j2k j2c heic ",
	{PICTURES, true}},
    {"pdf ", {BIT(PDF), true}},
    {"docx docm xlsx xlsm pptx odt ods odp jar epub ",
	{BIT(ZIP) | BIT(OLE2), true}},
    {"doc xls ppt msg ", {BIT(OLE2) | BIT(ZIP) | TEXTS, true}},
    {"gz tgz ", {BIT(GZIP), true}},
    {"zst zstd tzst ", {BIT(ZSTD), true}},
    {"xz txz ", {BIT(XZ), true}},
    {"bz2 tbz tbz2 ", {BIT(BZIP2), true}},
    {"lz4 tlz4 ", {BIT(LZ4), true}},
    {"zip ", {BIT(ZIP), true}},
    {"7z ", {BIT(SEVENZIP), true}},
    {"rar ", {BIT(RAR), true}},
    {"cab ", {BIT(CABINET), true}},
    {"tar ", {BIT(TAR), true}},
    {"cpio ", {BIT(CPIO), true}},
    {"iso udf ", {BIT(ISO9660), true}},
    {"sqlite sqlite3 ", {BIT(SQLITE), true}},
    {"mdb accdb ", {BIT(JET), true}},
    {"mp4 mov m4v ", {BIT(BMFF), true}},
    {"avi wav ", {BIT(RIFF), true}},
    {"mpg mpeg ", {BIT(MPEG) | BIT(BMFF), true}},
    {"mkv webm ", {BIT(MATROSKA), true}},
    {"exe dll ", {BIT(PROGRAM), true}},
    {"vhdx vmdk qcow2 ", {BIT(DISK) | TEXTS, true}},
    {"gpg pgp ", {BIT(OPENPGP), true}},
    {"asc ", {BIT(OPENPGP) | TEXTS, true}},
    {"age ", {BIT(AGE) | TEXTS, true}},
    /* Some of these have no magic at all. */
    {"enc aes crypt cpt vault p7m cms ", {SEALED, false}},
};

/* What programs append to what they set aside. */
static const char asides[] =
    "bak old orig prev save new tmp part done log z lz lzma br ";

/* Whether the word stands in the list, whatever its case. */
static bool
is_listed(const char *list, const char *word, size_t length)
{
	for (const char *at = list; *at != '\0'; at = strchr(at, ' ') + 1)
		if (strncasecmp(at, word, length) == 0 && at[length] == ' ')
			return true;
	return false;
}

struct magic_claim
magic_claim_of(const char *name, size_t length)
{
	size_t dot = length;

	/* The one file of a medium that has no ending (PS3.10 8.6). */
	if (length == 8 && strncasecmp(name, "DICOMDIR", length) == 0)
		return claims[0].claim;
	while (dot > 0 && name[dot - 1] != '.')
		dot--;
	/* ".profile" is no ending. */
	if (dot > 1 && dot < length)
		for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
			if (is_listed(
				claims[i].endings, name + dot, length - dot))
				return claims[i].claim;
	return (struct magic_claim){0};
}

bool
magic_is_usual_ending(const char *ext, size_t length)
{
	size_t digits = 0;

	while (digits < length && ext[digits] >= '0' && ext[digits] <= '9')
		digits++;
	if (length == 0 || digits == length || is_listed(asides, ext, length))
		return true;
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
		if (is_listed(claims[i].endings, ext, length))
			return true;
	return false;
}
