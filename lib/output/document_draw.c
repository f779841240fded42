#include "lib/output/document_draw.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/output/document_acknowledged.h"
#include "lib/output/document_drill.h"
#include "lib/output/document_known.h"
#include "lib/output/document_media.h"
#include "lib/store/journal.h"

/* Of a medium, unless more are asked for. */
#define MEDIUM_EVENTS 200

static const char *
text_of(const struct document_request *request, const char *name)
{
	return json_string_value(json_object_get(request->parameters, name));
}

static uint64_t
number_of(const struct document_request *request, const char *name)
{
	return (uint64_t)json_integer_value(
	    json_object_get(request->parameters, name));
}

/* Now, or with "at" the journal's last entry that is not younger. */
static int
make_context(const struct document_request *request,
    struct document_context *ret, struct error *err)
{
	int64_t at = (int64_t)number_of(request, "at");

	*ret = (struct document_context){
	    .catalog = request->catalog,
	    .at = CATALOG_NOW,
	    .now = clock_wall_ms(),
	    .config = request->config,
	    /* Who may ask may read the state, and the names in it. */
	    .has_names = true,
	    .limit = number_of(request, "limit"),
	    .known = request->known,
	};
	if (request->limit_max != 0 && ret->limit > request->limit_max)
		ret->limit = request->limit_max;
	if (at == 0)
		return 0;
	if (at > ret->now)
		return error_set(err, ERROR_INPUT, _("that day is to come"));
	ret->now = at;
	return journal_seq_known(ret->catalog, at, &ret->at, err);
}

typedef int draw_fn(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err);

static int
draw_status(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	if (document_status(context, ret, err) != 0)
		return -1;
	if (!request->is_rescued ||
	    document_acknowledged_add(context, *ret, err) == 0)
		return 0;
	json_decref(*ret);
	*ret = NULL;
	return -1;
}

static int
draw_systems(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	(void)request;
	return document_systems(context, ret, err);
}

/* A list with nothing in it: of something, or of a name that nothing has? */
static int
check_empty(const struct document_context *context, const char *key,
    const struct document_names *names, json_t **ret, struct error *err)
{
	if (json_array_size(json_object_get(*ret, key)) > 0 ||
	    document_known_check(context->catalog, context->at, names, err) ==
		0)
		return 0;
	json_decref(*ret);
	*ret = NULL;
	return -1;
}

static int
draw_generations(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	const struct document_names names = {
	    .system = text_of(request, "system")};

	if (document_generations(context, names.system, ret, err) != 0)
		return -1;
	return check_empty(context, "generations", &names, ret, err);
}

static int
draw_copies(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	const struct query_copy_filter filter = {
	    .system = text_of(request, "system"),
	    .generation = text_of(request, "generation"),
	    .medium = text_of(request, "medium"),
	};

	if ((filter.system != NULL) + (filter.generation != NULL) +
		(filter.medium != NULL) >
	    1)
		return error_set(err, ERROR_USAGE, "system");
	if (document_copies(context, &filter, ret, err) != 0)
		return -1;
	return check_empty(context, "copies",
	    &(struct document_names){.system = filter.system,
		.generation = filter.generation,
		.medium = filter.medium},
	    ret, err);
}

static int
draw_findings(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	const struct query_finding_filter filter = {
	    .only_open =
		!json_is_true(json_object_get(request->parameters, "all")),
	    .code = text_of(request, "code"),
	    .system = text_of(request, "system"),
	    .generation = text_of(request, "generation"),
	    .medium = text_of(request, "medium"),
	    .source = text_of(request, "source"),
	};

	if (document_findings(context, &filter, ret, err) != 0)
		return -1;
	return check_empty(context, "findings",
	    &(struct document_names){.system = filter.system,
		.generation = filter.generation,
		.medium = filter.medium,
		.source = filter.source,
		.code = filter.code},
	    ret, err);
}

static int
draw_show(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	return document_show(context, text_of(request, "what"), ret, err);
}

