/*
 * clinic: one system, one medium, one source, for tests of judge and output.
 *
 * As entries: a refused entry stops the test.
 */
#ifndef HIKAE_TESTS_JUDGE_CLINIC_H
#define HIKAE_TESTS_JUDGE_CLINIC_H

#include "tests/unit/store/entries.h"

#define GENERATION "ehr@20261121T020000+0900"
#define DAY (24 * HOUR)

__attribute__((unused)) static void
add_origin(struct catalog *catalog)
{
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss}", "type", "origin",
	    "facility", "みなと病院", "origin", ORIGIN, "daemon_key", KEY_LINE,
	    "facility_key", KEY_LINE_2);
}

/* Of an installation that signs with a key of its own, made here. */
__attribute__((unused)) static void
add_signed_origin(struct catalog *catalog, struct signature_secret *ret_secret,
    struct signature_public *ret_public)
{
	struct bytes file = BYTES_EMPTY;
	char *line;

	signature_generate(ret_secret);
	signature_public_of(ret_secret, ret_public);
	signature_public_encode(ret_public, &file);
	bytes_append_u8(&file, 0);
	line = strchr((char *)file.data, '\n') + 1;
	line[strcspn(line, "\n")] = '\0';
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss}", "type", "origin",
	    "facility", "x", "origin", ORIGIN, "daemon_key", line);
	bytes_done(&file);
}

/* One system, one medium, one source: what is whole once it is filled. */
__attribute__((unused)) static void
add_clinic(struct catalog *catalog, const char *offline)
{
	json_t *medium = json_pack("{ss ss sI}", "id", "nas1", "kind", "nas",
	    "coverage_ms", (json_int_t)(30 * DAY));

	if (offline != NULL)
		(void)json_object_set_new(
		    medium, "offline", json_string(offline));
	add_origin(catalog);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}] s[o] s[{ss ss ss ss}]}", "type",
	    "config", "sha256", DIGEST_A, "systems", "id", "ehr", "kind", "ehr",
	    "interval_ms", (int)DAY, "grace_ms", (int)(2 * HOUR),
	    "generations_min", 1, "media", medium, "sources", "id", "ehr-nas",
	    "system", "ehr", "medium", "nas1", "layout", "directory");
}

__attribute__((unused)) static void
add_scan(struct catalog *catalog, int64_t at, const char *result)
{
	ADD(catalog, at, NULL, "{ss ss ss si}", "type", "scan", "source",
	    "ehr-nas", "result", result, "candidates", 1);
}

__attribute__((unused)) static void
add_run_end(struct catalog *catalog, int64_t at, uint64_t run,
    const char *outcome, const char *canary)
{
	ADD(catalog, at, NULL, "{ss ss sI ss ss si si s{si si si}}", "type",
	    "run", "event", "end", "run", (json_int_t)run, "outcome", outcome,
	    "canary", canary, "bytes", 600, "bytes_read", 600, "slices",
	    "intact", 3, "damaged", 0, "undetermined", 0);
}

/* A clinic where everything was done; the manifest of its only copy. */
__attribute__((unused)) static uint64_t
add_good_clinic(struct catalog *catalog, const char *offline)
{
	uint64_t copy, manifest, run;

	add_clinic(catalog, offline);
	add_scan(catalog, DAY_ONE, "ok");
	copy = add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	manifest = add_captured(catalog, DAY_ONE, copy, 1);
	run = add_run(catalog, DAY_ONE);
	for (int i = 0; i < 3; i++)
		add_slice(catalog, DAY_ONE, manifest, i, run, "intact");
	add_run_end(catalog, DAY_ONE, run, "done", "reported");
	return manifest;
}

/* "doubt:WHY": nobody can say that it is the medium; false: another word. */
__attribute__((unused)) static bool
add_doubt(
    struct catalog *catalog, int64_t at, const char *medium, const char *word)
{
	if (strncmp(word, "doubt:", 6) != 0)
		return false;
	ADD(catalog, at, NULL, "{ss ss ss ss ss sb}", "type", "medium", "event",
	    "state", "medium", medium, "state", "unknown", "reason", word + 6,
	    "in_reach", 1);
	return true;
}

#endif
