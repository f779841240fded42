/* requirement: from files to a checked set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/format/ini.h"
#include "lib/model/requirement.h"
#include "lib/model/requirement_editions.h"
#include "lib/model/requirement_faults.h"
#include "lib/model/requirement_key.h"
#include "lib/model/requirement_whole.h"

/* A requirement as it was read, with where it stands. */
struct item {
	struct requirement data;
	char *file;
	unsigned int line, lines[REQUIREMENT_KEYS_MAX];
	bool is_clash_told;
};

/* A pack, and where its [pack] stands. */
struct pack {
	struct requirement_pack data;
	bool is_site;
	char *file;
	unsigned int line;
};

struct requirement_set {
	struct pack *packs[REQUIREMENT_PACKS_MAX];
	size_t pack_count;
	struct item *items[REQUIREMENTS_MAX];
	size_t count;
};

struct loader {
	struct requirement_set *set;
	struct requirement_faults *faults;
	bool is_site;
	bool has_gap; /* a file is gone: others may name what was in it */
	char *file;   /* being read */
	/* The file's pack, once its section ended. */
	const struct requirement_pack *pack;
	struct requirement_pack read_pack;
	unsigned int pack_line, pack_lines[REQUIREMENT_KEYS_MAX];
	/* Where keys go: the pack, an item, or nowhere. */
	bool is_in_pack;
	struct item *item;
};

static void
item_free(struct item *item)
{
	if (item == NULL)
		return;
	requirement_key_done(requirement_key_at, &item->data);
	free(item->data.id);
	free(item->file);
	free(item);
}

static struct item *
find_item(const struct requirement_set *set, const char *id, size_t *ret_index)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->items[i]->data.id, id) != 0)
			continue;
		*ret_index = i;
		return set->items[i];
	}
	return NULL;
}

static void
pack_free(struct pack *pack)
{
	if (pack == NULL)
		return;
	requirement_key_done(requirement_key_of_pack, &pack->data);
	free(pack->file);
	free(pack);
}

/* The pack that was read, as one of the set; NULL without memory. */
static struct pack *
new_pack(struct loader *loader)
{
	struct pack *pack = calloc(1, sizeof(*pack));

	if (pack == NULL || (pack->file = strdup(loader->file)) == NULL) {
		free(pack);
		return NULL;
	}
	pack->is_site = loader->is_site;
	pack->line = loader->pack_line;
	pack->data = loader->read_pack;
	loader->read_pack = (struct requirement_pack){.id = NULL};
	return pack;
}

/* Make the pack of the file known: a new one, or one that it adds to. */
static void
keep_pack(struct loader *loader)
{
	struct requirement_set *set = loader->set;
	const struct requirement_pack *pack = &loader->read_pack;

	loader->is_in_pack = false;
	for (size_t i = 0; pack->id != NULL && i < set->pack_count; i++) {
		const struct pack *known = set->packs[i];

		if (strcmp(known->data.id, pack->id) != 0)
			continue;
		if (known->is_site == loader->is_site)
			requirement_faults_add(loader->faults, loader->file,
			    loader->pack_line,
			    _("there is already a pack %s in %s, line %u"),
			    pack->id, known->file, known->line);
		loader->pack = &known->data;
		return;
	}
	if (pack->id == NULL || pack->name == NULL || pack->name_en == NULL) {
		requirement_faults_add(loader->faults, loader->file,
		    loader->pack_line, _("[pack] needs id, name and name_en"));
		return;
	}
	if (set->pack_count == REQUIREMENT_PACKS_MAX) {
		requirement_faults_add(loader->faults, loader->file,
		    loader->pack_line, _("there are more than %d packs"),
		    REQUIREMENT_PACKS_MAX);
		return;
	}
	set->packs[set->pack_count] = new_pack(loader);
	if (set->packs[set->pack_count] == NULL) {
		requirement_faults_add(
		    loader->faults, NULL, 0, _("out of memory"));
		return;
	}
	loader->pack = &set->packs[set->pack_count++]->data;
}

static void
end_section(struct loader *loader)
{
	if (loader->is_in_pack)
		keep_pack(loader);
	loader->item = NULL;
}

static void
end_file(struct loader *loader)
{
	end_section(loader);
	requirement_key_done(requirement_key_of_pack, &loader->read_pack);
	loader->read_pack = (struct requirement_pack){.id = NULL};
	loader->pack = NULL;
	loader->pack_line = 0;
	memset(loader->pack_lines, 0, sizeof(loader->pack_lines));
	free(loader->file);
	loader->file = NULL;
}

