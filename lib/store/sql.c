#include "lib/store/sql.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/store/catalog.h"

/*
 * What SQLite keeps in memory of pages as they were before a savepoint: an
 * entry changes a dozen of 4 KiB.  Beyond that it makes a file below /var/tmp
 * and, until the transaction ends, writes each such page twice.  Its own limit,
 * 64 KiB, is one that entries pass now and then.  All of it is written at once
 * then, and SQLite's unix VFS cannot write 128 KiB at once.
 */
#define SAVEPOINT_BYTES_MAX (127 * 1024)

struct sql {
	sqlite3 *db;
};

static sqlite3_stmt *
statement_of(struct sql_query *query)
{
	return (sqlite3_stmt *)query;
}

/*
 * SQLite's reason as an error.  A failed file operation keeps the system's
 * errno, so that ENOSPC from fsync is "no space" as well.
 */
static int
fail(sqlite3 *db, int code, struct error *err)
{
	const char *reason = sqlite3_errstr(code);
	int os_errno = 0;

	if (db != NULL) {
		reason = sqlite3_errmsg(db);
		os_errno = sqlite3_system_errno(db);
	}
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, ERROR_UNAVAILABLE,
		    _("the catalog is locked by another process"));
	case SQLITE_FULL:
		return error_set(
		    err, ERROR_NO_SPACE, _("no room is left for the catalog"));
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return error_set(err, ERROR_DENIED,
		    _("the catalog cannot be written: %s"), reason);
	case SQLITE_NOTADB:
		return error_set(
		    err, ERROR_INPUT, _("the file is not a hikae catalog"));
	case SQLITE_CORRUPT:
		return error_set(
		    err, ERROR_INPUT, _("the catalog is damaged: %s"), reason);
	case SQLITE_CONSTRAINT:
		return error_set(err, ERROR_INPUT,
		    _("it contradicts what is in the catalog: %s"), reason);
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		if (os_errno != 0)
			return error_set_errno(
			    err, os_errno, _("cannot access the catalog"));
		return error_set(
		    err, ERROR_IO, _("cannot access the catalog: %s"), reason);
	default:
		return error_set(err, ERROR_INTERNAL, "SQLite: %s", reason);
	}
}

static int
fail_query(struct sql_query *query, int code, struct error *err)
{
	return fail(sqlite3_db_handle(statement_of(query)), code, err);
}

/*
 * A path as a URI: everything outside a safe set is %XX.  An absolute path
 * comes after an empty authority, since "//" at its own begin would start one.
 */
