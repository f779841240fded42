#include "lib/model/config_draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/nearest.h"
#include "lib/base/text.h"
#include "lib/model/config_value.h"

/* Distinct files in messages: those of the folder, and the first. */
#define FILES_MAX (INI_FILES_MAX + 2)

/* Of a name in a sentence. */
#define SHOWN_BYTES 64

/* Drafts 0 and 1 always exist. */
#define FACILITY_DRAFT 0
#define POLICY_DRAFT 1

static const struct config_place nowhere = {NULL, 0};

void
config_drafts_report(struct config_drafts *drafts, struct config_place place,
    const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	config_problems_add(drafts->problems, place.file, place.line, text);
}

/* A name that lives as long as the drafts; NULL without memory. */
static const char *
keep_file(struct config_drafts *drafts, const char *file)
{
	for (size_t i = 0; i < drafts->file_count; i++)
		if (strcmp(drafts->files[i], file) == 0)
			return drafts->files[i];
	if (drafts->file_count == FILES_MAX)
		return NULL;
	drafts->files[drafts->file_count] = strdup(file);
	if (drafts->files[drafts->file_count] == NULL)
		return NULL;
	return drafts->files[drafts->file_count++];
}

static struct config_draft *
add_draft(struct config_drafts *drafts, enum config_section section)
{
	struct config_draft *draft;

	if (drafts->count == CONFIG_DRAFTS_MAX)
		return NULL;
	draft = calloc(1, sizeof(*draft));
	if (draft == NULL)
		return NULL;
	draft->section = section;
	drafts->items[drafts->count++] = draft;
	return draft;
}

int
config_drafts_init(
    struct config_drafts *drafts, struct config_problems *problems)
{
	*drafts = (struct config_drafts){.problems = problems};
	drafts->items = calloc(CONFIG_DRAFTS_MAX, sizeof(drafts->items[0]));
	drafts->files = calloc(FILES_MAX, sizeof(drafts->files[0]));
	if (drafts->items == NULL || drafts->files == NULL ||
	    add_draft(drafts, CONFIG_FACILITY) == NULL ||
	    add_draft(drafts, CONFIG_POLICY) == NULL) {
		config_drafts_report(drafts, nowhere, _("out of memory"));
		return -1;
	}
	return 0;
}

void
config_drafts_done(struct config_drafts *drafts)
{
	const struct config_key *key;

	for (size_t i = 0; i < drafts->count; i++) {
		struct config_draft *draft = drafts->items[i];

		for (size_t k = 0; (key = config_key_at(k)) != NULL; k++)
			if (key->section == draft->section)
				config_value_done(key, &draft->data);
		if (config_section_has_id(draft->section))
			free(draft->data.id);
		free(draft);
	}
	for (size_t i = 0; i < drafts->file_count; i++)
		free(drafts->files[i]);
	free(drafts->items);
	free(drafts->files);
	*drafts = (struct config_drafts){.problems = drafts->problems};
}

/* The section of a name, or CONFIG_SECTIONS. */
static int
find_section(const char *name)
{
	int section = 0;

	while (section < CONFIG_SECTIONS &&
	       strcmp(config_section_name((enum config_section)section),
		   name) != 0)
		section++;
	return section;
}

static struct config_draft *
find_draft(const struct config_drafts *drafts, enum config_section section,
    const char *id)
{
	for (size_t i = POLICY_DRAFT + 1; i < drafts->count; i++)
		if (drafts->items[i]->section == section &&
		    strcmp(drafts->items[i]->data.id, id) == 0)
			return drafts->items[i];
	return NULL;
}

/* A new draft for [kind id], or NULL after a problem was noted. */
static struct config_draft *
begin_with_id(struct config_drafts *drafts, enum config_section section,
    const char *id, struct config_place place)
{
	struct config_draft *draft = find_draft(drafts, section, id);
	const char *name = config_section_name(section);

	if (draft != NULL) {
		config_drafts_report(drafts, place,
		    _("[%s %s] is already defined in %s, line %u"), name, id,
		    draft->place.file, draft->place.line);
		return NULL;
	}
	if (!config_value_is_id(id)) {
		config_drafts_report(drafts, place,
		    _("[%s ID] needs an ID: a lower-case letter and then up "
		      "to 31 lower-case letters, digits and hyphens"),
		    name);
		return NULL;
	}
	draft = add_draft(drafts, section);
	if (draft == NULL || (draft->data.id = strdup(id)) == NULL) {
		/* A draft without an id must not be found again. */
		if (draft != NULL) {
			drafts->count--;
			free(draft);
		}
		config_drafts_report(
		    drafts, place, _("there are too many sections"));
		return NULL;
	}
	draft->place = place;
	return draft;
}

/* There is no such section; was another one meant? */
static void
refuse_section(
    struct config_drafts *drafts, const char *name, struct config_place place)
{
	struct nearest nearest = {.word = name};
	char shown[SHOWN_BYTES];

	for (int i = 0; i < CONFIG_SECTIONS; i++)
		nearest_add(
		    &nearest, config_section_name((enum config_section)i));
	(void)text_escape(shown, sizeof(shown), name, strlen(name));
	if (nearest_find(&nearest) == NULL)
		config_drafts_report(drafts, place,
		    _("there is no section [%s]; known are facility, policy, "
		      "system, medium, source and notify"),
		    shown);
	else
		config_drafts_report(drafts, place,
		    _("there is no section [%s]; did you mean [%s]?"), shown,
		    nearest_find(&nearest));
}

