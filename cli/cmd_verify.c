/* hikae verify, scan: what hikaed is to read now. */
#include <string.h>

#include "cli/ask.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/progress.h"
#include "cli/view.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

struct words {
	const char *medium, *source, *copy, *level;
	bool wait, self;
};

static json_t *
build_parameters(
    const struct words *words, const char *target, struct error *err)
{
	json_t *parameters = json_object();
	uint64_t copy;

	if (target != NULL)
		ask_set_text(parameters,
		    strchr(target, '@') == NULL ? "system" : "generation",
		    target);
	ask_set_text(parameters, "medium", words->medium);
	ask_set_text(parameters, "source", words->source);
	ask_set_text(parameters, "level", words->level);
	if (words->copy == NULL)
		return parameters;
	if (ask_parse_number(words->copy, &copy, err) != 0) {
		(void)error_prefix(err, "--copy");
		json_decref(parameters);
		return NULL;
	}
	(void)json_object_set_new(
	    parameters, "copy", json_integer((json_int_t)copy));
	return parameters;
}

/* What a run that ended says: law 1, nothing read is not good. */
static int
status_of(const json_t *run, bool is_quick)
{
	char outcome[VIEW_TEXT_BYTES], canary[VIEW_TEXT_BYTES];

	(void)view_text(run, "outcome", outcome);
	(void)view_text(run, "canary", canary);
	if (view_number(run, "damaged") > 0 ||
	    view_number(run, "names_damaged") > 0)
		return CLI_BAD;
	/* A canary that was missed leaves everything unknown. */
	if (strcmp(outcome, "done") != 0 || strcmp(canary, "reported") != 0 ||
	    view_number(run, "undetermined") > 0 ||
	    view_number(run, "names_undetermined") > 0 ||
	    view_number(run, "contents_undetermined") > 0 ||
	    view_number(run, "copies") == 0)
		return CLI_UNKNOWN;
	if (!is_quick &&
	    (view_number(run, "intact") == 0 ||
		view_number(run, "intact") < view_number(run, "slices")))
		return CLI_UNKNOWN;
	if (view_number(run, "nameless_copies") > 0)
		return CLI_UNKNOWN;
	/* What was passed over is not good by silence, nor is what is intact
	 * and was broken before. */
	if ((is_quick && view_number(run, "findings") > 0) ||
	    view_number(run, "warnings") > 0 ||
	    view_number(run, "contents_odd") > 0 ||
	    view_number(run, "away_copies") > 0 ||
	    view_number(run, "unrecorded_copies") > 0)
		return CLI_WARNING;
	return CLI_GOOD;
}

/* Why it may take longer than it should. */
static void
print_beside(struct cli *cli, const json_t *run)
{
	if (view_number(run, "beside") == 0)
		return;
	(void)fprintf(cli->print.out,
	    _("Run %d is under way on the same medium; this one takes turns "
	      "with it.\n"),
	    (int)view_number(run, "beside"));
	(void)fflush(cli->print.out);
}

/*
 * What counts without having been read for this run: read since it was asked
 * for, by a run beside it or as the same file of another generation.
 */
static void
print_shared(struct cli *cli, const json_t *run)
{
	uint64_t done = view_number(run, "bytes_done");
	uint64_t own = view_number(run, "bytes_read");
	char text[VIEW_TEXT_BYTES];

	if (own >= done)
		return;
	(void)view_size(run, "bytes_done", text);
	if (own == 0)
		(void)fprintf(cli->print.out,
		    _("This run had nothing to read itself: all %s that it "
		      "compared were read since it was asked for, by another "
		      "run.\n"),
		    text);
	else
		(void)fprintf(cli->print.out,
		    _("%s were compared; what this run did not read itself was "
		      "read since it was asked for, by another run or as the "
		      "same file of another generation.\n"),
		    text);
}

