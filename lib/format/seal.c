#include "lib/format/seal.h"

#include <string.h>

#include "lib/format/seal_internal.h"

/* Of armour so much is decoded: a session key and what follows it. */
#define DECODED_BYTES 1024

static bool
begins(const uint8_t *data, size_t length, const char *text)
{
	size_t n = strlen(text);

	return length >= n && memcmp(data, text, n) == 0;
}

const uint8_t *
seal_at(const struct seal_view *view, uint64_t offset, uint64_t length)
{
	uint64_t tail_at = view->size - view->tail_length;

	if (offset <= view->head_length && length <= view->head_length - offset)
		return view->head + offset;
	if (view->tail_length == 0 || view->tail_length > view->size ||
	    offset < tail_at || offset - tail_at > view->tail_length ||
	    length > view->tail_length - (offset - tail_at))
		return NULL;
	return view->tail + (offset - tail_at);
}

/* ---- CMS ---- */

/* Object identifiers, as DER: RFC 5652 sections 5 and 6, RFC 5083. */
static const char enveloped[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
static const char authenticated[] =
    "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17";
static const char signed_data[] =
    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/* Where the content of a SEQUENCE begins; 0: it is none. */
static size_t
sequence(const uint8_t *head, size_t length)
{
	size_t more;

	if (length < 6 || head[0] != 0x30)
		return 0;
	if (head[1] < 0x80)
		return 2;
	more = head[1] & 0x7fu;
	return more <= 8 && 2 + more < length ? 2 + more : 0;
}

static bool
is_content_info(const uint8_t *head, size_t length, const char *type)
{
	size_t at = sequence(head, length);

	return at > 0 && begins(head + at, length - at, type);
}

bool
seal_is_cms(const uint8_t *head, size_t length)
{
	return is_content_info(head, length, enveloped) ||
	       is_content_info(head, length, authenticated);
}

/* ---- texts ---- */

static int
digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decode base64 up to the first byte that is none; line ends are left out. */
static size_t
decode(const uint8_t *text, size_t length, uint8_t out[DECODED_BYTES])
{
	uint32_t bits = 0;
	size_t n = 0, count = 0;

	for (size_t i = 0; i < length && n + 3 <= DECODED_BYTES; i++) {
		int value = digit(text[i]);

		if (value < 0 && (text[i] == '\n' || text[i] == '\r'))
			continue;
		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		if (++count % 4 != 0)
			continue;
		out[n++] = (uint8_t)(bits >> 16);
		out[n++] = (uint8_t)(bits >> 8);
		out[n++] = (uint8_t)bits;
	}
	return n;
}

/* What is behind the first empty line, as RFC 9580 section 6.2 has it. */
static size_t
behind_headers(const uint8_t *head, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (head[i] != '\n')
			continue;
		if (head[i + 1] == '\n')
			return i + 2;
		if (i + 2 < length && head[i + 1] == '\r' &&
		    head[i + 2] == '\n')
			return i + 3;
	}
	return length;
}

static bool
is_armoured_openpgp(const uint8_t *head, size_t length)
{
	uint8_t data[DECODED_BYTES];
	size_t at = behind_headers(head, length);

	return seal_openpgp_is(
	    data, decode(head + at, length - at, data), true);
}

static bool
is_pem_cms(const uint8_t *head, size_t length)
{
	const uint8_t *line = memchr(head, '\n', length);
	uint8_t data[DECODED_BYTES];

	return line != NULL &&
	       seal_is_cms(data,
		   decode(line + 1, length - (size_t)(line + 1 - head), data));
}

/* RFC 8551 section 3.2.2: the type stands among the head's lines. */
static bool
is_smime(const uint8_t *head, size_t length)
{
	size_t end = behind_headers(head, length);

	return end < length &&
	       (memmem(head, end, "smime-type=enveloped-data", 25) != NULL ||
		   memmem(head, end, "smime-type=authEnveloped-data", 29) !=
		       NULL);
}

static bool
is_sealed_text(const uint8_t *head, size_t length)
{
	if (begins(head, length, "-----BEGIN PGP MESSAGE-----"))
		return is_armoured_openpgp(head, length);
	if (begins(head, length, "-----BEGIN CMS-----") ||
	    begins(head, length, "-----BEGIN PKCS7-----"))
		return is_pem_cms(head, length);
	if (begins(head, length, "MIME-Version: 1.0"))
		return is_smime(head, length);
	/* age's armour, and "Salted__", as base64 has them. */
	return begins(head, length,
		   "-----BEGIN AGE ENCRYPTED FILE-----\n"
		   "YWdlLWVuY3J5cHRpb24ub3JnL3Yx") ||
	       begins(head, length,
		   "-----BEGIN AGE ENCRYPTED FILE-----\r\n"
		   "YWdlLWVuY3J5cHRpb24ub3JnL3Yx") ||
	       begins(head, length, "U2FsdGVkX1");
}

/* ---- all ---- */

/* openssl enc: the salt, and something behind it. */
static bool
is_salted(const struct seal_view *view)
{
	return begins(view->head, view->head_length, "Salted__") &&
	       (view->size > 16 || view->head_length > 16);
}

static bool
is_luks(const uint8_t *head, size_t length)
{
	return begins(head, length, "LUKS\xba\xbe") && length > 8 &&
	       head[6] == 0 && (head[7] == 1 || head[7] == 2);
}

enum seal
seal_recognise(const struct seal_view *view)
{
	const uint8_t *head = view->head;
	size_t length = view->head_length;
	bool is_sealed = false;

	if (length < 8)
		return SEAL_NONE;
	if (begins(head, length, "PK"))
		return seal_zip(view);
	if (begins(head, length, "7z\xbc\xaf\x27\x1c"))
		return seal_sevenzip(view);
	if ((head[0] & 0x80) != 0)
		is_sealed = seal_openpgp_is(
		    head, length, view->size == 0 || view->size > length);
	else if (head[0] == 0x30)
		is_sealed = seal_is_cms(head, length);
	else if (head[0] == 'S' || head[0] == 'L')
		is_sealed = is_salted(view) || is_luks(head, length);
	else if (head[0] == 'a')
		is_sealed = begins(head, length, "age-encryption.org/v1\n-> ");
	else if (head[0] == '-' || head[0] == 'M' || head[0] == 'U')
		is_sealed = is_sealed_text(head, length);
	return is_sealed ? SEAL_WHOLE : SEAL_NONE;
}

bool
seal_is_signature(const uint8_t *head, size_t length)
{
	/* RFC 9580 section 5.2: packets of type 2, in both encodings. */
	if (length > 2 && ((head[0] & 0xfc) == 0x88 || head[0] == 0xc2))
		return true;
	return begins(head, length, "-----BEGIN PGP SIGNATURE-----") ||
	       begins(head, length, "-----BEGIN SSH SIGNATURE-----") ||
	       begins(head, length, "untrusted comment:") ||
	       is_content_info(head, length, signed_data);
}
