/* hikae compliance: what evidence there is for each requirement. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/compliance.h"
#include "cli/option.h"
#include "cli/until.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"

static int
print_document(
    struct cli *cli, const json_t *document, bool is_one, struct error *err)
{
	if (cli->is_json)
		return print_json(&cli->print, document, err);
	if (is_one)
		compliance_print_one(&cli->print, document);
	else
		compliance_print(&cli->print, document);
	return 0;
}

/* The whole answer; its exit status, or why there is none. */
static int
answer(struct cli *cli, json_t *parameters, bool is_one)
{
	json_t *document = NULL;
	struct error err = {0};
	uint64_t code = CLI_UNKNOWN;
	int rc;

	if (ask(cli, "Compliance", parameters, &document, &err) != 0) {
		rc = cli_fail(cli, &err);
		/* Not to know is a status of its own. */
		return err.code == ERROR_UNAVAILABLE ? CLI_UNKNOWN : rc;
	}
	if (print_document(cli, document, is_one, &err) != 0)
		rc = cli_fail(cli, &err);
	else if (json_get_u64(document, "exit", &code) != 0 ||
		 code > CLI_UNKNOWN)
		rc = CLI_UNKNOWN;
	else
		rc = (int)code;
	json_decref(document);
	return rc;
}

/* The instant that is asked about; today is what is known now. */
static int
set_at(json_t *parameters, const char *text, struct error *err)
{
	int64_t begin, end, now = clock_wall_ms();

	if (until_parse(text, &end, err) != 0)
		return -1;
	if (end > now && date_parse(text, &begin, NULL) == 0 && begin <= now)
		return 0;
	if (json_object_set_new(parameters, "at", json_integer(end)) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *pack = NULL, *system = NULL, *at = NULL;
	const struct option_spec specs[] = {{"pack", &pack, NULL},
	    {"system", &system, NULL}, {"at", &at, NULL}, {NULL, NULL, NULL}};
	json_t *parameters = json_object();
	struct error err = {0};
	int rc = option_parse(cli, specs, &argc, argv, 0, 1);

	if (rc == 0) {
		cli_open_zone(cli);
		if (at != NULL && set_at(parameters, at, &err) != 0)
			rc = cli_fail(cli, &err);
	}
	if (rc != 0) {
		json_decref(parameters);
		return rc;
	}
	ask_set_text(parameters, "pack", pack);
	ask_set_text(parameters, "system", system);
	if (argc == 1)
		ask_set_text(parameters, "requirement", argv[0]);
	return answer(cli, parameters, argc == 1);
}

const struct command cmd_compliance_table[] = {
    {"compliance", N_("show what evidence there is for each requirement"),
	"[--pack PACK] [--system SYSTEM] [--at TIME] [REQUIREMENT]",
	N_("For each requirement: its kind and source, and whether the "
	   "evidence is complete (○),\npartial (△), missing (×) or not "
	   "determinable (？), with what is missing. With REQUIREMENT\n(its "
	   "id): that one in full, with its wording and the entries of the "
	   "journal. --at shows how\nit stood at the end of a day "
	   "(2026-06-29), a minute or a second, by the journal. Each time\n"
	   "that hikae prints is understood. hikae never says that a facility "
	   "complies. Exit status:\nthe worst of the requirements in force "
	   "that are shown: 0 complete, 1 partial, 2 missing,\n3 not "
	   "determinable, or --at is before the journal began. --database "
	   "works too."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
