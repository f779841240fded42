#include "lib/store/catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/store/schema.h"
#include "lib/store/store.h"

/* The service's group reads; SQLite gives its other files the same mode. */
#define FILE_MODE 0640

/* The write-ahead log is cut back to this when it was merged. */
#define SETTINGS_WRITE               \
	"PRAGMA journal_mode = WAL;" \
	"PRAGMA synchronous = FULL;" \
	"PRAGMA foreign_keys = ON;"  \
	"PRAGMA journal_size_limit = 67108864;"

/* What is sorted stays in memory: where a sandbox is, no file can be made. */
#define SETTINGS_READ "PRAGMA temp_store = MEMORY;"

static int
create_file(const char *path, struct error *err)
{
	int fd =
	    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);

	if (fd < 0)
		return error_set_errno(
		    err, errno, _("cannot open the catalog"));
	(void)close(fd);
	return 0;
}

/*
 * A file that is opened as immutable shows what was merged into it.  A log
 * beside it would be left out silently, and with it the newest verdicts.
 */
static int
check_no_log(const char *path, struct error *err)
{
	struct bytes log = BYTES_EMPTY;
	struct stat st;
	int rc = -1;

	bytes_append_format(&log, "%s-wal", path);
	bytes_append_u8(&log, 0);
	if (bytes_check(&log, err) != 0)
		goto out;
	if (stat((const char *)log.data, &st) == 0 && st.st_size > 0) {
		(void)error_set(err, ERROR_UNAVAILABLE,
		    _("beside the catalog is a log (-wal) with newer changes; "
		      "copy both files to a writable folder and make a backup "
		      "of the catalog there"));
		goto out;
	}
	rc = 0;
out:
	bytes_done(&log);
	return rc;
}

static int
check_file(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set_errno(
		    err, errno, _("cannot open the catalog"));
	if (!S_ISREG(st.st_mode))
		return error_set(
		    err, ERROR_INPUT, _("the file is not a hikae catalog"));
	return 0;
}

static int
open_connection(struct catalog *catalog, const char *path, struct error *err)
{
	static const enum sql_mode modes[] = {
	    [CATALOG_WRITE] = SQL_CREATE,
	    [CATALOG_READ] = SQL_READ,
	    [CATALOG_IMMUTABLE] = SQL_IMMUTABLE,
	};

	if (catalog->mode == CATALOG_WRITE && create_file(path, err) != 0)
		return -1;
	if (check_file(path, err) != 0)
		return -1;
	if (catalog->mode == CATALOG_IMMUTABLE && check_no_log(path, err) != 0)
		return -1;
	if (sql_open(path, modes[catalog->mode], &catalog->sql, err) != 0)
		return -1;
	if (catalog->mode != CATALOG_WRITE)
		return sql_execute(catalog->sql, SETTINGS_READ, err) == 0
			   ? schema_check(catalog->sql, err)
			   : -1;
	/* Before anything is written to a file that may be another's. */
	if (schema_check_writable(catalog->sql, err) != 0)
		return -1;
	if (sql_execute(catalog->sql, SETTINGS_WRITE, err) != 0)
		return -1;
	return schema_migrate(
	    catalog->sql, schema_migrations, SCHEMA_VERSION, err);
}

static int
prepare(struct catalog *catalog, struct error *err)
{
	for (unsigned i = 0; i < STATEMENTS; i++)
		if (sql_prepare(catalog->sql, statement_texts[i],
			&catalog->queries[i], err) != 0)
			return -1;
	if (catalog->mode != CATALOG_WRITE)
		return 0;
	return apply_prepare(catalog->sql, catalog->projections, err);
}

int
catalog_open(const char *path, const struct catalog_options *options,
    struct catalog **ret_catalog, struct error *err)
{
	struct catalog *catalog = calloc(1, sizeof(*catalog));

	if (catalog == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	catalog->mode = options->mode;
	if (open_connection(catalog, path, err) != 0 ||
	    prepare(catalog, err) != 0) {
		catalog_close(catalog);
		return -1;
	}
	*ret_catalog = catalog;
	return 0;
}

void
catalog_close(struct catalog *catalog)
{
	if (catalog == NULL)
		return;
	sql_close(catalog->sql);
	free(catalog);
}

int
catalog_begin(struct catalog *catalog, struct error *err)
{
	if (sql_in_transaction(catalog->sql))
		return error_set(
		    err, ERROR_INTERNAL, "a transaction within a transaction");
	return sql_execute(catalog->sql,
	    catalog->mode == CATALOG_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

int
catalog_commit(struct catalog *catalog, struct error *err)
{
	if (!sql_in_transaction(catalog->sql))
		return error_set(err, ERROR_INTERNAL,
		    _("the transaction was rolled back before"));
	if (sql_execute(catalog->sql, "COMMIT", err) == 0)
		return 0;
	catalog_rollback(catalog);
	return -1;
}

void
catalog_rollback(struct catalog *catalog)
{
	struct error ignored;

	/* It can fail only where SQLite has rolled back already. */
	if (sql_in_transaction(catalog->sql) &&
	    sql_execute(catalog->sql, "ROLLBACK", &ignored) != 0)
		return;
}

int
catalog_check_transaction(const struct catalog *catalog, struct error *err)
{
	if (catalog->mode != CATALOG_WRITE)
		return error_set(err, ERROR_DENIED,
		    _("the catalog is opened for reading only"));
	if (!sql_in_transaction(catalog->sql))
		return error_set(err, ERROR_INTERNAL,
		    _("writing to the catalog outside a transaction"));
	return 0;
}

int
catalog_check(struct catalog *catalog, struct error *err)
{
	struct bytes result = BYTES_EMPTY;
	int rc = -1;

	if (sql_ask_text(
		catalog->sql, "PRAGMA integrity_check(1)", &result, err) != 0)
		goto out;
	if (result.length != 2 || result.data[0] != 'o') {
		(void)error_set(err, ERROR_INPUT,
		    _("the catalog is damaged: %.*s"), (int)result.length,
		    (const char *)result.data);
		goto out;
	}
	rc = 0;
out:
	bytes_done(&result);
	return rc;
}
