/* hikae systems, generations, copies, findings: tables of what is known. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/reach.h"
#include "cli/reasons.h"
#include "cli/view.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/judge/reason.h"

/* One kind of list: how it is asked for, and its columns. */
struct listing {
	const char *method, *key; /* "Copies", "copies" */
	const struct print_column *columns;
	size_t count;
	void (*add)(struct print_table *table, const json_t *item);
	const char *nothing; /* N_, where there is none */
};

/* Intact bytes of what looks like ransomware are not good for restoring. */
static enum print_mark
mark_of(const json_t *item, const char *key)
{
	enum print_mark mark = view_mark(item, key);

	return mark == PRINT_GOOD &&
		       json_is_true(json_object_get(item, "is_suspicious"))
		   ? PRINT_WARNING
		   : mark;
}

/* The list is the reply's; its exit status is that of the worst item. */
static int
status_of(const json_t *list, const char *key)
{
	static const int statuses[PRINT_MARKS] = {
	    CLI_GOOD, CLI_GOOD, CLI_WARNING, CLI_BAD, CLI_UNKNOWN};
	int status = CLI_GOOD;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		status = cli_worse(status, statuses[mark_of(item, key)]);
	}
	return status;
}

static int
print_listing(struct cli *cli, const struct listing *listing,
    const json_t *reply, struct error *err)
{
	const json_t *list = json_object_get(reply, listing->key);
	struct print_table *table;
	json_t *item;
	size_t i;

	if (cli->is_json)
		return print_json(&cli->print, reply, err);
	if (json_array_size(list) == 0) {
		(void)fprintf(cli->print.out, "%s\n", _(listing->nothing));
		return 0;
	}
	table = print_table_new(listing->columns, listing->count);
	json_array_foreach(list, i, item)
	{
		listing->add(table, item);
	}
	if (print_table_finish(&cli->print, table, err) != 0)
		return -1;
	if (json_is_true(json_object_get(reply, "is_cut")))
		(void)fprintf(cli->print.out,
		    _("There are more; --limit N shows more of them.\n"));
	return 0;
}

/* Takes the parameters' reference; ret_reply may be NULL. */
static int
list(struct cli *cli, const struct listing *listing, json_t *parameters,
    json_t **ret_reply)
{
	json_t *reply = NULL;
	struct error err = {0};
	int rc = 0;

	*ret_reply = NULL;
	if (ask(cli, listing->method, parameters, &reply, &err) != 0 ||
	    print_listing(cli, listing, reply, &err) != 0) {
		rc = cli_fail(cli, &err);
		json_decref(reply);
		return rc;
	}
	*ret_reply = reply;
	return rc;
}

/* A system, or a generation where it has an @. */
static void
set_target(json_t *parameters, const char *target)
{
	if (target != NULL)
		ask_set_text(parameters,
		    strchr(target, '@') == NULL ? "system" : "generation",
		    target);
}

static int
set_limit(json_t *parameters, const char *limit, struct error *err)
{
	uint64_t number;

	if (limit == NULL)
		return 0;
	if (ask_parse_number(limit, &number, err) != 0)
		return error_prefix(err, "--limit");
	(void)json_object_set_new(
	    parameters, "limit", json_integer((json_int_t)number));
	return 0;
}

static void
add_system(struct print_table *table, const json_t *system)
{
	char text[VIEW_TEXT_BYTES];

	print_table_add_mark(table, view_mark(system, "status"));
	print_table_add(table, view_text(system, "id", text));
	print_table_add(table, view_text(system, "name", text));
	print_table_add(table, view_text(system, "kind", text));
	view_add_number(table, system, "sources");
	view_add_ratio(table, system, "generations_good", "generations");
	view_add_ratio(table, system, "copies_good", "copies");
	print_table_add(table, reach_counts(system, text));
	view_add_number(table, system, "missing");
	view_add_number(table, system, "settling");
	print_table_add(table, view_date(system, "newest_at", text));
}

static int
run_systems(struct cli *cli, int argc, char **argv)
{
	static const struct option_spec specs[] = {{NULL, NULL, NULL}};
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("System"), false, false},
	    {_("Name"), false, true},
	    {_("Kind"), false, false},
	    {_("Sources"), true, false},
	    {_("Generations"), true, false},
	    {_("Copies"), true, false},
	    {"3-2-1", false, false},
	    {_("Missing"), true, false},
	    {_("Awaited"), true, false},
	    {_("Newest"), false, true},
	};
	const struct listing listing = {"Systems", "systems", columns, 11,
	    add_system, N_("No system is configured.")};
	json_t *reply = NULL;
	uint64_t status = CLI_UNKNOWN;
	int rc = option_parse(cli, specs, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	rc = list(cli, &listing, NULL, &reply);
	if (reply == NULL)
		return rc;
	if (json_get_u64(reply, "exit", &status) != 0 || status > CLI_UNKNOWN)
		status = CLI_UNKNOWN;
	json_decref(reply);
	return (int)status;
}

