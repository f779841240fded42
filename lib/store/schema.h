/*
 * schema: the tables of catalog.db, as a list of migrations.
 *
 * Layer 5, internal to store.  Uses: sql.
 *
 * user_version says how many migrations a file has seen.  A migration that was
 * released is never changed; the list only grows.  Each is a list of SQL
 * statements that ends in NULL.
 */
#ifndef HIKAE_STORE_SCHEMA_H
#define HIKAE_STORE_SCHEMA_H

#include "lib/store/sql.h"

/* In the file's header (SQLite file format, offset 68): "hika". */
#define SCHEMA_APPLICATION_ID 1751739233

/* to_seq of what still holds. */
#define SCHEMA_OPEN "9223372036854775807"

#define SCHEMA_VERSION 8
extern const char *const *const schema_migrations[SCHEMA_VERSION];

/* Version 2 (schema_media.c). */
extern const char *const schema_media[];
/* Version 3 (schema_survey.c). */
extern const char *const schema_survey[];

/* Version 4 (schema_drill.c). */
extern const char *const schema_drill[];

/* Version 5 (schema_content.c). */
extern const char *const schema_content[];

/* Version 6 (schema_sealing.c). */
extern const char *const schema_sealing[];

/* Version 7 (schema_pack.c). */
extern const char *const schema_pack[];

/* Version 8 (schema_loss.c). */
extern const char *const schema_loss[];

/*
 * Bring a file to `count` migrations of the list, in one transaction.  An
 * empty file becomes a catalog.  ERROR_INPUT: no hikae catalog; ERROR_VERSION:
 * it has seen more migrations than there are.
 */
int schema_migrate(struct sql *sql, const char *const *const *migrations,
    unsigned count, struct error *err) ERROR_CHECKED;

/* Whether schema_migrate can take the file; writes nothing.  Errors as above.
 */
int schema_check_writable(struct sql *sql, struct error *err) ERROR_CHECKED;

/*
 * Check a file that is only read.  Errors as above; ERROR_UNAVAILABLE where it
 * is older.
 */
int schema_check(struct sql *sql, struct error *err) ERROR_CHECKED;

#endif
