#include "lib/store/journal_import.h"

#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/store/leaf.h"
#include "lib/store/store.h"

/* Entries that come from outside, and the instant of the last of them. */
struct import {
	struct catalog *to;
	int64_t last_at;
};

static int
import_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct import *import = context;
	struct apply_entry entry;

	if (leaf_check(leaf, length, seq, &entry, err) != 0 ||
	    leaf_append(import->to, &entry, err) != 0)
		return error_prefix(
		    err, _("journal entry %llu"), (unsigned long long)seq);
	import->last_at = entry.at;
	return 0;
}

/* Replay and verify at once: what is not signed is not committed. */
static int
import_files(struct import *import, const struct journal_import *what,
    struct journal_report *report, struct error *err)
{
	struct bytes note = BYTES_EMPTY;
	const struct journal_files files = {.fds = what->fds,
	    .count = what->count,
	    .each = import_leaf,
	    .context = import,
	    .note = &note};
	int rc = -1;

	if (journal_verify_files(
		&files, what->keys, what->key_count, report, err) != 0)
		goto out;
	if (report->fault != JOURNAL_GOOD) {
		(void)error_set(err, ERROR_SIGNATURE,
		    _("the journal does not prove itself (%s, entry %llu)"),
		    journal_fault_name(report->fault),
		    (unsigned long long)report->fault_seq);
		goto out;
	}
	rc = sql_run(import->to->queries[STATEMENT_CHECKPOINT_PUT], err, "ubbi",
	    report->size, (const void *)report->root, sizeof(report->root),
	    (const void *)note.data, note.length, import->last_at);
out:
	bytes_done(&note);
	return rc;
}

int
journal_import(const char *path, const struct journal_import *what,
    struct journal_report *ret_report, struct error *err)
{
	static const struct catalog_options options = {CATALOG_WRITE};
	struct import import = {.to = NULL};
	int rc = -1;

	if (access(path, F_OK) == 0)
		return error_set(err, ERROR_EXISTS,
		    _("the catalog is rebuilt into a new file only"));
	if (catalog_open(path, &options, &import.to, err) != 0)
		return -1;
	if (catalog_begin(import.to, err) == 0 &&
	    import_files(&import, what, ret_report, err) == 0)
		rc = catalog_commit(import.to, err);
	catalog_close(import.to);
	if (rc != 0)
		(void)unlink(path);
	return rc;
}