static int
draw_recover(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	const json_t *before = json_object_get(request->parameters, "before");

	return document_recover(context,
	    json_is_integer(before) ? json_integer_value(before) : INT64_MAX,
	    text_of(request, "system"), ret, err);
}

static int
draw_journal(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	uint64_t to = number_of(request, "to");

	return document_journal(context, number_of(request, "from"),
	    to == 0 ? UINT64_MAX : to, ret, err);
}

static int
draw_media(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	(void)request;
	return document_media(context, ret, err);
}

static int
draw_medium(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	struct document_context shorter = *context;

	if (shorter.limit == 0)
		shorter.limit = MEDIUM_EVENTS;
	return document_medium(&shorter, text_of(request, "medium"), ret, err);
}

static int
draw_drills(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	return document_drills(context, text_of(request, "system"), ret, err);
}

static int
draw_drill(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	return document_drill(context, number_of(request, "drill"), ret, err);
}

static int
draw_drill_due(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	(void)request;
	return document_drill_due(context, ret, err);
}

static int
draw_attestations(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	return document_attestations(
	    context, text_of(request, "requirement"), ret, err);
}

static int
draw_by(const struct document_request *request,
    const struct document_context *context,
    const struct requirement_texts *today, json_t **ret, struct error *err)
{
	struct basis basis;
	const struct document_compliance_filter filter = {
	    .basis = &basis,
	    .pack = text_of(request, "pack"),
	    .system = text_of(request, "system"),
	    .requirement = text_of(request, "requirement"),
	};
	int rc;

	if (basis_read(
		context->catalog, context->at, today, false, &basis, err) != 0)
		return -1;
	/* Beside a rescued catalog lie perhaps another facility's. */
	if (context->at.seq == CATALOG_NOW.seq && !request->is_rescued)
		basis_compare(&basis, today);
	rc = document_compliance(context, &filter, ret, err);
	/* What is asked for may be in what is gone. */
	if (rc != 0 && err->code == ERROR_NOT_FOUND && basis.gone > 0)
		(void)error_set(
		    err, ERROR_UNAVAILABLE, "%s", basis_sentence(BASIS_GONE));
	basis_done(&basis);
	return rc;
}

static int
draw_compliance(const struct document_request *request,
    const struct document_context *context, json_t **ret, struct error *err)
{
	struct requirement_texts own = REQUIREMENT_TEXTS_EMPTY;
	int rc = -1;

	if (request->today != NULL)
		return draw_by(request, context, request->today, ret, err);
	if (requirement_texts_read(request->root_fd, &own, err) == 0)
		rc = draw_by(request, context, &own, ret, err);
	requirement_texts_done(&own);
	return rc;
}

static const struct drawn {
	const char *name;
	draw_fn *draw;
	bool is_heavy;
} table[] = {
    {"Status", draw_status, false},
    {"Systems", draw_systems, false},
    {"Generations", draw_generations, false},
    {"Copies", draw_copies, false},
    {"Findings", draw_findings, false},
    {"Show", draw_show, false},
    {"JournalList", draw_journal, false},
    {"RecoverPlan", draw_recover, true},
    {"Compliance", draw_compliance, true},
    {"Attestations", draw_attestations, false},
    {"Media", draw_media, false},
    {"MediaShow", draw_medium, false},
    {"Drills", draw_drills, false},
    {"DrillShow", draw_drill, false},
    {"DrillDue", draw_drill_due, false},
};

static const struct drawn *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

bool
document_draw_knows(const char *name)
{
	return find(name) != NULL;
}

bool
document_draw_is_heavy(const char *name)
{
	const struct drawn *drawn = find(name);

	return drawn != NULL && drawn->is_heavy;
}

int
document_draw(
    const struct document_request *request, json_t **ret, struct error *err)
{
	const struct drawn *drawn = find(request->name);
	struct document_context context;

	if (drawn == NULL)
		return error_set(err, ERROR_USAGE, "%s", request->name);
	if (make_context(request, &context, err) != 0)
		return -1;
	return drawn->draw(request, &context, ret, err);
}
