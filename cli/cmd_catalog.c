/* The catalog as a file: copies of it, and a new one from its journal. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/import.h"
#include "cli/journal_source.h"
#include "cli/library.h"
#include "cli/option.h"
#include "cli/target.h"
#include "lib/base/i18n.h"

/* An older copy may be the only good one: it goes by --force alone. */
static int
back_up(const struct cli *cli, struct catalog *catalog, const char *path,
    bool is_forced, struct error *err)
{
	struct stat present;

	if (library_is_catalog(cli, path))
		(void)error_set(
		    err, ERROR_EXISTS, _("that is the catalog itself"));
	else if (!is_forced && lstat(path, &present) == 0)
		(void)error_set(err, ERROR_EXISTS,
		    _("there is such a file already; --force replaces it"));
	else if (!is_forced && errno != ENOENT)
		(void)error_set_errno(
		    err, errno, _("cannot write the catalog's backup"));
	else if (catalog_backup(catalog, path, err) == 0)
		return 0;
	return target_blame(path, err);
}

static int
backup(struct cli *cli, int argc, char **argv)
{
	bool is_forced = false;
	const struct option_spec specs[] = {
	    {"force", NULL, &is_forced}, {NULL, NULL, NULL}};
	struct catalog *catalog = NULL;
	struct error err = {0};
	int status = option_parse(cli, specs, &argc, argv, 1, 1);

	if (status != 0)
		return status;
	if (library_open_catalog(cli, &catalog, &err) != 0 ||
	    back_up(cli, catalog, argv[0], is_forced, &err) != 0)
		status = cli_fail(cli, &err);
	else if (!cli->is_json)
		(void)fprintf(cli->print.out, _("The catalog was copied.\n"));
	catalog_close(catalog);
	return status;
}

/* Tell whether what was replayed is what stood there. */
static int
tell_difference(struct cli *cli, const struct bytes *difference)
{
	bool is_same = difference->length == 0;

	if (cli->is_json) {
		json_t *value =
		    is_same ? json_pack("{s:b}", "same", 1)
			    : json_pack("{s:b, s:s%}", "same", 0, "table",
				  (const char *)difference->data,
				  difference->length);
		struct error err = {0};
		int rc = print_json(&cli->print, value, &err);

		json_decref(value);
		if (rc != 0)
			return cli_fail(cli, &err);
	} else if (is_same) {
		(void)fprintf(cli->print.out,
		    _("The journal was replayed; the result is what the "
		      "catalog says.\n"));
	} else {
		(void)fprintf(cli->print.out,
		    _("The journal was replayed; the catalog says something "
		      "else in table %.*s. Use the new file and find out "
		      "what changed the old one.\n"),
		    (int)difference->length, (const char *)difference->data);
	}
	return is_same ? CLI_GOOD : CLI_BAD;
}

static int
rebuild_own(struct cli *cli, char **argv)
{
	struct catalog_options options = {.mode = CATALOG_READ};
	struct catalog *catalog = NULL, *rebuilt = NULL;
	struct bytes difference = BYTES_EMPTY;
	struct error err = {0};
	int status;

	if (library_open_catalog(cli, &catalog, &err) != 0 ||
	    catalog_rebuild(catalog, argv[0], &err) != 0 ||
	    catalog_open(argv[0], &options, &rebuilt, &err) != 0 ||
	    catalog_compare(catalog, rebuilt, &difference, &err) != 0)
		status = cli_fail(cli, &err);
	else
		status = tell_difference(cli, &difference);
	bytes_done(&difference);
	catalog_close(rebuilt);
	catalog_close(catalog);
	return status;
}

/* The journal from elsewhere: a witness, or what was exported. */
static int
rebuild(struct cli *cli, int argc, char **argv)
{
	const char *journal = NULL, *public_key = NULL;
	const struct option_spec options[] = {
	    {"journal", &journal, NULL},
	    {"public-key", &public_key, NULL},
	    {NULL, NULL, NULL},
	};
	int status =
	    option_parse(cli, options, &argc, argv, 1, JOURNAL_PARTS_MAX);

	if (status != 0)
		return status;
	if (journal == NULL && (public_key != NULL || argc > 1))
		return cli_fail_usage(cli, "%s",
		    _("several files, and --public-key, go with --journal"));
	if (journal == NULL)
		return rebuild_own(cli, argv);
	return import_run(cli, &(struct import_request){.first = journal,
				   .more = (const char *const *)argv,
				   .more_count = (size_t)argc - 1,
				   .public_key = public_key,
				   .target = argv[argc - 1]});
}

const struct command cmd_catalog_table[] = {
    {
	.name = "catalog backup",
	.summary = N_("copy the catalog into one file"),
	.usage = "[--force] FILE",
	.help =
	    N_("Works while the daemon runs. Keep the copy on another "
	       "machine: it holds the journal.\n"
	       "  --force  replace FILE, as a whole; without it a FILE that "
	       "is there is kept"),
	.run = backup,
    },
    {
	.name = "catalog rebuild",
	.summary = N_("make a new catalog from the journal"),
	.usage = "[--journal FILE|FOLDER [FILE...]] [--public-key FILE|KEY] "
		 "NEW",
	.help = N_(
	    "Replays every journal entry into the file NEW, and compares the "
	    "result with the\ncatalog: exit status 2 where they differ.\n"
	    "  --journal FILE|FOLDER  where the catalog is lost: from a "
	    "medium's witness\n                         (its folder) or an "
	    "exported journal. Tells what is lost:\n                         "
	    "exit status 1, or 2 where manifests are missing too\n"
	    "  --public-key FILE|KEY  the daemon's public key; standard: this "
	    "host's keys"),
	.run = rebuild,
    },
    {.name = NULL},
};
