#include "lib/examine/member_name.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/i18n.h"
#include "lib/format/mtree.h"

struct member_name_charset {
	iconv_t converter; /* (iconv_t)-1: none is needed */
	struct bytes scratch;
};

#define NO_CONVERTER ((iconv_t)-1)

int
member_name_charset_new(const char *charset,
    struct member_name_charset **ret_charset, struct error *err)
{
	struct member_name_charset *new = calloc(1, sizeof(*new));

	if (new == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	new->converter = NO_CONVERTER;
	if (charset[0] != '\0' && strcasecmp(charset, "utf-8") != 0) {
		new->converter = iconv_open("UTF-8", charset);
		if (new->converter == NO_CONVERTER) {
			free(new);
			return error_set(err, ERROR_UNAVAILABLE,
			    _("this machine cannot convert from %s"), charset);
		}
	}
	*ret_charset = new;
	return 0;
}

void
member_name_charset_free(struct member_name_charset *charset)
{
	if (charset == NULL)
		return;
	if (charset->converter != NO_CONVERTER)
		(void)iconv_close(charset->converter);
	bytes_done(&charset->scratch);
	free(charset);
}

/* Bytes of the UTF-8 sequence that begins there, or 0 (RFC 3629). */
static size_t
sequence_length(const uint8_t *at, size_t left)
{
	size_t length = at[0] < 0x80   ? 1
			: at[0] < 0xc2 ? 0
			: at[0] < 0xe0 ? 2
			: at[0] < 0xf0 ? 3
			: at[0] < 0xf5 ? 4
				       : 0;

	if (length == 0 || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

/* The longest sequence in a text of UTF-8; 0 where it is none. */
static size_t
longest_sequence(const char *name)
{
	const uint8_t *at = (const uint8_t *)name;
	size_t left = strlen(name), longest = 1;

	while (left > 0) {
		size_t length = sequence_length(at, left);

		if (length == 0)
			return 0;
		if (length > longest)
			longest = length;
		at += length;
		left -= length;
	}
	return longest;
}

/* Into scratch.  0, or -1 where the name is none of that charset. */
static int
convert(struct member_name_charset *charset, const char *name)
{
	/* iconv does not write to its input, whatever its prototype says. */
	char *copy = strdup(name), *in_at = copy, chunk[1024];
	size_t left = strlen(name);
	bool is_flushed = false;
	int rc = -1;

	bytes_clear(&charset->scratch);
	if (copy == NULL)
		return -1;
	(void)iconv(charset->converter, NULL, NULL, NULL, NULL);
	while (!is_flushed) {
		char *out_at = chunk;
		size_t room = sizeof(chunk), result;

		is_flushed = left == 0;
		result = iconv(charset->converter, is_flushed ? NULL : &in_at,
		    &left, &out_at, &room);
		if (result == (size_t)-1 && errno != E2BIG)
			goto out;
		bytes_append(&charset->scratch, chunk, sizeof(chunk) - room);
	}
	rc = charset->scratch.failed ? -1 : 0;
out:
	free(copy);
	return rc;
}

void
member_name_decode(struct member_name_charset *charset,
    enum member_name_form form, const char *name, struct bytes *out)
{
	size_t longest = longest_sequence(name);

	if (charset->converter != NO_CONVERTER && form != MEMBER_NAME_UNICODE &&
	    !(form == MEMBER_NAME_EITHER && longest >= 3) &&
	    convert(charset, name) == 0)
		bytes_append(
		    out, charset->scratch.data, charset->scratch.length);
	else
		bytes_append(out, name, strlen(name));
}

/* Whether the component is that many dots and no more. */
static bool
is_dots(const char *component, size_t length, size_t dots)
{
	return length == dots && memcmp(component, "..", dots) == 0;
}

enum member_name_fit
member_name_clean(const char *name, size_t length, struct bytes *out)
{
	size_t begin = out->length, at = 0;
	bool is_absolute = length > 0 && name[0] == '/', goes_up = false;

	while (at < length) {
		const char *component = name + at;
		const char *slash = memchr(component, '/', length - at);
		size_t n =
		    slash != NULL ? (size_t)(slash - component) : length - at;

		at += n + 1;
		if (n == 0 || is_dots(component, n, 1))
			continue;
		if (is_dots(component, n, 2)) {
			goes_up = true;
			out->length = begin;
			continue;
		}
		if (out->length > begin)
			bytes_append_u8(out, '/');
		bytes_append(out, component, n);
	}
	if (out->failed)
		return MEMBER_NAME_UNUSABLE;
	if (out->length == begin)
		return goes_up || length == 0 ? MEMBER_NAME_UNUSABLE
					      : MEMBER_NAME_ROOT;
	if (!mtree_is_path(
		(const char *)out->data + begin, out->length - begin))
		return MEMBER_NAME_UNUSABLE;
	return is_absolute || goes_up ? MEMBER_NAME_CUT : MEMBER_NAME_PLAIN;
}
