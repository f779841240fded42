#include "lib/judge/compliance_facility.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/store/journal.h"
#include "lib/store/query_media.h"
#include "lib/store/query_record.h"

/* Where the journal does not say: what [policy] would. */
#define MAX_UNDETERMINED_MS (INT64_C(3) * 86400000)

#define COPY_TEXT(to, from) \
	((void)snprintf(to, sizeof(to), "%s", (from) == NULL ? "" : (from)))

static int
take_facility(
    const struct query_facility *row, void *context, struct error *err)
{
	struct compliance_facility *g = context;

	(void)err;
	g->kind = row->kind == NULL		     ? 0
		  : strcmp(row->kind, "clinic") == 0 ? 2
						     : 1;
	g->beds = row->beds;
	g->max_undetermined_ms = row->max_undetermined_ms;
	COPY_TEXT(g->fees, row->fees);
	return 0;
}

static int
take_origin(const struct query_origin *row, void *context, struct error *err)
{
	struct compliance_facility *g = context;

	(void)err;
	COPY_TEXT(g->compliance->facility, row->facility);
	return 0;
}

/* The bit of a word of the configuration; unknown ones: the last. */
static unsigned int
kind_bit(const char *kind)
{
	for (int i = 0; i < CONFIG_SYSTEM_OTHER; i++)
		if (strcmp(config_system_kind_name((enum config_system_kind)i),
			kind) == 0)
			return 1u << i;
	return 1u << CONFIG_SYSTEM_OTHER;
}

static unsigned int
offline_bit(const char *mode)
{
	for (int i = 0; mode != NULL && i <= CONFIG_OFFLINE_CLOUD_ISOLATED; i++)
		if (strcmp(config_offline_name((enum config_offline)i), mode) ==
		    0)
			return 1u << i;
	return 0;
}

static int
add_system(struct compliance_facility *g, const char *id, unsigned int kind,
    struct error *err)
{
	struct compliance_system *system;

	system = reallocarray(g->systems, g->count + 1, sizeof(*g->systems));
	if (system == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	g->systems = system;
	system = &g->systems[g->count++];
	memset(system, 0, sizeof(*system));
	COPY_TEXT(system->id, id);
	system->kind = kind;
	return 0;
}

static int
take_system(const struct query_system *row, void *context, struct error *err)
{
	return add_system(context, row->id, kind_bit(row->kind), err);
}

/* A source, whose medium's mode is looked up. */
struct joining {
	struct compliance_facility *gathering;
	const char *medium;
	unsigned int offline;
};

static int
match_medium(const struct query_medium *row, void *context, struct error *err)
{
	struct joining *joining = context;

	(void)err;
	if (strcmp(row->id, joining->medium) == 0)
		joining->offline = offline_bit(row->offline);
	return 0;
}

static int
take_source(const struct query_source *row, void *context, struct error *err)
{
	struct compliance_facility *g = context;
	struct joining joining = {.gathering = g, .medium = row->medium};

	if (query_media(g->request->catalog, g->request->at, match_medium,
		&joining, err) != 0)
		return -1;
	for (size_t i = 0; i < g->count; i++) {
		if (i > 0 && strcmp(g->systems[i].id, row->system) != 0)
			continue;
		g->systems[i].has_source = true;
		g->systems[i].offline |= joining.offline;
	}
	return 0;
}

int
compliance_facility_gather(struct compliance_facility *g,
    const struct compliance_request *request, struct compliance *compliance,
    struct error *err)
{
	*g = (struct compliance_facility){
	    .request = request,
	    .compliance = compliance,
	    .beds = -1,
	    .max_undetermined_ms = MAX_UNDETERMINED_MS,
	};
	if (add_system(g, "", 0, err) != 0 ||
	    query_origin(request->catalog, request->at, take_origin, g, err) !=
		0 ||
	    query_facility(
		request->catalog, request->at, take_facility, g, err) != 0 ||
	    query_systems(request->catalog, request->at, take_system, g, err) !=
		0 ||
	    query_sources(request->catalog, request->at, take_source, g, err) !=
		0 ||
	    journal_size(request->catalog, &compliance->size, err) != 0)
		return -1;
	if (request->at.seq < compliance->size)
		compliance->size = request->at.seq + 1;
	compliance->is_beds_unknown = g->beds < 0;
	compliance->is_fees_unknown = g->fees[0] == '\0';
	if (measure_open(request->catalog, request->at, request->now,
		&g->measures, err) != 0)
		return -1;
	measure_remember(g->measures, request->known);
	return 0;
}

void
compliance_facility_done(struct compliance_facility *g)
{
	measure_close(g->measures);
	free(g->systems);
}

struct stating {
	const struct requirement *requirement;
	struct compliance_statement *statement;
	const struct measure_context *measures;
};

/*
 * Newest first.  The one in force that holds longest counts, and the newest
 * document of any in force.
 */
static int
take_statement(
    const struct query_attestation *row, void *context, struct error *err)
{
	struct stating *stating = context;
	struct compliance_statement *statement = stating->statement;
	int64_t left =
	    measure_left(stating->measures, row->id, row->at, row->until);
	bool is_in_force = left > 0;
	enum requirement_document kind;

	(void)err;
	if (statement->id == 0 ||
	    (is_in_force &&
		(!statement->is_in_force || row->until > statement->until))) {
		statement->id = row->id;
		statement->is_in_force = is_in_force;
		statement->at = row->at;
		statement->until = row->until;
		statement->left_ms = left;
		COPY_TEXT(statement->by, row->by);
	}
	if (is_in_force && statement->document == 0 &&
	    row->document_kind != NULL &&
	    requirement_document_parse(row->document_kind, &kind) == 0 &&
	    (stating->requirement->documents & 1u << kind) != 0) {
		statement->document = row->id;
		statement->document_kind = kind;
		COPY_TEXT(statement->document_sha256, row->document_sha256);
	}
	return 0;
}

int
compliance_facility_state(const struct compliance_facility *g,
    const struct requirement *requirement,
    struct compliance_statement *ret_statement, struct error *err)
{
	struct stating stating = {requirement, ret_statement, g->measures};

