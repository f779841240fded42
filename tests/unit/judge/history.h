/*
 * history: a clinic with several media, and what is recorded of them.
 *
 * As clinic: what is refused stops the test.  One system "ehr" has a source on
 * each medium, which is called "ehr-MEDIUM".
 */
#ifndef HIKAE_TESTS_JUDGE_HISTORY_H
#define HIKAE_TESTS_JUDGE_HISTORY_H

#include <stdlib.h>

#include "tests/unit/judge/clinic.h"

struct history_medium {
	const char *id, *kind, *offline;
	bool is_offsite;
	int64_t max_attached_ms, coverage_ms; /* 0: none, 30 days */
};

/* Entries 0 and 1: the origin and the configuration. */
__attribute__((unused)) static void
add_media(struct catalog *catalog, const struct history_medium *media,
    size_t count, int generations_min)
{
	json_t *list = json_array(), *sources = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *medium = json_pack("{ss ss sI sb}", "id", media[i].id,
		    "kind", media[i].kind, "coverage_ms",
		    (json_int_t)(media[i].coverage_ms == 0
				     ? 30 * DAY
				     : media[i].coverage_ms),
		    "offsite", (int)media[i].is_offsite);
		char id[64];

		(void)snprintf(id, sizeof(id), "ehr-%s", media[i].id);
		if (media[i].offline != NULL)
			(void)json_object_set_new(
			    medium, "offline", json_string(media[i].offline));
		if (media[i].max_attached_ms != 0)
			(void)json_object_set_new(medium, "max_attached_ms",
			    json_integer(media[i].max_attached_ms));
		(void)json_array_append_new(list, medium);
		(void)json_array_append_new(sources,
		    json_pack("{ss ss ss ss}", "id", id, "system", "ehr",
			"medium", media[i].id, "layout", "directory"));
	}
	add_origin(catalog);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s{ss sI sI sI sI} s[{ss ss sI si si si}] so so}", "type",
	    "config", "sha256", DIGEST_A, "facility", "kind", "hospital",
	    "offline_verified_ms", (json_int_t)(35 * DAY),
	    "offline_attested_ms", (json_int_t)(100 * DAY),
	    "max_undetermined_ms", (json_int_t)(3 * DAY), "clock_ahead_ms",
	    (json_int_t)(2 * HOUR), "systems", "id", "ehr", "kind", "ehr",
	    "interval_ms", (json_int_t)DAY, "grace_ms", (int)(2 * HOUR),
	    "generations_min", generations_min, "recovery_order", 1, "media",
	    list, "sources", sources);
}

__attribute__((unused)) static void
add_scan_of(
    struct catalog *catalog, int64_t at, const char *medium, const char *result)
{
	char id[64];

	(void)snprintf(id, sizeof(id), "ehr-%s", medium);
	ADD(catalog, at, NULL, "{ss ss ss si}", "type", "scan", "source", id,
	    "result", result, "candidates", 1);
}

/* disks: NULL, where they are not known. */
__attribute__((unused)) static void
add_state(struct catalog *catalog, int64_t at, const char *medium,
    const char *state, bool in_reach, const char *disks)
{
	json_t *entry =
	    json_pack("{ss ss ss ss sb}", "type", "medium", "event", "state",
		"medium", medium, "state", state, "in_reach", (int)in_reach);

	if (disks != NULL)
		(void)json_object_set_new(
		    entry, "observed", json_pack("{ss}", "disks", disks));
	if (journal_append(catalog, entry, at, NULL, &entry_error) != 0)
		fail_msg("%s", entry_error.text);
}

__attribute__((unused)) static void
add_protection(struct catalog *catalog, int64_t at, const char *medium,
    const char *method, const char *result)
{
	ADD(catalog, at, NULL, "{ss ss ss ss ss}", "type", "medium", "event",
	    "protection", "medium", medium, "method", method, "result", result);
}

/* What was seen of the device's own switch. */
__attribute__((unused)) static void
add_switch(
    struct catalog *catalog, int64_t at, const char *medium, const char *result)
{
	add_protection(catalog, at, medium, "device-read-only", result);
}

/* A copy that was captured, and read again at once. */
__attribute__((unused)) static uint64_t
add_copy(struct catalog *catalog, int64_t at, const char *generation,
    int64_t taken_at, const char *medium)
{
	uint64_t copy = 0, manifest, run;
	char source[64];

	(void)snprintf(source, sizeof(source), "ehr-%s", medium);
	ADD(catalog, at, &copy, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", generation, "system", "ehr", "medium", medium,
	    "source", source, "layout", "directory", "taken_at",
	    (json_int_t)taken_at, "time_from", "name", "subject", DIGEST_A);
	manifest = add_captured(catalog, at, copy, 1);
	run = add_run(catalog, at);
	for (int i = 0; i < 3; i++)
		add_slice(catalog, at, manifest, i, run, "intact");
	add_run_end(catalog, at, run, "done", "reported");
	return copy;
}

__attribute__((unused)) static void
add_attestation(struct catalog *catalog, int64_t at, const char *requirement,
    const char *document, int64_t until)
{
	json_t *entry = json_pack("{ss ss ss ss sI}", "type", "attestation",
	    "event", "made", "requirement", requirement, "by", "控 太郎",
	    "until", (json_int_t)until);

	if (document != NULL)
		(void)json_object_set_new(entry, "document",
		    json_pack("{ss ss si}", "kind", document, "sha256",
			DIGEST_A, "bytes", 9));
	if (journal_append(catalog, entry, at, NULL, &entry_error) != 0)
		fail_msg("%s", entry_error.text);
}

__attribute__((unused)) static void
add_record(
    struct catalog *catalog, int64_t at, const char *medium, const char *result)
{
	ADD(catalog, at, NULL, "{ss ss ss ss s{}}", "type", "medium", "event",
	    "record", "medium", medium, "result", result, "detail");
}

#endif
