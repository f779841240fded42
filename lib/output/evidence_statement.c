/* What the signature of a bundle says, and what may be signed as one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/output/evidence.h"

#define FIRST_WORDS "hikae evidence "
/* A tag manifest has a handful of lines. */
#define TAGMANIFEST_BYTES_MAX 4096

void
evidence_comment_format(const struct evidence_statement *statement,
    char ret_comment[EVIDENCE_COMMENT_BYTES])
{
	char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
	char root[2 * MERKLE_HASH_BYTES + 1];

	bytes_format_hex(statement->root, sizeof(statement->root), root);
	(void)snprintf(ret_comment, EVIDENCE_COMMENT_BYTES,
	    FIRST_WORDS "%s %s %s %llu %s", statement->origin,
	    date_format_iso(statement->from, from),
	    date_format_iso(statement->to, to),
	    (unsigned long long)statement->size, root);
}

void
evidence_head_comment_format(
    const char *origin, uint64_t size, char ret_comment[EVIDENCE_COMMENT_BYTES])
{
	(void)snprintf(ret_comment, EVIDENCE_COMMENT_BYTES,
	    "hikae checkpoint %s %llu", origin, (unsigned long long)size);
}

static int
parse_words(char *text, struct evidence_statement *statement)
{
	char *words[5], *rest = text, *end;

	for (int i = 0; i < 5; i++) {
		words[i] = strsep(&rest, " ");
		if (words[i] == NULL || words[i][0] == '\0')
			return -1;
	}
	if (rest != NULL || strlen(words[0]) >= sizeof(statement->origin) ||
	    date_parse(words[1], &statement->from, NULL) != 0 ||
	    date_parse(words[2], &statement->to, NULL) != 0 ||
	    words[3][0] < '0' || words[3][0] > '9' ||
	    bytes_parse_hex(
		words[4], statement->root, sizeof(statement->root)) != 0)
		return -1;
	memcpy(statement->origin, words[0], strlen(words[0]) + 1);
	statement->size = strtoull(words[3], &end, 10);
	return *end == '\0' ? 0 : -1;
}

int
evidence_comment_parse(const char *comment,
    struct evidence_statement *ret_statement, struct error *err)
{
	char text[EVIDENCE_COMMENT_BYTES];

	*ret_statement = (struct evidence_statement){.size = 0};
	if (strncmp(comment, FIRST_WORDS, strlen(FIRST_WORDS)) != 0 ||
	    strlen(comment) >= sizeof(text))
		return error_set(err, ERROR_SIGNATURE,
		    _("the signature was made for something else"));
	(void)snprintf(text, sizeof(text), "%s", comment + strlen(FIRST_WORDS));
	if (parse_words(text, ret_statement) != 0)
		return error_set(err, ERROR_SIGNATURE,
		    _("the signature was made for something else"));
	return 0;
}

/* "HEX64  NAME\n", where NAME is of the few that there can be. */
static size_t
check_line(const char *text, size_t length)
{
	const char *end = memchr(text, '\n', length);
	size_t digits = strspn(text, "0123456789abcdef");
	size_t name;

	if (end == NULL || digits != 64 || (size_t)(end - text) <= 66 ||
	    text[64] != ' ' || text[65] != ' ')
		return 0;
	name = strspn(text + 66, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	return text + 66 + name == end ? (size_t)(end - text) + 1 : 0;
}

int
evidence_tagmanifest_check(const void *text, size_t length, struct error *err)
{
	char copy[TAGMANIFEST_BYTES_MAX + 1];
	size_t at = 0;

	if (length > 0 && length <= TAGMANIFEST_BYTES_MAX) {
		memcpy(copy, text, length);
		copy[length] = '\0';
		while (at < length) {
			size_t line = check_line(copy + at, length - at);

			if (line == 0)
				break;
			at += line;
		}
	}
	if (length == 0 || at != length)
		return error_set(err, ERROR_INPUT,
		    _("this is no list of the files of a bundle"));
	return 0;
}

int
evidence_describe(
    const struct evidence_result *result, json_t **ret, struct error *err)
{
	const struct evidence_statement *statement = &result->statement;
	char root[2 * MERKLE_HASH_BYTES + 1];

	bytes_format_hex(statement->root, MERKLE_HASH_BYTES, root);
	*ret = json_pack(
	    "{s:s, s:I, s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b, "
	    "s:b}",
	    "origin", statement->origin, "from", (json_int_t)statement->from,
	    "to", (json_int_t)statement->to, "size",
	    json_of_u64(statement->size), "root", root, "first",
	    json_of_u64(result->first), "last", json_of_u64(result->last),
	    "files", json_of_u64(result->files), "bytes",
	    json_of_u64(result->bytes), "documents_missing",
	    json_of_u64(result->documents_missing), "is_over",
	    (int)result->is_over, "is_of_today", (int)result->is_of_today,
	    "is_signed", (int)result->is_signed);
	return *ret != NULL
		   ? 0
		   : error_set(err, ERROR_INTERNAL, _("out of memory"));
}