static void
add_generation(struct print_table *table, const json_t *generation)
{
	char text[VIEW_TEXT_BYTES];

	print_table_add_mark(table, mark_of(generation, "verdict"));
	print_table_add(table, view_text(generation, "id", text));
	view_add_ratio(table, generation, "intact", "copies");
	print_table_add(table, view_word(generation, "match", text));
	print_table_add(table, view_size(generation, "bytes", text));
	print_table_add(table, view_date(generation, "oldest_read_at", text));
	print_table_add(
	    table, json_is_true(json_object_get(generation, "is_suspicious"))
		       ? _("suspicious content")
		       : "");
}

static void
add_copy(struct print_table *table, const json_t *copy)
{
	char text[VIEW_TEXT_BYTES];

	print_table_add_mark(table, view_mark(copy, "verdict"));
	view_add_number(table, copy, "id");
	print_table_add(table, view_text(copy, "generation", text));
	print_table_add(table, view_text(copy, "medium", text));
	print_table_add(table, view_word(copy, "state", text));
	view_add_number(table, copy, "files");
	print_table_add(table, view_size(copy, "bytes", text));
	print_table_add(table, view_date(copy, "oldest_read_at", text));
}

/* The words of these two commands; the rest is the listing's. */
static int
run_rows(struct cli *cli, int argc, char **argv, const struct listing *listing)
{
	const char *limit = NULL, *medium = NULL;
	const struct option_spec specs[] = {
	    {"limit", &limit, NULL},
	    {"medium", &medium, NULL},
	    {NULL, NULL, NULL},
	};
	bool is_copies = strcmp(listing->key, "copies") == 0;
	json_t *parameters, *reply = NULL;
	struct error err = {0};
	int rc = option_parse(cli, specs, &argc, argv, 0, 1);

	if (rc != 0)
		return rc;
	if (medium != NULL && (!is_copies || argc > 0))
		return cli_fail_usage(cli,
		    _("--medium goes with hikae copies, without a system or "
		      "generation"));
	parameters = json_object();
	set_target(parameters, argc > 0 ? argv[0] : NULL);
	ask_set_text(parameters, "medium", medium);
	if (set_limit(parameters, limit, &err) != 0) {
		json_decref(parameters);
		return cli_fail(cli, &err);
	}
	rc = list(cli, listing, parameters, &reply);
	if (reply == NULL)
		return rc;
	/* No row is not good: nothing was there to look at. */
	rc = json_array_size(json_object_get(reply, listing->key)) == 0
		 ? CLI_UNKNOWN
		 : status_of(json_object_get(reply, listing->key), "verdict");
	json_decref(reply);
	return rc;
}

static int
run_generations(struct cli *cli, int argc, char **argv)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Generation"), false, false},
	    {_("Copies"), true, false},
	    {_("Compared"), false, false},
	    {_("Bytes"), true, false},
	    {_("Oldest reading"), false, true},
	    {_("Hint"), false, true},
	};
	const struct listing listing = {"Generations", "generations", columns,
	    7, add_generation, N_("There is no generation.")};

	return run_rows(cli, argc, argv, &listing);
}

static int
run_copies(struct cli *cli, int argc, char **argv)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Copy"), true, false},
	    {_("Generation"), false, false},
	    {_("Medium"), false, false},
	    {_("State"), false, false},
	    {_("Files"), true, false},
	    {_("Bytes"), true, false},
	    {_("Oldest reading"), false, true},
	};
	const struct listing listing = {
	    "Copies", "copies", columns, 8, add_copy, N_("There is no copy.")};

	return run_rows(cli, argc, argv, &listing);
}

/* "ehr@2026... nas1", or the system or medium alone. */
static void
add_place(struct print_table *table, const json_t *finding)
{
	char what[VIEW_TEXT_BYTES], medium[VIEW_TEXT_BYTES];

	if (view_text(finding, "generation", what)[0] == '\0')
		(void)view_text(finding, "system", what);
	(void)view_text(finding, "medium", medium);
	print_table_add_format(table, "%s%s%s", what,
	    what[0] != '\0' && medium[0] != '\0' ? " " : "", medium);
}

static void
add_finding(struct print_table *table, const json_t *finding)
{
	char text[VIEW_TEXT_BYTES];
	bool is_open = json_is_true(json_object_get(finding, "is_open"));

	print_table_add_mark(
	    table, is_open ? view_mark(finding, "severity") : PRINT_PLAIN);
	view_add_number(table, finding, "id");
	print_table_add(table, view_text(finding, "code", text));
	add_place(table, finding);
	print_table_add(table, view_text(finding, "name", text));
	print_table_add(table, view_date(finding, "opened_at", text));
}