static void
append_uri(struct bytes *out, const char *path, const char *options)
{
	bytes_append_text(out, path[0] == '/' ? "file://" : "file:");
	for (const char *p = path; *p != '\0'; p++) {
		bool plain =
		    (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9') || strchr("/._-", *p) != NULL;

		if (plain)
			bytes_append(out, p, 1);
		else
			bytes_append_format(out, "%%%02X", (unsigned char)*p);
	}
	bytes_append_text(out, options);
	bytes_append_u8(out, 0);
}

int
sql_open(const char *path, enum sql_mode mode, struct sql **ret_sql,
    struct error *err)
{
	struct bytes uri = BYTES_EMPTY;
	struct sql *sql = NULL;
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
	int code, rc = -1;

	flags |= mode == SQL_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
				    : SQLITE_OPEN_READONLY;
	/* Taken from the first one alone; refused when SQLite runs already. */
	(void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, SAVEPOINT_BYTES_MAX);
	append_uri(&uri, path, mode == SQL_IMMUTABLE ? "?immutable=1" : "");
	if (bytes_check(&uri, err) != 0)
		goto out;
	sql = calloc(1, sizeof(*sql));
	if (sql == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	code = sqlite3_open_v2((const char *)uri.data, &sql->db, flags, NULL);
	if (code != SQLITE_OK) {
		(void)fail(sql->db, code, err);
		goto out;
	}
	(void)sqlite3_extended_result_codes(sql->db, 1);
	(void)sqlite3_busy_timeout(sql->db, CATALOG_BUSY_MS);
	(void)sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(
	    sql->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	*ret_sql = sql;
	sql = NULL;
	rc = 0;
out:
	sql_close(sql);
	bytes_done(&uri);
	return rc;
}

void
sql_close(struct sql *sql)
{
	sqlite3_stmt *statement;
	int code;

	if (sql == NULL)
		return;
	while ((statement = sqlite3_next_stmt(sql->db, NULL)) != NULL)
		(void)sqlite3_finalize(statement);
	code = sqlite3_close(sql->db);
	assert(code == SQLITE_OK);
	(void)code;
	free(sql);
}

int
sql_execute(struct sql *sql, const char *text, struct error *err)
{
	int code = sqlite3_exec(sql->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : fail(sql->db, code, err);
}

int
sql_ask_int(
    struct sql *sql, const char *text, int64_t *ret_value, struct error *err)
{
	struct sql_query *query = NULL;
	int rc = -1;

	if (sql_prepare(sql, text, &query, err) != 0)
		return -1;
	switch (sql_step(query, err)) {
	case 1:
		*ret_value = sql_int(query, 0);
		rc = 0;
		break;
	case 0:
		(void)error_set(err, ERROR_NOT_FOUND, _("there is none"));
		break;
	}
	sql_finalize(query);
	return rc;
}

int
sql_ask_text(
    struct sql *sql, const char *text, struct bytes *out, struct error *err)
{
	struct sql_query *query = NULL;
	int rc = -1;

	if (sql_prepare(sql, text, &query, err) != 0)
		return -1;
	switch (sql_step(query, err)) {
	case 1:
		if (!sql_is_null(query, 0))
			bytes_append_text(out, sql_text(query, 0));
		rc = bytes_check(out, err);
		break;
	case 0:
		(void)error_set(err, ERROR_NOT_FOUND, _("there is none"));
		break;
	}
	sql_finalize(query);
	return rc;
}

bool
sql_in_transaction(const struct sql *sql)
{
	return sqlite3_get_autocommit(sql->db) == 0;
}

int64_t
sql_changes(const struct sql *sql)
{
	return sqlite3_changes64(sql->db);
}

int
sql_prepare(struct sql *sql, const char *text, struct sql_query **ret_query,
    struct error *err)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v3(
	    sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

	if (code != SQLITE_OK)
		return fail(sql->db, code, err);
	*ret_query = (struct sql_query *)statement;
	return 0;
}

void
sql_finalize(struct sql_query *query)
{
	(void)sqlite3_finalize(statement_of(query));
}

unsigned
sql_parameters(struct sql_query *query)
{
	return (unsigned)sqlite3_bind_parameter_count(statement_of(query));
}

static int
bind_text(sqlite3_stmt *statement, int at, const char *text, size_t length)
{
	return sqlite3_bind_text64(
	    statement, at, text, length, SQLITE_STATIC, SQLITE_UTF8);
}

static int
bind_list(
    struct sql_query *query, struct error *err, const char *types, va_list ap)
{
	sqlite3_stmt *statement = statement_of(query);
	int code = SQLITE_OK;

	if (sqlite3_stmt_busy(statement))
		return error_set(
		    err, ERROR_INTERNAL, "a query is asked within itself");
	for (int at = 1; types[at - 1] != '\0' && code == SQLITE_OK; at++) {
		const void *data;
		uint64_t number;

		switch (types[at - 1]) {
		case 'i':
			code = sqlite3_bind_int64(
			    statement, at, va_arg(ap, int64_t));
			break;
		case 'u':
			number = va_arg(ap, uint64_t);
			code = sqlite3_bind_int64(statement, at,
			    number < INT64_MAX ? (int64_t)number
					       : INT64_MAX - 1);
			break;
		case 't':
			data = va_arg(ap, const char *);
			code = data == NULL ? sqlite3_bind_null(statement, at)
					    : bind_text(statement, at, data,
						  strlen(data));
			break;
		case 'j':
			data = va_arg(ap, const char *);
			code =
			    bind_text(statement, at, data, va_arg(ap, size_t));
			break;
		case 'b':
			data = va_arg(ap, const void *);
			/* A null pointer would be NULL, not empty. */
			code = sqlite3_bind_blob64(statement, at,
			    data == NULL ? "" : data, va_arg(ap, size_t),
			    SQLITE_STATIC);
			break;
		default:
			assert(!"a letter of sql_bind");
		}
	}
	return code == SQLITE_OK ? 0 : fail_query(query, code, err);
}

int
sql_bind(struct sql_query *query, struct error *err, const char *types, ...)
{
	va_list ap;
	int rc;

	va_start(ap, types);
	rc = bind_list(query, err, types, ap);
	va_end(ap);
	return rc;
}

int
sql_step(struct sql_query *query, struct error *err)
{
	int code = sqlite3_step(statement_of(query));

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		(void)fail_query(query, code, err);
	sql_reset(query);
	return code == SQLITE_DONE ? 0 : -1;
}

void
sql_reset(struct sql_query *query)
{
	(void)sqlite3_reset(statement_of(query));
}

int
sql_run(struct sql_query *query, struct error *err, const char *types, ...)
{
	va_list ap;
	int rc;

	va_start(ap, types);
	rc = bind_list(query, err, types, ap);
	va_end(ap);
	if (rc != 0)
		return -1;
	while ((rc = sql_step(query, err)) > 0)
		;
	return rc;
}

unsigned
sql_columns(struct sql_query *query)
{
	return (unsigned)sqlite3_column_count(statement_of(query));
}

int64_t
sql_int(struct sql_query *query, unsigned column)
{
	return sqlite3_column_int64(statement_of(query), (int)column);
}

uint64_t
sql_u64(struct sql_query *query, unsigned column)
{
	int64_t value = sql_int(query, column);

	return value < 0 ? 0 : (uint64_t)value;
}

int64_t
sql_instant(struct sql_query *query, unsigned column)
{
	return sql_is_null(query, column) ? INT64_MIN : sql_int(query, column);
}

bool
sql_is_null(struct sql_query *query, unsigned column)
{
	return sqlite3_column_type(statement_of(query), (int)column) ==
	       SQLITE_NULL;
}

const char *
sql_text(struct sql_query *query, unsigned column)
{
	return (const char *)sqlite3_column_text(
	    statement_of(query), (int)column);
}

const uint8_t *
sql_blob(struct sql_query *query, unsigned column, size_t *ret_length)
{
	sqlite3_stmt *statement = statement_of(query);
	const void *data = sqlite3_column_blob(statement, (int)column);

	*ret_length = (size_t)sqlite3_column_bytes(statement, (int)column);
	return *ret_length == 0 ? (const uint8_t *)"" : data;
}

static bool
same_value(struct sql_query *a, struct sql_query *b, unsigned column)
{
	const uint8_t *left, *right;
	size_t left_length, right_length;
	int type = sqlite3_column_type(statement_of(a), (int)column);

	if (type != sqlite3_column_type(statement_of(b), (int)column))
		return false;
	if (type == SQLITE_NULL)
		return true;
	if (type == SQLITE_INTEGER)
		return sql_int(a, column) == sql_int(b, column);
	left = sql_blob(a, column, &left_length);
	right = sql_blob(b, column, &right_length);
	return left_length == right_length &&
	       memcmp(left, right, left_length) == 0;
}

bool
sql_same_row(struct sql_query *a, struct sql_query *b)
{
	if (sql_columns(a) != sql_columns(b))
		return false;
	for (unsigned column = 0; column < sql_columns(a); column++)
		if (!same_value(a, b, column))
			return false;
	return true;
}