/* A sentence for each offline medium that was passed over. */
static void
print_passed_over(struct cli *cli, const json_t *media, bool is_away)
{
	char shown[VIEW_TEXT_BYTES];
	json_t *medium;
	size_t i;

	json_array_foreach(media, i, medium)
	{
		const char *id = json_string_value(medium);

		if (id != NULL)
			print_line(&cli->print, PRINT_WARNING,
			    is_away
				? _("Medium %s is away: what lies on it was "
				    "not read. It is verified when it comes "
				    "back.")
				: _("Medium %s is connected, but not mounted: "
				    "what lies on it was not read. It is "
				    "verified when it is mounted."),
			    text_escape(shown, sizeof(shown), id, strlen(id)));
	}
}

/* What was not read. */
static void
print_left_out(struct cli *cli, const json_t *run)
{
	print_passed_over(cli, json_object_get(run, "away"), true);
	print_passed_over(cli, json_object_get(run, "unmounted"), false);
	if (view_number(run, "nameless_copies") > 0)
		print_line(&cli->print, PRINT_UNKNOWN,
		    _("%d copies were not read: since the catalog was rebuilt "
		      "no scan has found them. See: hikae scan, hikae copies"),
		    (int)view_number(run, "nameless_copies"));
	if (view_number(run, "unrecorded_copies") > 0)
		print_line(&cli->print, PRINT_WARNING,
		    _("Copies that are not recorded yet, with nothing to "
		      "compare them with: %d. See: hikae copies"),
		    (int)view_number(run, "unrecorded_copies"));
}

/* Slices are of full runs: a quick one reads names and sizes. */
static void
print_result(struct cli *cli, const json_t *run, int status, bool is_quick)
{
	static const enum print_mark marks[] = {
	    PRINT_GOOD, PRINT_WARNING, PRINT_BAD, PRINT_UNKNOWN};

	if (is_quick)
		print_line(&cli->print, marks[status],
		    _("Run %d: names and sizes of %d copies compared, no byte "
		      "was read; %d findings"),
		    (int)view_number(run, "id"),
		    (int)view_number(run, "copies"),
		    (int)view_number(run, "findings"));
	else
		print_line(&cli->print, marks[status],
		    _("Run %d: %d of %d slices intact, %d damaged, %d "
		      "undetermined"),
		    (int)view_number(run, "id"),
		    (int)view_number(run, "intact"),
		    (int)view_number(run, "slices"),
		    (int)view_number(run, "damaged"),
		    (int)view_number(run, "undetermined"));
}

/* Bytes are one thing, what they hold another. */
static void
print_contents(struct cli *cli, const json_t *run)
{
	if (view_number(run, "contents_odd") > 0)
		print_line(&cli->print, PRINT_WARNING,
		    _("Contents: %d findings. The bytes are as they were "
		      "recorded; what they hold was already so when the "
		      "backup was made."),
		    (int)view_number(run, "contents_odd"));
	if (view_number(run, "contents_undetermined") > 0)
		print_line(&cli->print, PRINT_UNKNOWN,
		    _("Contents that could not be looked at: %d"),
		    (int)view_number(run, "contents_undetermined"));
}

static void
print_end(struct cli *cli, const json_t *run, int status, bool is_quick)
{
	char size[VIEW_TEXT_BYTES], took[VIEW_TEXT_BYTES];
	char outcome[VIEW_TEXT_BYTES], canary[VIEW_TEXT_BYTES];
	FILE *out = cli->print.out;

	print_result(cli, run, status, is_quick);
	(void)fprintf(out,
	    _("%s read of %d copies in %s; outcome: %s; "
	      "self-test: %s\n"),
	    view_size(run, "bytes_read", size), (int)view_number(run, "copies"),
	    view_duration(run, "elapsed_ms", took),
	    view_word(run, "outcome", outcome),
	    view_word(run, "canary", canary));
	if (!is_quick)
		print_shared(cli, run);
	if (strcmp(view_text(run, "canary", canary), "missed") == 0)
		(void)fprintf(out, "%s\n",
		    _("The self-test failed: a file that is wrong on purpose "
		      "was called intact. Nothing that this run says counts."));
	print_contents(cli, run);
	print_left_out(cli, run);
	if (view_number(run, "findings") > 0)
		(void)fprintf(out, _("Findings: %d. See: hikae findings\n"),
		    (int)view_number(run, "findings"));
}

