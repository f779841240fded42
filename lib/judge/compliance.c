#include "lib/judge/compliance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/judge/compliance_facility.h"
#include "lib/judge/compliance_rules.h"

static int
add_omission(struct compliance_facility *g,
    const struct requirement *requirement, enum compliance_reason reason,
    struct error *err)
{
	struct compliance *compliance = g->compliance;

	if (array_grow(&compliance->omissions, compliance->omission_count,
		sizeof(*compliance->omissions), err) != 0)
		return -1;
	compliance->omissions[compliance->omission_count++] =
	    (struct compliance_omission){requirement, reason};
	return 0;
}

static int
take_all(struct compliance_facility *g, struct compliance_system *system,
    struct compliance_row *row, struct error *err)
{
	const struct requirement *requirement = row->requirement;

	for (size_t i = 0; i < requirement->check_count; i++) {
		struct compliance_check *check = &row->checks[i];

		if (compliance_facility_take(g, system,
			requirement->checks[i].measure, &check->value,
			err) != 0)
			return -1;
		check->state = compliance_rules_check(&requirement->checks[i],
		    &check->value, g->max_undetermined_ms);
	}
	for (size_t i = 0; i < requirement->show_count; i++)
		if (compliance_facility_take(g, system, requirement->shows[i],
			&row->shows[i], err) != 0)
			return -1;
	row->is_measured = true;
	return 0;
}

static int
add_row(struct compliance_facility *g, struct compliance_system *system,
    const struct requirement *requirement,
    const struct compliance_statement *statement, struct error *err)
{
	struct compliance *compliance = g->compliance;
	struct compliance_facts facts = {
	    .max_undetermined_ms = g->max_undetermined_ms,
	    .has_systems = g->count > 1,
	    .has_source = system == &g->systems[0] || system->has_source,
	};
	struct compliance_row *row;

	if (array_grow(&compliance->rows, compliance->row_count,
		sizeof(*compliance->rows), err) != 0)
		return -1;
	row = &compliance->rows[compliance->row_count++];
	memset(row, 0, sizeof(*row));
	row->requirement = requirement;
	row->statement = *statement;
	row->is_superseded =
	    !requirement_is_valid(requirement, compliance->day);
	memcpy(row->system, system->id, sizeof(row->system));
	if (facts.has_source &&
	    (requirement->systems == 0 || facts.has_systems) &&
	    take_all(g, system, row, err) != 0)
		return -1;
	compliance_rules_apply(row, &facts);
	return 0;
}

static bool
is_asked(
    const struct compliance_facility *g, const struct compliance_system *system)
{
	return g->request->system == NULL ||
	       strcmp(g->request->system, system->id) == 0;
}

/* The rows of one requirement, or why it has none. */
static int
add_rows(struct compliance_facility *g, const struct requirement *requirement,
    struct error *err)
{
	struct compliance_statement statement;
	size_t before = g->compliance->row_count;
	bool is_mode_other = false;
	enum compliance_reason why;

	if (compliance_facility_state(g, requirement, &statement, err) != 0)
		return -1;
	why = compliance_facility_omits(g, requirement, &statement);
	if (why != COMPLIANCE_ALL_THERE)
		return add_omission(g, requirement, why, err);
	for (size_t i = 0; i < g->count; i++) {
		struct compliance_system *system = &g->systems[i];
		/* The facility's row, also for want of any system. */
		bool is_row = i == 0 ? requirement->systems == 0 || g->count < 2
				     : (requirement->systems & system->kind);

		if (!is_row || !is_asked(g, system))
			continue;
		if (requirement->offline != 0 &&
		    (requirement->offline & system->offline) == 0)
			is_mode_other = true;
		else if (add_row(g, system, requirement, &statement, err) != 0)
			return -1;
	}
	if (is_mode_other && g->compliance->row_count == before)
		return add_omission(g, requirement, COMPLIANCE_OTHER_MODE, err);
	return 0;
}

/* Each requirement in force counts once, by its worst row. */
static void
add_up(struct compliance *compliance)
{
	size_t end;

	for (size_t i = 0; i < compliance->row_count; i = end) {
		const struct compliance_row *row = &compliance->rows[i];
		enum compliance_state state = row->state;

		for (end = i;
		     end < compliance->row_count &&
		     compliance->rows[end].requirement == row->requirement;
		     end++)
			state = compliance_state_worse(
			    state, compliance->rows[end].state);
		if (row->is_superseded)
			continue;
		compliance->total++;
		compliance->totals[state]++;
		for (size_t k = i; k < end; k++)
			compliance->exit = verdict_exit_worse(compliance->exit,
			    compliance_rules_exit(&compliance->rows[k]));
	}
	/* Nothing looked at is nothing known (law 1). */
	if (compliance->total == 0)
		compliance->exit = VERDICT_EXIT_UNDETERMINED;
}

/* What was asked for must be there. */
static int
check_request(const struct compliance_facility *g, struct error *err)
{
	const struct compliance_request *request = g->request;
	const struct requirement_pack *pack;
	bool is_known = request->pack == NULL;

	for (size_t i = 0;
	     (pack = requirement_pack_at(request->set, i)) != NULL; i++)
		is_known = is_known || strcmp(pack->id, request->pack) == 0;
	if (!is_known)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such pack"));
	if (request->requirement != NULL &&
	    requirement_find(request->set, request->requirement) == NULL)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such requirement"));
	is_known = request->system == NULL;
	for (size_t i = 1; i < g->count; i++)
		is_known = is_known || is_asked(g, &g->systems[i]);
	if (!is_known)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such system"));
	return 0;
}

static bool
is_wanted(const struct compliance_request *request,
    const struct requirement *requirement)
{
	return (request->pack == NULL ||
		   strcmp(request->pack, requirement->pack->id) == 0) &&
	       (request->requirement == NULL ||
		   strcmp(request->requirement, requirement->id) == 0);
}

/* What was gathered, requirement by requirement. */
static int
judge(struct compliance_facility *g, struct error *err)
{
	const struct compliance_request *request = g->request;
	const struct requirement *requirement;

	if (check_request(g, err) != 0)
		return -1;
	for (size_t i = 0;
	     (requirement = requirement_at(request->set, i)) != NULL; i++)
		if (is_wanted(request, requirement) &&
		    add_rows(g, requirement, err) != 0)
			return -1;
	add_up(g->compliance);
	return 0;
}

int
compliance_judge(const struct compliance_request *request,
    struct compliance **ret_compliance, struct error *err)
{
	struct compliance *compliance = calloc(1, sizeof(*compliance));
	struct compliance_facility facility;
	struct date date;
	int rc = -1;

	if (compliance == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	date_local(request->now, &date);
	compliance->now = request->now;
	compliance->day = date.year * 10000 + date.month * 100 + date.day;
	if (compliance_facility_gather(&facility, request, compliance, err) ==
	    0)
		rc = judge(&facility, err);
	compliance_facility_done(&facility);
	if (rc == 0)
		*ret_compliance = compliance;
	else
		compliance_free(compliance);
	return rc;
}

void
compliance_free(struct compliance *compliance)
{
	if (compliance == NULL)
		return;
	free(compliance->rows);
	free(compliance->omissions);
	free(compliance);
}
