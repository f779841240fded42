/*
 * quarter_facility: what the hospital of quarter.h has.
 *
 * As entries: a refused entry stops the test.
 */
#ifndef HIKAE_TESTS_OUTPUT_QUARTER_FACILITY_H
#define HIKAE_TESTS_OUTPUT_QUARTER_FACILITY_H

#include "tests/unit/judge/clinic.h"

#define QUARTER __attribute__((unused))

/* Entries 0 and 1; a system for images has no source. */
QUARTER static void
add_quarter_configuration(struct catalog *catalog, const char *facility)
{
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss}", "type", "origin",
	    "facility", facility, "origin", ORIGIN, "daemon_key", KEY_LINE,
	    "facility_key", KEY_LINE_2);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s{ss sI sI sI sI}"
	    " s[{ss ss sI si si si sI}{ss ss sI si si}]"
	    " s[{ss ss sI}{ss ss sI ss sb sI}]"
	    " s[{ss ss ss ss}{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "facility", "kind",
	    "hospital", "offline_verified_ms", 35 * DAY, "offline_attested_ms",
	    100 * DAY, "max_undetermined_ms", 3 * DAY, "clock_ahead_ms",
	    2 * HOUR, "systems", "id", "ehr", "kind", "ehr", "interval_ms", DAY,
	    "grace_ms", (int)(2 * HOUR), "generations_min", 5, "recovery_order",
	    1, "recovery_target_ms", 4 * HOUR, "id", "pacs", "kind", "imaging",
	    "interval_ms", DAY, "grace_ms", 0, "generations_min", 1, "media",
	    "id", "nas1", "kind", "nas", "coverage_ms", 30 * DAY, "id", "usb1",
	    "kind", "removable", "coverage_ms", 30 * DAY, "offline", "detached",
	    "offsite", 1, "max_attached_ms", DAY, "sources", "id", "ehr-nas",
	    "system", "ehr", "medium", "nas1", "layout", "archive", "id",
	    "ehr-usb", "system", "ehr", "medium", "usb1", "layout",
	    "directory");
}

#endif
