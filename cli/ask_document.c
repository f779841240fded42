#include "cli/ask_document.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/output/document_drill.h"
#include "lib/output/document_media.h"
#include "lib/store/journal.h"

static const char *
text_of(const struct ask_document *question, const char *name)
{
	return json_string_value(json_object_get(question->parameters, name));
}

uint64_t
ask_document_number(const json_t *parameters, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(parameters, name));
}

static int
status(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_status(&question->context, ret, err);
}

static int
systems(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_systems(&question->context, ret, err);
}

static int
generations(
    const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_generations(
	    &question->context, text_of(question, "system"), ret, err);
}

static int
copies(const struct ask_document *question, json_t **ret, struct error *err)
{
	const struct query_copy_filter filter = {
	    .system = text_of(question, "system"),
	    .generation = text_of(question, "generation"),
	    .medium = text_of(question, "medium"),
	};

	return document_copies(&question->context, &filter, ret, err);
}

static int
findings(const struct ask_document *question, json_t **ret, struct error *err)
{
	const struct query_finding_filter filter = {
	    .only_open =
		!json_is_true(json_object_get(question->parameters, "all")),
	    .code = text_of(question, "code"),
	    .system = text_of(question, "system"),
	    .generation = text_of(question, "generation"),
	    .medium = text_of(question, "medium"),
	};

	return document_findings(&question->context, &filter, ret, err);
}

static int
show(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_show(
	    &question->context, text_of(question, "what"), ret, err);
}

/* From all generations where no instant was asked for. */
static int
plan(const struct ask_document *question, json_t **ret, struct error *err)
{
	const json_t *before = json_object_get(question->parameters, "before");

	return document_recover(&question->context,
	    before == NULL ? INT64_MAX : json_integer_value(before),
	    text_of(question, "system"), ret, err);
}

static int
drills(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_drills(
	    &question->context, text_of(question, "system"), ret, err);
}

static int
drill_show(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_drill(&question->context,
	    ask_document_number(question->parameters, "drill"), ret, err);
}

static int
drill_due(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_drill_due(&question->context, ret, err);
}

static int
media(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_media(&question->context, ret, err);
}

static int
media_show(const struct ask_document *question, json_t **ret, struct error *err)
{
	return document_medium(
	    &question->context, text_of(question, "medium"), ret, err);
}

static int
journal_list(
    const struct ask_document *question, json_t **ret, struct error *err)
{
	uint64_t to = ask_document_number(question->parameters, "to");

	return document_journal(&question->context,
	    ask_document_number(question->parameters, "from"),
	    to == 0 ? UINT64_MAX : to, ret, err);
}

/* As of the asked instant; now where none was asked for. */
static int
go_back(const struct ask_document *question, struct document_context *ret_then,
    struct error *err)
{
	int64_t at = (int64_t)ask_document_number(question->parameters, "at");

	*ret_then = question->context;
	if (at == 0)
		return 0;
	if (at > ret_then->now)
		return error_set(err, ERROR_INPUT, _("that day is to come"));
	ret_then->now = at;
	return journal_seq_at(ret_then->catalog, at, &ret_then->at, err);
}

static int
attestations(
    const struct ask_document *question, json_t **ret, struct error *err)
{
	struct document_context then;

	if (go_back(question, &then, err) != 0)
		return -1;
	return document_attestations(
	    &then, text_of(question, "requirement"), ret, err);
}

/* By the packs of this program and of --root, or only the shipped ones. */
static int
compliance(const struct ask_document *question, json_t **ret, struct error *err)
{
	struct document_compliance_filter filter = {
	    .pack = text_of(question, "pack"),
	    .system = text_of(question, "system"),
	    .requirement = text_of(question, "requirement"),
	};
	struct config_problems problems;
	struct requirement_set *set = NULL;
	struct document_context then;
	int root_fd = -1, rc;

	if (go_back(question, &then, err) != 0 ||
	    cli_open_root(question->cli, &root_fd, err) != 0)
		return -1;
	rc = requirement_load_sound(root_fd, &set, &problems);
	filter.set = set;
	filter.left_out = &problems;
	if (rc == 0)
		rc = document_compliance(&then, &filter, ret, err);
	else
		(void)error_set(err, ERROR_CONFIG, "%s",
		    problems.count > 0 ? problems.texts[0] : "");
	requirement_set_free(set);
	config_problems_done(&problems);
	(void)close(root_fd);
	return rc;
}

static const struct {
	const char *method;
	int (*make)(const struct ask_document *question, json_t **ret,
	    struct error *err);
} documents[] = {
    {"Attestations", attestations},
    {"Compliance", compliance},
    {"Copies", copies},
    {"DrillDue", drill_due},
    {"DrillShow", drill_show},
    {"Drills", drills},
    {"Findings", findings},
    {"Generations", generations},
    {"JournalList", journal_list},
    {"Media", media},
    {"MediaShow", media_show},
    {"RecoverPlan", plan},
    {"Show", show},
    {"Status", status},
    {"Systems", systems},
};

int
ask_document(const struct ask_document *question, const char *method,
    json_t **ret, struct error *err)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		if (strcmp(documents[i].method, method) == 0)
			return documents[i].make(question, ret, err);
	return error_set(err, ERROR_USAGE,
	    _("this needs hikaed and does not work with --database"));
}
