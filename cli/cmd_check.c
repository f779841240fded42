/*
 * hikae check: the status as one line for monitoring.
 *
 * Form and exit statuses are those of the Monitoring Plugins Development
 * Guidelines: a line "HIKAE OK - text | label=value;warn;crit;min;max ...", and
 * 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, which are hikae's own.  The status
 * follows from the reasons, and so does what the data counts of them; findings
 * are the reasons that lie in the records, one by one.
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

/* Reasons of that severity; NULL: of any that is not good. */
static uint64_t
count_reasons(const json_t *status, const char *severity)
{
	uint64_t count = 0;
	char text[VIEW_TEXT_BYTES];
	json_t *reason;
	size_t i;

	json_array_foreach(json_object_get(status, "reasons"), i, reason)
	{
		(void)view_text(reason, "severity", text);
		count += severity == NULL ? strcmp(text, "good") != 0
					  : strcmp(text, severity) == 0;
	}
	return count;
}

/* The first reason, what hikaed says of it, and how many there are besides. */
static void
print_first(struct cli *cli, const json_t *status, const json_t *first)
{
	char text[4 * VIEW_TEXT_BYTES], said[REASONS_SAID_BYTES];
	uint64_t count = count_reasons(status, NULL);

	(void)reasons_describe(status, first, text, sizeof(text));
	print_text(cli->print.out, text);
	if (reasons_said(first, said)[0] != '\0') {
		(void)fputs(": ", cli->print.out);
		print_text(cli->print.out, said);
	}
	if (count < 2)
		return;
	/* TRANSLATORS: after the most urgent reason, in one line. */
	(void)snprintf(text, sizeof(text), _("; %d more: hikae status --all"),
	    (int)(count - 1));
	print_text(cli->print.out, text);
}

static void
print_reason(struct cli *cli, const json_t *status)
{
	const json_t *first =
	    json_array_get(json_object_get(status, "reasons"), 0);
	const json_t *systems = json_object_get(status, "systems");
	char text[4 * VIEW_TEXT_BYTES];

	if (first != NULL) {
		print_first(cli, status, first);
		return;
	}
	(void)snprintf(text, sizeof(text),
	    _("%d systems, %d of %d copies intact"),
	    (int)json_array_size(systems), (int)sum(systems, "copies_good"),
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
	static const char *const severities[] = {
	    "bad", "undetermined", "warning"};

	(void)fprintf(
	    cli->print.out, " | systems=%zu;;;0;", json_array_size(systems));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		(void)fprintf(cli->print.out, " %s=%llu;;;0;", keys[i],
		    (unsigned long long)sum(systems, keys[i]));
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
		(void)fprintf(cli->print.out, " reasons_%s=%llu;;;0;",
		    severities[i],
		    (unsigned long long)count_reasons(status, severities[i]));
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
