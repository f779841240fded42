/* Evidence for an inspector: made on this host, checked anywhere. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/library.h"
#include "cli/option.h"
#include "cli/target.h"
#include "cli/until.h"
#include "cli/view.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/judge/basis.h"
#include "lib/os/file.h"
#include "lib/output/evidence.h"

struct wish {
	const char *from, *to, *pack, *system, *file, *by;
	bool has_paths;
	int64_t from_at, to_at;
	enum archive_pack_kind kind;
};

/* FILE while it is written, and what is told of it. */
struct maker {
	struct cli *cli;
	const struct wish *wish;
	struct target file;
	json_t *facts;
};

/* hikaed draws it, signs it, records it, and hands it out. */

/* Who asks: as the command line says, else the name of the account. */
static const char *
asker(const struct wish *wish)
{
	const struct passwd *account;

	if (wish->by != NULL)
		return wish->by;
	/* cppcheck-suppress getpwuidCalled ; there is one thread */
	account = getpwuid(getuid());
	return account == NULL ? NULL : account->pw_name;
}

static json_t *
parameters_of(const struct wish *wish)
{
	json_t *parameters = json_pack("{s:I, s:I, s:s, s:b}", "from",
	    (json_int_t)wish->from_at, "to", (json_int_t)wish->to_at, "kind",
	    wish->kind == ARCHIVE_PACK_ZIP ? "zip" : "tar", "with_paths",
	    (int)wish->has_paths);

	ask_set_text(parameters, "pack", wish->pack);
	ask_set_text(parameters, "system", wish->system);
	ask_set_text(parameters, "by", asker(wish));
	return parameters;
}

static int
copy(int from, int to, struct error *err)
{
	char chunk[65536];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(from, chunk, sizeof(chunk), at)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(
			    err, errno, _("cannot read a temporary file"));
		if (file_write_all(to, chunk, (size_t)got, err) != 0)
			return -1;
		at += got;
	}
	return 0;
}

static int
ask_daemon(struct maker *maker, struct error *err)
{
	struct client *client = NULL;
	int fd = -1, rc = -1;

	if (client_open(maker->cli, &client, err) != 0)
		return -1;
	if (client_call_long(client, "EvidenceExport",
		parameters_of(maker->wish), &maker->facts, &fd, err) == 0)
		rc = copy(fd, maker->file.file.fd, err);
	if (fd >= 0)
		(void)close(fd);
	client_close(client);
	return rc;
}

/* With --database it is drawn here, and nobody signs it. */

/* Whoever has a rescued file may not have the facility's own rules. */
static int
read_requirements(const struct cli *cli, struct requirement_texts *ret_today,
    struct error *err)
{
	struct error ignored;
	int root_fd = -1, rc;

	if (cli_open_root(cli, &root_fd, &ignored) != 0)
		root_fd = -1;
	rc = requirement_texts_read(root_fd, ret_today, err);
	if (root_fd >= 0)
		(void)close(root_fd);
	return rc;
}

static int
draw(struct maker *maker, struct error *err)
{
	const struct wish *wish = maker->wish;
	struct evidence_request request = {
	    .from = wish->from_at,
	    .to = wish->to_at,
	    .now = clock_wall_ms(),
	    .pack = wish->pack,
	    .system = wish->system,
	    .has_paths = wish->has_paths,
	    .spill_fd = -1,
	    .documents_fd = -1,
	};
	struct requirement_texts today = REQUIREMENT_TEXTS_EMPTY;
	struct evidence_result result;
	int rc = -1;

	if (library_open_catalog(maker->cli, &request.catalog, err) == 0 &&
	    read_requirements(maker->cli, &today, err) == 0 &&
	    file_temporary(maker->file.folder_fd, &request.spill_fd, err) ==
		0) {
		request.today = &today;
		if (evidence_export(&request, wish->kind, maker->file.file.fd,
			&result, err) == 0)
			rc = evidence_describe(&result, &maker->facts, err);
	}
	if (request.spill_fd >= 0)
		(void)close(request.spill_fd);
	requirement_texts_done(&today);
	catalog_close(request.catalog);
	return rc;
}

static int
parse_period(struct wish *wish, struct error *err)
{
	/* A day begins with its first moment and ends with its last. */
	if (until_parse(wish->from, &wish->from_at, err) != 0 ||
	    until_parse(wish->to, &wish->to_at, err) != 0 ||
	    date_parse(wish->from, &wish->from_at, err) != 0)
		return -1;
	if (wish->to_at < wish->from_at)
		return error_set(
		    err, ERROR_USAGE, _("the period ends before it begins"));
	/* Nothing was journalled before that clock began. */
	if (wish->from_at < 0)
		wish->from_at = 0;
	if (wish->to_at < 0)
		wish->to_at = 0;
	return 0;
}

static int export(struct maker *maker, struct error *err)
{
	const char *file = maker->wish->file;
	int rc;

	if (target_begin(&maker->file, file, err) != 0)
		return target_blame(file, err);
	rc = maker->cli->database == NULL ? ask_daemon(maker, err)
					  : draw(maker, err);
	if (rc == 0 && target_commit(&maker->file, err) != 0)
		rc = target_blame(file, err);
	return rc;
}

