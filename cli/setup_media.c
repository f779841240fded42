/* setup: what stores backups, from what is mounted and what is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/media_proposal.h"
#include "cli/setup.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"
#include "lib/os/mountinfo.h"

#define SHOWN_BYTES 256

static bool
is_asked(const struct setup *setup, const char *id)
{
	for (size_t i = 0; i < setup->medium_count; i++)
		if (strcmp(setup->media[i].id, id) == 0)
			return true;
	return false;
}

static int
add_medium(
    struct setup *setup, const char *id, const char *path, struct error *err)
{
	struct setup_medium *medium = &setup->media[setup->medium_count];

	if (setup->medium_count == SETUP_MEDIA_MAX)
		return error_set(err, ERROR_LIMIT, _("these are too many"));
	setup->medium_count++;
	(void)snprintf(medium->id, sizeof(medium->id), "%s", id);
	(void)snprintf(medium->path, sizeof(medium->path), "%.*s",
	    (int)sizeof(medium->path) - 1, path);
	return 0;
}

/* An unplugged medium that stays in is a finding after a day. */
#define MAX_ATTACHED "24h"

/* What is asked of every medium, appended to its section. */
static int
ask_common(
    struct setup *setup, const char *id, const char *kind, struct error *err)
{
	bool is_portable = strcmp(kind, "removable") == 0 ||
			   strcmp(kind, "tape") == 0 ||
			   strcmp(kind, "optical") == 0;
	char answer[DIALOGUE_ANSWER_BYTES];
	const struct dialogue_question name = {.kind = "medium",
	    .id = id,
	    .key = "name",
	    .text = _("  Its name in reports"),
	    .standard = id};
	const struct dialogue_question offsite = {.kind = "medium",
	    .id = id,
	    .key = "offsite",
	    .text = _("  Is it kept in another building?"),
	    .standard = "no",
	    .is_yes_no = true};
	const struct dialogue_question offline = {.kind = "medium",
	    .id = id,
	    .key = "offline",
	    .text = _("  How is it kept out of an attacker's reach?"),
	    .standard = is_portable ? "detached" : "none"};
	struct bytes *out = &setup->media_text;

	if (setup_ask_key(setup, &name, out, answer, err) != 0 ||
	    setup_ask_key(setup, &offsite, out, answer, err) != 0 ||
	    setup_ask_key(setup, &offline, out, answer, err) != 0)
		return -1;
	if (strcmp(answer, "detached") == 0 ||
	    strcmp(answer, "connect-window") == 0)
		setup_append_key(
		    setup, out, "medium", "max_attached", MAX_ATTACHED);
	bytes_append_text(out, "\n");
	return 0;
}

static void
describe(const struct setup *setup, const struct media_proposal *proposal)
{
	char size[QUANTITY_TEXT_BYTES], label[SHOWN_BYTES], path[SHOWN_BYTES];

	dialogue_say(setup->dialogue, "\n%s: %s  %s %s %s", proposal->id,
	    proposal->is_mounted ? text_escape(path, sizeof(path),
				       proposal->path, strlen(proposal->path))
				 : _("connected, but not mounted"),
	    proposal->filesystem,
	    proposal->size_bytes > 0
		? quantity_describe_size(proposal->size_bytes, size)
		: "",
	    text_escape(label, sizeof(label), proposal->label,
		strlen(proposal->label)));
}

/* A file of answers gets what it names; a person what is mounted. */
static int
ask_proposal(
    struct setup *setup, struct media_proposal *proposal, struct error *err)
{
	struct dialogue *dialogue = setup->dialogue;
	bool is_likely =
	    dialogue_is_person(dialogue)
		? proposal->is_mounted
		: dialogue_has_section(dialogue, "medium", proposal->id);
	const struct dialogue_question use = {.kind = "medium",
	    .id = proposal->id,
	    .key = "use",
	    .text = _("  Do backups lie on it?"),
	    .standard = is_likely ? "yes" : "no",
	    .is_yes_no = true};
	const struct dialogue_question where = {.kind = "medium",
	    .id = proposal->id,
	    .key = "path",
	    .text = _("  Where will it be mounted?"),
	    .standard = proposal->path};
	char answer[DIALOGUE_ANSWER_BYTES];
	bool is_used;

