/* A bundle of evidence, checked anywhere: no state, no daemon, no network. */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/option.h"
#include "cli/trust.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/os/sandbox.h"
#include "lib/output/evidence_verify.h"

/* What was told, in the order in which it was found. */
struct telling {
	struct cli *cli;
	json_t *faults; /* with --json */
};

static void
tell_fault(enum evidence_fault fault, const char *path, const char *detail,
    void *context)
{
	struct telling *telling = context;
	const char *colon = path[0] == '\0' ? "" : ": ";
	const char *dash = detail[0] == '\0' ? "" : " - ";

	if (telling->faults != NULL)
		(void)json_array_append_new(
		    telling->faults, json_pack("{s:s, s:s, s:s}", "fault",
					 evidence_fault_name(fault), "path",
					 path, "detail", detail));
	else
		print_line(&telling->cli->print, PRINT_BAD, "%s%s%s%s%s", path,
		    colon, evidence_fault_sentence(fault), dash, detail);
}

static int
status_of(const struct evidence_report *report)
{
	if (report->faults > 0)
		return CLI_BAD;
	if (!report->is_anchored)
		return CLI_UNKNOWN;
	return report->documents_missing > 0 ? CLI_WARNING : CLI_GOOD;
}

static int
print_report_json(struct cli *cli, const struct evidence_report *report,
    json_t *faults, struct error *err)
{
	const struct evidence_statement *statement = &report->statement;
	char root[2 * MERKLE_HASH_BYTES + 1];
	json_t *value;
	int rc;

	bytes_format_hex(statement->root, sizeof(statement->root), root);
	value = json_pack("{s:s, s:b, s:b, s:s, s:I, s:I, s:o, s:s, s:o, s:o, "
			  "s:o, s:o, s:o, s:b, s:s, s:s, s:s, s:O}",
	    "status", verdict_exit_name((enum verdict_exit)status_of(report)),
	    "is_signed", (int)report->is_signed, "is_anchored",
	    (int)report->is_anchored, "origin", statement->origin, "from",
	    (json_int_t)statement->from, "to", (json_int_t)statement->to,
	    "size", json_of_u64(statement->size), "root", root, "first",
	    json_of_u64(report->first), "last", json_of_u64(report->last),
	    "files", json_of_u64(report->files), "entries",
	    json_of_u64(report->entries), "documents_missing",
	    json_of_u64(report->documents_missing), "has_paths",
	    (int)report->has_paths, "system", report->system, "pack",
	    report->pack, "signer", report->signer, "faults", faults);
	if (value == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = print_json(&cli->print, value, err);
	json_decref(value);
	return rc;
}

/*
 * What it says it is; only a signature by the trusted key makes it so.  The
 * period as its maker wrote it: this machine may be of another zone.
 */
static void
print_claims(struct print *print, const struct evidence_report *report)
{
	const struct evidence_statement *statement = &report->statement;
	char root[2 * MERKLE_HASH_BYTES + 1];

	if (statement->size == 0)
		return;
	bytes_format_hex(statement->root, sizeof(statement->root), root);
	print_line(print, PRINT_PLAIN, _("   origin: %s"), statement->origin);
	print_line(print, PRINT_PLAIN, _("   period: %s to %s"), report->from,
	    report->to);
	print_line(print, PRINT_PLAIN, _("   checkpoint: %llu %s"),
	    (unsigned long long)statement->size, root);
	if (report->system[0] != '\0')
		print_line(print, PRINT_PLAIN, _("   only of one system: %s"),
		    report->system);
	if (report->pack[0] != '\0')
		print_line(print, PRINT_PLAIN, _("   only requirements of: %s"),
		    report->pack);
	if (report->signer[0] != '\0')
		print_line(print, PRINT_PLAIN, _("   signed by key: %s"),
		    report->signer);
}

/*
 * The facility's key proves which keys it put in force, not which of them was
 * stolen or replaced since: the paper tells.
 */
static void
print_signer_in_doubt(struct print *print, const struct evidence_report *report,
    const struct signature_public *trusted)
{
	char id[SIGNATURE_KEY_ID_TEXT_BYTES];

	if (!report->is_anchored || report->faults > 0 || trusted == NULL)
		return;
	signature_key_id_text(trusted->key_id, id);
	if (strcmp(id, report->signer) != 0)
		print_line(print, PRINT_PLAIN,
		    _("   by way of the facility's key: compare the signing "
		      "key with the daemon's on the newest paper; one that was "
		      "stolen before a replacement looks good here"));
}

static void
print_report(struct cli *cli, const struct evidence_report *report,
    const struct signature_public *trusted)
{
	struct print *print = &cli->print;

	if (report->faults > EVIDENCE_FAULTS_MAX)
		print_line(print, PRINT_BAD,
		    _("and more: the rest was not looked at"));
	if (report->faults > 0)
		print_line(print, PRINT_BAD, _("this bundle is no evidence"));
	else if (report->is_anchored)
		print_line(print, PRINT_GOOD,
		    _("every file is as it was signed; %llu entries are "
		      "proven to be in the journal"),
		    (unsigned long long)report->entries);
	else if (!report->is_signed)
		print_line(print, PRINT_UNKNOWN,
		    _("not signed: it agrees with itself, and nothing proves "
		      "who made it"));
	else
		print_line(print, PRINT_UNKNOWN,
		    _("not anchored: it agrees with itself, but whose key "
		      "signed it is not known; give --public-key, from "
		      "paper"));
	print_claims(print, report);
	print_signer_in_doubt(print, report, trusted);
	if (report->documents_missing > 0)
		print_line(print, PRINT_WARNING,
		    _("attached documents that are not in it: %llu"),
		    (unsigned long long)report->documents_missing);
	if (report->has_paths)
		print_line(print, PRINT_WARNING,
		    _("it holds names of files, which can hold patients' ids"));
}

/*
 * Give up all rights before the first byte of the file is looked at.  Where
 * this machine lacks a mechanism the check goes on: it is an inspector's.
 */
static int
restrict_itself(struct error *err)
{
	const struct sandbox_policy policy = {
	    .root_fd = -1,
	    .limits = {.open_files = 64,
		.file_size_bytes = UINT64_MAX,
		.memory_bytes = HIKAE_CHILD_MEMORY_BYTES},
	    .best_effort = true,
	};
	struct sandbox_report report;
	char text[DATE_TEXT_BYTES];

	/* Loaded on first use, which must be before. */
	(void)_("out of memory");
	(void)strerror(ENOENT);
	(void)date_describe(0, text);
	(void)iconv_open("UTF-8", "UTF-16LE");
	return sandbox_enter(&policy, &report, err);
}

static int
verify(struct cli *cli, const char *path,
    const struct signature_public *trusted, struct evidence_report *report,
    struct telling *telling)
{
	struct evidence_question question = {
	    .trusted = trusted, .tell = tell_fault, .context = telling};
	struct error err = {0};
	struct stat st;
	int rc = -1;

	if (cli_open_file(path, &question.fd, &err) != 0)
		return cli_fail(cli, &err);
	if (fstat(question.fd, &st) != 0)
		(void)error_set_errno(&err, errno, "%s", path);
	else if (!S_ISREG(st.st_mode))
		(void)error_set(
		    &err, ERROR_USAGE, _("the bundle must be a file"));
	else if (restrict_itself(&err) == 0) {
		question.size = (uint64_t)st.st_size;
		rc = evidence_verify(&question, report, &err);
	}
	(void)close(question.fd);
	return rc == 0 ? CLI_GOOD : cli_fail(cli, &err);
}

static int
run_verify(struct cli *cli, int argc, char **argv)
{
	const char *public_key = NULL;
	const struct option_spec specs[] = {
	    {"public-key", &public_key, NULL}, {NULL, NULL, NULL}};
	struct telling telling = {.cli = cli};
	struct evidence_report report = {.faults = 0};
	struct trust trust;
	struct error err = {0};
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (public_key != NULL &&
	    trust_load(cli, public_key, &trust, &err) != 0)
		return cli_fail(cli, &err);
	if (cli->is_json)
		telling.faults = json_array();
	rc = verify(cli, argv[0], public_key == NULL ? NULL : &trust.keys[0],
	    &report, &telling);
	if (rc == CLI_GOOD) {
		rc = status_of(&report);
		if (!cli->is_json)
			print_report(cli, &report,
			    public_key == NULL ? NULL : &trust.keys[0]);
		else if (print_report_json(
			     cli, &report, telling.faults, &err) != 0)
			rc = cli_fail(cli, &err);
	}
	json_decref(telling.faults);
	return rc;
}

const struct command cmd_evidence_verify_table[] = {
    {"evidence verify", N_("check a bundle of evidence, anywhere"),
	"FILE.zip|FILE.tar [--public-key FILE|KEY]",
	N_("Needs no daemon, no state and no network. Checks that every file "
	   "is there and as it was\nsigned, the history of the keys, both "
	   "checkpoints, that the journal was not rewritten\nbetween them, "
	   "and that each entry is in it. Only the key of --public-key is "
	   "trusted: the\ndaemon's or the facility's, from paper. Exit "
	   "status 0: proven; 1: proven, without some\nattached documents; "
	   "2: it is no evidence, with what is wrong; 3: not anchored (no "
	   "key was\ngiven) or not signed."),
	run_verify},
    {NULL, NULL, NULL, NULL, NULL},
};
