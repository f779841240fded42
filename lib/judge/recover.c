#include "lib/judge/recover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_media.h"

#define SUSPICIOUS "suspicious-content"

#define COPY_TEXT(to, from) \
	((void)snprintf(to, sizeof(to), "%s", (from) == NULL ? "" : (from)))

/* A generation under an open suspicion. */
struct suspect {
	char generation[HEALTH_GENERATION_BYTES];
};

/* A medium that was taken out of service, and is not in reach. */
struct retired {
	char medium[HEALTH_ID_BYTES];
};

/* A system's copies are looked through, newest generation first. */
struct search {
	struct catalog *catalog;
	const struct recover_question *question;
	struct suspect *suspects;
	size_t suspect_count;
	struct retired *retired;
	size_t retired_count;
	struct recover_system *system;
	/* The generation whose copies come at the moment, and their number. */
	char generation[HEALTH_GENERATION_BYTES];
	uint64_t later, good, undetermined;
};

/* Room for one more item, all zero; the array is moved where it must grow. */
static int
grow(void *array, size_t count, size_t size, struct error *err)
{
	void **items = array;
	void *moved = realloc(*items, (count + 1) * size);

	if (moved == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	memset((char *)moved + count * size, 0, size);
	*items = moved;
	return 0;
}

static int
take_suspect(const struct query_finding *row, void *context, struct error *err)
{
	struct search *search = context;

	if (row->generation == NULL)
		return 0;
	if (grow(&search->suspects, search->suspect_count,
		sizeof(*search->suspects), err) != 0)
		return -1;
	COPY_TEXT(search->suspects[search->suspect_count].generation,
	    row->generation);
	search->suspect_count++;
	return 0;
}

static bool
is_suspect(const struct search *search, const char *generation)
{
	for (size_t i = 0; i < search->suspect_count; i++)
		if (strcmp(search->suspects[i].generation, generation) == 0)
			return true;
	return false;
}

static int
take_retired(
    const struct query_medium_event *row, void *context, struct error *err)
{
	struct search *search = context;

	if (grow(&search->retired, search->retired_count,
		sizeof(*search->retired), err) != 0)
		return -1;
	COPY_TEXT(search->retired[search->retired_count].medium, row->medium);
	search->retired_count++;
	return 0;
}

/* Whatever was said of it, it is there. */
static int
take_returned(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct search *search = context;

	(void)err;
	for (size_t i = 0; row->in_reach && i < search->retired_count; i++)
		if (strcmp(search->retired[i].medium, row->medium) == 0)
			search->retired[i].medium[0] = '\0';
	return 0;
}

static bool
is_retired(const struct search *search, const char *medium)
{
	for (size_t i = 0; i < search->retired_count; i++)
		if (strcmp(search->retired[i].medium, medium) == 0)
			return true;
	return false;
}

static bool
is_later(const struct query_copy *copy, int64_t before)
{
	return copy->taken_at >= before || (copy->captured_at != QUERY_NEVER &&
					       copy->captured_at >= before);
}

/* The generation that was looked at last cannot be used: count why not. */
static void
pass_over(struct search *search)
{
	struct recover_system *system = search->system;

	if (search->generation[0] == '\0')
		return;
	if (search->later > 0)
		system->later++;
	else if (search->good > 0)
		system->suspicious++;
	else if (search->undetermined > 0)
		system->undetermined++;
	else
		system->damaged++;
}

static int
add_copy(struct recover_system *system, const struct query_copy *row,
    struct error *err)
{
	struct recover_copy *copy;

	if (grow(&system->copies, system->copy_count, sizeof(*system->copies),
		err) != 0)
		return -1;
	copy = &system->copies[system->copy_count++];
	*copy = (struct recover_copy){
	    .id = row->id,
	    .is_in_reach = true,
	    .is_confirmed = row->unconfirmed_bytes == 0,
	    .oldest_read_at = row->oldest_read_at,
	    .medium_seen_at = QUERY_NEVER,
	    .files = row->files,
	    .bytes = row->bytes,
	    .until = QUERY_NEVER,
	};
	COPY_TEXT(copy->medium, row->medium);
	COPY_TEXT(copy->source, row->source);
	COPY_TEXT(system->generation, row->generation);
	system->taken_at = row->taken_at;
	if (system->captured_at == QUERY_NEVER ||
	    row->captured_at < system->captured_at)
		system->captured_at = row->captured_at;
	return 0;
}

static int
look_at_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct search *search = context;
	struct recover_system *system = search->system;

	if (strcmp(search->generation, row->generation) != 0) {
		if (system->copy_count > 0)
			return 1;
		pass_over(search);
		COPY_TEXT(search->generation, row->generation);
		search->later = search->good = search->undetermined = 0;
	}
	if (is_later(row, search->question->before)) {
		search->later++;
		return 0;
	}
	if (is_retired(search, row->medium))
		return 0;
	if (strcmp(row->state, "captured") != 0 ||
	    strcmp(row->verdict, "intact") != 0) {
		search->undetermined += strcmp(row->verdict, "damaged") != 0 &&
					strcmp(row->state, "missing") != 0;
		return 0;
	}
	search->good++;
	return is_suspect(search, row->generation) ? 0
						   : add_copy(system, row, err);
}