static void
begin_section(struct config_drafts *drafts, const struct ini_item *item,
    struct config_place place)
{
	int section = find_section(item->kind);

	drafts->current = NULL;
	if (section == CONFIG_SECTIONS) {
		refuse_section(drafts, item->kind, place);
		return;
	}
	if (config_section_has_id((enum config_section)section)) {
		drafts->current = begin_with_id(
		    drafts, (enum config_section)section, item->id, place);
		return;
	}
	if (item->id[0] != '\0') {
		config_drafts_report(drafts, place,
		    _("[%s] has no ID; write [%s] alone"), item->kind,
		    item->kind);
		return;
	}
	drafts->current =
	    drafts->items[section == CONFIG_FACILITY ? FACILITY_DRAFT
						     : POLICY_DRAFT];
	if (drafts->current->place.line == 0)
		drafts->current->place = place;
}

/* The table index of a key in a section, or SIZE_MAX. */
static size_t
find_key(enum config_section section, const char *name)
{
	const struct config_key *key;

	for (size_t i = 0; (key = config_key_at(i)) != NULL; i++)
		if (key->section == section && strcmp(key->name, name) == 0)
			return i;
	return SIZE_MAX;
}

/* The present section has no such key; was another one of its own meant? */
static void
refuse_key(struct config_drafts *drafts, const struct ini_item *item,
    struct config_place place)
{
	struct nearest nearest = {.word = item->key};
	const struct config_key *key;
	char shown[SHOWN_BYTES];

	for (size_t i = 0; (key = config_key_at(i)) != NULL; i++)
		if (key->section == drafts->current->section)
			nearest_add(&nearest, key->name);
	(void)text_escape(shown, sizeof(shown), item->key, strlen(item->key));
	if (nearest_find(&nearest) == NULL)
		config_drafts_report(drafts, place,
		    _("there is no key \"%s\" in [%s]"), shown, item->kind);
	else
		config_drafts_report(drafts, place,
		    _("there is no key \"%s\" in [%s]; did you mean \"%s\"?"),
		    shown, item->kind, nearest_find(&nearest));
}

static void
set_key(struct config_drafts *drafts, const struct ini_item *item,
    struct config_place place)
{
	struct config_draft *draft = drafts->current;
	size_t index = find_key(draft->section, item->key);
	struct error err = {ERROR_NONE, 0, ""};

	if (index == SIZE_MAX) {
		refuse_key(drafts, item, place);
		return;
	}
	if (draft->keys[index].line > 0) {
		config_drafts_report(drafts, place,
		    _("%s is already set in %s, line %u"), item->key,
		    draft->keys[index].file, draft->keys[index].line);
		return;
	}
	draft->keys[index] = place;
	if (config_value_parse(
		config_key_at(index), item->value, &draft->data, &err) != 0)
		config_drafts_report(
		    drafts, place, "%s: %s", item->key, err.text);
}

static void
on_item(void *context, const struct ini_item *item)
{
	struct config_drafts *drafts = context;
	struct config_place place = {keep_file(drafts, item->file), item->line};

	if (place.file == NULL) {
		config_drafts_report(drafts, nowhere, _("out of memory"));
		return;
	}
	if (item->key == NULL)
		begin_section(drafts, item, place);
	else if (item->kind[0] == '\0')
		config_drafts_report(
		    drafts, place, _("a key must stand below a [section]"));
	else if (drafts->current != NULL)
		set_key(drafts, item, place);
}

static void
on_problem(void *context, const char *file, unsigned int line, const char *text)
{
	struct config_drafts *drafts = context;

	config_problems_add(drafts->problems, file, line, text);
}

struct ini_handler
config_drafts_handler(struct config_drafts *drafts)
{
	return (struct ini_handler){drafts, on_item, on_problem};
}

bool
config_draft_has(const struct config_draft *draft, const char *key)
{
	size_t index = find_key(draft->section, key);

	return index != SIZE_MAX && draft->keys[index].line > 0;
}

struct config_place
config_draft_place(const struct config_draft *draft, const char *key)
{
	if (config_draft_has(draft, key))
		return draft->keys[find_key(draft->section, key)];
	return draft->place;
}

static void
complete_key(struct config_drafts *drafts, struct config_draft *draft,
    const struct config_key *key)
{
	struct error err = {ERROR_NONE, 0, ""};

	if (key->is_required) {
		config_drafts_report(drafts, draft->place,
		    draft->place.line > 0 ? _("%s is missing in [%s]")
					  : _("%s is missing: write it in a "
					      "section [%s]"),
		    key->name, config_section_name(draft->section));
	} else if (key->inherits != NULL) {
		config_value_copy(key, &draft->data,
		    config_key_find(CONFIG_POLICY, key->inherits),
		    &drafts->items[POLICY_DRAFT]->data);
	} else if (config_value_parse(key, key->standard, &draft->data, &err) !=
		   0) {
		config_drafts_report(
		    drafts, draft->place, "%s: %s", key->name, err.text);
	}
}

void
config_drafts_complete(struct config_drafts *drafts)
{
	const struct config_key *key;

	/* [policy] is before whatever inherits from it. */
	for (size_t i = 0; i < drafts->count; i++)
		for (size_t k = 0; (key = config_key_at(k)) != NULL; k++)
			if (key->section == drafts->items[i]->section &&
			    drafts->items[i]->keys[k].line == 0)
				complete_key(drafts, drafts->items[i], key);
}
