#include "lib/crypto/keyring_statement.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define TITLE "hikae key statement 1"
#define NONE "none"

static const char *const change_names[KEYRING_CHANGES] = {
    [KEYRING_BEGIN] = "begin",
    [KEYRING_DAEMON] = "daemon",
    [KEYRING_FACILITY] = "facility",
    [KEYRING_FACILITY_LOST] = "facility-lost",
};

const char *
keyring_change_name(enum keyring_change change)
{
	return change_names[change];
}

void
keyring_statement_comment(
    const struct keyring_statement *statement, char *ret_comment)
{
	(void)snprintf(ret_comment, KEYRING_STATEMENT_COMMENT_BYTES,
	    "hikae key statement %s %u", statement->origin, statement->number);
}

/* "NAME KEY", the key as the second line of its file. */
static void
append_key(
    struct bytes *out, const char *name, const struct signature_public *public)
{
	struct bytes file = BYTES_EMPTY;
	const uint8_t *line;

	signature_public_encode(public, &file);
	line = file.failed ? NULL : memchr(file.data, '\n', file.length);
	if (line == NULL) {
		out->failed = true;
	} else {
		line++;
		bytes_append_format(out, "%s ", name);
		bytes_append(
		    out, line, file.length - (size_t)(line - file.data));
	}
	bytes_done(&file);
}

/* One line of a person's words: UTF-8 that needs no escaping. */
static bool
is_reason(const char *reason)
{
	struct bytes shown = BYTES_EMPTY;
	size_t length = strlen(reason);
	bool is_good;

	if (length == 0 || length >= KEYRING_REASON_BYTES)
		return false;
	text_append_escaped(&shown, reason, length);
	is_good = !shown.failed && shown.length == length;
	bytes_done(&shown);
	return is_good;
}

/* ISO 8601 in UTC with seconds: "2026-11-22T05:03:37Z". */
static int
format_instant(int64_t ms, char *text, size_t size)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;

	if (ms < 0 || gmtime_r(&seconds, &tm) == NULL || tm.tm_year > 8099)
		return -1;
	return strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0 ? 0 : -1;
}

static int
parse_instant(const char *text, int64_t *ret_ms)
{
	struct date date = {0};
	char end = '\0';

	/* Laxer than the format; the caller compares what is written back. */
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%c", &date.year, &date.month,
		&date.day, &date.hour, &date.minute, &date.second, &end) != 7 ||
	    end != 'Z')
		return -1;
	return date_of_offset(&date, ret_ms);
}

int
keyring_statement_encode(const struct keyring_statement *statement,
    struct bytes *out, struct error *err)
{
	char instant[DATE_TEXT_BYTES], hex[2 * DIGEST_SHA256_BYTES + 1];

	if (!is_reason(statement->reason))
		return error_set(err, ERROR_INPUT,
		    _("the reason must be one line of 1 to %d bytes without "
		      "backslashes or control characters"),
		    KEYRING_REASON_BYTES - 1);
	if (format_instant(statement->at_ms, instant, sizeof(instant)) != 0)
		return error_set(err, ERROR_INPUT, _("not an instant"));
	bytes_format_hex(statement->previous, sizeof(statement->previous), hex);
	bytes_append_format(out,
	    TITLE "\nnumber %u\nprevious %s\norigin %s\nchange %s\n",
	    statement->number, statement->has_old ? hex : NONE,
	    statement->origin, keyring_change_name(statement->change));
	if (statement->has_old)
		append_key(out, "old", &statement->old);
	else
		bytes_append_text(out, "old " NONE "\n");
	append_key(out, "new", &statement->new);
	append_key(out, "authority", &statement->authority);
	bytes_append_format(
	    out, "at %s\nreason %s\n", instant, statement->reason);
	return bytes_check(out, err);
}

/*
 * Copy the value of the next line, which must begin with "name ", into value
 * of size bytes.
 */
static int
take_line(const char **at, const char *end, const char *name, char *value,
    size_t size)
{
	size_t prefix = strlen(name), length;
	/* An empty text may have no address. */
	const char *feed =
	    *at == end ? NULL : memchr(*at, '\n', (size_t)(end - *at));

	if (feed == NULL)
		return -1;
	length = (size_t)(feed - *at);
	if (length <= prefix || memcmp(*at, name, prefix) != 0 ||
	    (*at)[prefix] != ' ' || length - prefix - 1 >= size)
		return -1;
	memcpy(value, *at + prefix + 1, length - prefix - 1);
	value[length - prefix - 1] = '\0';
	*at = feed + 1;
	return 0;
}

static int
take_key(const char **at, const char *end, const char *name,
    struct signature_public *ret)
{
	char value[128];

	if (take_line(at, end, name, value, sizeof(value)) != 0)
		return -1;
	return signature_public_decode(value, strlen(value), ret, NULL);
}

static int
take_change(const char **at, const char *end, enum keyring_change *ret)
{
	char value[32];

	if (take_line(at, end, "change", value, sizeof(value)) != 0)
		return -1;
	for (int i = 0; i < KEYRING_CHANGES; i++)
		if (strcmp(value, change_names[i]) == 0) {
			*ret = (enum keyring_change)i;
			return 0;
		}
	return -1;
}

/* Every line in turn; how exactly it is written is not looked at here. */
static int
take_statement(
    const char *text, size_t length, struct keyring_statement *statement)
{
	const char *at = text, *end = text + length;
	char value[2 * DIGEST_SHA256_BYTES + 1];

	if (take_line(&at, end, "hikae", value, sizeof(value)) != 0 ||
	    take_line(&at, end, "number", value, sizeof(value)) != 0 ||
	    sscanf(value, "%9u", &statement->number) != 1 ||
	    take_line(&at, end, "previous", value, sizeof(value)) != 0)
		return -1;
	statement->has_old = strcmp(value, NONE) != 0;
	if (statement->has_old && bytes_parse_hex(value, statement->previous,
				      sizeof(statement->previous)) != 0)
		return -1;
	if (take_line(&at, end, "origin", statement->origin,
		sizeof(statement->origin)) != 0 ||
	    take_change(&at, end, &statement->change) != 0)
		return -1;
	if (statement->has_old
		? take_key(&at, end, "old", &statement->old) != 0
		: take_line(&at, end, "old", value, sizeof(value)) != 0)
		return -1;
	if (take_key(&at, end, "new", &statement->new) != 0 ||
	    take_key(&at, end, "authority", &statement->authority) != 0 ||
	    take_line(&at, end, "at", value, sizeof(value)) != 0 ||
	    parse_instant(value, &statement->at_ms) != 0)
		return -1;
	return take_line(
	    &at, end, "reason", statement->reason, sizeof(statement->reason));
}

int
keyring_statement_decode(const char *text, size_t length,
    struct keyring_statement *ret_statement, struct error *err)
{
	struct keyring_statement statement = {0};
	struct bytes again = BYTES_EMPTY;
	int rc = -1;

	/* There is one way to write a statement: what was read is written
	 * back and must be the same bytes. */
	if (length > KEYRING_STATEMENT_BYTES_MAX ||
	    take_statement(text, length, &statement) != 0 ||
	    keyring_statement_encode(&statement, &again, NULL) != 0 ||
	    again.length != length || memcmp(again.data, text, length) != 0) {
		(void)error_set(
		    err, ERROR_INPUT, _("not a statement about a key"));
		goto out;
	}
	digest_sha256_of(text, length, statement.sha256);
	*ret_statement = statement;
	rc = 0;
out:
	bytes_done(&again);
	return rc;
}
