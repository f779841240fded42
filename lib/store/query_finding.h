/*
 * query_finding: findings, runs and other events.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h.
 */
#ifndef HIKAE_STORE_QUERY_FINDING_H
#define HIKAE_STORE_QUERY_FINDING_H

#include "lib/store/query.h"

/* What a finding is about: texts may be NULL, numbers 0. */
struct query_finding {
	uint64_t id;
	const char *code, *verdict, *severity;
	bool is_open;
	uint64_t copy, manifest;
	int64_t slice; /* -1: none */
	/* Those of the copy too, where one is named. */
	const char *generation, *system, *medium, *source;
	const char *subject;   /* for catalog_get_name */
	const char *detail;    /* a JSON object of integers and words */
	const char *reason;    /* why it was closed */
	const char *by, *note; /* who accepted it, and why; or NULL */
	uint64_t times;	       /* how often it was found */
	uint64_t last_seq;
	int64_t opened_at, last_at; /* last_at: found again, or closed */
};
typedef int query_finding_fn(
    const struct query_finding *row, void *context, struct error *err);

/* What is set must match. */
struct query_finding_filter {
	bool only_open;
	uint64_t finding, copy;
	const char *code, *system, *generation, *medium, *source, *subject;
	uint64_t limit; /* 0: all */
};

/* Newest first.  filter may be NULL for all that ever were. */
int query_findings(struct catalog *catalog, struct catalog_at at,
    const struct query_finding_filter *filter, query_finding_fn *each,
    void *context, struct error *err) ERROR_CHECKED;

/* A file that a finding about a whole copy names. */
struct query_file {
	const char *kind;    /* only-here, only-other, differs */
	const char *subject; /* for catalog_get_name */
};
typedef int query_file_fn(
    const struct query_file *row, void *context, struct error *err);

/* Those of the last time that it was found, in manifest order. */
int query_finding_files(struct catalog *catalog, struct catalog_at at,
    uint64_t finding, query_file_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

struct query_run {
	uint64_t id;
	const char *trigger, *level;
	/* What was asked for; NULL or 0: not limited by it. */
	const char *system, *medium, *source, *generation;
	uint64_t copy;
	int64_t began_at;
	bool is_ended;
	uint64_t end_seq;
	int64_t ended_at;    /* or QUERY_NEVER */
	const char *outcome; /* done, cancelled, failed, lost */
	const char *canary;  /* reported, missed, not-run */
	uint64_t bytes, bytes_read, intact, damaged, undetermined;
};
typedef int query_run_fn(
    const struct query_run *row, void *context, struct error *err);

struct query_run_filter {
	bool only_open; /* leave out ended ones */
	uint64_t limit; /* at most so many; 0: all */
};

/* Newest first. */
int query_runs(struct catalog *catalog, struct catalog_at at,
    const struct query_run_filter *filter, query_run_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* A comparison of a generation's copies. */
struct query_match {
	uint64_t seq;
	const char *generation, *result;
	uint64_t copy; /* one row for each copy that was compared */
	int64_t at;
};
typedef int query_match_fn(
    const struct query_match *row, void *context, struct error *err);

/* The newest comparison of a generation; no row where there is none. */
int query_matches(struct catalog *catalog, struct catalog_at at,
    const char *generation, query_match_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* A daemon's life: from start to stop. */
struct query_service {
	uint64_t start_seq, stop_seq;	/* stop_seq 0: runs, or was killed */
	const char *software, *sandbox; /* sandbox: a JSON object */
	const char *reason;		/* of the stop */
	int64_t started_at, stopped_at; /* or QUERY_NEVER */
};
typedef int query_service_fn(
    const struct query_service *row, void *context, struct error *err);

/* Newest first, at most limit (0: all). */
int query_services(struct catalog *catalog, struct catalog_at at,
    uint64_t limit, query_service_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

struct query_clock_event {
	uint64_t seq;
	const char *event; /* back, ahead */
	int64_t by_ms, at;
};
typedef int query_clock_event_fn(
    const struct query_clock_event *row, void *context, struct error *err);

/* Newest first, at most limit (0: all). */
int query_clock_events(struct catalog *catalog, struct catalog_at at,
    uint64_t limit, query_clock_event_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

#endif
