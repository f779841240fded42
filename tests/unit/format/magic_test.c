/*
 * Known answers: the first bytes of formats as their standards give them, and
 * what names go with them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/crypto/digest.h"
#include "lib/format/magic.h"

/* A literal with its length. */
#define BYTES(text) text, sizeof(text) - 1

static const struct {
	enum magic magic;
	const char *data;
	size_t length;
} known[] = {
    /* Texts, each with Japanese: 患者 as UTF-8, CP932, EUC-JP, JIS. */
    {MAGIC_TEXT, BYTES("plain\r\n")},
    {MAGIC_TEXT, BYTES("\xe6\x82\xa3\xe8\x80\x85")},
    {MAGIC_TEXT, BYTES("\x8a\xb3\x8e\xd2,1\r\n")},
    {MAGIC_TEXT, BYTES("\xb4\xb5\xbc\xd4\n")},
    {MAGIC_TEXT, BYTES("\x1b$B45<T\x1b(B")},
    {MAGIC_TEXT, BYTES("\xff\xfe\x42\x30\x0a\0")},
    {MAGIC_TEXT, BYTES("\xfe\xff\x30\x42\0\x0a")},
    /* Half-width katakana, and the end mark of CP/M. */
    {MAGIC_TEXT, BYTES("\xb6\xc5\x1a")},
    {MAGIC_TEXT, BYTES("-- PostgreSQL database dump\n")},
    {MAGIC_XML, BYTES("\xef\xbb\xbf<?xml version=\"1.0\"?>")},
    {MAGIC_JSON, BYTES("\n{\"resourceType\":\"Bundle\"}")},
    /* HL7 2.5 section 2.5.4; SS-MIX2 has ISO-2022-JP and CR alone. */
    {MAGIC_HL7, BYTES("MSH|^~\\&|HIS|\x1b$B45<T\x1b(B\rPID|")},
    {MAGIC_HL7, BYTES("\vMSH|^~\\&|")},
    {MAGIC_RECEIPT, BYTES("IR,1,13,1,1234567,,\x8a\xb3\x8e\xd2,\r\n")},
    /* PS3.10 section 7.1 without preamble: meta group, data set. */
    {MAGIC_DICOM, BYTES("\2\0\0\0UL\4\0\xc0\0\0\0\2\0\1\0OB\0\0\2\0\0\0\0\1")},
    {MAGIC_DICOM, BYTES("\x08\0\5\0CS\x0a\0ISO_IR 100\x08\0\x16\0UI\2\0001\0")},
    {MAGIC_DICOM, BYTES("\x08\0\0\0\4\0\0\0\x34\1\0\0\x08\0\x08\0\2\0\0\0AB")},
    {MAGIC_DICOM, BYTES("\0\x08\0\x05\x43S\0\2AB\0\x08\0\x16UI\0\2001")},
    {MAGIC_JPEG, BYTES("\xff\xd8\xff\xe0\0\x10JFIF")},
    {MAGIC_JPEG2000, BYTES("\xff\x4f\xff\x51\0\x2f")},
    {MAGIC_PNG, BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")},
    {MAGIC_GIF, BYTES("GIF89a\1\0\1\0")},
    {MAGIC_TIFF, BYTES("II*\0\x08\0\0\0")},
    {MAGIC_TIFF, BYTES("MM\0*\0\0\0\x08")},
    {MAGIC_BMP, BYTES("BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0")},
    {MAGIC_RIFF, BYTES("RIFF\x24\0\0\0WAVEfmt ")},
    {MAGIC_BMFF, BYTES("\0\0\0\x18\x66typisom")},
    {MAGIC_MATROSKA, BYTES("\x1a\x45\xdf\xa3\x9f")},
    {MAGIC_PDF, BYTES("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")},
    {MAGIC_OLE2, BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0")},
    {MAGIC_PGDUMP, BYTES("PGDMP\1\x0e\0\4\x08")},
    {MAGIC_SQLITE, BYTES("SQLite format 3\0\x10\0")},
    {MAGIC_JET, BYTES("\0\1\0\0Standard Jet DB\0\1")},
    {MAGIC_TAPE, BYTES("TAPE\0\0\3\0\x8c")},
    {MAGIC_GZIP, BYTES("\x1f\x8b\x08\0\0\0\0\0\0\3")},
    {MAGIC_ZSTD, BYTES("\x28\xb5\x2f\xfd\x04\x58")},
    {MAGIC_XZ, BYTES("\xfd\x37zXZ\0\0\4")},
    {MAGIC_BZIP2, BYTES("BZh9\x31\x41\x59\x26\x53\x59")},
    {MAGIC_LZ4, BYTES("\x04\x22\x4d\x18\x64")},
    {MAGIC_ZIP, BYTES("PK\3\4\x14\0\0\0")},
    {MAGIC_SEVENZIP, BYTES("7z\xbc\xaf\x27\x1c\0\4")},
    {MAGIC_RAR, BYTES("Rar!\x1a\x07\1\0")},
    {MAGIC_CPIO, BYTES("070701000000")},
    {MAGIC_DISK, BYTES("vhdxfile")},
    {MAGIC_PROGRAM, BYTES("\x7f\x45LF\2\1\1")},
    {MAGIC_SYSTEM, BYTES("regf\1\0\0\0")},
    {MAGIC_OPENPGP, BYTES("-----BEGIN PGP MESSAGE-----\n")},
    {MAGIC_OPENPGP, BYTES("\x8c\x0d\4\x09\3\x08\xa5")},
    {MAGIC_OPENSSL, BYTES("Salted__\1\2\3\4\5\6\7\x08")},
    {MAGIC_AGE, BYTES("age-encryption.org/v1\n-> X25519 ")},
    {MAGIC_LUKS, BYTES("LUKS\xba\xbe\0\2")},
    {MAGIC_BORG, BYTES("BORG_SEG\1")},
    /* Nothing. */
    {MAGIC_UNKNOWN, BYTES("")},
    {MAGIC_UNKNOWN, BYTES("\0\0\0\0\0\0\0\0")},
    {MAGIC_UNKNOWN, BYTES("text with a \0 in it")},
    {MAGIC_UNKNOWN, BYTES("\xff\xfe\0\xd8\0\0")},
    {MAGIC_UNKNOWN, BYTES("MZ\x90\0")},
};

static enum magic
recognise(const void *data, size_t length)
{
	return magic_recognise(data, length, NULL, 0);
}

static void
formats_are_recognised(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		enum magic magic = recognise(known[i].data, known[i].length);

		if (magic != known[i].magic)
			fail_msg("%d: %s instead of %s", (int)i,
			    magic_name(magic), magic_name(known[i].magic));
	}
}

/* Formats whose magic does not stand at the beginning. */
static void
magics_elsewhere_are_found(void **state)
{
	uint8_t head[512] = {0}, later[16] = "\1CD001\1";

	(void)state;
	memcpy(head + 128, "DICM", 4);
	assert_int_equal(recognise(head, 132), MAGIC_DICOM);
	assert_int_equal(recognise(head, 131), MAGIC_UNKNOWN);
	memset(head, 0, sizeof(head));
	memcpy(head + 257, "ustar", 5);
	assert_int_equal(recognise(head, sizeof(head)), MAGIC_TAR);
	memset(head, 0, sizeof(head));
	assert_int_equal(
	    magic_recognise(head, sizeof(head), later, sizeof(later)),
	    MAGIC_ISO9660);
	memcpy(later + 1, "BEA01", 5);
	assert_int_equal(
	    magic_recognise(head, sizeof(head), later, sizeof(later)),
	    MAGIC_ISO9660);
	assert_int_equal(
	    magic_recognise(head, sizeof(head), later, 1), MAGIC_UNKNOWN);
}

/* Noise is nothing, whatever its size from that of a small message on. */
static void
noise_is_unknown(void **state)
{
	uint8_t data[512];
	int recognised = 0;

	(void)state;
	for (uint32_t seed = 0; seed < 20000; seed++) {
		for (uint32_t at = 0; at < sizeof(data);
		     at += DIGEST_SHA256_BYTES) {
			uint32_t from[2] = {seed, at};

			digest_sha256_of(from, sizeof(from), data + at);
		}
		recognised += recognise(data, sizeof(data)) != MAGIC_UNKNOWN;
		assert_false(magic_text_is(data, sizeof(data), true));
	}
	/* OpenPGP's packets begin with so little that some are met. */
	assert_true(recognised < 40);
}

/* A character that is cut off at either side is still text. */
static void
text_may_be_cut_inside(void **state)
{
	static const char utf8[] = "\x82\xa3\xe6\x82\xa3\xe8\x80\x85\xe6\x82";
	static const char cp932[] = "\xb3\x8e\xd2\x8a\xb3\x8e\xd2\x8a";
	static const char lone[] = "\x40\x8a\xb3\x8a\xb3 \x8a";

	(void)state;
	assert_true(magic_text_is((const uint8_t *)BYTES(utf8), true));
	assert_true(magic_text_is((const uint8_t *)BYTES(cp932), true));
	assert_true(magic_text_is((const uint8_t *)BYTES(lone), true));
	assert_false(magic_text_is((const uint8_t *)"", 0, true));
}

static const struct {
	const char *name;
	enum magic magic;
	bool is_strict, fits;
} claims[] = {
    {"IM0001.dcm", MAGIC_DICOM, true, true},
    {"IM0001.DCM", MAGIC_UNKNOWN, true, false},
    {"DICOMDIR", MAGIC_DICOM, true, true},
    {"RECEIPTC.UKE", MAGIC_RECEIPT, true, true},
    {"RECEIPTC.UKE", MAGIC_TEXT, true, true},
    {"RECEIPTC.UKE", MAGIC_OPENSSL, true, false},
    {"orca.dump", MAGIC_PGDUMP, true, true},
    {"orca.dump", MAGIC_TEXT, true, true},
    {"orca.dump", MAGIC_OPENPGP, true, false},
    {"orca.dump.gpg", MAGIC_OPENPGP, true, true},
    {"photo.jpg", MAGIC_PNG, true, true},
    {"photo.jpg", MAGIC_ZIP, true, false},
    {"letter.docx", MAGIC_OLE2, true, true},
    {"table.xls", MAGIC_TEXT, true, true},
    {"log.1", MAGIC_UNKNOWN, false, false},
    {"x.dcm.locked", MAGIC_UNKNOWN, false, false},
    /* An SS-MIX2 name. */
    {"9999013_-_ADT-00_999999999999999_20111220224447339_-_1", MAGIC_HL7, false,
	false},
    {"x.enc", MAGIC_OPENSSL, false, true},
    {"x.enc", MAGIC_UNKNOWN, false, false},
    {".log", MAGIC_TEXT, false, false},
    {"log", MAGIC_TEXT, false, false},
    {"x.", MAGIC_TEXT, false, false},
    {"", MAGIC_TEXT, false, false},
    {"x.lo", MAGIC_TEXT, false, false},
    {"x.logs", MAGIC_TEXT, false, false},
};

static void
endings_go_with_formats(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct magic_claim claim =
		    magic_claim_of(claims[i].name, strlen(claims[i].name));

		if (claim.is_strict != claims[i].is_strict ||
		    magic_fits(claim, claims[i].magic) != claims[i].fits)
			fail_msg("%s: %d %d", claims[i].name, claim.is_strict,
			    magic_fits(claim, claims[i].magic));
		/* Nothing goes with what nobody knows. */
		assert_false(magic_fits(claim, MAGIC_UNKNOWN));
	}
}

