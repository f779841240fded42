/* How two copies differ, file by file, as their manifests say. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/library.h"
#include "cli/option.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/examine/compare.h"
#include "lib/model/verdict.h"
#include "lib/store/query_finding.h"

struct diff {
	struct cli *cli;
	json_t *list; /* with --json */
};

static const char *const kind_names[] = {
    [COMPARE_ONLY_FIRST] = "only-first",
    [COMPARE_ONLY_SECOND] = "only-second",
    [COMPARE_DIFFERS] = "differs",
};

static int
print_difference(void *context, enum compare_kind kind, const char *path,
    size_t path_length, struct error *err)
{
	static const char marks[] = {[COMPARE_ONLY_FIRST] = '-',
	    [COMPARE_ONLY_SECOND] = '+',
	    [COMPARE_DIFFERS] = '!'};
	struct diff *diff = context;
	struct bytes text = BYTES_EMPTY;
	int rc;

	if (diff->list != NULL) {
		json_t *row = json_pack("{s:s, s:o}", "kind", kind_names[kind],
		    "path", json_of_bytes(path, path_length));

		if (json_array_append_new(diff->list, row) != 0)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		return 0;
	}
	text_append_escaped(&text, path, path_length);
	rc = bytes_check(&text, err);
	if (rc == 0)
		(void)fprintf(diff->cli->print.out, "%c %.*s\n", marks[kind],
		    (int)text.length, (const char *)text.data);
	bytes_done(&text);
	return rc;
}

static int
print_result(
    struct diff *diff, const struct compare_result *result, struct error *err)
{
	struct cli *cli = diff->cli;
	json_t *value;
	int rc;

	if (diff->list == NULL) {
		(void)fprintf(cli->print.out,
		    _("Equal: %" PRIu64 ", only in the first (-): %" PRIu64
		      ", only in the second (+): %" PRIu64
		      ", different (!): %" PRIu64 "\n"),
		    result->equal, result->only_first, result->only_second,
		    result->differing);
		if (result->is_names_only)
			(void)fprintf(cli->print.out, "%s\n",
			    _("The contents are the same; only names "
			      "differ."));
		return 0;
	}
	value = json_pack("{s:o, s:o, s:o, s:o, s:b, s:O}", "equal",
	    json_of_u64(result->equal), "only_first",
	    json_of_u64(result->only_first), "only_second",
	    json_of_u64(result->only_second), "differing",
	    json_of_u64(result->differing), "names_only",
	    (int)result->is_names_only, "differences", diff->list);
	rc = print_json(&cli->print, value, err);
	json_decref(value);
	return rc;
}

static int
status_of(
    const struct library_copy copies[2], const struct compare_result *result)
{
	bool is_same =
	    result->only_first + result->only_second + result->differing == 0;

	/*
	 * Two generations may differ, and so may two captures of a living tree;
	 * two copies of one generation must not.
	 */
	if (is_same || copies[0].id == copies[1].id ||
	    strcmp(copies[0].generation, copies[1].generation) != 0)
		return CLI_GOOD;
	return result->is_names_only ? CLI_WARNING : CLI_BAD;
}

static int
take_damage(
    const struct query_finding *finding, void *context, struct error *err)
{
	bool *is_damaged = context;

	(void)err;
	*is_damaged |=
	    strcmp(finding->verdict, verdict_name(VERDICT_DAMAGED)) == 0;
	return *is_damaged ? 1 : 0;
}

/* Manifests may agree where what lies on a medium does not any more. */
static int
tell_damage(struct diff *diff, struct library *library,
    const struct library_copy copies[2], struct error *err)
{
	for (size_t i = 0; i < 2; i++) {
		const struct query_finding_filter filter = {
		    .only_open = true, .copy = copies[i].id};
		bool is_damaged = false;

		if (i == 1 && copies[0].id == copies[1].id)
			break;
		if (query_findings(library->catalog, CATALOG_NOW, &filter,
			take_damage, &is_damaged, err) != 0)
			return -1;
		if (is_damaged)
			(void)fprintf(diff->cli->print.out,
			    _("Only manifests are compared; copy %d has open "
			      "damage: hikae show %d\n"),
			    (int)copies[i].id, (int)copies[i].id);
	}
	return 0;
}

static int
compare(struct cli *cli, char **operands, int *ret_status, struct error *err)
{
	struct diff diff = {.cli = cli};
	struct compare_options options = {
	    .each = print_difference, .context = &diff};
	struct library library;
	struct library_copy copies[2];
	struct compare_result result;
	int fds[2] = {-1, -1}, rc = -1;

	if (library_open(cli, &library, err) != 0)
		goto out;
	for (size_t i = 0; i < 2; i++)
		if (library_find(&library, operands[i], &copies[i], err) != 0 ||
		    library_open_manifest(&library, &copies[i], &fds[i], err) !=
			0)
			goto out;
	diff.list = cli->is_json ? json_array() : NULL;
	options.first_fd = fds[0];
	options.second_fd = fds[1];
	if (compare_manifests(&options, &result, err) != 0 ||
	    print_result(&diff, &result, err) != 0 ||
	    (!cli->is_json && tell_damage(&diff, &library, copies, err) != 0))
		goto out;
	*ret_status = status_of(copies, &result);
	rc = 0;
out:
	json_decref(diff.list);
	for (size_t i = 0; i < 2; i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
	library_close(&library);
	return rc;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct error err = {0};
	int status =
	    option_parse(cli, &(struct option_spec){0}, &argc, argv, 2, 2);

	if (status != 0)
		return status;
	if (compare(cli, argv, &status, &err) != 0)
		return cli_fail(cli, &err);
	return status;
}

const struct command cmd_diff_table[] = {
    {
	.name = "diff",
	.summary = N_("compare two copies by their manifests"),
	.usage = "COPY COPY",
	.help = N_("COPY is a copy's number, GENERATION, or "
		   "GENERATION:MEDIUM; COPY/VERSION is an\n"
		   "earlier capture of a living tree.\n"
		   "Compares what the signed manifests say; nothing is read "
		   "from the media.\n"
		   "Exit status 2 when two copies of one generation differ, "
		   "1 when only their names do."),
	.run = run,
    },
    {.name = NULL},
};
