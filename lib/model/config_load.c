/* config: from files to a checked configuration. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/format/ini.h"
#include "lib/model/config.h"
#include "lib/model/config_draft.h"
#include "lib/model/config_notify.h"
#include "lib/model/config_unwritten.h"
#include "lib/model/pattern_overlap.h"

/* SHA-256's block: a slice must begin where the digest has a state. */
#define SLICE_MULTIPLE_BYTES 64

static int
compare_drafts(const void *a, const void *b)
{
	const struct config_draft *x = *(struct config_draft *const *)a;
	const struct config_draft *y = *(struct config_draft *const *)b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (!config_section_has_id(x->section))
		return 0;
	return strcmp(x->data.id, y->data.id);
}

static const struct config_draft *
find_draft(const struct config_drafts *drafts, enum config_section section,
    const char *id)
{
	for (size_t i = 0; i < drafts->count; i++)
		if (drafts->items[i]->section == section &&
		    strcmp(drafts->items[i]->data.id, id) == 0)
			return drafts->items[i];
	return NULL;
}

/*
 * The checks run after problems too, so that all are told at once; what was
 * wrong or missing is NULL then.
 */
static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* UUIDs are compared as the file systems' tools write them. */
static bool
is_same_uuid(const char *a, const char *b)
{
	return a != NULL && b != NULL && a[0] != '\0' && strcasecmp(a, b) == 0;
}

static void
check_policy(struct config_drafts *drafts, const struct config_draft *draft)
{
	if (draft->data.policy.slice_size % SLICE_MULTIPLE_BYTES != 0)
		config_drafts_report(drafts,
		    config_draft_place(draft, "slice_size"),
		    _("slice_size: it must be a multiple of %d"),
		    SLICE_MULTIPLE_BYTES);
}

/* Disks that rotate: one mount path, and each is known by its UUID. */
static bool
may_share_path(const struct config_medium *a, const struct config_medium *b)
{
	return a->is_mount_point && b->is_mount_point && a->uuid != NULL &&
	       b->uuid != NULL && a->uuid[0] != '\0' && b->uuid[0] != '\0';
}

static void
check_write_probe(
    struct config_drafts *drafts, const struct config_draft *draft)
{
	const struct config_medium *medium = &draft->data.medium;

	if (!medium->has_write_probe)
		return;
	if (is_same(medium->write_probe_user, ""))
		config_drafts_report(drafts,
		    config_draft_place(draft, "write_probe"),
		    _("write_probe: it needs write_probe_user, the account "
		      "that writes the backups"));
	if (is_same(medium->write_probe_control, ""))
		config_drafts_report(drafts,
		    config_draft_place(draft, "write_probe"),
		    _("write_probe: it needs write_probe_control, a folder on "
		      "the same server where that account can write"));
}

/* What hikae mounts itself is read-only, and its own mount point. */
static void
check_mount(struct config_drafts *drafts, const struct config_draft *draft)
{
	const struct config_medium *medium = &draft->data.medium;

	if (medium->mount != CONFIG_MOUNT_HIKAE)
		return;
	if (!medium->is_mount_point)
		config_drafts_report(drafts, config_draft_place(draft, "mount"),
		    _("mount: what hikae mounts has a mount point of its own; "
		      "leave out mountpoint = no"));
	if (medium->has_witness)
		config_drafts_report(drafts,
		    config_draft_place(draft, "witness"),
		    _("witness: hikae mounts a medium read-only, so it can "
		      "write no witness there; leave out one of witness = yes "
		      "and mount = hikae"));
	if (medium->has_write_probe)
		config_drafts_report(drafts,
		    config_draft_place(draft, "write_probe"),
		    _("write_probe: hikae mounts a medium read-only, so a "
		      "write that is refused proves nothing; leave out one of "
		      "write_probe = yes and mount = hikae"));
}

static void
check_medium(struct config_drafts *drafts, size_t index)
{
	const struct config_draft *draft = drafts->items[index];
	const struct config_medium *medium = &draft->data.medium;
	char shown[256];

	if (medium->mount == CONFIG_MOUNT_HIKAE && is_same(medium->uuid, ""))
		config_drafts_report(drafts, config_draft_place(draft, "mount"),
		    _("mount: to mount a medium, hikae needs its uuid"));
	check_mount(drafts, draft);
	check_write_probe(drafts, draft);
	for (size_t i = 0; i < index; i++) {
		const struct config_draft *other = drafts->items[i];

		if (other->section != CONFIG_MEDIUM)
			continue;
		if (is_same_uuid(other->data.medium.uuid, medium->uuid))
			config_drafts_report(drafts,
			    config_draft_place(draft, "uuid"),
			    _("uuid: it is already that of [medium %s]; one "
			      "thing must not count twice"),
			    other->data.id);
		if (!is_same(other->data.medium.path, medium->path) ||
		    may_share_path(&other->data.medium, medium))
			continue;
		config_drafts_report(drafts, config_draft_place(draft, "path"),
		    _("path: %s is already the path of [medium %s]; only media "
		      "with a uuid each can take turns there"),
		    text_escape(shown, sizeof(shown), medium->path,
			strlen(medium->path)),
		    other->data.id);
	}
}

