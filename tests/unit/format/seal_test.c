/*
 * Known answers: the forms that encrypted files have by their standards, and
 * those that look alike and are not encrypted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/format/seal.h"

/* A literal with its length. */
#define BYTES(text) text, sizeof(text) - 1

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN

static const struct {
	enum seal seal;
	const char *data;
	size_t length;
} known[] = {
    /* RFC 9580 sections 5.3 and 5.13: a passphrase, then the data. */
    {SEAL_WHOLE, BYTES("\x8c\x0d\4\x09\3\2ABCDEFGH\xff\xd2\x30\1" FIFTY)},
    /* 5.1: two keys, old encoding; 5.13, in the new. */
    {SEAL_WHOLE, BYTES("\x84\x0e\3ABCDEFGH\1\0\4\xabX"
		       "\xc1\x0e\3ABCDEFGH\x12\0\4\xabX\xd2\x30\1" FIFTY)},
    /* 5.10: a marker before it; version 6; a hidden recipient. */
    {SEAL_WHOLE, BYTES("\xca\3PGP\xc1\6\6\0\x19XXX\xd2\x30\2" FIFTY)},
    {SEAL_WHOLE,
	BYTES("\x84\x0e\3\0\0\0\0\0\0\0\0\1\0\4\xabX\xd4\x30\1" FIFTY)},
    /* Data without a key before it; a key and then a text; cut off. */
    {SEAL_NONE, BYTES("\xd2\x30\1" FIFTY)},
    {SEAL_NONE, BYTES("\x8c\x0d\4\x09\3\2ABCDEFGH\xff" FIFTY)},
    {SEAL_NONE, BYTES("\x8c\x0d\4\x09\3\2ABCDEFGH\xff")},
    {SEAL_NONE, BYTES("\x8c\x0d\4\x09\3\2ABC")},
    /* An algorithm, a cipher, a version that do not exist. */
    {SEAL_NONE, BYTES("\x84\x0e\3ABCDEFGH\x63\0\4\xabX\xd2\x30\1" FIFTY)},
    {SEAL_NONE, BYTES("\x8c\x0d\4\x63\3\2ABCDEFGH\xff\xd2\x30\1" FIFTY)},
    {SEAL_NONE, BYTES("\x84\x0e\7ABCDEFGH\1\0\4\xabX\xd2\x30\1" FIFTY)},
    /* Signed (5.4), compressed (5.6), a public key (5.5). */
    {SEAL_NONE, BYTES("\x90\x0d\3\0\x0a\1ABCDEFGH\1\xcb\x30t" FIFTY)},
    {SEAL_NONE, BYTES("\xa3\1x\x9c" FIFTY)},
    {SEAL_NONE, BYTES("\x99\1\x0d\4" FIFTY)},
    /* Section 6.2: the same as text, with a header and without. */
    {SEAL_WHOLE, BYTES("-----BEGIN PGP MESSAGE-----\nComment: x\n\n"
		       "jA0ECQMCQUJDREVGR0j/0jABMDEyMzQ1Njc4OQ==\n")},
    {SEAL_WHOLE, BYTES("-----BEGIN PGP MESSAGE-----\r\n\r\n"
		       "jA0ECQMCQUJDREVGR0j/0jABMDEyMzQ1Njc4OQ==\r\n")},
    {SEAL_NONE, BYTES("-----BEGIN PGP MESSAGE-----\n\n"
		      "owF4nDAxMjM0NTY3ODkwMTIzNDU2Nzg5\n")},
    {SEAL_NONE, BYTES("-----BEGIN PGP MESSAGE-----\njA0ECQMCQUJDREVGR0j/0j\n")},
    {SEAL_NONE, BYTES("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n")},
    /* openssl enc, and -a. */
    {SEAL_WHOLE, BYTES("Salted__ABCDEFGH" FIFTY)},
    {SEAL_NONE, BYTES("Salted__ABCDEFGH")},
    {SEAL_NONE, BYTES("Salted peanuts, 200 g")},
    {SEAL_WHOLE, BYTES("U2FsdGVkX19BQkNERUZHSA==\n")},
    /* age-encryption.org/v1. */
    {SEAL_WHOLE, BYTES("age-encryption.org/v1\n-> X25519 abc\n")},
    {SEAL_NONE, BYTES("age-encryption.org/v1 is a format\n")},
    {SEAL_WHOLE, BYTES("-----BEGIN AGE ENCRYPTED FILE-----\n"
		       "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgy\n")},
    /* LUKS on-disk formats 1.2.3 and 2. */
    {SEAL_WHOLE, BYTES("LUKS\xba\xbe\0\2\0\0")},
    {SEAL_NONE, BYTES("LUKS\xba\xbe\0\3\0\0")},
    /* RFC 5652: DER, and as a stream; RFC 5083; signed data is none. */
    {SEAL_WHOLE, BYTES("\x30\x82\x5e\xec\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\3"
		       "\xa0\x82")},
    {SEAL_WHOLE, BYTES("\x30\x80\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\3\xa0\x80")},
    {SEAL_WHOLE, BYTES("\x30\x40\6\x0b\x2a\x86\x48\x86\xf7\x0d\1\x09\x10\1\x17"
		       "\xa0")},
    {SEAL_NONE, BYTES("\x30\x82\x5e\xec\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\2"
		      "\xa0\x82")},
    {SEAL_WHOLE, BYTES("-----BEGIN CMS-----\n"
		       "MIJe2wYJKoZIhvcNAQcDoIJezDCCXsgCAQAxggFAMIIB\n")},
    {SEAL_NONE, BYTES("-----BEGIN PKCS7-----\n"
		      "MIJe2wYJKoZIhvcNAQcCoIJezDCCXsgCAQAxggFAMIIB\n")},
    {SEAL_NONE, BYTES("-----BEGIN CMS-----")},
    {SEAL_WHOLE,
	BYTES("MIME-Version: 1.0\nContent-Type: "
	      "application/pkcs7-mime; smime-type=enveloped-data\n\nx")},
    /* ... but not where a mail only speaks of it. */
    {SEAL_NONE, BYTES("MIME-Version: 1.0\nContent-Type: text/plain\n\n"
		      "smime-type=enveloped-data\n\nx")},
    {SEAL_NONE, BYTES("SELECT 1;\n")},
    {SEAL_NONE, BYTES("PGDMP\1\x0e\0\4\x08\1")},
    {SEAL_NONE, BYTES("")},
};

