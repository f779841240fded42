#include "lib/model/requirement_key.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define BEDS_MAX 10000
#define FEES_MAX 16

/* A word of a list or a check, with the NUL. */
#define WORD_BYTES 64

static void *
field(const struct requirement_key *key, void *data)
{
	return (char *)data + key->offset;
}

static int
out_of_memory(struct error *err)
{
	return error_set(err, ERROR_INTERNAL, _("out of memory"));
}

static int
parse_text(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	char **text = field(key, data);

	if (value[0] == '\0')
		return error_set(err, ERROR_INPUT, _("it must not be empty"));
	free(*text);
	*text = strdup(value);
	return *text != NULL ? 0 : out_of_memory(err);
}

static int
parse_id(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	if (!requirement_is_id(value))
		return error_set(err, ERROR_INPUT,
		    _("an id is letters, digits, hyphens and dots, at most "
		      "%d of them"),
		    REQUIREMENT_ID_BYTES - 1);
	return parse_text(key, value, data, err);
}

/* Index of a choice, or -1. */
static int
find_choice(const struct requirement_key *key, const char *word)
{
	for (int i = 0; i < key->choices; i++)
		if (strcmp(key->choice(i), word) == 0)
			return i;
	return -1;
}

/* All choices in one line, for people who wrote another one. */
static int
refuse_choice(
    const struct requirement_key *key, const char *word, struct error *err)
{
	char known[384] = "", shown[WORD_BYTES];
	size_t used = 0;

	for (int i = 0; i < key->choices && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used,
		    "%s%s", i > 0 ? ", " : "", key->choice(i));
	return error_set(err, ERROR_INPUT, _("\"%s\" is none of: %s"),
	    text_escape(shown, sizeof(shown), word, strlen(word)), known);
}

static int
parse_choice(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	int choice = find_choice(key, value);

	if (choice < 0)
		return refuse_choice(key, value, err);
	*(int *)field(key, data) = choice;
	return 0;
}

/* The next of words separated by commas; false at the end. */
static bool
next_word(const char **at, char word[WORD_BYTES])
{
	size_t length;

	*at += strspn(*at, ", \t");
	length = strcspn(*at, ", \t");
	if (length == 0)
		return false;
	(void)snprintf(word, WORD_BYTES, "%.*s", (int)length, *at);
	if (length >= WORD_BYTES)
		word[WORD_BYTES - 2] = '~'; /* cut: no longer a word */
	*at += length;
	return true;
}

static int
parse_set(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	unsigned int set = 0;
	char word[WORD_BYTES];

	while (next_word(&value, word)) {
		int choice = find_choice(key, word);

		if (choice < 0)
			return refuse_choice(key, word, err);
		set |= 1u << choice;
	}
	if (set == 0)
		return error_set(err, ERROR_INPUT, _("it must not be empty"));
	*(unsigned int *)field(key, data) = set;
	return 0;
}

static bool
is_word(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		   strlen(text);
}

static int
parse_words(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	struct config_list *list = field(key, data);
	char word[WORD_BYTES];

	list->items = calloc(FEES_MAX, sizeof(list->items[0]));
	if (list->items == NULL)
		return out_of_memory(err);
	while (next_word(&value, word)) {
		if (!is_word(word) || list->count == FEES_MAX)
			return error_set(err, ERROR_INPUT,
			    _("up to %d words of lower-case letters, digits "
			      "and hyphens are wanted"),
			    FEES_MAX);
		list->items[list->count] = strdup(word);
		if (list->items[list->count] == NULL)
			return out_of_memory(err);
		list->count++;
	}
	return 0;
}