static bool
is_same_place(const struct config_source *a, const struct config_source *b)
{
	return is_same(a->system_id, b->system_id) &&
	       is_same(a->medium_id, b->medium_id) &&
	       is_same(a->path, b->path) && a->pattern != NULL &&
	       b->pattern != NULL &&
	       is_same(pattern_text(a->pattern), pattern_text(b->pattern));
}

static void
check_source(struct config_drafts *drafts, size_t index)
{
	const struct config_draft *draft = drafts->items[index];
	const struct config_source *source = &draft->data.source;

	if (source->system_id != NULL &&
	    find_draft(drafts, CONFIG_SYSTEM, source->system_id) == NULL)
		config_drafts_report(drafts,
		    config_draft_place(draft, "system"),
		    _("system: there is no [system %s]"), source->system_id);
	if (source->medium_id != NULL &&
	    find_draft(drafts, CONFIG_MEDIUM, source->medium_id) == NULL)
		config_drafts_report(drafts,
		    config_draft_place(draft, "medium"),
		    _("medium: there is no [medium %s]"), source->medium_id);
	if (source->layout == CONFIG_LAYOUT_TREE && source->pattern != NULL &&
	    strcmp(pattern_text(source->pattern), "*") != 0)
		config_drafts_report(drafts,
		    config_draft_place(draft, "pattern"),
		    _("pattern: a tree is one generation as a whole; leave the "
		      "pattern out"));
	for (size_t i = 0; i < index; i++) {
		const struct config_draft *other = drafts->items[i];

		if (other->section == CONFIG_SOURCE &&
		    is_same_place(&other->data.source, source))
			config_drafts_report(drafts, draft->place,
			    _("[source %s] and [source %s] are the same place; "
			      "one thing must not count twice"),
			    other->data.id, source->id);
	}
}

static void
check(struct config_drafts *drafts)
{
	for (size_t i = 0; i < drafts->count; i++)
		switch (drafts->items[i]->section) {
		case CONFIG_FACILITY:
		case CONFIG_SYSTEM:
			break;
		case CONFIG_POLICY:
			check_policy(drafts, drafts->items[i]);
			break;
		case CONFIG_MEDIUM:
			check_medium(drafts, i);
			break;
		case CONFIG_SOURCE:
			check_source(drafts, i);
			break;
		case CONFIG_NOTIFY:
			config_notify_check(drafts, drafts->items[i]);
			break;
		}
}

/* What people read. */
static const char *
name_of(const struct config_draft *medium)
{
	const char *name = medium->data.medium.name;

	return name[0] != '\0' ? name : medium->data.id;
}

static bool
is_same_name(const struct config_draft *draft, const struct config_draft *other)
{
	return draft->section == CONFIG_MEDIUM &&
	       other->section == CONFIG_MEDIUM &&
	       strcmp(name_of(draft), name_of(other)) == 0;
}

/* Whether one thing in one folder may be a generation of both sources. */
static bool
may_count_twice(
    const struct config_draft *draft, const struct config_draft *other)
{
	const struct config_source *a = &draft->data.source;
	const struct config_source *b = &other->data.source;
	struct error none;
	bool overlaps = false;

	return draft->section == CONFIG_SOURCE &&
	       other->section == CONFIG_SOURCE &&
	       strcmp(a->medium_id, b->medium_id) == 0 &&
	       strcmp(a->path, b->path) == 0 && a->pattern != NULL &&
	       b->pattern != NULL &&
	       pattern_overlaps(a->pattern, b->pattern, &overlaps, &none) ==
		   0 &&
	       overlaps;
}

/* What can be used, and is hardly meant so: of drafts without problems. */
static bool
warn_of(struct config_drafts *drafts, const struct config_draft *draft,
    const struct config_draft *other)
{
	bool is_name = is_same_name(draft, other);
	bool is_twice = !is_name && may_count_twice(draft, other);

	if (is_name)
		config_drafts_report(drafts, config_draft_place(draft, "name"),
		    _("name: [medium %s] is called so, too; in reports "
		      "they look alike"),
		    other->data.id);
	else if (is_twice)
		config_drafts_report(drafts, draft->place,
		    _("[source %s] and [source %s] may find the same backup, "
		      "which then counts twice: path and pattern fit both"),
		    other->data.id, draft->data.id);
	return is_name || is_twice;
}

/* Once of each, whatever it collides with. */
static void
warn(struct config_drafts *drafts)
{
	for (size_t i = 0; i < drafts->count; i++)
		for (size_t j = 0; j < i; j++)
			if (warn_of(drafts, drafts->items[i], drafts->items[j]))
				break;
}

