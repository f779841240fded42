#include "lib/model/manifest_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

#define MAGIC "#mtree\n# hikae manifest "

/* No path has more components that could be stripped with sense. */
#define STRIP_MAX 1000

/*
 * Each parser below takes the values out by sscanf, which is lenient, writes
 * them again, and accepts the text only when that gives the same bytes.
 */

static int
compare_again(const char *text, size_t length, struct bytes *again,
    const char *problem, struct error *err)
{
	int rc = -1;

	if (bytes_check(again, err) != 0)
		goto out;
	if (again->length != length || memcmp(again->data, text, length) != 0) {
		error_set(err, ERROR_INPUT, "%s", problem);
		goto out;
	}
	rc = 0;
out:
	bytes_done(again);
	return rc;
}

/* A copy that ends in NUL, for sscanf; false when the text is too long. */
static bool
copy_text(const char *text, size_t length, char copy[MANIFEST_TEXT_BYTES_MAX])
{
	if (length >= MANIFEST_TEXT_BYTES_MAX)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return true;
}

static uint64_t
number(const char *digits)
{
	return strtoull(digits, NULL, 10);
}

int
manifest_compare_paths(
    const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t shorter = a_length < b_length ? a_length : b_length;

	for (size_t i = 0; i < shorter; i++) {
		if (a[i] == b[i])
			continue;
		if (a[i] == '/')
			return -1;
		if (b[i] == '/')
			return 1;
		return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
	}
	return (a_length > b_length) - (a_length < b_length);
}

const char *
manifest_type_name(enum manifest_type type)
{
	return mtree_type_name((enum mtree_type)type);
}

void
manifest_trusted_comment(
    const struct manifest_header *header, struct bytes *out)
{
	bytes_append_format(out, "hikae %s %s %s",
	    header->is_members ? "members" : "manifest", header->generation,
	    header->medium);
}

static bool
is_word(const char *text)
{
	if (*text == '\0')
		return false;
	while (*text >= '!' && *text <= '~')
		text++;
	return *text == '\0';
}

bool
manifest_text_is_header(const struct manifest_header *header)
{
	return header->strip <= STRIP_MAX && is_word(header->system) &&
	       is_word(header->generation) && is_word(header->medium) &&
	       is_word(header->source) && header->slice_bytes > 0 &&
	       header->slice_bytes % DIGEST_SHA256_BLOCK_BYTES == 0;
}

bool
manifest_text_is_code(const char *code, size_t length)
{
	if (length == 0 || length >= MANIFEST_UNREAD_BYTES || code[0] < 'a' ||
	    code[0] > 'z')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!(code[i] >= 'a' && code[i] <= 'z') &&
		    !(code[i] >= '0' && code[i] <= '9') && code[i] != '-')
			return false;
	}
	return true;
}

void
manifest_text_append_header(
    const struct manifest_header *header, struct bytes *out)
{
	bytes_append_format(out,
	    MAGIC "1\n# system %s\n# generation %s\n# medium %s\n"
		  "# source %s\n# slice-bytes %" PRIu64 "\n# kind %s\n",
	    header->system, header->generation, header->medium, header->source,
	    header->slice_bytes, header->is_members ? "members" : "container");
	if (header->has_strip)
		bytes_append_format(out, "# strip %u\n", header->strip);
	else
		bytes_append_text(out, "# strip common\n");
	bytes_append_text(out, ". type=dir\n");
}

int
manifest_text_parse_header(const char *text, size_t length,
    struct manifest_header *ret_header, struct error *err)
{
	char copy[MANIFEST_TEXT_BYTES_MAX], slice_bytes[21], kind[10];
	char strip[11];
	struct manifest_header header = {0};
	struct bytes again = BYTES_EMPTY;
	const char *problem = _("not the header of a manifest");

	if (!copy_text(text, length, copy) ||
	    strncmp(copy, MAGIC, strlen(MAGIC)) != 0)
		return error_set(err, ERROR_INPUT, "%s", problem);
	if (strncmp(copy + strlen(MAGIC), "1\n", 2) != 0)
		return error_set(
		    err, ERROR_VERSION, _("the manifest is in a newer format"));
	if (sscanf(copy,
		MAGIC "1\n# system %32[!-~]\n# generation %63[!-~]\n"
		      "# medium %32[!-~]\n# source %32[!-~]\n"
		      "# slice-bytes %20[0-9]\n# kind %9[a-z]\n"
		      "# strip %10[a-z0-9]\n",
		header.system, header.generation, header.medium, header.source,
		slice_bytes, kind, strip) != 7)
		return error_set(err, ERROR_INPUT, "%s", problem);
	header.slice_bytes = number(slice_bytes);
	header.is_members = strcmp(kind, "members") == 0;
	header.has_strip = strcmp(strip, "common") != 0;
	header.strip = header.has_strip ? (unsigned int)number(strip) : 0;
	if (!manifest_text_is_header(&header))
		return error_set(err, ERROR_INPUT, "%s", problem);
	manifest_text_append_header(&header, &again);
	if (compare_again(text, length, &again, problem, err) != 0)
		return -1;
	*ret_header = header;
	return 0;
}

