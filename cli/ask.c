#include "cli/ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/client.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/model/config.h"
#include "lib/output/document_draw.h"
#include "lib/store/query.h"

/* Whose catalog it is: 1 stops at the first. */
static int
compare_facility(
    const struct query_origin *row, void *context, struct error *err)
{
	struct config **config = context;

	(void)err;
	if (row->facility != NULL &&
	    strcmp(row->facility, (*config)->facility.id) == 0)
		return 0;
	config_free(*config);
	*config = NULL;
	return 1;
}

/*
 * The configuration below --root, for the names that it gives systems and
 * media: the catalog has their ids alone.  NULL where there is none that is
 * sound, and where it is another facility's.
 */
static struct config *
load_names(struct catalog *catalog, int root_fd)
{
	struct config *config = NULL;
	struct config_problems problems;
	struct error ignored;

	if (root_fd < 0)
		return NULL;
	if (config_load(root_fd, &config, &problems) == 0 &&
	    query_origin(catalog, CATALOG_NOW, compare_facility, &config,
		&ignored) != 0) {
		config_free(config);
		config = NULL;
	}
	config_problems_done(&problems);
	return config;
}

static int
ask_database(const struct cli *cli, const char *method,
    const json_t *parameters, json_t **ret_reply, struct error *err)
{
	const struct catalog_options options = {.mode = CATALOG_IMMUTABLE};
	struct document_request request = {
	    .name = method,
	    .parameters = parameters,
	    .root_fd = -1,
	    .is_rescued = true,
	};
	struct config *config;
	int rc;

	if (!document_draw_knows(method))
		return error_set(err, ERROR_USAGE,
		    _("this needs hikaed and does not work with --database"));
	if (catalog_open(cli->database, &options, &request.catalog, err) != 0)
		return error_prefix(err, "--database");
	/* Whoever has a rescued file may not have the facility's own rules. */
	if (cli_open_root(cli, &request.root_fd, err) != 0)
		request.root_fd = -1;
	config = load_names(request.catalog, request.root_fd);
	request.config = config;
	rc = document_draw(&request, ret_reply, err);
	config_free(config);
	if (request.root_fd >= 0)
		(void)close(request.root_fd);
	catalog_close(request.catalog);
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
	/* What a child of hikaed draws takes as long as it takes. */
	if (document_draw_is_heavy(method))
		rc = client_call_long(
		    client, method, parameters, ret_reply, NULL, err);
	else
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