/* A place for a requirement: a new one, or of the shipped one it replaces. */
static struct item **
place_of(struct loader *loader, const struct ini_item *at)
{
	struct requirement_set *set = loader->set;
	size_t index = 0;
	struct item *old = find_item(set, at->id, &index);

	if (old != NULL && old->data.is_site == loader->is_site) {
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("[requirement %s] is already defined in %s, line %u"),
		    at->id, old->file, old->line);
		return NULL;
	}
	if (old != NULL) {
		item_free(old);
		set->items[index] = NULL;
		return &set->items[index];
	}
	if (set->count == REQUIREMENTS_MAX) {
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("there are more than %d requirements"), REQUIREMENTS_MAX);
		return NULL;
	}
	return &set->items[set->count++];
}

static void
begin_requirement(struct loader *loader, const struct ini_item *at)
{
	struct item **place, *item;

	if (loader->pack == NULL) {
		if (loader->pack_line == 0)
			requirement_faults_add(loader->faults, at->file,
			    at->line,
			    _("a file of requirements begins with [pack]"));
		return;
	}
	if (!requirement_is_id(at->id)) {
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("[requirement ID] needs an ID: up to %d letters, "
		      "digits, hyphens and dots"),
		    REQUIREMENT_ID_BYTES - 1);
		return;
	}
	item = calloc(1, sizeof(*item));
	if (item == NULL || (item->data.id = strdup(at->id)) == NULL ||
	    (item->file = strdup(at->file)) == NULL) {
		requirement_faults_add(
		    loader->faults, NULL, 0, _("out of memory"));
		item_free(item);
		return;
	}
	place = place_of(loader, at);
	if (place == NULL) {
		item_free(item);
		return;
	}
	item->line = at->line;
	item->data.pack = loader->pack;
	item->data.is_site = loader->is_site;
	*place = item;
	loader->item = item;
}

static void
begin_section(struct loader *loader, const struct ini_item *at)
{
	char shown[64];

	end_section(loader);
	if (strcmp(at->kind, "requirement") == 0) {
		begin_requirement(loader, at);
	} else if (strcmp(at->kind, "pack") != 0) {
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("there is no section [%s]; known are pack and "
		      "requirement"),
		    text_escape(
			shown, sizeof(shown), at->kind, strlen(at->kind)));
	} else if (loader->pack_line != 0 || at->id[0] != '\0') {
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("[pack] stands once in a file, and has no ID"));
	} else {
		loader->pack_line = at->line;
		loader->is_in_pack = true;
	}
}

/* Take a key into data by a table; lines notes which were there. */
static void
set_key(struct loader *loader, const struct ini_item *at,
    const struct requirement_key *(*table)(size_t index), unsigned int *lines,
    void *data)
{
	const struct requirement_key *key;
	struct error err = {ERROR_NONE, 0, ""};
	char shown[64];
	size_t i = 0;

	while ((key = table(i)) != NULL && strcmp(key->name, at->key) != 0)
		i++;
	if (key == NULL) {
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("there is no key \"%s\" in [%s]"),
		    text_escape(shown, sizeof(shown), at->key, strlen(at->key)),
		    at->kind);
		return;
	}
	if (lines[i] > 0 && !key->is_repeated) {
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("%s is already set in %s, line %u"), at->key, at->file,
		    lines[i]);
		return;
	}
	lines[i] = at->line;
	if (key->parse(key, at->value, data, &err) != 0)
		requirement_faults_add(loader->faults, at->file, at->line,
		    "%s: %s", at->key, err.text);
}

static void
on_item(void *context, const struct ini_item *at)
{
	struct loader *loader = context;

	if (requirement_faults_has(loader->faults, at->file))
		return;
	if (loader->file == NULL || strcmp(loader->file, at->file) != 0) {
		end_file(loader);
		loader->file = strdup(at->file);
	}
	if (at->key == NULL)
		begin_section(loader, at);
	else if (at->kind[0] == '\0')
		requirement_faults_add(loader->faults, at->file, at->line,
		    _("a key must stand below a [section]"));
	else if (loader->is_in_pack)
		set_key(loader, at, requirement_key_of_pack, loader->pack_lines,
		    &loader->read_pack);
	else if (loader->item != NULL)
		set_key(loader, at, requirement_key_at, loader->item->lines,
		    &loader->item->data);
}

static void
on_problem(void *context, const char *file, unsigned int line, const char *text)
{
	struct loader *loader = context;

	if (!requirement_faults_has(loader->faults, file))
		requirement_faults_add(loader->faults, file, line, "%s", text);
}