void
manifest_text_append_slice(
    uint64_t slice, const struct manifest_start *start, struct bytes *out)
{
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	bytes_append_format(out, "# hikae slice %" PRIu64, slice);
	if (start->inside_file) {
		bytes_format_hex(start->state, sizeof(start->state), hex);
		bytes_append_format(out, " offset=%" PRIu64 " sha256state=%s",
		    start->offset, hex);
	}
	bytes_append_text(out, "\n");
}

int
manifest_text_parse_slice(const char *line, size_t length, uint64_t slice,
    struct manifest_start *ret_start, struct error *err)
{
	char copy[MANIFEST_TEXT_BYTES_MAX], n[21], offset[21];
	char hex[2 * DIGEST_SHA256_BYTES + 1];
	struct manifest_start start = {0};
	struct bytes again = BYTES_EMPTY;
	const char *problem = _("a slice of a manifest begins wrongly");
	int values;

	if (!copy_text(line, length, copy))
		return error_set(err, ERROR_INPUT, "%s", problem);
	values = sscanf(copy,
	    "# hikae slice %20[0-9] offset=%20[0-9] sha256state=%64[0-9a-f]", n,
	    offset, hex);
	if (values == 3) {
		start.inside_file = true;
		start.offset = number(offset);
		if (start.offset % DIGEST_SHA256_BLOCK_BYTES != 0 ||
		    bytes_parse_hex(hex, start.state, sizeof(start.state)) != 0)
			return error_set(err, ERROR_INPUT, "%s", problem);
	}
	manifest_text_append_slice(slice, &start, &again);
	if (again.length > 0)
		again.length--;
	if (compare_again(line, length, &again, problem, err) != 0)
		return -1;
	*ret_start = start;
	return 0;
}

void
manifest_text_append_totals(
    const struct manifest_totals *totals, struct bytes *out)
{
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	bytes_append_format(out,
	    "# files %" PRIu64 " bytes %" PRIu64 " entries %" PRIu64
	    " slices %" PRIu64 " unread %" PRIu64 "\n",
	    totals->files, totals->bytes, totals->entries, totals->slices,
	    totals->unread);
	bytes_format_hex(totals->content, sizeof(totals->content), hex);
	if (totals->has_content)
		bytes_append_format(out, "# content sha256 %s\n", hex);
	else
		bytes_append_text(out, "# content undetermined\n");
}

int
manifest_text_parse_totals(const char *text, size_t length,
    struct manifest_totals *ret_totals, struct error *err)
{
	char copy[MANIFEST_TEXT_BYTES_MAX], values[5][21];
	char hex[2 * DIGEST_SHA256_BYTES + 1];
	struct manifest_totals totals = {0};
	struct bytes again = BYTES_EMPTY;
	const char *problem = _("not the totals of a manifest");
	int count;

	if (!copy_text(text, length, copy))
		return error_set(err, ERROR_INPUT, "%s", problem);
	count = sscanf(copy,
	    "# files %20[0-9] bytes %20[0-9] entries %20[0-9]"
	    " slices %20[0-9] unread %20[0-9]\n# content sha256 %64[0-9a-f]",
	    values[0], values[1], values[2], values[3], values[4], hex);
	if (count < 5)
		return error_set(err, ERROR_INPUT, "%s", problem);
	totals.files = number(values[0]);
	totals.bytes = number(values[1]);
	totals.entries = number(values[2]);
	totals.slices = number(values[3]);
	totals.unread = number(values[4]);
	totals.has_content = count == 6;
	if (totals.has_content &&
	    bytes_parse_hex(hex, totals.content, sizeof(totals.content)) != 0)
		return error_set(err, ERROR_INPUT, "%s", problem);
	manifest_text_append_totals(&totals, &again);
	if (compare_again(text, length, &again, problem, err) != 0)
		return -1;
	*ret_totals = totals;
	return 0;
}
