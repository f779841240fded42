#include "lib/model/config_value.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/quantity.h"
#include "lib/model/config.h"

static void
append_text(const struct config_key *key, const void *field, struct bytes *out)
{
	char *const *text = field;

	(void)key;
	bytes_append_text(out, *text);
}

static void
append_duration(
    const struct config_key *key, const void *field, struct bytes *out)
{
	const int64_t *value = field;
	char text[QUANTITY_TEXT_BYTES];

	if (key->word != NULL && *value == key->word_value)
		bytes_append_text(out, key->word);
	else
		bytes_append_text(out, quantity_format_duration(*value, text));
}

static void
append_integer(
    const struct config_key *key, const void *field, struct bytes *out)
{
	const int64_t *value = field;

	if (key->word != NULL && *value == key->word_value)
		bytes_append_text(out, key->word);
	else
		bytes_append_format(out, "%" PRId64, *value);
}

static void
append_size(const struct config_key *key, const void *field, struct bytes *out)
{
	const uint64_t *value = field;
	char text[QUANTITY_TEXT_BYTES];

	if (key->word != NULL && *value == (uint64_t)key->word_value)
		bytes_append_text(out, key->word);
	else
		bytes_append_text(out, quantity_format_size(*value, text));
}

static void
append_boolean(
    const struct config_key *key, const void *field, struct bytes *out)
{
	const bool *value = field;

	(void)key;
	bytes_append_text(out, *value ? "yes" : "no");
}

static void
append_choice(
    const struct config_key *key, const void *field, struct bytes *out)
{
	unsigned int value;

	memcpy(&value, field, sizeof(value));
	bytes_append_text(out, key->choices[value]);
}

static void
append_list(const struct config_key *key, const void *field, struct bytes *out)
{
	const struct config_list *list = field;

	(void)key;
	for (size_t i = 0; i < list->count; i++)
		bytes_append_format(
		    out, "%s%s", i > 0 ? ", " : "", list->items[i]);
}

static void
append_pattern(
    const struct config_key *key, const void *field, struct bytes *out)
{
	struct pattern *const *pattern = field;

	(void)key;
	bytes_append_text(out, pattern_text(*pattern));
}

static void
append_window(
    const struct config_key *key, const void *field, struct bytes *out)
{
	char text[SCHEDULE_WINDOW_TEXT_BYTES];

	(void)key;
	bytes_append_text(out, schedule_window_format(field, text));
}

static void
append_clock(const struct config_key *key, const void *field, struct bytes *out)
{
	const int64_t *value = field;

	if (key->word != NULL && *value == key->word_value)
		bytes_append_text(out, key->word);
	else
		bytes_append_format(
		    out, "%02" PRId64 ":%02" PRId64, *value / 60, *value % 60);
}

static const struct {
	void (*append)(
	    const struct config_key *key, const void *field, struct bytes *out);
	size_t size; /* of a field that owns nothing, else 0 */
} types[] = {
    [CONFIG_TEXT] = {append_text, 0},
    [CONFIG_WORD] = {append_text, 0},
    [CONFIG_ID] = {append_text, 0},
    [CONFIG_NAME] = {append_text, 0},
    [CONFIG_TOKEN] = {append_text, 0},
    [CONFIG_ADDRESS] = {append_text, 0},
    [CONFIG_ZONE] = {append_text, 0},
    [CONFIG_ABSOLUTE] = {append_text, 0},
    [CONFIG_RELATIVE] = {append_text, 0},
    [CONFIG_DURATION] = {append_duration, sizeof(int64_t)},
    [CONFIG_SIZE] = {append_size, sizeof(uint64_t)},
    [CONFIG_INTEGER] = {append_integer, sizeof(int64_t)},
    [CONFIG_BOOLEAN] = {append_boolean, sizeof(bool)},
    [CONFIG_CHOICE] = {append_choice, sizeof(unsigned int)},
    [CONFIG_LIST] = {append_list, 0},
    [CONFIG_PATTERN] = {append_pattern, 0},
    [CONFIG_WINDOW] = {append_window, sizeof(struct schedule_window)},
    [CONFIG_CLOCK] = {append_clock, sizeof(int64_t)},
};

void
config_value_list_done(struct config_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct config_list){NULL, 0};
}

void
config_value_append(
    const struct config_key *key, const void *section, struct bytes *out)
{
	types[key->type].append(key, (const char *)section + key->offset, out);
}

void
config_value_copy(const struct config_key *key, void *section,
    const struct config_key *from_key, const void *from_section)
{
	assert(key->type == from_key->type && types[key->type].size > 0);
	memcpy((char *)section + key->offset,
	    (const char *)from_section + from_key->offset,
	    types[key->type].size);
}

void
config_value_done(const struct config_key *key, void *section)
{
	char *field = (char *)section + key->offset;
	void *owned;

	if (types[key->type].size > 0)
		return;
	if (key->type == CONFIG_LIST) {
		config_value_list_done((struct config_list *)(void *)field);
		return;
	}
	memcpy(&owned, field, sizeof(owned));
	if (key->type == CONFIG_PATTERN)
		pattern_free(owned);
	else
		free(owned);
	memset(field, 0, sizeof(owned));
}