static int
add_medium(const struct query_medium *row, void *context, struct error *err)
{
	struct recover_system *system = context;

	(void)err;
	for (size_t i = 0; i < system->copy_count; i++)
		if (strcmp(system->copies[i].medium, row->id) == 0) {
			COPY_TEXT(system->copies[i].offline, row->offline);
			COPY_TEXT(system->copies[i].location, row->location);
		}
	return 0;
}

static int
add_medium_state(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct recover_system *system = context;

	(void)err;
	for (size_t i = 0; i < system->copy_count; i++) {
		struct recover_copy *copy = &system->copies[i];

		if (strcmp(copy->medium, row->medium) != 0)
			continue;
		COPY_TEXT(copy->state, row->state);
		copy->is_in_reach =
		    row->in_reach || strcmp(row->state, "absent") != 0;
		copy->medium_seen_at = row->seen_at;
	}
	return 0;
}

static int
add_custody(const struct query_custody *row, void *context, struct error *err)
{
	struct recover_system *system = context;

	(void)err;
	for (size_t i = 0; i < system->copy_count; i++) {
		struct recover_copy *copy = &system->copies[i];

		if (strcmp(copy->medium, row->medium) != 0)
			continue;
		COPY_TEXT(copy->holder, row->holder);
		COPY_TEXT(copy->place, row->place);
		copy->until = row->until;
	}
	return 0;
}

/* Out of an attacker's reach first, then what was read again, and latest. */
static int
compare_copies(const void *one, const void *other)
{
	const struct recover_copy *a = one, *b = other;

	if (a->is_in_reach != b->is_in_reach)
		return a->is_in_reach ? 1 : -1;
	if (a->is_confirmed != b->is_confirmed)
		return a->is_confirmed ? -1 : 1;
	if (a->oldest_read_at != b->oldest_read_at)
		return a->oldest_read_at > b->oldest_read_at ? -1 : 1;
	return strcmp(a->medium, b->medium);
}

static void
conclude(struct recover_system *system)
{
	bool is_confirmed = false;

	for (size_t i = 0; i < system->copy_count; i++)
		is_confirmed = is_confirmed || system->copies[i].is_confirmed;
	if (system->copy_count > 0)
		system->status =
		    is_confirmed ? VERDICT_EXIT_GOOD : VERDICT_EXIT_WARNING;
	else if (system->undetermined > 0)
		system->status = VERDICT_EXIT_UNDETERMINED;
	else
		system->status = VERDICT_EXIT_BAD;
}