	*ret_statement = (struct compliance_statement){.id = 0};
	return query_attestations(g->request->catalog, g->request->at,
	    requirement->id, take_statement, &stating, err);
}

static bool
is_notified(const struct compliance_facility *g, const struct config_list *fees)
{
	char word[COMPLIANCE_NAME_BYTES + 2], all[COMPLIANCE_NAME_BYTES + 2];

	if (fees->count == 0 || g->fees[0] == '\0')
		return true;
	(void)snprintf(all, sizeof(all), " %s ", g->fees);
	for (size_t i = 0; i < fees->count; i++) {
		(void)snprintf(word, sizeof(word), " %s ", fees->items[i]);
		if (strstr(all, word) != NULL)
			return true;
	}
	return false;
}

static bool
has_kind(const struct compliance_facility *g, unsigned int kinds)
{
	for (size_t i = 1; i < g->count; i++)
		if ((g->systems[i].kind & kinds) != 0)
			return true;
	return false;
}

enum compliance_reason
compliance_facility_omits(const struct compliance_facility *g,
    const struct requirement *requirement,
    const struct compliance_statement *statement)
{
	if (requirement->valid_from > g->compliance->day)
		return COMPLIANCE_NOT_YET;
	if (requirement->facility != 0 && g->kind != 0 &&
	    (requirement->facility & g->kind) == 0)
		return COMPLIANCE_OTHER_FACILITY;
	if (g->beds >= 0 && g->beds < requirement->beds_min)
		return COMPLIANCE_FEW_BEDS;
	if (!is_notified(g, &requirement->fees))
		return COMPLIANCE_OTHER_FEE;
	if (requirement->systems != 0 && g->count > 1 &&
	    !has_kind(g, requirement->systems))
		return COMPLIANCE_OTHER_SYSTEM;
	if (requirement->applies == REQUIREMENT_ATTESTED &&
	    !statement->is_in_force)
		return COMPLIANCE_NOT_STATED;
	return COMPLIANCE_ALL_THERE;
}

int
compliance_facility_take(struct compliance_facility *g,
    struct compliance_system *system, enum measure measure,
    struct measure_value *ret, struct error *err)
{
	if (measure_argument_of(measure) == MEASURE_OF_FACILITY)
		system = &g->systems[0];
	if (!system->is_taken[measure]) {
		if (measure_take(g->measures, measure,
			system == &g->systems[0] ? NULL : system->id,
			&system->values[measure], err) != 0)
			return -1;
		system->is_taken[measure] = true;
	}
	*ret = system->values[measure];
	return 0;
}