/* Digits of exactly that number; -1 for others. */
static int
take_digits(const char *text, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

static bool
is_day(int year, int month, int day)
{
	const struct date date = {.year = year, .month = month, .day = day};
	int64_t instant;

	return year >= 1 && month >= 1 && day >= 1 &&
	       date_of_offset(&date, &instant) == 0;
}

/* 2026-06-29, or 2026-06: a month, whose days nobody named. */
static int
parse_some_day(const struct requirement_key *key, const char *value,
    bool is_end, void *data, struct error *err)
{
	size_t length = strlen(value);
	int year, month, day = 1;

	if ((length != 7 && length != 10) || value[4] != '-' ||
	    (length == 10 && value[7] != '-'))
		goto refuse;
	year = take_digits(value, 4);
	month = take_digits(value + 5, 2);
	if (length == 10)
		day = take_digits(value + 8, 2);
	if (!is_day(year, month, day))
		goto refuse;
	if (length == 7)
		day = is_end ? 99 : 0;
	*(int64_t *)field(key, data) = year * 10000 + month * 100 + day;
	return 0;
refuse:
	return error_set(err, ERROR_INPUT,
	    _("a date such as 2026-06-29, or a month such as 2026-06, is "
	      "wanted"));
}

static int
parse_from(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	return parse_some_day(key, value, false, data, err);
}

static int
parse_to(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	return parse_some_day(key, value, true, data, err);
}

static int
parse_beds(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	char *end = NULL;
	long number = strtol(value, &end, 10);

	if (value[0] < '1' || value[0] > '9' || *end != '\0' ||
	    number > BEDS_MAX)
		return error_set(err, ERROR_INPUT,
		    _("a number from 1 to %d is wanted"), BEDS_MAX);
	*(int64_t *)field(key, data) = number;
	return 0;
}

/* "name(argument)" at the beginning; *at goes behind it. */
static int
take_measure(const char **at, enum measure *ret, struct error *err)
{
	char name[WORD_BYTES], argument[WORD_BYTES], shown[WORD_BYTES];
	int length = 0;

	if (sscanf(*at, "%63[a-z_] ( %63[a-z] )%n", name, argument, &length) <
		2 ||
	    length == 0)
		return error_set(err, ERROR_INPUT,
		    _("a check is: measure(system) OP value, such as "
		      "copies(system) >= 3"));
	if (measure_parse(name, ret) != 0)
		return error_set(err, ERROR_INPUT,
		    _("there is no measure \"%s\""),
		    text_escape(shown, sizeof(shown), name, strlen(name)));
	if (strcmp(argument,
		measure_argument_name(measure_argument_of(*ret))) != 0)
		return error_set(err, ERROR_INPUT, _("%s is taken of: %s"),
		    name, measure_argument_name(measure_argument_of(*ret)));
	*at += length;
	return 0;
}

/* The operator at the beginning, the longest first; *at goes behind it. */
static int
take_operator(const char **at, enum requirement_operator *ret)
{
	size_t best = 0;

	*at += strspn(*at, " \t");
	for (int i = 0; i < REQUIREMENT_OPERATORS; i++) {
		const char *name =
		    requirement_operator_name((enum requirement_operator)i);
		size_t length = strlen(name);

		if (length > best && strncmp(*at, name, length) == 0) {
			best = length;
			*ret = (enum requirement_operator)i;
		}
	}
	*at += best;
	*at += strspn(*at, " \t");
	return best > 0 ? 0 : -1;
}

static int
parse_check(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	struct requirement *requirement = data;
	struct requirement_check check;

	(void)key;
	if (requirement->check_count == REQUIREMENT_CHECKS_MAX)
		return error_set(err, ERROR_INPUT, _("there are more than %d"),
		    REQUIREMENT_CHECKS_MAX);
	if (take_measure(&value, &check.measure, err) != 0)
		return -1;
	if (take_operator(&value, &check.operator) != 0)
		return error_set(
		    err, ERROR_INPUT, _("one of = != < <= > >= is wanted"));
	if (measure_parse_value(check.measure, value, &check.number, err) != 0)
		return -1;
	requirement->checks[requirement->check_count++] = check;
	return 0;
}

static int
parse_show(const struct requirement_key *key, const char *value, void *data,
    struct error *err)
{
	struct requirement *requirement = data;
	enum measure measure;

	(void)key;
	if (requirement->show_count == REQUIREMENT_CHECKS_MAX)
		return error_set(err, ERROR_INPUT, _("there are more than %d"),
		    REQUIREMENT_CHECKS_MAX);
	if (take_measure(&value, &measure, err) != 0)
		return -1;
	if (*value != '\0')
		return error_set(err, ERROR_INPUT,
		    _("a measure alone is wanted, such as copies(system)"));
	requirement->shows[requirement->show_count++] = measure;
	return 0;
}

static const char *
kind_choice(int index)
{
	return requirement_kind_name((enum requirement_kind)index);
}

static const char *
status_choice(int index)
{
	return requirement_text_status_name(
	    (enum requirement_text_status)index);
}

static const char *
system_choice(int index)
{
	return config_system_kind_name((enum config_system_kind)index);
}

static const char *
facility_choice(int index)
{
	static const char *const kinds[] = {"hospital", "clinic"};

	return kinds[index];
}

static const char *
offline_choice(int index)
{
	return config_offline_name((enum config_offline)index);
}

static const char *
applies_choice(int index)
{
	return index == REQUIREMENT_ALWAYS ? "always" : "attested";
}

static const char *
document_choice(int index)
{
	return requirement_document_name((enum requirement_document)index);
}

#define SYSTEM_KINDS (CONFIG_SYSTEM_OTHER + 1)
#define OFFLINE_KINDS (CONFIG_OFFLINE_CLOUD_ISOLATED + 1)

#define PACK(field) .offset = offsetof(struct requirement_pack, field)
#define AT(field) .offset = offsetof(struct requirement, field)

static const struct requirement_key pack_keys[] = {
    {"id", true, false, PACK(id), .parse = parse_id},
    {"name", true, false, PACK(name), .parse = parse_text},
    {"name_en", true, false, PACK(name_en), .parse = parse_text},
};

static const struct requirement_key keys[] = {
    {"kind", true, false, AT(kind), kind_choice, REQUIREMENT_KINDS,
	parse_choice},
    {"title", true, false, AT(title), .parse = parse_text},
    {"title_en", true, false, AT(title_en), .parse = parse_text},
    {"source", true, false, AT(source), .parse = parse_text},
    {"source_en", false, false, AT(source_en), .parse = parse_text},
    {"edition", false, false, AT(edition), .parse = parse_text},
    {"section", false, false, AT(section), .parse = parse_text},
    {"url", false, false, AT(url), .parse = parse_text},
    {"valid_from", false, false, AT(valid_from), .parse = parse_from},
    {"valid_to", false, false, AT(valid_to), .parse = parse_to},
    {"text_status", true, false, AT(text_status), status_choice,
	REQUIREMENT_TEXT_STATUSES, parse_choice},
    {"text", false, false, AT(text), .parse = parse_text},
    {"text_en", false, false, AT(text_en), .parse = parse_text},
    {"meaning_en", false, false, AT(meaning_en), .parse = parse_text},
    {"nearest", false, false, AT(nearest), .parse = parse_id},
    {"superseded_by", false, false, AT(superseded_by), .parse = parse_id},
    {"note", false, false, AT(note), .parse = parse_text},
    {"note_en", false, false, AT(note_en), .parse = parse_text},
    {"applies", false, false, AT(applies), applies_choice, 2, parse_choice},
    {"systems", false, false, AT(systems), system_choice, SYSTEM_KINDS,
	parse_set},
    {"facility", false, false, AT(facility), facility_choice, 2, parse_set},
    {"offline", false, false, AT(offline), offline_choice, OFFLINE_KINDS,
	parse_set},
    {"beds_min", false, false, AT(beds_min), .parse = parse_beds},
    {"fees", false, false, AT(fees), .parse = parse_words},
    {"check", false, true, AT(checks), .parse = parse_check},
    {"show", false, true, AT(shows), .parse = parse_show},
    {"attestation", false, false, AT(attestation), .parse = parse_text},
    {"attestation_en", false, false, AT(attestation_en), .parse = parse_text},
    {"documents", false, false, AT(documents), document_choice,
	REQUIREMENT_DOCUMENTS, parse_set},
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

_Static_assert(KEYS <= REQUIREMENT_KEYS_MAX, "the loader notes each key once");

const struct requirement_key *
requirement_key_of_pack(size_t index)
{
	return index < sizeof(pack_keys) / sizeof(pack_keys[0])
		   ? &pack_keys[index]
		   : NULL;
}

const struct requirement_key *
requirement_key_at(size_t index)
{
	return index < KEYS ? &keys[index] : NULL;
}

void
requirement_key_done(
    const struct requirement_key *(*table)(size_t index), void *data)
{
	const struct requirement_key *key;

	for (size_t i = 0; (key = table(i)) != NULL; i++) {
		if (key->parse == parse_text || key->parse == parse_id) {
			free(*(char **)field(key, data));
		} else if (key->parse == parse_words) {
			struct config_list *list = field(key, data);

			for (size_t k = 0; k < list->count; k++)
				free(list->items[k]);
			free(list->items);
		}
	}
}