/* The rule that another one names must be there. */
static void
check_reference(
    const struct loader *loader, const struct item *item, const char *id)
{
	size_t index;

	if (id != NULL && !loader->has_gap &&
	    find_item(loader->set, id, &index) == NULL)
		requirement_faults_add(loader->faults, item->file, item->line,
		    _("[requirement %s] names %s, which there is not"),
		    item->data.id, id);
}

/*
 * Tell that a day would have two editions of a rule, once for each requirement.
 * The older one is to end; but the packs of hikae are not at fault.
 */
static void
check_editions(const struct loader *loader, struct item *a, struct item *b)
{
	const struct requirement *older;
	struct item *item, *other;

	if (!requirement_editions_clash(&a->data, &b->data, &older))
		return;
	item = older == &a->data ? a : b;
	if (!item->data.is_site && (a->data.is_site || b->data.is_site))
		item = a->data.is_site ? a : b;
	other = item == a ? b : a;
	if (item->is_clash_told)
		return;
	item->is_clash_told = true;
	requirement_faults_add(loader->faults, item->file, item->line,
	    _("[requirement %s] and %s (%s, line %u) are editions of one rule "
	      "that are in force on the same day: the earlier one needs a "
	      "valid_to that lies before the valid_from of the later one"),
	    item->data.id, other->data.id, other->file, other->line);
}

/* The checks of all, once each was read. */
static void
check(const struct loader *loader)
{
	const struct requirement_set *set = loader->set;

	for (size_t i = 0; i < set->count; i++) {
		const struct item *item = set->items[i];
		const struct requirement_place place = {
		    loader->faults, item->file, item->line};

		requirement_whole_check(&place, &item->data, item->lines);
		check_reference(loader, item, item->data.nearest);
		check_reference(loader, item, item->data.superseded_by);
		for (size_t k = 0; k <= i; k++)
			check_editions(loader, set->items[k], set->items[i]);
	}
}

/* 0, or -1 after a fault. */
static int
load(const struct requirement_texts *texts, struct requirement_set **ret_set,
    struct requirement_faults *faults)
{
	struct loader loader = {.faults = faults};
	const struct ini_handler handler = {&loader, on_item, on_problem};
	size_t before = faults->count;

	loader.set = calloc(1, sizeof(*loader.set));
	if (loader.set == NULL) {
		requirement_faults_add(
		    loader.faults, NULL, 0, _("out of memory"));
		return -1;
	}
	for (size_t i = 0; i < texts->count; i++) {
		const struct requirement_text *text = &texts->items[i];

		loader.is_site = text->is_site;
		loader.has_gap = loader.has_gap || text->is_gone;
		if (text->fault != NULL)
			on_problem(&loader, text->file, 0, text->fault);
		else if (!text->is_gone)
			ini_parse(text->file, text->text.data,
			    text->text.length, &handler);
		end_file(&loader);
	}
	check(&loader);
	if (faults->count > before) {
		requirement_set_free(loader.set);
		return -1;
	}
	*ret_set = loader.set;
	return 0;
}

int
requirement_load_texts(const struct requirement_texts *texts,
    struct requirement_set **ret_set, struct config_problems *problems)
{
	struct requirement_faults faults = {.problems = problems};

	*problems = (struct config_problems){.count = 0};
	return load(texts, ret_set, &faults);
}

/* Without a file, others may name a rule that there is no more: once again. */
int
requirement_load_sound(const struct requirement_texts *texts,
    struct requirement_set **ret_set, struct config_problems *problems)
{
	struct requirement_faults faults = {
	    .problems = problems, .leaves_out = true};
	size_t left_out;
	int rc;

	*problems = (struct config_problems){.count = 0};
	do {
		left_out = faults.file_count;
		rc = load(texts, ret_set, &faults);
	} while (rc != 0 && faults.file_count > left_out);
	requirement_faults_done(&faults);
	return rc;
}

void
requirement_set_free(struct requirement_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->count; i++)
		item_free(set->items[i]);
	for (size_t i = 0; i < set->pack_count; i++)
		pack_free(set->packs[i]);
	free(set);
}

const struct requirement *
requirement_at(const struct requirement_set *set, size_t index)
{
	return index < set->count ? &set->items[index]->data : NULL;
}

const struct requirement_pack *
requirement_pack_at(const struct requirement_set *set, size_t index)
{
	return index < set->pack_count ? &set->packs[index]->data : NULL;
}

const struct requirement *
requirement_find(const struct requirement_set *set, const char *id)
{
	size_t index;
	const struct item *item = find_item(set, id, &index);

	return item == NULL ? NULL : &item->data;
}