/* Move a draft's values into the configuration; the draft is then empty. */
static void
move(struct config *config, struct config_draft *draft)
{
	switch (draft->section) {
	case CONFIG_FACILITY:
		config->facility = draft->data.facility;
		break;
	case CONFIG_POLICY:
		config->policy = draft->data.policy;
		break;
	case CONFIG_SYSTEM:
		config->systems[config->system_count++] = draft->data.system;
		break;
	case CONFIG_MEDIUM:
		config_unwritten_medium(draft);
		config->media[config->medium_count++] = draft->data.medium;
		break;
	case CONFIG_SOURCE:
		config_unwritten_source(config, draft);
		config->sources[config->source_count++] = draft->data.source;
		break;
	case CONFIG_NOTIFY:
		config->notifies[config->notify_count++] = draft->data.notify;
		break;
	}
	memset(&draft->data, 0, sizeof(draft->data));
}

/* An empty name is the id. */
static bool
fill_name(char **name, const char *id)
{
	char *copy;

	assert(*name != NULL && id != NULL);
	if ((*name)[0] != '\0')
		return true;
	copy = strdup(id);
	if (copy == NULL)
		return false;
	free(*name);
	*name = copy;
	return true;
}

static bool
finish(struct config *config)
{
	bool is_good = true;

	for (size_t i = 0; i < config->system_count; i++)
		is_good = fill_name(&config->systems[i].name,
			      config->systems[i].id) &&
			  is_good;
	for (size_t i = 0; i < config->medium_count; i++)
		is_good =
		    fill_name(&config->media[i].name, config->media[i].id) &&
		    is_good;
	for (size_t i = 0; i < config->source_count; i++) {
		struct config_source *source = &config->sources[i];

		source->system = config_find_system(config, source->system_id);
		source->medium = config_find_medium(config, source->medium_id);
	}
	for (size_t i = 0; i < config->notify_count; i++)
		config->notifies[i].events =
		    config_notify_events(&config->notifies[i]);
	return is_good;
}

/* A configuration from drafts without problems; NULL without memory. */
static struct config *
build(struct config_drafts *drafts)
{
	struct config *config = calloc(1, sizeof(*config));

	if (config == NULL)
		return NULL;
	config->systems = calloc(drafts->count, sizeof(config->systems[0]));
	config->media = calloc(drafts->count, sizeof(config->media[0]));
	config->sources = calloc(drafts->count, sizeof(config->sources[0]));
	config->notifies = calloc(drafts->count, sizeof(config->notifies[0]));
	if (config->systems == NULL || config->media == NULL ||
	    config->sources == NULL || config->notifies == NULL) {
		config_free(config);
		return NULL;
	}
	for (size_t i = 0; i < drafts->count; i++)
		move(config, drafts->items[i]);
	if (!finish(config)) {
		config_free(config);
		return NULL;
	}
	return config;
}

/* What follows reading, for both ways to read. */
static int
conclude(struct config_drafts *drafts, struct config **ret_config)
{
	struct config_problems *problems = drafts->problems;
	struct config_place nowhere = {NULL, 0};

	config_drafts_complete(drafts);
	qsort(drafts->items, drafts->count, sizeof(drafts->items[0]),
	    compare_drafts);
	check(drafts);
	if (problems->count > 0)
		return -1;
	warn(drafts);
	*ret_config = build(drafts);
	if (*ret_config == NULL) {
		config_drafts_report(drafts, nowhere, _("out of memory"));
		return -1;
	}
	return 0;
}

int
config_load(
    int root_fd, struct config **ret_config, struct config_problems *problems)
{
	return config_load_with(root_fd, "", "", 0, ret_config, problems);
}

int
config_load_with(int root_fd, const char *file, const void *text, size_t length,
    struct config **ret_config, struct config_problems *problems)
{
	struct config_drafts drafts;
	struct ini_handler handler = config_drafts_handler(&drafts);
	int rc = -1;

	*problems = (struct config_problems){.count = 0};
	if (config_drafts_init(&drafts, problems) != 0)
		goto out;
	ini_parse_file(root_fd, CONFIG_FILE, &handler);
	ini_parse_folder(root_fd, CONFIG_FOLDER, ".conf", &handler);
	if (length > 0)
		ini_parse(file, text, length, &handler);
	rc = conclude(&drafts, ret_config);
out:
	config_drafts_done(&drafts);
	return rc;
}

int
config_load_instead(int root_fd, const void *text, size_t length,
    struct config **ret_config, struct config_problems *problems)
{
	struct config_drafts drafts;
	struct ini_handler handler = config_drafts_handler(&drafts);
	int rc = -1;

	*problems = (struct config_problems){.count = 0};
	if (config_drafts_init(&drafts, problems) != 0)
		goto out;
	ini_parse(CONFIG_FILE, text, length, &handler);
	ini_parse_folder(root_fd, CONFIG_FOLDER, ".conf", &handler);
	rc = conclude(&drafts, ret_config);
out:
	config_drafts_done(&drafts);
	return rc;
}

int
config_load_text(const char *file, const void *text, size_t length,
    struct config **ret_config, struct config_problems *problems)
{
	struct config_drafts drafts;
	struct ini_handler handler = config_drafts_handler(&drafts);
	int rc = -1;

	*problems = (struct config_problems){.count = 0};
	if (config_drafts_init(&drafts, problems) != 0)
		goto out;
	ini_parse(file, text, length, &handler);
	rc = conclude(&drafts, ret_config);
out:
	config_drafts_done(&drafts);
	return rc;
}
