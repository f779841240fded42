#include "cli/import.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/journal_source.h"
#include "cli/trust.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/store/journal_import.h"
#include "lib/store/query.h"
#include "lib/store/vault.h"

/* Copies without a manifest that are named. */
#define NAMED_MAX 20

struct losses {
	int state_fd; /* -1: this host has no state */
	uint64_t copies, manifests, missing;
	json_t *named;
};

static bool
has_manifest(const struct losses *losses, const struct query_copy *row)
{
	const struct vault_name name = {.system = row->system,
	    .generation = row->generation,
	    .medium = row->medium,
	    .version = row->version};
	struct bytes signature = BYTES_EMPTY;
	struct error why = {0};
	int fd = -1;
	bool is_there =
	    losses->state_fd >= 0 &&
	    vault_open(losses->state_fd, &name, &fd, &signature, &why) == 0;

	if (fd >= 0)
		(void)close(fd);
	bytes_done(&signature);
	return is_there;
}

static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct losses *losses = context;

	losses->copies++;
	if (row->manifest == 0)
		return 0;
	losses->manifests++;
	if (has_manifest(losses, row))
		return 0;
	if (losses->missing++ < NAMED_MAX &&
	    json_array_append_new(losses->named,
		json_pack("{s:s, s:s}", "generation", row->generation, "medium",
		    row->medium)) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static void
tell_missing(struct cli *cli, const struct losses *losses)
{
	const json_t *copy;
	size_t i;

	if (losses->missing == 0)
		return;
	print_line(&cli->print, PRINT_BAD,
	    _("%llu of %llu manifests are not on this host: put them back from "
	      "a backup of hikae's state (manifests/). Without its manifest a "
	      "copy cannot be verified:"),
	    (unsigned long long)losses->missing,
	    (unsigned long long)losses->manifests);
	json_array_foreach(losses->named, i, copy)
	{
		print_line(&cli->print, PRINT_PLAIN, "     %s  %s",
		    json_string_value(json_object_get(copy, "generation")),
		    json_string_value(json_object_get(copy, "medium")));
	}
}

static void
tell(struct cli *cli, const struct losses *losses,
    const struct journal_report *report, int64_t last_at)
{
	struct print *print = &cli->print;
	char date[DATE_TEXT_BYTES];

	print_line(print, PRINT_GOOD,
	    _("%llu entries were replayed, every one under the signature."),
	    (unsigned long long)report->size);
	print_line(print, PRINT_WARNING,
	    _("What happened after the last of them (%s) is lost."),
	    date_describe(last_at, date));
	print_line(print, PRINT_WARNING,
	    _("Names of files are not in a journal: findings show none, and "
	      "copies are known again by their time at the next scan."));
	print_line(print, PRINT_WARNING,
	    _("Attached documents and keys are not in it either: put them "
	      "back from a backup of hikae's state."));
	tell_missing(cli, losses);
}

static int
tell_json(struct cli *cli, const struct losses *losses,
    const struct journal_report *report, int64_t last_at, struct error *err)
{
	json_t *value = json_pack("{s:o, s:I, s:o, s:o, s:o, s:O}", "entries",
	    json_of_u64(report->size), "last_at", (json_int_t)last_at, "copies",
	    json_of_u64(losses->copies), "manifests",
	    json_of_u64(losses->manifests), "manifests_missing",
	    json_of_u64(losses->missing), "missing", losses->named);
	int rc;

	if (value == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = print_json(&cli->print, value, err);
	json_decref(value);
	return rc;
}

static int
take_last(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	json_t *entry = json_parse((const char *)leaf, length, err);
	int rc = entry == NULL ? -1 : json_get_i64(entry, "at", context);

	(void)seq;
	json_decref(entry);
	return rc;
}

/* What the new catalog knows of, and what of it is here. */
static int
look_at_losses(struct cli *cli, const struct import_request *request,
    const struct journal_report *report, struct losses *losses,
    struct error *err)
{
	const struct catalog_options options = {.mode = CATALOG_READ};
	struct catalog *catalog = NULL;
	struct error why = {0};
	int64_t last_at = 0;
	int rc = -1;

	if (cli_open_state(cli, false, &losses->state_fd, &why) != 0)
		losses->state_fd = -1;
	if (catalog_open(request->target, &options, &catalog, err) != 0 ||
	    query_copies(catalog, CATALOG_NOW, NULL, take_copy, losses, err) !=
		0 ||
	    journal_each(catalog, report->size - 1, report->size, take_last,
		&last_at, err) != 0)
		goto out;
	rc = 0;
	if (cli->is_json)
		rc = tell_json(cli, losses, report, last_at, err);
	else
		tell(cli, losses, report, last_at);
out:
	catalog_close(catalog);
	if (losses->state_fd >= 0)
		(void)close(losses->state_fd);
	return rc;
}

static int
replay(struct cli *cli, const struct import_request *request,
    struct journal_report *report, struct error *err)
{
	const char **paths = calloc(request->more_count + 1, sizeof(*paths));
	struct journal_parts parts = {.count = 0};
	struct journal_import import;
	struct trust trust;
	int rc = -1;

	if (paths == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	paths[0] = request->first;
	for (size_t i = 0; i < request->more_count; i++)
		paths[i + 1] = request->more[i];
	if (trust_load(cli, request->public_key, &trust, err) == 0 &&
	    journal_source_open(paths, request->more_count + 1, &parts, err) ==
		0) {
		import = (struct journal_import){.fds = parts.fds,
		    .count = parts.count,
		    .keys = trust.keys,
		    .key_count = trust.count};
		rc = journal_import(request->target, &import, report, err);
	}
	journal_parts_close(&parts);
	free(paths);
	return rc;
}

int
import_run(struct cli *cli, const struct import_request *request)
{
	struct journal_report report;
	struct losses losses = {.state_fd = -1};
	struct error err = {0};
	int status;

	cli_open_zone(cli);
	losses.named = json_array();
	if (losses.named == NULL || replay(cli, request, &report, &err) != 0 ||
	    look_at_losses(cli, request, &report, &losses, &err) != 0)
		status = cli_fail(cli, &err);
	else
		status = losses.missing > 0 ? CLI_BAD : CLI_WARNING;
	json_decref(losses.named);
	return status;
}
