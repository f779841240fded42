#include "cli/ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask_requirements.h"
#include "cli/client.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/output/document_drill.h"
#include "lib/output/document_media.h"

static const char *
text_of(const json_t *parameters, const char *name)
{
	return json_string_value(json_object_get(parameters, name));
}

static uint64_t
number_of(const json_t *parameters, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(parameters, name));
}

/* Without one, all time. */
static int64_t
before_of(const json_t *parameters)
{
	const json_t *before = json_object_get(parameters, "before");

	return before == NULL ? INT64_MAX : json_integer_value(before);
}

static int
document_of(const struct cli *cli, const struct document_context *context,
    const char *method, const json_t *parameters, json_t **ret,
    struct error *err)
{
	const struct query_copy_filter copies = {
	    .system = text_of(parameters, "system"),
	    .generation = text_of(parameters, "generation"),
	    .medium = text_of(parameters, "medium"),
	};
	const struct query_finding_filter findings = {
	    .only_open = !json_is_true(json_object_get(parameters, "all")),
	    .code = text_of(parameters, "code"),
	    .system = copies.system,
	    .generation = copies.generation,
	    .medium = copies.medium,
	};
	uint64_t to = number_of(parameters, "to");

	if (strcmp(method, "Status") == 0)
		return document_status(context, ret, err);
	if (strcmp(method, "Systems") == 0)
		return document_systems(context, ret, err);
	if (strcmp(method, "Generations") == 0)
		return document_generations(context, copies.system, ret, err);
	if (strcmp(method, "Copies") == 0)
		return document_copies(context, &copies, ret, err);
	if (strcmp(method, "Findings") == 0)
		return document_findings(context, &findings, ret, err);
	if (strcmp(method, "Show") == 0)
		return document_show(
		    context, text_of(parameters, "what"), ret, err);
	if (strcmp(method, "RecoverPlan") == 0)
		return document_recover(context, before_of(parameters),
		    text_of(parameters, "system"), ret, err);
	if (strcmp(method, "Drills") == 0)
		return document_drills(context, copies.system, ret, err);
	if (strcmp(method, "DrillShow") == 0)
		return document_drill(
		    context, number_of(parameters, "drill"), ret, err);
	if (strcmp(method, "DrillDue") == 0)
		return document_drill_due(context, ret, err);
	if (strcmp(method, "Media") == 0)
		return document_media(context, ret, err);
	if (strcmp(method, "MediaShow") == 0)
		return document_medium(context, copies.medium, ret, err);
	if (strcmp(method, "JournalList") == 0)
		return document_journal(context, number_of(parameters, "from"),
		    to == 0 ? UINT64_MAX : to, ret, err);
	if (strcmp(method, "Compliance") == 0 ||
	    strcmp(method, "Attestations") == 0)
		return ask_requirements(
		    cli, context, method, parameters, ret, err);
	return error_set(err, ERROR_USAGE,
	    _("this needs hikaed and does not work with --database"));
}

static int
ask_database(const struct cli *cli, const char *method,
    const json_t *parameters, json_t **ret_reply, struct error *err)
{
	const struct catalog_options options = {.mode = CATALOG_IMMUTABLE};
	struct document_context context = {
	    .at = CATALOG_NOW,
	    .now = clock_wall_ms(),
	    .has_names = true,
	    .limit = number_of(parameters, "limit"),
	};
	int rc;

	if (catalog_open(cli->database, &options, &context.catalog, err) != 0)
		return error_prefix(err, "--database");
	rc = document_of(cli, &context, method, parameters, ret_reply, err);
	catalog_close(context.catalog);
	return rc;
}

int
ask(struct cli *cli, const char *method, json_t *parameters, json_t **ret_reply,
    struct error *err)
{
	struct client *client = NULL;
	int rc;

	if (cli->database != NULL) {
		rc = ask_database(cli, method, parameters, ret_reply, err);
		json_decref(parameters);
		return rc;
	}
	if (client_open(cli, &client, err) != 0) {
		json_decref(parameters);
		return -1;
	}
	rc = client_call(client, method, parameters, ret_reply, err);
	client_close(client);
	return rc;
}

int
ask_print(struct cli *cli, const char *method, json_t *parameters,
    int (*print)(struct cli *cli, const json_t *reply, struct error *err))
{
	json_t *reply = NULL;
	struct error err = {0};
	int rc = CLI_GOOD;

	if (ask(cli, method, parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	if ((cli->is_json ? print_json(&cli->print, reply, &err)
			  : print(cli, reply, &err)) != 0)
		rc = cli_fail(cli, &err);
	json_decref(reply);
	return rc;
}

void
ask_set_text(json_t *parameters, const char *name, const char *value)
{
	if (value != NULL)
		(void)json_object_set_new(
		    parameters, name, json_of_bytes(value, strlen(value)));
}

int
ask_parse_number(const char *text, uint64_t *ret_number, struct error *err)
{
	char shown[64], *end = NULL;
	unsigned long long number;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
	    number > (uint64_t)JSON_INTEGER_MAX)
		return error_set(err, ERROR_USAGE, _("%s is no number"),
		    text_escape(shown, sizeof(shown), text, strlen(text)));
	*ret_number = number;
	return 0;
}
