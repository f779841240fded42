/* hikae jobs and reload: what hikaed is about. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/i18n.h"

static const struct option_spec no_options[] = {{NULL, NULL, NULL}};

static void
add_job(struct print_table *table, const json_t *job)
{
	char text[VIEW_TEXT_BYTES], done[VIEW_TEXT_BYTES];
	bool is_running = json_is_true(json_object_get(job, "is_running"));

	view_add_number(table, job, "id");
	print_table_add(table, view_word(job, "kind", text));
	print_table_add(table, view_text(job, "medium", text));
	print_table_add(table, view_text(job, "label", text));
	if (json_is_true(json_object_get(job, "is_hung")))
		print_table_add(table, _("hung"));
	else
		print_table_add(table, is_running ? _("runs") : _("waits"));
	print_table_add(table,
	    view_duration(job, is_running ? "running_ms" : "waiting_ms", text));
	(void)view_size(job, "bytes", done);
	if (view_number(job, "total_bytes") > 0)
		print_table_add_format(table, "%s / %s", done,
		    view_size(job, "total_bytes", text));
	else
		print_table_add(table, done);
}

static int
print_jobs(struct cli *cli, const json_t *reply, struct error *err)
{
	const struct print_column columns[] = {
	    {_("Job"), true, false},
	    {_("Kind"), false, false},
	    {_("Medium"), false, false},
	    {_("What"), false, true},
	    {_("State"), false, false},
	    {_("Since"), true, false},
	    {_("Read"), true, false},
	};
	const json_t *jobs = json_object_get(reply, "jobs");
	struct print_table *table;
	json_t *job;
	size_t i;

	if (json_array_size(jobs) == 0) {
		(void)fprintf(
		    cli->print.out, "%s\n", _("No job runs or waits."));
		return 0;
	}
	table = print_table_new(columns, 7);
	json_array_foreach(jobs, i, job)
	{
		add_job(table, job);
	}
	return print_table_finish(&cli->print, table, err);
}

static int
run_jobs(struct cli *cli, int argc, char **argv)
{
	int rc = option_parse(cli, no_options, &argc, argv, 0, 0);

	return rc != 0 ? rc : ask_print(cli, "Jobs", NULL, print_jobs);
}

static int
print_cancelled(struct cli *cli, const json_t *reply, struct error *err)
{
	(void)err;
	(void)fprintf(cli->print.out, _("Cancelled: %d\n"),
	    (int)view_number(reply, "count"));
	return 0;
}

static int
run_cancel(struct cli *cli, int argc, char **argv)
{
	bool is_run = false;
	const struct option_spec specs[] = {
	    {"run", NULL, &is_run}, {NULL, NULL, NULL}};
	struct error err = {0};
	uint64_t id;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (ask_parse_number(argv[0], &id, &err) != 0)
		return cli_fail(cli, &err);
	return ask_print(cli, "Cancel",
	    json_pack("{s:I}", is_run ? "run" : "job", (json_int_t)id),
	    print_cancelled);
}

static int
run_reload(struct cli *cli, int argc, char **argv)
{
	json_t *reply = NULL, *problem;
	char text[VIEW_TEXT_BYTES];
	struct error err = {0};
	size_t i;
	int rc = option_parse(cli, no_options, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	if (ask(cli, "Reload", NULL, &reply, &err) != 0)
		return cli_fail(cli, &err);
	rc = json_is_true(json_object_get(reply, "is_loaded"))
		 ? CLI_GOOD
		 : error_exit_status(ERROR_CONFIG);
	if (cli->is_json) {
		if (print_json(&cli->print, reply, &err) != 0)
			rc = cli_fail(cli, &err);
		json_decref(reply);
		return rc;
	}
	json_array_foreach(json_object_get(reply, "problems"), i, problem)
	{
		json_t *one = json_pack("{s:O}", "p", problem);

		(void)fprintf(stderr, "%s\n", view_text(one, "p", text));
		json_decref(one);
	}
	if (rc == CLI_GOOD)
		print_line(&cli->print, PRINT_GOOD,
		    _("The new configuration is in force."));
	else
		print_line(&cli->print, PRINT_BAD,
		    _("The new configuration was not taken; the old one stays "
		      "in force."));
	json_decref(reply);
	return rc;
}

const struct command cmd_jobs_table[] = {
    {"jobs", N_("list what hikaed is reading and what waits"), "", NULL,
	run_jobs},
    {"jobs cancel", N_("cancel a job, or a whole run"), "[--run] ID",
	N_("ID is that of hikae jobs; with --run that of a verification. What "
	   "was not read\nstays as it was."),
	run_cancel},
    {"reload", N_("let hikaed read its configuration anew"), "",
	N_("With errors in it the old configuration stays in force (exit "
	   "status 78)."),
	run_reload},
    {NULL, NULL, NULL, NULL, NULL},
};
