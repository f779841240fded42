/*
 * sql: a thin owner of SQLite; nothing else in hikae includes its header.
 *
 * Layer 5, internal to store.  Uses: base.  Owns: <sqlite3.h>.
 *
 * SQLite's results become hikae's errors here: full gives ERROR_NO_SPACE, busy
 * ERROR_UNAVAILABLE, read-only ERROR_DENIED, corrupt ERROR_INPUT, a broken
 * constraint ERROR_INPUT.
 */
#ifndef HIKAE_STORE_SQL_H
#define HIKAE_STORE_SQL_H

#include "lib/base/bytes.h"

struct sql;	  /* a connection */
struct sql_query; /* a prepared statement */

enum sql_mode {
	SQL_CREATE, /* read and write, made where it does not exist */
	SQL_READ,
	SQL_IMMUTABLE, /* read, without locks and write-ahead log */
};

int sql_open(const char *path, enum sql_mode mode, struct sql **ret_sql,
    struct error *err) ERROR_CHECKED;

/* Finalizes what was prepared with it, too.  NULL is allowed. */
void sql_close(struct sql *sql);

/* Run statements without parameters; rows are dropped. */
int sql_execute(
    struct sql *sql, const char *text, struct error *err) ERROR_CHECKED;

/* The integer, or the text, in the first column of the first row. */
int sql_ask_int(struct sql *sql, const char *text, int64_t *ret_value,
    struct error *err) ERROR_CHECKED;
int sql_ask_text(struct sql *sql, const char *text, struct bytes *out,
    struct error *err) ERROR_CHECKED;

bool sql_in_transaction(const struct sql *sql);

/* Rows changed by the last statement that changes rows. */
int64_t sql_changes(const struct sql *sql);

/* The query belongs to the connection. */
int sql_prepare(struct sql *sql, const char *text, struct sql_query **ret_query,
    struct error *err) ERROR_CHECKED;
void sql_finalize(struct sql_query *query);

/* How many parameters it has. */
unsigned sql_parameters(struct sql_query *query);

/*
 * Bind ?1, ?2, ... by a letter each: i int64_t, u uint64_t (at most
 * INT64_MAX - 1, which is below SCHEMA_OPEN), t text or NULL, j text pointer
 * and size_t length, b the same for bytes.  What they point to must live until
 * sql_reset.  A query in use is ERROR_INTERNAL.
 */
int sql_bind(struct sql_query *query, struct error *err, const char *types,
    ...) ERROR_CHECKED;

/* 1: there is a row; 0: no more, and the query is reset; -1. */
int sql_step(struct sql_query *query, struct error *err) ERROR_CHECKED;

/* To be called when rows may be left.  NULL is allowed. */
void sql_reset(struct sql_query *query);

/* Bind, step to the end, reset. */
int sql_run(struct sql_query *query, struct error *err, const char *types,
    ...) ERROR_CHECKED;

/* Columns from 0 of the row; pointers are valid until the next step. */
unsigned sql_columns(struct sql_query *query);
int64_t sql_int(struct sql_query *query, unsigned column);
uint64_t sql_u64(struct sql_query *query, unsigned column); /* NULL is 0 */
int64_t sql_instant(
    struct sql_query *query, unsigned column); /* NULL is INT64_MIN */
bool sql_is_null(struct sql_query *query, unsigned column);
const char *sql_text(struct sql_query *query, unsigned column); /* or NULL */
const uint8_t *sql_blob(
    struct sql_query *query, unsigned column, size_t *ret_length);

/* Whether two rows hold the same types and values. */
bool sql_same_row(struct sql_query *a, struct sql_query *b);

#endif
