#include "lib/format/checksums_internal.h"

#include <string.h>
#include <strings.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * RFC 8493 section 2.1.3: line feed, carriage return and the percent sign
 * itself are %0A, %0D and %25, and nothing else is encoded.
 */
static void
take_name(struct checksums *list, const char *text, size_t length)
{
	static const struct {
		const char *code;
		char byte;
	} codes[] = {{"%0A", '\n'}, {"%0D", '\r'}, {"%25", '%'}};

	bytes_clear(&list->path);
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		for (size_t k = 0; c == '%' && k < 3; k++) {
			if (length - i >= 3 &&
			    strncasecmp(text + i, codes[k].code, 3) == 0) {
				c = codes[k].byte;
				i += 2;
				break;
			}
		}
		bytes_append_u8(&list->path, (uint8_t)c);
	}
}

int
checksums_take_bagit(
    struct checksums *list, const char *text, size_t length, struct error *err)
{
	size_t digits = checksums_count_hex(text, length), at = digits;
	struct checksums_entry entry = {
	    .algorithm = checksums_algorithm_of_digits(list, digits)};

	if (length == 0)
		return 0;
	while (at < length && is_blank(text[at]))
		at++;
	/* What md5sum -b puts before a name. */
	if (at > digits && at < length && text[at] == '*')
		at++;
	if (at == digits || at == length || entry.algorithm == CHECKSUMS_NONE ||
	    (entry.algorithm != CHECKSUMS_OTHER &&
		checksums_parse_hex(text, digits, entry.digest, digits / 2) !=
		    0)) {
		list->summary.malformed++;
		return 0;
	}
	take_name(list, text + at, length - at);
	return checksums_give(list, &entry, err);
}

/* "Payload-Oxum: OCTETS.STREAMS", the label in any case. */
void
checksums_take_bag_info(struct checksums *list, const char *text, size_t length)
{
	static const char label[] = "Payload-Oxum:";
	struct checksums_summary *summary = &list->summary;
	const char *dot;

	if (length < sizeof(label) - 1 ||
	    strncasecmp(text, label, sizeof(label) - 1) != 0)
		return;
	text += sizeof(label) - 1;
	length -= sizeof(label) - 1;
	while (length > 0 && is_blank(text[0])) {
		text++;
		length--;
	}
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	dot = memchr(text, '.', length);
	if (summary->has_oxum || dot == NULL ||
	    checksums_parse_number(
		text, (size_t)(dot - text), &summary->oxum_bytes) != 0 ||
	    checksums_parse_number(dot + 1, length - (size_t)(dot - text) - 1,
		&summary->oxum_files) != 0)
		summary->malformed++;
	else
		summary->has_oxum = true;
}