static void
usual_endings_are_known(void **state)
{
	static const char *const usual[] = {
	    "gz", "1", "20261121", "old", "bak", "GPG", "dcm", ""};
	static const char *const odd[] = {
	    "locked", "lockbit", "8base", "b", "olds", "id-1A2B"};

	(void)state;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		assert_true(magic_is_usual_ending(usual[i], strlen(usual[i])));
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		assert_false(magic_is_usual_ending(odd[i], strlen(odd[i])));
}

/* Each has a name of its own; none is a text and sealed. */
static void
names_are_distinct(void **state)
{
	(void)state;
	for (int i = 0; i < MAGICS; i++) {
		assert_non_null(magic_name((enum magic)i));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(magic_name((enum magic)i),
			    magic_name((enum magic)j));
		assert_false(magic_is_text((enum magic)i) &&
			     magic_is_sealed((enum magic)i));
	}
	assert_true(MAGICS <= 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(formats_are_recognised),
	    cmocka_unit_test(magics_elsewhere_are_found),
	    cmocka_unit_test(noise_is_unknown),
	    cmocka_unit_test(text_may_be_cut_inside),
	    cmocka_unit_test(endings_go_with_formats),
	    cmocka_unit_test(usual_endings_are_known),
	    cmocka_unit_test(names_are_distinct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