static void
close_maker(struct maker *maker)
{
	target_close(&maker->file);
	json_decref(maker->facts);
}

static bool
has(const json_t *facts, const char *name)
{
	return json_is_true(json_object_get(facts, name));
}

static void
tell(struct cli *cli, const json_t *facts, const struct wish *wish)
{
	struct print *print = &cli->print;
	unsigned long long missing = view_number(facts, "documents_missing");
	unsigned long long files = view_number(facts, "files");
	unsigned long long entries =
	    view_number(facts, "last") - view_number(facts, "first") + 1;

	print_line(print, PRINT_GOOD,
	    _("written: %llu files, %llu entries of the journal"), files,
	    entries);
	if (!has(facts, "is_over"))
		print_line(print, PRINT_PLAIN,
		    _("   the period goes on: a later export will hold more"));
	if (has(facts, "is_of_today"))
		print_line(
		    print, PRINT_WARNING, "%s", basis_sentence(BASIS_OF_TODAY));
	if (wish->has_paths)
		print_line(print, PRINT_WARNING,
		    _("it holds names of files, which can hold patients' ids"));
	if (missing > 0)
		print_line(print, PRINT_WARNING,
		    _("attached documents that could not be added: %llu"),
		    missing);
	if (!has(facts, "is_signed"))
		print_line(print, PRINT_UNKNOWN,
		    _("it is not signed: only a running hikaed can sign it"));
}

static int
status_of(const json_t *facts)
{
	if (!has(facts, "is_signed"))
		return CLI_UNKNOWN;
	return view_number(facts, "documents_missing") > 0 ? CLI_WARNING
							   : CLI_GOOD;
}

static int
make(struct cli *cli, struct wish *wish)
{
	struct maker maker = {.cli = cli, .wish = wish};
	struct error err = {0};
	int rc;

	cli_open_zone(cli);
	if (parse_period(wish, &err) != 0 || export(&maker, &err) != 0) {
		rc = cli_fail(cli, &err);
		/* Nothing to show is a status of its own. */
		if (err.code == ERROR_UNAVAILABLE)
			rc = CLI_UNKNOWN;
		goto out;
	}
	rc = status_of(maker.facts);
	if (!cli->is_json) {
		tell(cli, maker.facts, wish);
		goto out;
	}
	(void)json_object_set_new(
	    maker.facts, "file", json_of_bytes(wish->file, strlen(wish->file)));
	if (print_json(&cli->print, maker.facts, &err) != 0)
		rc = cli_fail(cli, &err);
out:
	close_maker(&maker);
	return rc;
}

static int
run_export(struct cli *cli, int argc, char **argv)
{
	struct wish wish = {.from = NULL};
	const struct option_spec specs[] = {{"from", &wish.from, NULL},
	    {"to", &wish.to, NULL}, {"pack", &wish.pack, NULL},
	    {"system", &wish.system, NULL}, {"output", &wish.file, NULL},
	    {"by", &wish.by, NULL}, {"with-paths", NULL, &wish.has_paths},
	    {NULL, NULL, NULL}};
	int rc;

	/* -o as in other programs. */
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "-o") == 0)
			argv[i] = (char *)(uintptr_t) "--output";
	rc = option_parse(cli, specs, &argc, argv, 0, 0);
	if (rc != 0)
		return rc;
	if (wish.from == NULL || wish.to == NULL || wish.file == NULL)
		return cli_fail_usage(
		    cli, _("--from DATE, --to DATE and -o FILE are needed"));
	if (archive_pack_kind_parse(wish.file, &wish.kind) != 0)
		return cli_fail_usage(
		    cli, _("-o: the file's name must end in .zip or .tar"));
	return make(cli, &wish);
}

const struct command cmd_evidence_table[] = {
    {"evidence export", N_("write the evidence of a period for an inspector"),
	"--from DATE --to DATE [--pack PACK] [--system SYSTEM]\n"
	"         [--with-paths] [--by NAME] -o FILE.zip|FILE.tar",
	N_("A BagIt bag with the state of each requirement, generations, "
	   "copies, verifications,\nfindings, media, drills, statements and "
	   "documents, and the journal's entries with their\nproofs, signed "
	   "by hikaed. Its README tells in Japanese how to check it with "
	   "sha256sum and\nminisign. A period that is over always gives the "
	   "same bytes. No names of files are in it;\n--with-paths adds them, "
	   "and with them perhaps patients' ids. With --database the bundle "
	   "is\nnot signed. hikaed records who was given it: --by, else "
	   "the name of the account.\nExit status 0: written; 1: without some "
	   "attached documents; 3: not signed, "
	   "or\nhikaed cannot draw it now, or there is nothing signed of that "
	   "period (then no file is\nwritten)."),
	run_export},
    {NULL, NULL, NULL, NULL, NULL},
};
