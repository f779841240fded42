/*
 * inspect_internal: what the formats' files share.
 *
 * Layer 3, internal to inspect.
 */
#ifndef HIKAE_INSPECT_INSPECT_INTERNAL_H
#define HIKAE_INSPECT_INSPECT_INTERNAL_H

#include "lib/inspect/inspect_set_internal.h"

struct inspect {
	const struct inspect_type *type;
	const char *path;
	struct inspect_report report;
	void *state;		 /* of the type, all zero at the beginning */
	struct inspect_set *set; /* or NULL */
	uint32_t who;		 /* in the set, once it names a file */
	bool is_naming;		 /* files that nobody looks for: no set */
};

/* A format: one file, one of these. */
struct inspect_type {
	const char *name;
	size_t state_bytes;
	bool (*is_it)(const char *path, const uint8_t *head, size_t length);
	/* NULL: nothing to do. */
	void (*begin)(struct inspect *inspect);
	void (*push)(
	    struct inspect *inspect, const uint8_t *data, size_t length);
	void (*end)(struct inspect *inspect);
	void (*done)(struct inspect *inspect); /* free what state owns */
};

extern const struct inspect_type inspect_dicom, inspect_fhir, inspect_pgdump,
    inspect_pgtar, inspect_sql, inspect_sqlite, inspect_ssmix2, inspect_stream,
    inspect_uke;

/* Note a finding; beyond INSPECT_FINDINGS_MAX it is only counted. */
void inspect_find(struct inspect *inspect, enum inspect_severity severity,
    enum inspect_code code, uint64_t offset);
void inspect_find_numbers(struct inspect *inspect,
    enum inspect_severity severity, enum inspect_code code, uint64_t expected,
    uint64_t actual);
void inspect_report_add(
    struct inspect_report *report, struct inspect_finding finding);

/* What is said of a part of it is said of the whole. */
void inspect_adopt(struct inspect *inspect, const struct inspect_report *part);

/* Add to a count; the name is static. */
void inspect_count(struct inspect *inspect, const char *name, uint64_t number);

/* It names a file, by a path from its own folder. */
void inspect_name_file(struct inspect *inspect, enum inspect_link link,
    const char *name, size_t length);

/* Show what is printable of a text, once. */
void inspect_sample(struct inspect *inspect, const void *text, size_t length);

/* The last component of the path; "" where it ends in a slash. */
const char *inspect_name(const char *path);
/* Whether the path ends so, without regard to ASCII case. */
bool inspect_ends(const char *path, const char *suffix);
/* Whether the head begins so. */
bool inspect_begins(const uint8_t *head, size_t length, const char *text);

#endif
