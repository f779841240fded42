/* Which copy a drill restores: what an attack leaves, and is there now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/drill_internal.h"
#include "daemon/media.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/model/schedule.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_media.h"

/* Media that are looked for among those left attached. */
#define LEFT_MAX 64

struct choice {
	struct drill *drill;
	char left[LEFT_MAX][CONFIG_ID_BYTES]; /* attached for too long */
	size_t left_count;
	struct drill_copy best; /* its locator: the subject's */
	char subject[CATALOG_SUBJECT_BYTES];
	unsigned rank;	    /* 0: none yet */
	bool is_generation; /* the one that was asked for is known */
};

static void
set(char *room, size_t size, const char *text)
{
	(void)snprintf(room, size, "%s", text);
}

/* A word of somebody's, for a text. */
static const char *
show(const char *word, char shown[DRILL_TEXT_BYTES])
{
	return text_escape(shown, DRILL_TEXT_BYTES, word, strlen(word));
}

static bool
is_attached(const struct drill *drill, const char *medium)
{
	const struct service *service = drill->drills->service;
	struct media_view view;

	if (service->media == NULL)
		return true;
	if (media_look_up(service->media, medium, &view, NULL) != 0)
		return false;
	/* Soon after a start nothing is known yet, and that will change. */
	if (drill->is_waiting && !view.is_looked)
		return false;
	if (view.is_released)
		return false;
	/* Where it is mounted and no more can be told, the reader will see. */
	return view.state == MEDIA_MOUNTED ||
	       (view.state == MEDIA_UNKNOWN && view.is_mounted) ||
	       media_is_resting(service->media, medium);
}

/* What was forgotten in its socket is in an attacker's reach. */
static int
take_left(const struct query_finding *row, void *context, struct error *err)
{
	struct choice *choice = context;

	(void)err;
	if (row->medium != NULL && choice->left_count < LEFT_MAX)
		set(choice->left[choice->left_count++], CONFIG_ID_BYTES,
		    row->medium);
	return 0;
}

static bool
is_left_attached(const struct choice *choice, const char *medium)
{
	for (size_t i = 0; i < choice->left_count; i++)
		if (strcmp(choice->left[i], medium) == 0)
			return true;
	return false;
}

/* Its date lies in the future: nobody knows how new it is (law 8). */
static bool
is_misdated(const struct choice *choice, const struct query_copy *row)
{
	const struct config *config = choice->drill->drills->service->config;

	return row->taken_at != QUERY_NEVER &&
	       schedule_trust(row->taken_at, clock_wall_ms(),
		   config->policy.clock_ahead_ms) == SCHEDULE_NEVER;
}

/*
 * The higher the better; rows come from the newest, so that of equals the
 * first stays, but for a copy of the same generation that is there already.
 * Without a wish for a medium an offline one comes first, one that was left
 * attached after all that were not, and one that is dated in the future last.
 * A copy that is not intact is better than none only where it was asked for by
 * its generation.
 */
static unsigned
rank_of(const struct choice *choice, const struct query_copy *row,
    const struct config_medium *medium)
{
	const struct drill *drill = choice->drill;
	bool is_intact = strcmp(row->verdict, "intact") == 0;
	unsigned rank = 1;

	if (row->manifest == 0 || strcmp(row->state, "captured") != 0 ||
	    (!is_intact && drill->asked_generation[0] == '\0'))
		return 0;
	rank += is_intact ? 16 : 0;
	rank += is_misdated(choice, row) ? 0 : 32;
	if (medium->offline != CONFIG_OFFLINE_NONE)
		rank += is_left_attached(choice, medium->id) ? 4 : 8;
	return rank;
}

static bool
is_better(
    const struct choice *choice, const struct query_copy *row, unsigned rank)
{
	const struct drill_copy *best = &choice->best;

	if (rank != choice->rank)
		return rank > choice->rank;
	return rank > 0 && strcmp(row->system, best->system) == 0 &&
	       strcmp(row->generation, best->generation) == 0 &&
	       !is_attached(choice->drill, best->medium) &&
	       is_attached(choice->drill, row->medium);
}

static bool
is_asked_for(const struct drill *drill, const struct query_copy *row)
{
	const struct {
		const char *asked, *is;
	} words[] = {{drill->asked_system, row->system},
	    {drill->asked_generation, row->generation},
	    {drill->asked_medium, row->medium}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].asked[0] != '\0' &&
		    strcmp(words[i].asked, words[i].is) != 0)
			return false;
	return true;
}