static enum seal
seal_of(const char *data, size_t length)
{
	const struct seal_view view = {.head = (const uint8_t *)data,
	    .head_length = length,
	    .size = length};

	return seal_recognise(&view);
}

static void
forms_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (seal_of(known[i].data, known[i].length) != known[i].seal)
			fail_msg("row %zu", i);
}

/* More keys than were seen: the file goes on. */
static void
many_recipients_are_no_end(void **state)
{
	static const char key[] = "\x84\x0e\3ABCDEFGH\1\0\4\xabX";
	struct seal_view view = {
	    .head = (const uint8_t *)key, .head_length = 16, .size = 100};

	(void)state;
	assert_int_equal(seal_recognise(&view), SEAL_WHOLE);
	view.size = 16;
	assert_int_equal(seal_recognise(&view), SEAL_NONE);
	/* Nobody knows how long it is. */
	view.size = 0;
	assert_int_equal(seal_recognise(&view), SEAL_WHOLE);
}

/* No prefix of a sealed file may read beyond what was seen (asan). */
static void
prefixes_are_read_to_their_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		for (size_t n = 0; n < known[i].length; n++) {
			uint8_t *part = test_malloc(n + 1);
			struct seal_view view = {
			    .head = part, .head_length = n, .size = 1000};

			memcpy(part, known[i].data, n);
			(void)seal_recognise(&view);
			(void)seal_is_signature(part, n);
			test_free(part);
		}
}

static void
signatures_are_known(void **state)
{
	static const struct {
		bool is_one;
		const char *data;
		size_t length;
	} cases[] = {
	    {true, BYTES("\x88\x75\4\0\x16\x08")},
	    {true, BYTES("\x89\1\x33\4\0\1\x0a")},
	    {true, BYTES("\xc2\x75\4\0\x16\x08")},
	    {true, BYTES("-----BEGIN PGP SIGNATURE-----\n\n")},
	    {true, BYTES("-----BEGIN SSH SIGNATURE-----\n")},
	    {true, BYTES("untrusted comment: signature from minisign\n")},
	    {true, BYTES("\x30\x80\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\2\xa0")},
	    {false, BYTES("\x30\x80\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\3\xa0")},
	    {false, BYTES("-----BEGIN PGP MESSAGE-----\n")},
	    {false, BYTES("\xa3\1x\x9c")},
	    {false, BYTES("")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    seal_is_signature(
			(const uint8_t *)cases[i].data, cases[i].length),
		    cases[i].is_one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forms_are_known),
	    cmocka_unit_test(many_recipients_are_no_end),
	    cmocka_unit_test(prefixes_are_read_to_their_end),
	    cmocka_unit_test(signatures_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
