/* An exported journal, checked without a daemon. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/option.h"
#include "cli/trust.h"
#include "lib/base/i18n.h"
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

/* Good, but not all of it: the end without a signature, or a jumping clock. */
static int
status_of(const struct journal_report *report)
{
	int status = faults[report->fault].status;

	if (report->signed_size < report->size || report->clock_back > 0)
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
	int status = option_parse(cli, options, &argc, argv, 1, 1), fd = -1;

	if (status != 0)
		return status;
	if (trust_load(cli, public_key, &trust, &err) != 0 ||
	    cli_open_file(argv[0], &fd, &err) != 0)
		return cli_fail(cli, &err);
	if (journal_verify_file(fd, trust.keys, trust.count, &report, &err) !=
	    0) {
		status = cli_fail(cli, &err);
		goto out;
	}
	status = status_of(&report);
	if (!cli->is_json)
		tell(cli, &report);
	else if (tell_json(cli, &report, &err) != 0)
		status = cli_fail(cli, &err);
out:
	(void)close(fd);
	return status;
}

const struct command cmd_journal_table[] = {
    {"journal verify", N_("check an exported journal against its signatures"),
	"FILE [--public-key FILE|KEY]",
	N_("Computes the hash tree over all entries anew and compares it with "
	   "the signed\ncheckpoints in FILE. No daemon is needed.\n"
	   "  --public-key FILE|KEY  the daemon's public key; standard: this "
	   "host's keys\n"
	   "Exit status 0: it proves itself; 1: its end is not signed, or the "
	   "clock went back;\n2: it does not; 3: there is nothing to check."),
	run_verify},
    {NULL, NULL, NULL, NULL, NULL},
};
