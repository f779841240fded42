#include "lib/store/catalog_audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/store/journal.h"
#include "lib/store/leaf.h"
#include "lib/store/schema.h"
#include "lib/store/store.h"

/*
 * Nothing of it outlives the process: no log, no syncs, and what it needs to
 * take a statement back stays in memory.  Beyond the cache, in kibibytes, pages
 * go to its file.  Its rows refer to entries that are not in it.
 */
#define SETTINGS_SCRATCH                   \
	"PRAGMA locking_mode = EXCLUSIVE;" \
	"PRAGMA journal_mode = MEMORY;"    \
	"PRAGMA synchronous = OFF;"        \
	"PRAGMA temp_store = MEMORY;"      \
	"PRAGMA cache_size = -16384;"      \
	"PRAGMA foreign_keys = OFF;"

/* As SQLite calls a database in memory. */
#define IN_MEMORY ":memory:"

/* An empty file that nobody else may read. */
static int
replace_file(const char *path, struct error *err)
{
	int fd;

	if (unlink(path) != 0 && errno != ENOENT)
		return error_set_errno(
		    err, errno, _("cannot make a temporary file"));
	fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return error_set_errno(
		    err, errno, _("cannot make a temporary file"));
	(void)close(fd);
	return 0;
}

int
catalog_scratch_open(
    const char *path, struct catalog **ret_scratch, struct error *err)
{
	struct catalog *scratch = calloc(1, sizeof(*scratch));
	int rc = -1;

	if (scratch == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	scratch->mode = CATALOG_WRITE;
	if (path != NULL && replace_file(path, err) != 0)
		goto out;
	if (sql_open(path == NULL ? IN_MEMORY : path, SQL_CREATE, &scratch->sql,
		err) == 0 &&
	    sql_execute(scratch->sql, SETTINGS_SCRATCH, err) == 0 &&
	    schema_migrate(
		scratch->sql, schema_migrations, SCHEMA_VERSION, err) == 0 &&
	    apply_prepare(scratch->sql, scratch->projections, err) == 0)
		rc = 0;
	if (path != NULL)
		(void)unlink(path);
out:
	if (rc == 0)
		*ret_scratch = scratch;
	else
		catalog_close(scratch);
	return rc;
}

struct replay {
	struct catalog *scratch;
	struct catalog_audit *audit;
};

static int
stop_at(struct catalog_audit *audit, uint64_t seq)
{
	audit->has_fault = true;
	audit->fault_seq = seq;
	return 1;
}

static int
replay_rows(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct replay *replay = context;
	struct catalog *scratch = replay->scratch;
	struct catalog_audit *audit = replay->audit;
	struct apply_entry entry;

	if (seq != audit->entries)
		return stop_at(audit, audit->entries);
	if (leaf_check(leaf, length, seq, &entry, err) != 0 ||
	    apply_rows(scratch->sql, scratch->projections, &entry, err) != 0)
		return err->code == ERROR_INPUT ? stop_at(audit, seq) : -1;
	if (entry.type == ENTRY_SELF_CHECK)
		audit->newest_check = seq;
	audit->entries++;
	return 0;
}

int
catalog_audit(struct catalog *catalog, struct catalog *scratch,
    struct catalog_audit *ret_audit, struct error *err)
{
	struct replay replay = {scratch, ret_audit};
	struct bytes table = BYTES_EMPTY;
	struct error own;
	int rc = -1;

	if (err == NULL)
		err = &own;
	*ret_audit = (struct catalog_audit){.entries = 0};
	if (catalog_begin(scratch, err) != 0)
		return -1;
	if (journal_each(catalog, 0, UINT64_MAX, replay_rows, &replay, err) !=
	    0)
		goto out;
	if (!ret_audit->has_fault &&
	    catalog_compare_rows(catalog, scratch, &table, err) != 0)
		goto out;
	(void)snprintf(ret_audit->table, sizeof(ret_audit->table), "%.*s",
	    (int)table.length,
	    table.length == 0 ? "" : (const char *)table.data);
	rc = 0;
out:
	catalog_rollback(scratch);
	bytes_done(&table);
	return rc;
}
