#include "cli/ask_requirements.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/store/journal.h"

static const char *
text_of(const json_t *parameters, const char *name)
{
	return json_string_value(json_object_get(parameters, name));
}

/* As of the asked instant; now where none was asked for. */
static int
go_back(struct document_context *context, const json_t *parameters,
    struct error *err)
{
	int64_t at = json_integer_value(json_object_get(parameters, "at"));

	if (at == 0)
		return 0;
	if (at > context->now)
		return error_set(err, ERROR_INPUT, _("that day is to come"));
	context->now = at;
	return journal_seq_at(context->catalog, at, &context->at, err);
}

static int
load(const struct cli *cli, struct requirement_set **ret, struct error *err)
{
	struct config_problems problems;
	int root_fd = -1, rc = -1;

	if (cli_open_root(cli, &root_fd, err) != 0)
		return -1;
	rc = requirement_load(root_fd, ret, &problems);
	if (rc != 0)
		(void)error_set(err, ERROR_CONFIG, "%s",
		    problems.count > 0 ? problems.texts[0] : "");
	config_problems_done(&problems);
	(void)close(root_fd);
	return rc;
}

int
ask_requirements(const struct cli *cli, const struct document_context *context,
    const char *method, const json_t *parameters, json_t **ret,
    struct error *err)
{
	struct document_compliance_filter filter = {
	    .pack = text_of(parameters, "pack"),
	    .system = text_of(parameters, "system"),
	    .requirement = text_of(parameters, "requirement"),
	};
	struct document_context then = *context;
	struct requirement_set *set = NULL;
	int rc;

	if (go_back(&then, parameters, err) != 0)
		return -1;
	if (strcmp(method, "Attestations") == 0)
		return document_attestations(
		    &then, filter.requirement, ret, err);
	if (load(cli, &set, err) != 0)
		return -1;
	filter.set = set;
	rc = document_compliance(&then, &filter, ret, err);
	requirement_set_free(set);
	return rc;
}
