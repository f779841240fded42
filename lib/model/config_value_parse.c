/* config_value: from text to field (config_value.c: back, and freeing). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"
#include "lib/model/config.h"
#include "lib/model/config_value.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Items of one list. */
#define LIST_MAX 64

/* A choice is stored as its enum, which is an unsigned int in C ABIs here. */
_Static_assert(sizeof(enum config_layout) == sizeof(unsigned int),
    "enums are stored through unsigned int");

static int
refuse(const char *what, const char *text, struct error *err)
{
	char shown[128];

	/* TRANSLATORS: a sentence about a value, and the value. */
	return error_set(err, ERROR_INPUT, _("%s (it is \"%s\")"), what,
	    text_escape(shown, sizeof(shown), text, strlen(text)));
}

static int
store_text(const char *text, void *field, struct error *err)
{
	char *copy = strdup(text);

	if (copy == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	memcpy(field, &copy, sizeof(copy));
	return 0;
}

bool
config_value_is_id(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length < CONFIG_ID_BYTES && text[0] >= 'a' &&
	       text[0] <= 'z' && strspn(text, LOWER DIGITS "-") == length;
}

static int
parse_text(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	if (key->is_required && text[0] == '\0')
		return error_set(err, ERROR_INPUT, _("it must not be empty"));
	return store_text(text, field, err);
}

/* The index of a text among the choices, or -1 with an error naming them. */
static int
find_choice(const struct config_key *key, const char *text, struct error *err)
{
	struct bytes list = BYTES_EMPTY;

	for (int i = 0; key->choices[i] != NULL; i++) {
		if (strcmp(text, key->choices[i]) == 0) {
			bytes_done(&list);
			return i;
		}
		bytes_append_format(
		    &list, "%s%s", i > 0 ? ", " : "", key->choices[i]);
	}
	bytes_append_u8(&list, 0);
	if (list.failed)
		error_set(err, ERROR_INTERNAL, _("out of memory"));
	else
		error_set(err, ERROR_INPUT, _("it must be one of: %s"),
		    (const char *)list.data);
	bytes_done(&list);
	return -1;
}

static int
parse_word(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	return find_choice(key, text, err) < 0 ? -1
					       : store_text(text, field, err);
}

static int
parse_id(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	(void)key;
	if (!config_value_is_id(text))
		return refuse(_("an ID is a lower-case letter and then up to "
				"31 lower-case letters, digits and hyphens"),
		    text, err);
	return store_text(text, field, err);
}

static int
parse_name(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	(void)key;
	if (strchr(text, '/') != NULL || strcmp(text, ".") == 0 ||
	    strcmp(text, "..") == 0 || strlen(text) > 255)
		return refuse(_("it must be the name of a file, without a "
				"folder"),
		    text, err);
	return store_text(text, field, err);
}

static int
parse_token(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	(void)key;
	if (strspn(text, LOWER UPPER DIGITS "-") != strlen(text))
		return refuse(_("only letters, digits and hyphens"), text, err);
	return store_text(text, field, err);
}

/* "nas1:2049", "192.0.2.7:445", "[2001:db8::7]:445". */
static int
parse_address(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	const char *colon = strrchr(text, ':');
	size_t host = colon == NULL ? 0 : (size_t)(colon - text);
	bool is_bracketed = text[0] == '[' && host > 2 && colon[-1] == ']';
	long port = colon == NULL ? 0 : strtol(colon + 1, NULL, 10);

	(void)key;
	if (text[0] == '\0')
		return store_text(text, field, err);
	if (host == 0 || host > 253 || port < 1 || port > UINT16_MAX ||
	    strspn(colon + 1, DIGITS) != strlen(colon + 1) ||
	    (is_bracketed
		    ? strspn(text + 1, DIGITS "abcdefABCDEF:.") != host - 2
		    : strspn(text, LOWER UPPER DIGITS "-.") != host))
		return refuse(
		    _("it must be HOST:PORT, such as nas1:2049"), text, err);
	return store_text(text, field, err);
}

static int
parse_zone(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	(void)key;
	if (date_zone_check(text, err) != 0)
		return -1;
	return store_text(text, field, err);
}

/* No empty component, no "." and no ".." in what follows. */
static bool
is_plain_path(const char *path)
{
	while (true) {
		size_t length = strcspn(path, "/");

		if (length == 0 || strncmp(path, ".", length) == 0 ||
		    (length == 2 && strncmp(path, "..", length) == 0))
			return false;
		if (path[length] == '\0')
			return true;
		path += length + 1;
	}
}

/* Slashes at the end mean nothing and are cut. */
static int
store_path(const char *text, size_t skip, const char *alone, void *field,
    struct error *err)
{
	char path[CONFIG_VALUE_MAX_BYTES + 1];
	size_t length = strlen(text);

	while (length > 1 && text[length - 1] == '/')
		length--;
	memcpy(path, text, length);
	path[length] = '\0';
	if (strcmp(path, alone) != 0 && !is_plain_path(path + skip))
		return refuse(_("a path must not have \".\", \"..\" or empty "
				"parts"),
		    text, err);
	return store_text(path, field, err);
}

static int
parse_absolute(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	if ((text[0] == '\0' && !key->is_required) ||
	    (key->word != NULL && strcmp(text, key->word) == 0))
		return store_text(text, field, err);
	if (text[0] != '/')
		return refuse(_("the path must begin with \"/\""), text, err);
	return store_path(text, 1, "/", field, err);
}

static int
parse_relative(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	(void)key;
	if (text[0] == '/')
		return refuse(_("the path counts from the medium's path on and "
				"must not begin with \"/\""),
		    text, err);
	return store_path(text, 0, ".", field, err);
}

static int
refuse_range(const struct config_key *key, struct error *err)
{
	if (key->min != NULL && key->max != NULL)
		return error_set(err, ERROR_INPUT,
		    _("it must be between %s and %s"), key->min, key->max);
	if (key->min != NULL)
		return error_set(
		    err, ERROR_INPUT, _("it must be at least %s"), key->min);
	return error_set(
	    err, ERROR_INPUT, _("it must be at most %s"), key->max);
}

static int
parse_integer_text(const char *text, int64_t *ret_value, struct error *err)
{
	size_t length = strlen(text);

	if (length == 0 || length > 15 || strspn(text, DIGITS) != length)
		return refuse(_("it must be a whole number"), text, err);
	*ret_value = strtoll(text, NULL, 10);
	return 0;
}

/* Durations and integers: both are int64_t with bounds and perhaps a word. */
static int
parse_number(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	int (*parse)(const char *, int64_t *, struct error *) =
	    key->type == CONFIG_DURATION ? quantity_parse_duration
					 : parse_integer_text;
	int64_t value, bound;

	if (key->word != NULL && strcmp(text, key->word) == 0) {
		memcpy(field, &key->word_value, sizeof(value));
		return 0;
	}
	if (parse(text, &value, err) != 0)
		return -1;
	if ((key->min != NULL && parse(key->min, &bound, NULL) == 0 &&
		value < bound) ||
	    (key->max != NULL && parse(key->max, &bound, NULL) == 0 &&
		value > bound))
		return refuse_range(key, err);
	memcpy(field, &value, sizeof(value));
	return 0;
}

static int
parse_size(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	uint64_t value, bound;

	if (key->word != NULL && strcmp(text, key->word) == 0) {
		value = (uint64_t)key->word_value;
		memcpy(field, &value, sizeof(value));
		return 0;
	}
	if (quantity_parse_size(text, &value, err) != 0)
		return -1;
	if ((key->min != NULL &&
		quantity_parse_size(key->min, &bound, NULL) == 0 &&
		value < bound) ||
	    (key->max != NULL &&
		quantity_parse_size(key->max, &bound, NULL) == 0 &&
		value > bound))
		return refuse_range(key, err);
	memcpy(field, &value, sizeof(value));
	return 0;
}

static int
parse_boolean(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	bool value = strcmp(text, "yes") == 0;

	(void)key;
	if (!value && strcmp(text, "no") != 0)
		return refuse(_("it must be yes or no"), text, err);
	memcpy(field, &value, sizeof(value));
	return 0;
}

static int
parse_choice(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	int choice = find_choice(key, text, err);
	unsigned int value = (unsigned int)choice;

	if (choice < 0)
		return -1;
	memcpy(field, &value, sizeof(value));
	return 0;
}

/* One name of a list, without the spaces around it. */
static int
add_item(struct config_list *list, const char *text, size_t length,
    struct error *err)
{
	while (length > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		length--;
	}
	while (
	    length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	if (length == 0 || memchr(text, '/', length) != NULL ||
	    list->count == LIST_MAX)
		return error_set(err, ERROR_INPUT,
		    _("write up to %d names without \"/\", separated by "
		      "commas"),
		    LIST_MAX);
	list->items[list->count] = strndup(text, length);
	if (list->items[list->count] == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	list->count++;
	return 0;
}

static int
parse_list(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	struct config_list list = {NULL, 0};
	int rc = -1;

	(void)key;
	if (text[0] == '\0') {
		memcpy(field, &list, sizeof(list));
		return 0;
	}
	list.items = calloc(LIST_MAX, sizeof(list.items[0]));
	if (list.items == NULL) {
		error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	for (const char *at = text;;) {
		size_t length = strcspn(at, ",");

		if (add_item(&list, at, length, err) != 0)
			goto out;
		if (at[length] == '\0')
			break;
		at += length + 1;
	}
	memcpy(field, &list, sizeof(list));
	rc = 0;
out:
	if (rc != 0)
		config_value_list_done(&list);
	return rc;
}

static int
parse_pattern(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	struct pattern *pattern;

	(void)key;
	if (pattern_compile(text, &pattern, err) != 0)
		return -1;
	memcpy(field, &pattern, sizeof(pattern));
	return 0;
}

static int
parse_window(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	(void)key;
	return schedule_window_parse(text, field, err);
}

/* "08:00" */
static int
parse_clock(const struct config_key *key, const char *text, void *field,
    struct error *err)
{
	static const char form[] = "00:00";
	int64_t minute;

	if (key->word != NULL && strcmp(text, key->word) == 0) {
		memcpy(field, &key->word_value, sizeof(minute));
		return 0;
	}
	if (strlen(text) != sizeof(form) - 1 || strspn(text, DIGITS) != 2 ||
	    text[2] != ':' || strspn(text + 3, DIGITS) != 2 ||
	    strcmp(text, "24") >= 0 || text[3] > '5')
		return refuse(
		    _("it must be a time of day, such as 08:00"), text, err);
	minute = (text[0] - '0') * 600 + (text[1] - '0') * 60 +
		 (text[3] - '0') * 10 + (text[4] - '0');
	memcpy(field, &minute, sizeof(minute));
	return 0;
}

static int (*const parsers[])(const struct config_key *key, const char *text,
    void *field, struct error *err) = {
    [CONFIG_TEXT] = parse_text,
    [CONFIG_WORD] = parse_word,
    [CONFIG_ID] = parse_id,
    [CONFIG_NAME] = parse_name,
    [CONFIG_TOKEN] = parse_token,
    [CONFIG_ADDRESS] = parse_address,
    [CONFIG_ZONE] = parse_zone,
    [CONFIG_ABSOLUTE] = parse_absolute,
    [CONFIG_RELATIVE] = parse_relative,
    [CONFIG_DURATION] = parse_number,
    [CONFIG_SIZE] = parse_size,
    [CONFIG_INTEGER] = parse_number,
    [CONFIG_BOOLEAN] = parse_boolean,
    [CONFIG_CHOICE] = parse_choice,
    [CONFIG_LIST] = parse_list,
    [CONFIG_PATTERN] = parse_pattern,
    [CONFIG_WINDOW] = parse_window,
    [CONFIG_CLOCK] = parse_clock,
};

int
config_value_parse(const struct config_key *key, const char *text,
    void *section, struct error *err)
{
	if (strlen(text) > CONFIG_VALUE_MAX_BYTES)
		return error_set(err, ERROR_INPUT,
		    _("the value is longer than %d bytes"),
		    CONFIG_VALUE_MAX_BYTES);
	return parsers[key->type](
	    key, text, (char *)section + key->offset, err);
}