static int
look_at(const struct query_copy *row, void *context, struct error *err)
{
	struct choice *choice = context;
	const struct drill *drill = choice->drill;
	const struct config_medium *medium =
	    config_find_medium(drill->drills->service->config, row->medium);
	bool is_archive = strcmp(row->layout, "archive") == 0;
	struct drill_copy *best = &choice->best;
	unsigned rank;

	(void)err;
	choice->is_generation |=
	    strcmp(drill->asked_generation, row->generation) == 0;
	if (medium == NULL || !is_asked_for(drill, row))
		return 0;
	rank = rank_of(choice, row, medium);
	if (!is_better(choice, row, rank))
		return 0;
	choice->rank = rank;
	*best = (struct drill_copy){.id = row->id,
	    .manifest = row->manifest,
	    .version = row->version,
	    .files = row->files,
	    .bytes = row->bytes,
	    .is_offline = medium->offline != CONFIG_OFFLINE_NONE};
	best->is_archive = is_archive && row->members != NULL &&
			   strcmp(row->members, "complete") == 0;
	best->is_undecoded = is_archive && !best->is_archive;
	/* Its members are what is restored, and what is counted then. */
	if (best->is_archive) {
		best->files = row->members_files;
		best->bytes = row->members_bytes;
	}
	set(best->system, sizeof(best->system), row->system);
	set(best->medium, sizeof(best->medium), row->medium);
	set(best->source, sizeof(best->source), row->source);
	set(best->generation, sizeof(best->generation), row->generation);
	set(choice->subject, sizeof(choice->subject), row->subject);
	return 0;
}

static int
open_locator(struct choice *choice, struct error *err)
{
	struct bytes name = BYTES_EMPTY;

	if (catalog_get_name(choice->drill->drills->service->catalog,
		choice->subject, &name, err) != 0) {
		bytes_done(&name);
		if (err->code == ERROR_NOT_FOUND)
			return error_set(err, ERROR_UNAVAILABLE,
			    _("the rebuilt catalog does not know yet where its "
			      "copies lie; run hikae scan, and try again when "
			      "it has ended"));
		return -1;
	}
	bytes_append_u8(&name, 0);
	if (bytes_check(&name, err) != 0) {
		bytes_done(&name);
		return -1;
	}
	choice->best.locator = (char *)name.data;
	return 0;
}

/* What was asked for may not be there at all. */
static int
tell_nothing(const struct choice *choice, struct error *err)
{
	const struct drill *drill = choice->drill;
	const struct config *config = drill->drills->service->config;
	char shown[DRILL_TEXT_BYTES];

	if (drill->asked_system[0] != '\0' &&
	    config_find_system(config, drill->asked_system) == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("no system is configured as %s"),
		    show(drill->asked_system, shown));
	if (drill->asked_medium[0] != '\0' &&
	    config_find_medium(config, drill->asked_medium) == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("no medium is configured as %s"),
		    show(drill->asked_medium, shown));
	if (drill->asked_generation[0] != '\0' && !choice->is_generation)
		return error_set(err, ERROR_NOT_FOUND,
		    _("no generation is known as %s"),
		    show(drill->asked_generation, shown));
	return error_set(
	    err, ERROR_NOT_FOUND, _("there is no intact copy to restore"));
}

int
drill_choose_copy(struct drill *drill, struct error *err)
{
	struct choice choice = {.drill = drill};
	const struct query_copy_filter filter = {.system = NULL};
	const struct query_finding_filter left = {
	    .only_open = true, .code = finding_name(FINDING_LEFT_ATTACHED)};

	if (query_findings(drill->drills->service->catalog, CATALOG_NOW, &left,
		take_left, &choice, err) != 0 ||
	    query_copies(drill->drills->service->catalog, CATALOG_NOW, &filter,
		look_at, &choice, err) != 0)
		return -1;
	if (choice.rank == 0)
		return tell_nothing(&choice, err);
	if (open_locator(&choice, err) != 0)
		return -1;
	free(drill->copy.locator);
	drill->copy = choice.best;
	return is_attached(drill, drill->copy.medium);
}

struct custody {
	char *place;
};

static int
take_custody(const struct query_custody *row, void *context, struct error *err)
{
	struct custody *custody = context;

	(void)err;
	if (row->place != NULL)
		set(custody->place, DRILL_TEXT_BYTES, row->place);
	return 1;
}

const char *
drill_choose_place(const struct drill *drill, char place[DRILL_TEXT_BYTES])
{
	const struct service *service = drill->drills->service;
	const struct config_medium *medium =
	    config_find_medium(service->config, drill->copy.medium);
	struct custody custody = {place};
	struct error ignored = {0};

	place[0] = '\0';
	if (query_custody(service->catalog, CATALOG_NOW, drill->copy.medium,
		take_custody, &custody, &ignored) != 0)
		place[0] = '\0';
	if (place[0] == '\0' && medium != NULL)
		set(place, DRILL_TEXT_BYTES, medium->location);
	return place;
}

int
drill_choose_tell(const struct drill *drill, struct error *err)
{
	char place[DRILL_TEXT_BYTES];

	if (drill_choose_place(drill, place)[0] == '\0')
		return error_set(err, ERROR_UNAVAILABLE,
		    _("attach the medium %s; the drill then begins by itself"),
		    drill->copy.medium);
	return error_set(err, ERROR_UNAVAILABLE,
	    _("attach the medium %s, kept at %s; the drill then begins by "
	      "itself"),
	    drill->copy.medium, place);
}
