/* hikae report: one page for people, from the catalog. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/library.h"
#include "cli/option.h"
#include "cli/target.h"
#include "cli/until.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/output/report.h"
#include "lib/store/journal.h"

/* What a report is made from, below --root. */
struct ground {
	struct config *config; /* NULL: there is none (a rescued catalog) */
	struct requirement_texts today; /* files of requirements */
};

static int
load(const struct cli *cli, struct ground *ground, struct error *err)
{
	struct config_problems problems;
	struct error ignored;
	int root_fd = -1, rc;

	*ground = (struct ground){0};
	if (cli_open_root(cli, &root_fd, err) != 0)
		return -1;
	if (config_load(root_fd, &ground->config, &problems) == 0)
		(void)!date_zone_open(
		    ground->config->facility.timezone, &ignored);
	config_problems_done(&problems);
	rc = requirement_texts_read(root_fd, &ground->today, err);
	(void)close(root_fd);
	return rc;
}

static void
unload(struct ground *ground)
{
	config_free(ground->config);
	requirement_texts_done(&ground->today);
}

/* The whole page, or an older one stays. */
static int
replace(int folder_fd, const char *name, const struct bytes *page,
    struct error *err)
{
	struct file_replacement file = {.fd = -1};
	int rc = -1;

	if (file_replacement_begin(&file, folder_fd, name, 0640, err) == 0 &&
	    file_write_all(file.fd, page->data, page->length, err) == 0)
		rc = file_replacement_commit(&file, err);
	file_replacement_rollback(&file);
	return rc;
}

/* report/index.html of the state, for whoever has it open all day. */
static int
refresh(struct cli *cli, const struct bytes *page, struct error *err)
{
	int state_fd = -1, folder_fd = -1, rc = -1;

	if (cli_open_state(cli, false, &state_fd, err) == 0 &&
	    file_make_folders(state_fd, "report", 0750, err) == 0 &&
	    file_open_below(state_fd, "report", O_RDONLY | O_DIRECTORY,
		&folder_fd, err) == 0)
		rc = replace(folder_fd, "index.html", page, err);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	if (state_fd >= 0)
		(void)close(state_fd);
	return rc == 0 ? 0 : error_prefix(err, "report/index.html");
}

/* Where it is wanted. */
struct wish {
	const char *from, *to, *output;
	bool is_refresh;
};

static int
deliver(struct cli *cli, const struct wish *wish, const struct bytes *page,
    struct error *err)
{
	if (wish->is_refresh && refresh(cli, page, err) != 0)
		return -1;
	if (wish->output == NULL)
		return 0;
	if (strcmp(wish->output, "-") == 0)
		return file_write_all(
		    STDOUT_FILENO, page->data, page->length, err);
	return target_write(wish->output, page->data, page->length, err) == 0
		   ? 0
		   : target_blame(wish->output, err);
}

/* The period: until now, or until the end of a day that is over. */
static int
choose_period(const char *from, const char *to, struct report_request *request,
    struct error *err)
{
	int64_t now = request->now;

	if (to != NULL && until_parse(to, &request->now, err) != 0)
		return -1;
	if (request->now > now)
		request->now = now;
	if (from != NULL && date_parse(from, &request->from, err) != 0) {
		err->code = ERROR_USAGE;
		return -1;
	}
	if (request->from >= now)
		return error_set(
		    err, ERROR_USAGE, _("the period has not begun yet"));
	if (request->from >= request->now)
		return error_set(
		    err, ERROR_USAGE, _("the period ends before it begins"));
	return 0;
}

/* Write it as of one point of the journal. */
static int
write_page(struct report_request *request, const struct ground *ground,
    struct bytes *page, bool *ret_empty, struct error *err)
{
	struct basis basis = {.set = NULL};
	int rc = -1;

	if (catalog_begin(request->catalog, err) != 0)
		return -1;
	if (journal_seq_known(
		request->catalog, request->now, &request->at, err) == 0 &&
	    basis_read(request->catalog, request->at, &ground->today, true,
		&basis, err) == 0) {
		request->basis = &basis;
		rc = report_write(request, page, ret_empty, err);
		request->basis = NULL;
	}
	basis_done(&basis);
	catalog_rollback(request->catalog);
	return rc;
}

/* What the page is drawn from shall be signed; one that is not says so. */
static void
ask_for_signature(struct cli *cli, const struct wish *wish)
{
	json_t *reply = NULL;
	struct error none = {0};

	if (cli->database == NULL && wish->to == NULL &&
	    ask(cli, "Checkpoint", NULL, &reply, &none) == 0)
		json_decref(reply);
}

static int
make(struct cli *cli, const struct wish *wish)
{
	struct report_request request = {
	    .now = clock_wall_ms(),
	    .from = INT64_MIN,
	};
	struct bytes page = BYTES_EMPTY;
	struct ground ground = {0};
	struct error err = {0};
	bool is_empty = false;
	int status;

	if (load(cli, &ground, &err) != 0 ||
	    choose_period(wish->from, wish->to, &request, &err) != 0) {
		status = cli_fail(cli, &err);
		goto out;
	}
	request.config = ground.config;
	ask_for_signature(cli, wish);
	if (library_open_catalog(cli, &request.catalog, &err) != 0) {
		status = cli_fail(cli, &err);
	} else if (write_page(&request, &ground, &page, &is_empty, &err) != 0) {
		/* Before the journal began nothing is known. */
		status = cli_fail(cli, &err);
		if (err.code == ERROR_UNAVAILABLE)
			status = CLI_UNKNOWN;
	} else if (deliver(cli, wish, &page, &err) != 0) {
		status = cli_fail(cli, &err);
	} else {
		status = is_empty ? CLI_UNKNOWN : CLI_GOOD;
	}
out:
	catalog_close(request.catalog);
	bytes_done(&page);
	unload(&ground);
	return status;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct wish wish = {NULL, NULL, NULL, false};
	const struct option_spec specs[] = {{"from", &wish.from, NULL},
	    {"to", &wish.to, NULL}, {"output", &wish.output, NULL},
	    {"refresh", NULL, &wish.is_refresh}, {NULL, NULL, NULL}};
	char output_option[] = "--output";
	int rc;

	/* The one short option, which everybody's fingers know. */
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "-o") == 0)
			argv[i] = output_option;
	rc = option_parse(cli, specs, &argc, argv, 0, 0);
	if (rc != 0)
		return rc;
	if (wish.output == NULL && !wish.is_refresh)
		return cli_fail_usage(cli, _("-o FILE says where to"));
	return make(cli, &wish);
}

const struct command cmd_report_table[] = {
    {"report", N_("write the report for the director and the binder"),
	"[--from DATE] [--to DATE] [--refresh] -o FILE.html",
	N_("One HTML file that fetches and runs nothing, for a screen and for "
	   "A4: the verdict, open\nfindings with next steps, where the copies "
	   "lie, 92 days day by day, drills, what was not\nmeasured, the "
	   "evidence for each requirement, drafts of the official forms, and "
	   "the signed\nhead of the journal with the keys. The period is the "
	   "last 92 days; everything is judged\nas it was at its end (--to). "
	   "No name of a file of a backup is in it. FILE \"-\" is standard\n"
	   "output; --refresh instead of it renews report/index.html in the "
	   "state, which systemd does\nonce a day. hikaed need not run, and "
	   "--database works. Exit status: 0 written (whatever\nit says), 3 "
	   "nothing was recorded in the period, or --to is before the journal "
	   "began."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
