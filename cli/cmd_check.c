/*
 * hikae check: the status as one line for monitoring.
 *
 * Form and exit statuses are those of the Monitoring Plugins Development
 * Guidelines: a line "HIKAE OK - text | label=value;warn;crit;min;max ...", and
 * 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, which are hikae's own.
 */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/reasons.h"
#include "cli/view.h"
#include "lib/base/i18n.h"

static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

static uint64_t
sum(const json_t *list, const char *key)
{
	uint64_t total = 0;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		total += view_number(item, key);
	}
	return total;
}

/* What the line says is safe: view escapes; "|" would begin the data. */
static void
print_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		(void)fputc(*text == '|' || *text == '\n' ? ' ' : *text, out);
}

static void
print_reason(struct cli *cli, const json_t *status)
{
	const json_t *first =
	    json_array_get(json_object_get(status, "reasons"), 0);
	const json_t *systems = json_object_get(status, "systems");
	char text[4 * VIEW_TEXT_BYTES];

	if (first != NULL)
		(void)reasons_describe(status, first, text, sizeof(text));
	else
		(void)snprintf(text, sizeof(text),
		    _("%d systems, %d of %d copies intact"),
		    (int)json_array_size(systems),
		    (int)sum(systems, "copies_good"),
		    (int)sum(systems, "copies"));
	print_text(cli->print.out, text);
}

/* Seconds since the oldest reading of all, or nothing. */
static void
print_oldest(struct cli *cli, const json_t *status)
{
	int64_t now = 0, instant, oldest = INT64_MAX;
	json_t *item;
	size_t i;

	(void)view_instant(status, "at", &now);
	json_array_foreach(json_object_get(status, "systems"), i, item)
	{
		if (view_instant(item, "oldest_read_at", &instant) &&
		    instant < oldest)
			oldest = instant;
	}
	if (oldest <= now)
		(void)fprintf(cli->print.out, " oldest_reading=%llds;;;0;",
		    (long long)((now - oldest) / 1000));
}

static void
print_data(struct cli *cli, const json_t *status)
{
	const json_t *systems = json_object_get(status, "systems");
	const json_t *findings = json_object_get(status, "findings");
	static const char *const keys[] = {"generations", "generations_good",
	    "copies", "copies_good", "damaged", "undetermined", "missing"};

	(void)fprintf(
	    cli->print.out, " | systems=%zu;;;0;", json_array_size(systems));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		(void)fprintf(cli->print.out, " %s=%llu;;;0;", keys[i],
		    (unsigned long long)sum(systems, keys[i]));
	(void)fprintf(cli->print.out, " findings_bad=%llu;;;0;",
	    (unsigned long long)view_number(findings, "bad"));
	print_oldest(cli, status);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct error err = {0};
	json_t *status = NULL;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	if (ask(cli, "Status", NULL, &status, &err) != 0) {
		(void)fprintf(cli->print.out, "HIKAE UNKNOWN - ");
		print_text(cli->print.out, err.text);
		(void)fputc('\n', cli->print.out);
		return CLI_UNKNOWN;
	}
	rc = (int)view_number(status, "exit");
	if (rc > CLI_UNKNOWN || json_object_get(status, "exit") == NULL ||
	    json_array_size(json_object_get(status, "systems")) == 0)
		rc = CLI_UNKNOWN;
	if (cli->is_json) {
		if (print_json(&cli->print, status, &err) != 0)
			rc = CLI_UNKNOWN;
	} else {
		(void)fprintf(cli->print.out, "HIKAE %s - ", words[rc]);
		print_reason(cli, status);
		print_data(cli, status);
		(void)fputc('\n', cli->print.out);
	}
	json_decref(status);
	return rc;
}

const struct command cmd_check_table[] = {
    {"check", N_("print the status as one line for monitoring"), "",
	N_("A line and an exit status as the Monitoring Plugins guidelines "
	   "want them, with\nperformance data. Without a running hikaed it is "
	   "UNKNOWN (3) at once."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
