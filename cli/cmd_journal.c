/* The journal, checked and exported without a daemon. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/journal_source.h"
#include "cli/library.h"
#include "cli/option.h"
#include "cli/target.h"
#include "cli/trust.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/store/journal_verify.h"

/* What a fault means for whoever relies on the journal. */
static const struct {
	int status;
	const char *sentence;
} faults[JOURNAL_FAULTS] = {
    [JOURNAL_GOOD] = {CLI_GOOD,
	N_("every entry is under a checkpoint that holds")},
    [JOURNAL_EMPTY] = {CLI_UNKNOWN,
	N_("it has no entries, so nothing was checked")},
    [JOURNAL_GAP] = {CLI_BAD, N_("an entry is missing or misnumbered")},
    [JOURNAL_MALFORMED] = {CLI_BAD, N_("an entry has the wrong form")},
    [JOURNAL_NODE] = {CLI_BAD, N_("a stored hash is not that of the entries")},
    [JOURNAL_ROOT] = {CLI_BAD,
	N_("a checkpoint is of other entries: the journal was rewritten")},
    [JOURNAL_UNSIGNED] = {CLI_BAD,
	N_("a checkpoint is not signed by any of the given keys")},
    [JOURNAL_SIGNATURE] = {CLI_BAD,
	N_("the signature of a checkpoint does not hold")},
    [JOURNAL_SHORT] = {CLI_BAD,
	N_("a checkpoint has more entries than there are: the end was cut "
	   "off")},
    [JOURNAL_NO_CHECKPOINT] = {CLI_UNKNOWN,
	N_("nothing in it is signed, so nothing is proven")},
    [JOURNAL_FORMAT] = {CLI_BAD,
	N_("the file is not a journal, or was cut off")},
};

/* Nothing contradicts the journal, but its end is under no signature yet. */
static bool
is_end_unsigned(const struct journal_report *report)
{
	return faults[report->fault].status == CLI_GOOD &&
	       report->signed_size < report->size;
}

/* Good, but not all of it: the end without a signature, or a jumping clock. */
static int
status_of(const struct journal_report *report)
{
	int status = faults[report->fault].status;

	if (is_end_unsigned(report) || report->clock_back > 0)
		status = cli_worse(status, CLI_WARNING);
	return status;
}

static int
tell_json(
    struct cli *cli, const struct journal_report *report, struct error *err)
{
	char root[2 * MERKLE_HASH_BYTES + 1];
	json_t *value;
	int rc;