	describe(setup, proposal);
	if (setup_ask_yes(setup, &use, &is_used, err) != 0)
		return -1;
	if (!is_used)
		return 0;
	if (!proposal->is_mounted) {
		if (dialogue_ask(dialogue, &where, answer, err) != 0)
			return -1;
		(void)snprintf(
		    proposal->path, sizeof(proposal->path), "%s", answer);
	}
	if (add_medium(setup, proposal->id, proposal->path, err) != 0)
		return -1;
	media_proposal_print_section(proposal, &setup->media_text);
	return ask_common(setup, proposal->id, proposal->kind, err);
}

bool
setup_take_look(struct setup_medium *medium, enum setup_look seen)
{
	if (seen != SETUP_LOOK_SILENT)
		return true;
	/* A file of answers shows nothing else of what is guessed. */
	if (!medium->is_silent)
		(void)fprintf(stderr,
		    _("%s does not answer, so nothing of it is proposed\n"),
		    medium->id);
	medium->is_silent = true;
	return false;
}

static bool
is_mount_point(const char *path)
{
	struct error why = {0};
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, &why);
	bool is_found = false;

	for (size_t i = 0; table != NULL && i < mountinfo_count(table); i++)
		if (strcmp(mountinfo_at(table, i)->mount_point, path) == 0)
			is_found = true;
	mountinfo_free(table);
	return is_found;
}

/* An absent NAS is no folder: only what has content is taken so. */
static bool
is_likely_mounted(struct setup_medium *medium)
{
	enum setup_look seen;

	if (is_mount_point(medium->path))
		return true;
	seen = setup_look_content(medium->path);
	return !setup_take_look(medium, seen) || seen == SETUP_LOOK_NOTHING;
}

/* A medium that nothing shows: a tape, a cloud, a folder of this host. */
static int
ask_other(struct setup *setup, const char *id, struct error *err)
{
	const struct dialogue_question kind = {.kind = "medium",
	    .id = id,
	    .key = "kind",
	    .text = id,
	    .standard = "other"};
	const struct dialogue_question path = {.kind = "medium",
	    .id = id,
	    .key = "path",
	    .text = _("  Its path on this host")};
	struct dialogue_question mounted = {.kind = "medium",
	    .id = id,
	    .key = "mountpoint",
	    .text = _("  Is something mounted there (no: it is a folder of "
		      "this host)?"),
	    .is_yes_no = true};
	char word[DIALOGUE_ANSWER_BYTES], answer[DIALOGUE_ANSWER_BYTES];
	struct bytes *out = &setup->media_text;

	bytes_append_format(out, "[medium %s]\n", id);
	if (setup_ask_key(setup, &kind, out, word, err) != 0 ||
	    setup_ask_key(setup, &path, out, answer, err) != 0 ||
	    add_medium(setup, id, answer, err) != 0)
		return -1;
	mounted.standard =
	    is_likely_mounted(&setup->media[setup->medium_count - 1]) ? "yes"
								      : "no";
	if (setup_ask_key(setup, &mounted, out, answer, err) != 0)
		return -1;
	return ask_common(setup, id, word, err);
}

static int
ask_others(struct setup *setup, struct error *err)
{
	const struct dialogue_question which = {.kind = "media",
	    .id = "",
	    .key = "other",
	    .text = _("Other media (tape, cloud, a NAS that is off now): ids, "
		      "separated by commas; empty: none")};
	struct setup_ids ids;

	dialogue_say(setup->dialogue, "%s", "");
	if (setup_ask_ids(setup, &which, "medium", is_asked, &ids, err) != 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++)
		if (ask_other(setup, ids.items[i], err) != 0)
			return -1;
	return 0;
}

int
setup_ask_media(struct setup *setup, struct error *err)
{
	struct media_proposals *list = calloc(1, sizeof(*list));
	int rc = -1;

	if (list == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (media_proposal_find(NULL, list, err) != 0)
		goto out;
	dialogue_say(setup->dialogue, "\n%s",
	    list->count > 0 ? _("Media: what is mounted or connected now.")
			    : _("Media: nothing is mounted or connected now."));
	for (size_t i = 0; i < list->count; i++)
		if (ask_proposal(setup, &list->items[i], err) != 0)
			goto out;
	rc = ask_others(setup, err);
out:
	free(list);
	return rc;
}