/* Show the run until its end; *ret_reply is the last reply. */
static int
follow(struct cli *cli, struct client *client, json_t **ret_reply,
    struct error *err)
{
	struct progress progress = {0};
	bool has_begun = false, continues = true;
	json_t *reply = NULL;

	while (continues) {
		const json_t *run;

		json_decref(reply);
		reply = NULL;
		if (client_next(client, &reply, &continues, err) != 0) {
			if (has_begun)
				progress_done(&progress);
			return -1;
		}
		run = json_object_get(reply, "run");
		if (!has_begun && !cli->is_json)
			print_beside(cli, run);
		if (!has_begun)
			progress_init(&progress, view_number(run, "bytes_done"),
			    view_number(run, "bytes"));
		has_begun = true;
		progress_update(&progress, view_number(run, "bytes_done"));
	}
	progress_done(&progress);
	*ret_reply = reply;
	return 0;
}

static int
verify_and_wait(struct cli *cli, json_t *parameters, bool is_quick)
{
	struct client *client = NULL;
	json_t *reply = NULL, *run;
	struct error err = {0};
	int status = CLI_UNKNOWN;

	if (cli->database != NULL) {
		json_decref(parameters);
		return cli_fail_usage(cli,
		    _("this needs hikaed and does not work with --database"));
	}
	if (client_open(cli, &client, &err) != 0) {
		json_decref(parameters);
		return cli_fail(cli, &err);
	}
	if (client_begin(client, "Verify", parameters, &err) != 0 ||
	    follow(cli, client, &reply, &err) != 0) {
		status = cli_fail(cli, &err);
		goto out;
	}
	run = json_object_get(reply, "run");
	status = status_of(run, is_quick);
	if (!cli->is_json)
		print_end(cli, run, status, is_quick);
	else if (print_json(&cli->print, reply, &err) != 0)
		status = cli_fail(cli, &err);
out:
	json_decref(reply);
	client_close(client);
	return status;
}