static int
plan_system(struct search *search, struct error *err)
{
	struct recover_system *system = search->system;
	struct catalog_at at = search->question->at;
	const struct query_copy_filter filter = {.system = system->id};

	search->generation[0] = '\0';
	search->later = search->good = search->undetermined = 0;
	if (query_copies(
		search->catalog, at, &filter, look_at_copy, search, err) != 0)
		return -1;
	if (system->copy_count == 0)
		pass_over(search);
	if (query_media(search->catalog, at, add_medium, system, err) != 0 ||
	    query_medium_states(search->catalog, at, NULL, add_medium_state,
		system, err) != 0 ||
	    query_custody(
		search->catalog, at, NULL, add_custody, system, err) != 0)
		return -1;
	if (system->copy_count > 0)
		qsort(system->copies, system->copy_count,
		    sizeof(*system->copies), compare_copies);
	conclude(system);
	return 0;
}

struct listing {
	const char *only;
	struct recover *plan;
};

static int
take_system(const struct query_system *row, void *context, struct error *err)
{
	struct listing *listing = context;
	struct recover *plan = listing->plan;
	struct recover_system *system;

	if (listing->only != NULL && strcmp(listing->only, row->id) != 0)
		return 0;
	if (grow(&plan->systems, plan->system_count, sizeof(*plan->systems),
		err) != 0)
		return -1;
	system = &plan->systems[plan->system_count++];
	*system = (struct recover_system){
	    .order = row->recovery_order,
	    .target_ms = row->recovery_target_ms,
	    .taken_at = QUERY_NEVER,
	    .captured_at = QUERY_NEVER,
	};
	COPY_TEXT(system->id, row->id);
	COPY_TEXT(system->kind, row->kind);
	return 0;
}

static int
compare_systems(const void *one, const void *other)
{
	const struct recover_system *a = one, *b = other;
	/* Without an order they come last. */
	uint64_t first = a->order - 1, second = b->order - 1;

	if (first != second)
		return first < second ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int
plan_systems(struct catalog *catalog, const struct recover_question *question,
    struct recover *plan, struct error *err)
{
	const struct query_finding_filter suspicions = {
	    .only_open = true, .code = SUSPICIOUS};
	const struct query_medium_event_filter retired = {.event = "retired"};
	struct search search = {.catalog = catalog, .question = question};
	int rc = -1;

	if (query_findings(catalog, question->at, &suspicions, take_suspect,
		&search, err) != 0 ||
	    query_medium_events(catalog, question->at, &retired, take_retired,
		&search, err) != 0 ||
	    query_medium_states(
		catalog, question->at, NULL, take_returned, &search, err) != 0)
		goto out;
	for (size_t i = 0; i < plan->system_count; i++) {
		search.system = &plan->systems[i];
		if (plan_system(&search, err) != 0)
			goto out;
		plan->status =
		    verdict_exit_worse(plan->status, plan->systems[i].status);
	}
	rc = 0;
out:
	free(search.suspects);
	free(search.retired);
	return rc;
}

int
recover_plan(struct catalog *catalog, const struct recover_question *question,
    struct recover **ret_plan, struct error *err)
{
	struct recover *plan = calloc(1, sizeof(*plan));
	struct listing listing = {question->system, plan};

	if (plan == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	plan->before = question->before;
	if (query_systems(catalog, question->at, take_system, &listing, err) !=
	    0)
		goto fail;
	if (plan->system_count == 0) {
		plan->status = VERDICT_EXIT_UNDETERMINED;
		if (question->system != NULL) {
			(void)error_set(
			    err, ERROR_NOT_FOUND, _("there is no such system"));
			goto fail;
		}
	} else {
		qsort(plan->systems, plan->system_count, sizeof(*plan->systems),
		    compare_systems);
	}
	if (plan_systems(catalog, question, plan, err) != 0)
		goto fail;
	*ret_plan = plan;
	return 0;
fail:
	recover_free(plan);
	return -1;
}

void
recover_free(struct recover *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->system_count; i++)
		free(plan->systems[i].copies);
	free(plan->systems);
	free(plan);
}