/* What was found and only counted. */
static void
tell_more(struct cli *cli, const json_t *list)
{
	uint64_t more = 0;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) more += view_number(item, "more");
	if (more > 0)
		(void)fprintf(cli->print.out,
		    _("Further findings that are not listed one by one: %d\n"),
		    (int)more);
}

/* Sentence and next step of each code in the list, once. */
static void
explain_codes(struct cli *cli, const json_t *list)
{
	char code[VIEW_TEXT_BYTES], other[VIEW_TEXT_BYTES];
	char said[REASONS_SAID_BYTES];
	json_t *item, *before;
	size_t i, j;

	json_array_foreach(list, i, item)
	{
		const char *sentence;

		(void)view_text(item, "code", code);
		json_array_foreach(list, j, before)
		{
			if (j == i ||
			    strcmp(view_text(before, "code", other), code) == 0)
				break;
		}
		sentence = reason_sentence(code);
		if (j < i || sentence == NULL)
			continue;
		(void)fprintf(cli->print.out, "\n%s: %s\n", code, sentence);
		if (reasons_said(item, said)[0] != '\0')
			(void)fprintf(cli->print.out, "  %s\n", said);
		/* TRANSLATORS: the next step, below what is wrong. */
		(void)fprintf(
		    cli->print.out, _("  -> %s"), reason_advice(code));
		(void)fputc('\n', cli->print.out);
	}
}

/* No finding is not yet all well: what else the status has. */
static void
tell_others(struct cli *cli)
{
	json_t *reply = NULL, *reason;
	char text[VIEW_TEXT_BYTES];
	struct error err = {0};
	int count = 0;
	size_t i;

	if (ask(cli, "Status", NULL, &reply, &err) != 0)
		return;
	json_array_foreach(json_object_get(reply, "reasons"), i, reason)
	{
		if (strcmp(view_text(reason, "severity", text), "good") != 0)
			count++;
	}
	json_decref(reply);
	if (count > 0)
		(void)fprintf(cli->print.out,
		    _("Other matters that hikae status lists: %d\n"), count);
}

static int
run_findings(struct cli *cli, int argc, char **argv)
{
	const char *limit = NULL, *medium = NULL, *code = NULL;
	bool all = false;
	const struct option_spec specs[] = {
	    {"limit", &limit, NULL},
	    {"medium", &medium, NULL},
	    {"code", &code, NULL},
	    {"all", NULL, &all},
	    {NULL, NULL, NULL},
	};
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Finding"), true, false},
	    {_("Code"), false, false},
	    {_("Where"), false, false},
	    {_("File"), false, true},
	    {_("Found"), false, false},
	};
	const struct listing listing = {"Findings", "findings", columns, 6,
	    add_finding, N_("There is no open finding.")};
	json_t *parameters, *reply = NULL;
	struct error err = {0};
	int rc = option_parse(cli, specs, &argc, argv, 0, 1);

	if (rc != 0)
		return rc;
	parameters = json_pack("{s:b}", "all", (int)all);
	set_target(parameters, argc > 0 ? argv[0] : NULL);
	ask_set_text(parameters, "medium", medium);
	ask_set_text(parameters, "code", code);
	if (set_limit(parameters, limit, &err) != 0) {
		json_decref(parameters);
		return cli_fail(cli, &err);
	}
	rc = list(cli, &listing, parameters, &reply);
	if (reply == NULL)
		return rc;
	if (!cli->is_json) {
		tell_more(cli, json_object_get(reply, "findings"));
		explain_codes(cli, json_object_get(reply, "findings"));
		if (json_array_size(json_object_get(reply, "findings")) == 0)
			tell_others(cli);
	}
	rc = all ? CLI_GOOD
		 : status_of(json_object_get(reply, "findings"), "severity");
	json_decref(reply);
	return rc;
}

const struct command cmd_list_table[] = {
    {"systems", N_("list the systems and how they stand"), "", NULL,
	run_systems},
    {"generations", N_("list generations, the newest first"),
	"[SYSTEM] [--limit N]",
	N_("The exit status is that of the worst; 3 where there is none."),
	run_generations},
    {"copies", N_("list the copies of a system, a generation or a medium"),
	"[SYSTEM|GENERATION|--medium M] [--limit N]",
	N_("The exit status is that of the worst; 3 where there is none."),
	run_copies},
    {"findings", N_("list what is wrong, with what to do next"),
	"[SYSTEM|GENERATION] [--medium M] [--code CODE] [--all] [--limit N]",
	N_("--all shows closed findings too. Names of files can hold "
	   "patients' ids: mind who\nsees them. The exit status is that of "
	   "the worst open finding; it says nothing\nabout what was not "
	   "checked (hikae status does)."),
	run_findings},
    {NULL, NULL, NULL, NULL, NULL},
};
