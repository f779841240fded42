#include "lib/format/magic.h"

#include <string.h>

#include "lib/format/archive_kind.h"
#include "lib/format/seal.h"

/*
 * Sources: the formats' own standards; file(1)'s table was not used.  A magic
 * of fewer than three bytes would be met by chance too often.
 */
static const struct {
	enum magic magic;
	size_t at, length;
	const char *bytes;
} table[] = {
    {MAGIC_DICOM, 128, 4, "DICM"},
    {MAGIC_PGDUMP, 0, 5, "PGDMP"},
    {MAGIC_JPEG, 0, 3, "\xff\xd8\xff"},
    {MAGIC_JPEG2000, 0, 12, "\0\0\0\014jP  \r\n\x87\n"},
    {MAGIC_JPEG2000, 0, 4, "\xff\x4f\xff\x51"},
    {MAGIC_PNG, 0, 8, "\x89PNG\r\n\x1a\n"},
    {MAGIC_GIF, 0, 4, "GIF8"},
    {MAGIC_TIFF, 0, 4, "II*\0"},
    {MAGIC_TIFF, 0, 4, "MM\0*"},
    {MAGIC_TIFF, 0, 4, "II+\0"},
    {MAGIC_RIFF, 0, 4, "RIFF"},
    {MAGIC_BMFF, 4, 4, "ftyp"},
    {MAGIC_MPEG, 0, 4, "\0\0\001\xba"},
    {MAGIC_MPEG, 0, 4, "\0\0\001\xb3"},
    {MAGIC_MATROSKA, 0, 4, "\x1a\x45\xdf\xa3"},
    {MAGIC_PDF, 0, 5, "%PDF-"},
    {MAGIC_OLE2, 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
    {MAGIC_SQLITE, 0, 16, "SQLite format 3"},
    {MAGIC_JET, 4, 15, "Standard Jet DB"},
    {MAGIC_JET, 4, 15, "Standard ACE DB"},
    {MAGIC_TAPE, 0, 4, "TAPE"},
    {MAGIC_TAPE, 0, 8, "MSSQLBAK"},
    {MAGIC_GZIP, 0, 3, "\x1f\x8b\x08"},
    {MAGIC_ZSTD, 0, 4, "\x28\xb5\x2f\xfd"},
    {MAGIC_XZ, 0, 6, "\xfd\x37zXZ\0"},
    {MAGIC_BZIP2, 4, 6, "\x31\x41\x59\x26\x53\x59"},
    {MAGIC_BZIP2, 4, 6, "\x17\x72\x45\x38\x50\x90"},
    {MAGIC_LZ4, 0, 4, "\x04\x22\x4d\x18"},
    {MAGIC_LZ4, 0, 4, "\x02\x21\x4c\x18"},
    {MAGIC_COMPRESS, 0, 3, "\x1f\x9d\x90"},
    {MAGIC_CABINET, 0, 8, "MSCF\0\0\0"},
    {MAGIC_DISK, 0, 8, "vhdxfile"},
    {MAGIC_DISK, 0, 8, "conectix"},
    {MAGIC_DISK, 0, 4, "KDMV"},
    {MAGIC_DISK, 0, 4, "QFI\xfb"},
    {MAGIC_PROGRAM, 0, 4, "\x7f\x45LF"},
    {MAGIC_PROGRAM, 0, 4, "\xca\xfe\xba\xbe"},
    {MAGIC_SYSTEM, 0, 4, "regf"},
    {MAGIC_SYSTEM, 0, 8, "ElfFile"},
    {MAGIC_SYSTEM, 0, 8, "L\0\0\0\001\024\002"},
};

static const char *const names[MAGICS] = {
    [MAGIC_UNKNOWN] = "unknown",
    [MAGIC_TEXT] = "text",
    [MAGIC_XML] = "xml",
    [MAGIC_JSON] = "json",
    [MAGIC_HL7] = "hl7",
    [MAGIC_RECEIPT] = "receipt",
    [MAGIC_DICOM] = "dicom",
    [MAGIC_JPEG] = "jpeg",
    [MAGIC_JPEG2000] = "jpeg2000",
    [MAGIC_PNG] = "png",
    [MAGIC_GIF] = "gif",
    [MAGIC_TIFF] = "tiff",
    [MAGIC_BMP] = "bmp",
    [MAGIC_RIFF] = "riff",
    [MAGIC_BMFF] = "bmff",
    [MAGIC_MPEG] = "mpeg",
    [MAGIC_MATROSKA] = "matroska",
    [MAGIC_PDF] = "pdf",
    [MAGIC_OLE2] = "ole2",
    [MAGIC_PGDUMP] = "pgdump",
    [MAGIC_SQLITE] = "sqlite",
    [MAGIC_JET] = "jet",
    [MAGIC_TAPE] = "tape",
    [MAGIC_GZIP] = "gzip",
    [MAGIC_ZSTD] = "zstd",
    [MAGIC_XZ] = "xz",
    [MAGIC_BZIP2] = "bzip2",
    [MAGIC_LZ4] = "lz4",
    [MAGIC_COMPRESS] = "compress",
    [MAGIC_ZIP] = "zip",
    [MAGIC_SEVENZIP] = "7z",
    [MAGIC_RAR] = "rar",
    [MAGIC_CABINET] = "cabinet",
    [MAGIC_TAR] = "tar",
    [MAGIC_CPIO] = "cpio",
    [MAGIC_ISO9660] = "iso9660",
    [MAGIC_DISK] = "disk",
    [MAGIC_PROGRAM] = "program",
    [MAGIC_SYSTEM] = "system",
    [MAGIC_OPENPGP] = "openpgp",
    [MAGIC_OPENSSL] = "openssl",
    [MAGIC_AGE] = "age",
    [MAGIC_LUKS] = "luks",
    [MAGIC_BORG] = "borg",
    [MAGIC_CMS] = "cms",
};

const char *
magic_name(enum magic magic)
{
	return names[magic];
}

bool
magic_is_text(enum magic magic)
{
	return magic >= MAGIC_TEXT && magic <= MAGIC_RECEIPT;
}

bool
magic_is_sealed(enum magic magic)
{
	return magic >= MAGIC_OPENPGP;
}

static bool
begins(const uint8_t *data, size_t length, const char *text)
{
	size_t n = strlen(text);

	return length >= n && memcmp(data, text, n) == 0;
}

/* ---- DICOM without its preamble (PS3.10 section 7.1, annex of old files) */

static unsigned
number16(const uint8_t *at, bool is_big)
{
	return is_big ? (unsigned)at[0] << 8 | at[1]
		      : (unsigned)at[1] << 8 | at[0];
}

/* Value representations of PS3.5 section 6.2, by the form of their header. */
static const char short_headers[] = "AEASATCSDADSDTISLOLTPNSHSLSSSTTMUIULUS";
static const char long_headers[] = "OBOWSQUNUT";

static bool
is_one_of(const char *pairs, const uint8_t *at)
{
	for (size_t i = 0; pairs[i] != '\0'; i += 2)
		if (memcmp(at, pairs + i, 2) == 0)
			return true;
	return false;
}

/*
 * The length of an element of group 0002 or 0008, header included; 0: it is
 * none.  First elements are short: ids, dates, names.
 */
static size_t
dicom_element(const uint8_t *at, size_t left, bool is_big)
{
	unsigned group, value;

	if (left < 8)
		return 0;
	group = number16(at, is_big);
	if ((group != 2 && group != 8) || number16(at + 2, is_big) > 0x1200)
		return 0;
	if (is_one_of(long_headers, at + 4))
		return at[6] == 0 && at[7] == 0 ? 12 : 0;
	if (is_one_of(short_headers, at + 4)) {
		value = number16(at + 6, is_big);
	} else {
		value = number16(at + (is_big ? 6 : 4), is_big);
		if (number16(at + (is_big ? 4 : 6), is_big) != 0)
			return 0;
	}
	return value % 2 == 0 && value <= 1024 ? 8 + value : 0;
}

/* Two such elements, one after the other. */
static bool
is_bare_dicom(const uint8_t *head, size_t length)
{
	for (int is_big = 0; is_big < 2; is_big++) {
		size_t first = dicom_element(head, length, is_big);

		if (first > 0 && first < length &&
		    dicom_element(head + first, length - first, is_big) > 0)
			return true;
	}
	return false;
}

/* ---- all ---- */

static enum magic
of_archive(const uint8_t *head, size_t length)
{
	static const enum magic kinds[ARCHIVE_KINDS] = {
	    [ARCHIVE_KIND_UNKNOWN] = MAGIC_UNKNOWN,
	    [ARCHIVE_KIND_TAR] = MAGIC_TAR,
	    [ARCHIVE_KIND_CPIO] = MAGIC_CPIO,
	    [ARCHIVE_KIND_ZIP] = MAGIC_ZIP,
	    [ARCHIVE_KIND_SEVENZIP] = MAGIC_SEVENZIP,
	    [ARCHIVE_KIND_ISO9660] = MAGIC_ISO9660,
	    [ARCHIVE_KIND_OPENPGP] = MAGIC_OPENPGP,
	    [ARCHIVE_KIND_OPENSSL] = MAGIC_OPENSSL,
	    [ARCHIVE_KIND_AGE] = MAGIC_AGE,
	    [ARCHIVE_KIND_LUKS] = MAGIC_LUKS,
	    [ARCHIVE_KIND_BORG] = MAGIC_BORG,
	    [ARCHIVE_KIND_RAR] = MAGIC_RAR,
	};

	return kinds[archive_kind_recognise(head, length)];
}

/* Two bytes are no magic; what follows them must fit. */
static enum magic
of_two_bytes(const uint8_t *head, size_t length)
{
	/* The size of the header that follows (BITMAPINFOHEADER ...). */
	if (begins(head, length, "BM") && length > 18 && head[6] == 0 &&
	    head[7] == 0 && head[8] == 0 && head[9] == 0 && head[15] == 0)
		return MAGIC_BMP;
	/* Where the new header lies: within the first 64 KiB. */
	if (begins(head, length, "MZ") && length > 64 && head[62] == 0 &&
	    head[63] == 0)
		return MAGIC_PROGRAM;
	return MAGIC_UNKNOWN;
}

enum magic
magic_recognise(const uint8_t *head, size_t length, const uint8_t *later,
    size_t later_length)
{
	enum magic magic;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (length >= table[i].at + table[i].length &&
		    memcmp(head + table[i].at, table[i].bytes,
			table[i].length) == 0)
			return table[i].magic;
	magic = of_archive(head, length);
	if (magic == MAGIC_UNKNOWN)
		magic = of_two_bytes(head, length);
	if (magic == MAGIC_UNKNOWN && seal_is_cms(head, length))
		magic = MAGIC_CMS;
	if (magic != MAGIC_UNKNOWN)
		return magic;
	/* ECMA-119 section 8, ECMA-167 part 2: behind a byte for the type. */
	if (later_length > 1 &&
	    (begins(later + 1, later_length - 1, "CD001") ||
		begins(later + 1, later_length - 1, "BEA01")))
		return MAGIC_ISO9660;
	if (is_bare_dicom(head, length))
		return MAGIC_DICOM;
	return magic_text_recognise(head, length);
}
