#include "lib/output/report_facts.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/store/journal.h"

static int
take_origin(const struct query_origin *row, void *context, struct error *err)
{
	struct report_facts *facts = context;

	(void)err;
	(void)snprintf(facts->origin, sizeof(facts->origin), "%s", row->origin);
	(void)snprintf(facts->daemon_key, sizeof(facts->daemon_key), "%s",
	    row->daemon_key == NULL ? "" : row->daemon_key);
	(void)snprintf(facts->facility_key, sizeof(facts->facility_key), "%s",
	    row->facility_key == NULL ? "" : row->facility_key);
	return 0;
}

/* A journal that was never signed has no checkpoint, which the page says. */
static int
read_note(struct report_facts *facts, struct error *err)
{
	const struct report_request *request = facts->request;
	struct journal_note note = {.size = 0};
	struct error none = {0};
	int rc = 0;

	if (request->note != NULL) {
		bytes_append(
		    &facts->note, request->note->data, request->note->length);
		return bytes_check(&facts->note, err);
	}
	if (journal_checkpoint_upto(
		request->catalog, UINT64_MAX, &note, &none) == 0) {
		bytes_append(&facts->note, note.text.data, note.text.length);
		rc = bytes_check(&facts->note, err);
		if (facts->health->size > note.size)
			facts->unsigned_entries =
			    facts->health->size - note.size;
	} else if (none.code != ERROR_NOT_FOUND) {
		*err = none;
		rc = -1;
	}
	bytes_done(&note.text);
	return rc;
}

/* Whether an entry was written between the two ends of the period. */
static int
look_for_entries(struct report_facts *facts, struct error *err)
{
	struct catalog_at before = {0}, after = {0};
	struct error none = {0};

	if (journal_seq_at(facts->request->catalog, facts->now, &after, err) !=
	    0)
		return -1;
	if (journal_seq_at(
		facts->request->catalog, facts->from, &before, &none) != 0) {
		if (none.code == ERROR_NOT_FOUND)
			return 0;
		*err = none;
		return -1;
	}
	facts->is_empty = after.seq == before.seq;
	return 0;
}

static int
judge(struct report_facts *facts, struct error *err)
{
	const struct report_request *request = facts->request;
	const struct compliance_request compliance = {
	    .catalog = request->catalog,
	    .at = request->at,
	    .now = request->now,
	    .set = request->basis->set,
	};
	const struct inventory_moment moment = {
	    .at = request->at,
	    .now = request->now,
	};

	if (health_judge(request->catalog, request->at, request->now,
		&facts->health, err) != 0 ||
	    compliance_judge(&compliance, &facts->compliance, err) != 0 ||
	    inventory_read(request->catalog, &moment, &facts->inventory, err) !=
		0 ||
	    copies_judge(facts->inventory, &facts->copies, err) != 0)
		return -1;
	return drills_judge(
	    request->catalog, facts->inventory, &facts->drills, err);
}

int
report_facts_read(const struct report_request *request,
    struct report_facts *ret_facts, struct error *err)
{
	*ret_facts = (struct report_facts){
	    .request = request,
	    .now = request->now,
	    .from = request->from == INT64_MIN
			? request->now - REPORT_DAYS * CLOCK_DAY_MS
			: request->from,
	};
	if (look_for_entries(ret_facts, err) != 0 ||
	    judge(ret_facts, err) != 0 ||
	    report_calendar_read(request, &ret_facts->calendar, err) != 0 ||
	    query_origin(request->catalog, request->at, take_origin, ret_facts,
		err) != 0)
		return -1;
	return read_note(ret_facts, err);
}

void
report_facts_done(struct report_facts *facts)
{
	health_free(facts->health);
	compliance_free(facts->compliance);
	copies_free(facts->copies);
	inventory_free(facts->inventory);
	drills_free(facts->drills);
	report_calendar_done(&facts->calendar);
	bytes_done(&facts->note);
	*facts = (struct report_facts){0};
}

const char *
report_facts_system(const struct report_facts *facts, const char *id)
{
	const struct config *config = facts->request->config;
	const struct config_system *named =
	    config == NULL ? NULL : config_find_system(config, id);

	return named == NULL || named->name[0] == '\0' ? id : named->name;
}

const char *
report_facts_medium(const struct report_facts *facts, const char *id)
{
	const struct config *config = facts->request->config;
	const struct config_medium *named =
	    config == NULL ? NULL : config_find_medium(config, id);

	return named == NULL || named->name[0] == '\0' ? id : named->name;
}

const char *
report_facts_facility(const struct report_facts *facts)
{
	const struct config *config = facts->request->config;

	return config == NULL || config->facility.name[0] == '\0'
		   ? facts->health->facility
		   : config->facility.name;
}
