/*
 * catalog: the database of what is known, and the journal inside it.
 *
 * Layer 5.  Uses: base, os, crypto, format/json.  Owns: catalog.db.
 *
 * Written only by journal entries (journal.h), by openings (below) and by texts
 * of requirements (pack.h); read by the query_* headers.  One writer (the
 * daemon), any number of readers.  No function here waits longer than
 * CATALOG_BUSY_MS for another process.
 *
 * Errors common to all: ERROR_UNAVAILABLE, another process holds the lock;
 * ERROR_NO_SPACE; ERROR_DENIED, read-only; ERROR_IO; ERROR_INPUT, the file is
 * damaged; ERROR_INTERNAL, no memory or misuse.
 */
#ifndef HIKAE_STORE_CATALOG_H
#define HIKAE_STORE_CATALOG_H

#include "lib/base/bytes.h"

#define CATALOG_BUSY_MS 200

/* Bytes of a subject as text, with its NUL. */
#define CATALOG_SUBJECT_BYTES 65

struct catalog;

enum catalog_mode {
	CATALOG_WRITE,	   /* create or migrate; the daemon alone */
	CATALOG_READ,	   /* beside a writer; must be of this version */
	CATALOG_IMMUTABLE, /* nobody writes it, nor may (a rescued file) */
};

struct catalog_options {
	enum catalog_mode mode;
};

/* A state of the catalog: after the entry seq, and before the next. */
struct catalog_at {
	uint64_t seq;
};
#define CATALOG_NOW ((struct catalog_at){UINT64_MAX})

/*
 * Open.  ERROR_NOT_FOUND: no such file; ERROR_INPUT: no hikae catalog, or
 * damaged; ERROR_VERSION: written by a newer hikae; ERROR_UNAVAILABLE also for
 * an older one that is not opened for writing, and for CATALOG_IMMUTABLE where
 * a write-ahead log with unmerged changes stands beside the file.
 */
int catalog_open(const char *path, const struct catalog_options *options,
    struct catalog **ret_catalog, struct error *err) ERROR_CHECKED;

/* Rolls back what was not committed.  NULL is allowed. */
void catalog_close(struct catalog *catalog);

/*
 * Transactions: at most one, short, never across a wait.  A reader's is one
 * consistent view, ended by rollback.  After a failed commit nothing of it
 * happened.  Rollback without a transaction does nothing.
 */
int catalog_begin(struct catalog *catalog, struct error *err) ERROR_CHECKED;
int catalog_commit(struct catalog *catalog, struct error *err) ERROR_CHECKED;
void catalog_rollback(struct catalog *catalog);

/*
 * Read the whole file, indexes against their tables too; ERROR_INPUT where it
 * is damaged.  Slow.
 */
int catalog_check(struct catalog *catalog, struct error *err) ERROR_CHECKED;

/*
 * Write a copy as one file that needs no write-ahead log, durable at return;
 * path is replaced.  Not within a transaction.  Takes as long as the catalog
 * is large: for a reader's process.
 */
int catalog_backup(
    struct catalog *catalog, const char *path, struct error *err) ERROR_CHECKED;

/*
 * Replay the journal into a new catalog at path (ERROR_EXISTS where there is
 * one), with its checkpoints, openings and texts of requirements.
 */
int catalog_rebuild(
    struct catalog *from, const char *path, struct error *err) ERROR_CHECKED;

/*
 * Compare all tables.  *ret_difference is empty where they are equal, else the
 * name of the first table that differs; it belongs to the caller.
 */
int catalog_compare(struct catalog *a, struct catalog *b,
    struct bytes *ret_difference, struct error *err) ERROR_CHECKED;

/* The same without what does not follow from entries, and without those. */
int catalog_compare_rows(struct catalog *a, struct catalog *b,
    struct bytes *ret_difference, struct error *err) ERROR_CHECKED;

/*
 * The subject by which journal entries name a path (or any other name): the
 * HMAC-SHA-256 of a nonce and the path.  Both are kept as the opening; the
 * same path always has the same subject.  Within a transaction.
 */
int catalog_put_name(struct catalog *catalog, const void *path, size_t length,
    char ret_subject[CATALOG_SUBJECT_BYTES], struct error *err) ERROR_CHECKED;

/*
 * A subject whose opening was lost stands for this path again.  Its nonce stays
 * lost, and is empty: nobody can check the subject any more.  ERROR_EXISTS: the
 * path has another subject.  Within a transaction.
 */
int catalog_adopt_name(struct catalog *catalog, const char *subject,
    const void *path, size_t length, struct error *err) ERROR_CHECKED;

/* Append the path that a subject stands for.  ERROR_NOT_FOUND. */
int catalog_get_name(struct catalog *catalog, const char *subject,
    struct bytes *out, struct error *err) ERROR_CHECKED;

/* The same for the nonce: with it, somebody can check the subject. */
int catalog_get_nonce(struct catalog *catalog, const char *subject,
    struct bytes *out, struct error *err) ERROR_CHECKED;

#endif