/* Only begin it. */
static int
verify_later(struct cli *cli, json_t *parameters)
{
	char size[VIEW_TEXT_BYTES];
	json_t *reply = NULL, *run;
	struct error err = {0};
	int status = CLI_GOOD;

	if (ask(cli, "Verify", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	run = json_object_get(reply, "run");
	if (cli->is_json) {
		if (print_json(&cli->print, reply, &err) != 0)
			status = cli_fail(cli, &err);
	} else {
		(void)fprintf(cli->print.out,
		    _("Run %d began: %s in %d copies. Nothing is verified "
		      "yet; see hikae show %d.\n"),
		    (int)view_number(run, "id"), view_size(run, "bytes", size),
		    (int)view_number(run, "copies"),
		    (int)view_number(run, "id"));
		print_beside(cli, run);
		print_left_out(cli, run);
	}
	json_decref(reply);
	return status;
}

static int
print_self(struct cli *cli, const json_t *reply, int status, struct error *err)
{
	static const enum print_mark marks[] = {
	    PRINT_GOOD, PRINT_WARNING, PRINT_BAD, PRINT_UNKNOWN};

	if (cli->is_json)
		return print_json(&cli->print, reply, err);
	print_line(&cli->print, marks[status],
	    _("hikae's own records: %d journal entries, manifests of %d "
	      "copies (%d read again)"),
	    (int)view_number(reply, "entries"),
	    (int)view_number(reply, "manifests"),
	    (int)view_number(reply, "digested"));
	if (view_number(reply, "findings") > 0)
		(void)fprintf(cli->print.out,
		    _("Findings: %d. See: hikae findings\n"),
		    (int)view_number(reply, "findings"));
	return 0;
}

/* Of the journal, what it says and what proves it; nothing of the backups. */
static int
verify_self(struct cli *cli)
{
	struct client *client = NULL;
	json_t *reply = NULL;
	struct error err = {0};
	int status = CLI_UNKNOWN, rc = -1;

	if (cli->database != NULL)
		return cli_fail_usage(cli,
		    _("this needs hikaed and does not work with --database"));
	if (client_open(cli, &client, &err) == 0 &&
	    client_call_long(client, "SelfCheck", NULL, &reply, NULL, &err) ==
		0) {
		/* An answer without one says nothing. */
		if (json_is_integer(json_object_get(reply, "exit")) &&
		    view_number(reply, "exit") <= CLI_UNKNOWN)
			status = (int)view_number(reply, "exit");
		rc = print_self(cli, reply, status, &err);
	}
	json_decref(reply);
	client_close(client);
	return rc == 0 ? status : cli_fail(cli, &err);
}

static bool
has_target(const struct words *words, int argc)
{
	return argc > 0 || words->medium != NULL || words->source != NULL ||
	       words->copy != NULL || words->level != NULL;
}

static int
run_verify(struct cli *cli, int argc, char **argv)
{
	struct words words = {0};
	const struct option_spec specs[] = {
	    {"medium", &words.medium, NULL},
	    {"source", &words.source, NULL},
	    {"copy", &words.copy, NULL},
	    {"level", &words.level, NULL},
	    {"wait", NULL, &words.wait},
	    {"self", NULL, &words.self},
	    {NULL, NULL, NULL},
	};
	struct error err = {0};
	json_t *parameters;
	int rc = option_parse(cli, specs, &argc, argv, 0, 1);

	if (rc != 0)
		return rc;
	if (words.self && has_target(&words, argc))
		return cli_fail_usage(
		    cli, _("--self goes with nothing but --wait"));
	if (words.self)
		return verify_self(cli);
	if (words.level != NULL && strcmp(words.level, "quick") != 0 &&
	    strcmp(words.level, "full") != 0 &&
	    strcmp(words.level, "members") != 0)
		return cli_fail_usage(
		    cli, _("--level is quick, full or members"));
	parameters = build_parameters(&words, argc > 0 ? argv[0] : NULL, &err);
	if (parameters == NULL)
		return cli_fail(cli, &err);
	if (!words.wait)
		return verify_later(cli, parameters);
	return verify_and_wait(cli, parameters,
	    words.level != NULL && strcmp(words.level, "quick") == 0);
}

static int
run_scan(struct cli *cli, int argc, char **argv)
{
	static const struct option_spec specs[] = {{NULL, NULL, NULL}};
	json_t *parameters, *reply = NULL;
	struct error err = {0};
	int rc = option_parse(cli, specs, &argc, argv, 0, 1);

	if (rc != 0)
		return rc;
	parameters = json_object();
	ask_set_text(parameters, "source", argc > 0 ? argv[0] : NULL);
	if (ask(cli, "Scan", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	rc = CLI_GOOD;
	if (!cli->is_json)
		(void)fprintf(cli->print.out,
		    _("Scans that began or are under way: %d\n"),
		    (int)view_number(reply, "count"));
	else if (print_json(&cli->print, reply, &err) != 0)
		rc = cli_fail(cli, &err);
	/* Nothing to look at is nothing looked at. */
	if (rc == CLI_GOOD && view_number(reply, "count") == 0)
		rc = CLI_UNKNOWN;
	json_decref(reply);
	return rc;
}

const struct command cmd_verify_table[] = {
    {"scan", N_("look for new generations now"), "[SOURCE]", NULL, run_scan},
    {"verify", N_("read copies again and compare them"),
	"[SYSTEM|GENERATION] [--medium M] [--source S] [--copy N]\n"
	"                    [--level quick|full|members] [--wait] | --self",
	N_("quick compares names and sizes; full (the standard) reads "
	   "every byte; members\nalso decodes archives once more and looks "
	   "into what files hold (dumps, images,\nclaims), for which they are "
	   "read a second time.\n--wait shows the progress and exits with 0 "
	   "where all of it is intact, 1 where an offline\nmedium that is away "
	   "or not mounted was passed over, a copy is not recorded yet "
	   "or\ncontents are not sound, 2 where something is damaged, 3 where "
	   "something could not be\ndetermined, 75 where all that was asked "
	   "for is away or not mounted. Without it the exit\nstatus only says "
	   "that the run began.\n--self reads "
	   "no backup, but hikae's own records: the journal, the catalog "
	   "against it,\nevery stored manifest, keys and who can change the "
	   "configuration, as hikaed does\nby itself every day. It waits, and "
	   "exits by what stands against them."),
	run_verify},
    {NULL, NULL, NULL, NULL, NULL},
};
