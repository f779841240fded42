/*
 * entries: a small hospital's journal entries, for the tests of this folder.
 *
 * Functions that append take a catalog in a transaction and stop the test
 * where the entry is refused.
 */
#ifndef HIKAE_TESTS_STORE_ENTRIES_H
#define HIKAE_TESTS_STORE_ENTRIES_H

#include "lib/store/journal.h"
#include "tests/unit/store/folder.h"

#define DIGEST_A \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_LINE "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
#define KEY_LINE_2 "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO4"
#define ORIGIN "hikae/seaside/0123456789abcdef"

/* 2026-11-21T00:00:00Z */
#define DAY_ONE INT64_C(1795219200000)
#define HOUR INT64_C(3600000)

__attribute__((unused)) static struct error entry_error;

/* Append what a jansson format builds; -1 where it is refused. */
#define TRY(catalog, at, ret_seq, ...) \
	journal_append(                \
	    catalog, json_pack(__VA_ARGS__), at, ret_seq, &entry_error)

#define ADD(catalog, at, ret_seq, ...)                           \
	do {                                                     \
		if (TRY(catalog, at, ret_seq, __VA_ARGS__) != 0) \
			fail_msg("%s", entry_error.text);        \
	} while (0)

__attribute__((unused)) static void
begin(struct catalog *catalog)
{
	if (catalog_begin(catalog, &entry_error) != 0)
		fail_msg("%s", entry_error.text);
}

__attribute__((unused)) static void
commit(struct catalog *catalog)
{
	if (catalog_commit(catalog, &entry_error) != 0)
		fail_msg("%s", entry_error.text);
}

/* Origin and configuration: 2 entries, two systems, two media. */
__attribute__((unused)) static void
add_hospital(struct catalog *catalog)
{
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss}", "type", "origin",
	    "facility", "みなと病院", "origin", ORIGIN, "daemon_key", KEY_LINE,
	    "facility_key", KEY_LINE_2);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}{ss ss si si si}]"
	    " s[{ss ss sI}{ss ss ss}]"
	    " s[{ss ss ss ss}{ss ss ss ss}{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "id", "ehr",
	    "kind", "ehr", "interval_ms", 86400000, "grace_ms", 7200000,
	    "generations_min", 3, "id", "pacs", "kind", "imaging",
	    "interval_ms", 86400000, "grace_ms", 0, "generations_min", 1,
	    "media", "id", "nas1", "kind", "nas", "coverage_ms", 30 * 24 * HOUR,
	    "id", "usb1", "kind", "disk", "offline", "detached", "sources",
	    "id", "ehr-nas", "system", "ehr", "medium", "nas1", "layout",
	    "directory", "id", "ehr-usb", "system", "ehr", "medium", "usb1",
	    "layout", "archive", "id", "pacs-nas", "system", "pacs", "medium",
	    "nas1", "layout", "tree");
}

__attribute__((unused)) static uint64_t
add_seen(struct catalog *catalog, int64_t at, const char *generation,
    const char *system, const char *medium, const char *source)
{
	uint64_t seq = 0;

	ADD(catalog, at, &seq, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", generation, "system", system, "medium", medium,
	    "source", source, "layout", "directory", "taken_at", DAY_ONE,
	    "time_from", "name", "subject", DIGEST_A);
	return seq;
}

/* Three slices of 100, 200 and 300 bytes. */
__attribute__((unused)) static uint64_t
add_captured(struct catalog *catalog, int64_t at, uint64_t copy, int version)
{
	uint64_t seq = 0;

	ADD(catalog, at, &seq,
	    "{ss sI si ss si si si si ss sI ss si s[[iiii][iiii][iiii]]}",
	    "type", "captured", "copy", (json_int_t)copy, "version", version,
	    "manifest_sha256", DIGEST_A, "entries", 7, "files", 5, "bytes", 600,
	    "bytes_read", 600, "content", DIGEST_A, "oldest_reading", at,
	    "mode", "direct-local", "problems", 0, "slices", 50, 40, 3, 100, 90,
	    40, 2, 200, 130, 40, 2, 300);
	return seq;
}

__attribute__((unused)) static uint64_t
add_run(struct catalog *catalog, int64_t at)
{
	uint64_t seq = 0;

	ADD(catalog, at, &seq, "{ss ss ss ss ss}", "type", "run", "event",
	    "begin", "trigger", "coverage", "level", "full", "medium", "nas1");
	return seq;
}

/* The slice's bytes are read now; where that is undetermined, not at all. */
__attribute__((unused)) static void
add_slice(struct catalog *catalog, int64_t at, uint64_t manifest, int slice,
    uint64_t run, const char *verdict)
{
	int bytes_read = strcmp(verdict, "undetermined") == 0 ? 0 : 300;

	ADD(catalog, at, NULL, "{ss sI si sI ss ss sI si si ss si}", "type",
	    "slice", "manifest", (json_int_t)manifest, "slice", slice, "run",
	    (json_int_t)run, "verdict", verdict, "level", "full", "read_at", at,
	    "bytes", 300, "bytes_read", bytes_read, "mode", "direct-local",
	    "findings", 0);
}

#endif
