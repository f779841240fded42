#include "cli/ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask_document.h"
#include "cli/client.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

static int
ask_database(const struct cli *cli, const char *method,
    const json_t *parameters, json_t **ret_reply, struct error *err)
{
	const struct catalog_options options = {.mode = CATALOG_IMMUTABLE};
	struct ask_document question = {
	    .cli = cli,
	    .parameters = parameters,
	    .context =
		{
		    .at = CATALOG_NOW,
		    .now = clock_wall_ms(),
		    .has_names = true,
		    .limit = ask_document_number(parameters, "limit"),
		},
	};
	struct catalog *catalog = NULL;
	int rc;

	if (catalog_open(cli->database, &options, &catalog, err) != 0)
		return error_prefix(err, "--database");
	question.context.catalog = catalog;
	rc = ask_document(&question, method, ret_reply, err);
	catalog_close(catalog);
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