	bytes_format_hex(report->root, sizeof(report->root), root);
	value = json_pack("{s:s,s:o,s:o,s:s,s:o,s:o,s:o,s:s}", "fault",
	    journal_fault_name(report->fault), "fault_seq",
	    json_of_u64(report->fault_seq), "size", json_of_u64(report->size),
	    "root", root, "checkpoints", json_of_u64(report->checkpoints),
	    "signed_size", json_of_u64(report->signed_size), "clock_back",
	    json_of_u64(report->clock_back), "origin", report->origin);
	if (value == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = print_json(&cli->print, value, err);
	json_decref(value);
	return rc;
}

static void
tell(struct cli *cli, const struct journal_report *report)
{
	static const enum print_mark marks[] = {
	    [CLI_GOOD] = PRINT_GOOD,
	    [CLI_WARNING] = PRINT_WARNING,
	    [CLI_BAD] = PRINT_BAD,
	    [CLI_UNKNOWN] = PRINT_UNKNOWN,
	};
	struct print *print = &cli->print;
	char root[2 * MERKLE_HASH_BYTES + 1];

	if (is_end_unsigned(report))
		print_line(print, PRINT_WARNING,
		    _("a checkpoint that holds covers the first %llu entries; "
		      "%llu are not signed yet (hikae journal checkpoint)"),
		    (unsigned long long)report->signed_size,
		    (unsigned long long)(report->size - report->signed_size));
	else
		print_line(print, marks[faults[report->fault].status], "%s",
		    _(faults[report->fault].sentence));
	if (faults[report->fault].status == CLI_BAD)
		print_line(print, PRINT_PLAIN, _("   at entry %llu"),
		    (unsigned long long)report->fault_seq);
	if (report->origin[0] != '\0')
		print_line(
		    print, PRINT_PLAIN, _("   origin: %s"), report->origin);
	bytes_format_hex(report->root, sizeof(report->root), root);
	print_line(print, PRINT_PLAIN,
	    _("   entries: %llu, signed: %llu, checkpoints that hold: %llu"),
	    (unsigned long long)report->size,
	    (unsigned long long)report->signed_size,
	    (unsigned long long)report->checkpoints);
	print_line(print, PRINT_PLAIN, _("   root: %s"), root);
	if (report->clock_back > 0)
		print_line(print, PRINT_WARNING,
		    _("the clock went back %llu times; order is that of the "
		      "entries"),
		    (unsigned long long)report->clock_back);
}

/* The journal in files, or without any that of the catalog. */
static int
verify(struct cli *cli, const char *const *paths, size_t count,
    const struct trust *trust, struct journal_report *report, struct error *err)
{
	struct journal_parts parts = {.count = 0};
	struct journal_files files;
	struct catalog *catalog = NULL;
	int rc = -1;

	if (count == 0) {
		if (library_open_catalog(cli, &catalog, err) == 0)
			rc = journal_verify(
			    catalog, trust->keys, trust->count, report, err);
		catalog_close(catalog);
		return rc;
	}
	if (journal_source_open(paths, count, &parts, err) == 0) {
		files = (struct journal_files){
		    .fds = parts.fds, .count = parts.count};
		rc = journal_verify_files(
		    &files, trust->keys, trust->count, report, err);
	}
	journal_parts_close(&parts);
	return rc;
}

static int
run_verify(struct cli *cli, int argc, char **argv)
{
	const char *public_key = NULL;
	const struct option_spec options[] = {
	    {"public-key", &public_key, NULL},
	    {NULL, NULL, NULL},
	};
	struct journal_report report;
	struct trust trust;
	struct error err;
	int status =
	    option_parse(cli, options, &argc, argv, 0, JOURNAL_PARTS_MAX);

	if (status != 0)
		return status;
	if (trust_load(cli, public_key, &trust, &err) != 0 ||
	    verify(cli, (const char *const *)argv, (size_t)argc, &trust,
		&report, &err) != 0)
		return cli_fail(cli, &err);
	status = status_of(&report);
	if (!cli->is_json)
		tell(cli, &report);
	else if (tell_json(cli, &report, &err) != 0)
		status = cli_fail(cli, &err);
	return status;
}

static int
export_to(struct cli *cli, const char *path, struct error *err)
{
	struct catalog *catalog = NULL;
	struct target target = {.is_open = false};
	int rc = -1;

	if (library_open_catalog(cli, &catalog, err) != 0)
		goto out;
	if (target_begin(&target, path, err) != 0)
		(void)target_blame(path, err);
	else if (journal_export(catalog, target.file.fd, err) == 0 &&
		 (rc = target_commit(&target, err)) != 0)
		(void)target_blame(path, err);
out:
	target_close(&target);
	catalog_close(catalog);
	return rc;
}

static int
run_export(struct cli *cli, int argc, char **argv)
{
	struct error err;
	int status =
	    option_parse(cli, &(struct option_spec){0}, &argc, argv, 1, 1);

	if (status != 0)
		return status;
	if (export_to(cli, argv[0], &err) != 0)
		return cli_fail(cli, &err);
	return CLI_GOOD;
}

const struct command cmd_journal_table[] = {
    {"journal verify", N_("check the journal against its signatures"),
	"[FILE...|FOLDER] [--public-key FILE|KEY]",
	N_("Computes the hash tree over all entries anew and compares it with "
	   "the signed\ncheckpoints, in FILE, in a medium's witness (FOLDER) "
	   "or "
	   "in this host's catalog.\nNo daemon is needed.\n"
	   "  --public-key FILE|KEY  the daemon's public key; standard: this "
	   "host's keys\n"
	   "Exit status 0: it proves itself; 1: its end is not signed, or the "
	   "clock went back;\n2: it does not; 3: there is nothing to check."),
	run_verify},
    {"journal export", N_("write the journal to a file that stands alone"),
	"FILE",
	N_("Up to its newest checkpoint. hikae journal verify FILE checks it "
	   "anywhere,\nwith nothing but the daemon's public key. It holds no "
	   "file names."),
	run_export},
    {NULL, NULL, NULL, NULL, NULL},
};
