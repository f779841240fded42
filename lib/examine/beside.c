#include "lib/examine/beside.h"

#include <string.h>
#include <strings.h>

#include "lib/format/seal.h"

/* The largest signature that is one: CMS carries certificates. */
#define SIGNATURE_BYTES_MAX 16384
/* Hexadecimal digits of MD5, and of SHA-512. */
#define DIGITS_MIN 32
#define DIGITS_MAX 128

/* Each with a space behind it. */
static const char list_endings[] =
    "md5 sha1 sha224 sha256 sha384 sha512 b2 md5sum sha1sum sha224sum "
    "sha256sum sha384sum sha512sum b2sum sums ";
static const char signature_endings[] = "sig sign asc minisig p7s ";
static const char list_names[] =
    "MD5SUMS SHA1SUMS SHA224SUMS SHA256SUMS SHA384SUMS SHA512SUMS B2SUMS "
    "MD5SUM SHA1SUM SHA256SUM SHA512SUM CHECKSUM CHECKSUMS ";

static bool
is_listed(const char *list, const char *word, size_t length)
{
	for (const char *at = list; *at != '\0'; at = strchr(at, ' ') + 1)
		if (strncasecmp(at, word, length) == 0 && at[length] == ' ')
			return true;
	return false;
}

/* Whether the name ends in a dot and one of the words. */
static bool
has_ending(const char *name, size_t length, const char *list)
{
	const char *dot = memrchr(name, '.', length);
	size_t ending;

	if (dot == NULL)
		return false;
	ending = length - (size_t)(dot + 1 - name);
	return ending > 0 && is_listed(list, dot + 1, ending);
}

static bool
is_list_name(const char *name, size_t length)
{
	if (length > 4 && strncasecmp(name + length - 4, ".txt", 4) == 0)
		length -= 4;
	return (length > 0 && is_listed(list_names, name, length)) ||
	       has_ending(name, length, list_endings);
}

static size_t
count_digits(const uint8_t *at, size_t length)
{
	size_t n = 0;

	while (n < length && ((at[n] >= '0' && at[n] <= '9') ||
				 (at[n] >= 'a' && at[n] <= 'f') ||
				 (at[n] >= 'A' && at[n] <= 'F')))
		n++;
	return n;
}

static bool
is_digest(size_t digits)
{
	return digits >= DIGITS_MIN && digits <= DIGITS_MAX && digits % 8 == 0;
}

/* "DIGEST  NAME", "DIGEST", or "SHA256 (NAME) = DIGEST". */
static bool
is_list_line(const uint8_t *line, size_t length)
{
	const uint8_t *bsd;
	size_t digits;

	/* A backslash says that the name is escaped. */
	if (length > 0 && line[0] == '\\')
		line++, length--;
	digits = count_digits(line, length);
	if (is_digest(digits))
		return digits == length || line[digits] == ' ' ||
		       line[digits] == '\t';
	/* SHA, MD5, BLAKE2. */
	if (length == 0 || (line[0] != 'S' && line[0] != 'M' && line[0] != 'B'))
		return false;
	bsd = memmem(line, length, ") = ", 4);
	if (bsd == NULL)
		return false;
	bsd += 4;
	digits = length - (size_t)(bsd - line);
	return is_digest(digits) && count_digits(bsd, digits) == digits;
}

/* Each line of the head but empty ones; is_cut: the last may be a part. */
static bool
is_list(const uint8_t *head, size_t length, bool is_cut)
{
	bool has_line = false;

	while (length > 0) {
		const uint8_t *end = memchr(head, '\n', length);
		size_t line = end != NULL ? (size_t)(end - head) : length;
		size_t text = line;

		if (end == NULL && is_cut)
			break;
		if (text > 0 && head[text - 1] == '\r')
			text--;
		if (text > 0 && !is_list_line(head, text))
			return false;
		has_line = has_line || text > 0;
		line += end != NULL;
		head += line;
		length -= line;
	}
	return has_line;
}

bool
beside_is(const char *name, size_t name_length, const uint8_t *head,
    size_t length, uint64_t size)
{
	/* The content first: it decides at the first bytes of most files. */
	if (seal_is_signature(head, length))
		return size > 0 && size <= SIGNATURE_BYTES_MAX &&
		       has_ending(name, name_length, signature_endings);
	return is_list(head, length, size == 0 || size > length) &&
	       is_list_name(name, name_length);
}
