/*
 * quarter: a hundred days of a hospital, for the tests of the report.
 *
 * Two systems.  The records' generations come each night to a NAS, where they
 * are kept for 30 days, and each Sunday for three hours to a disk that else
 * lies in another building.  On day 70 a copy is found damaged, on days 80 to
 * 82 hikaed does not run, on day 60 a drill is made and signed.
 *
 * As entries: a refused entry stops the test.
 */
#ifndef HIKAE_TESTS_OUTPUT_QUARTER_H
#define HIKAE_TESTS_OUTPUT_QUARTER_H

#include "lib/base/date.h"
#include "tests/unit/output/quarter_facility.h"

#define QUARTER_DAYS 100
#define QUARTER_DAMAGE 70
#define QUARTER_SILENT 80
#define QUARTER_DRILL 60
#define QUARTER_KEPT 30
/* Noon of the last day. */
#define QUARTER_END (DAY_ONE + (QUARTER_DAYS - 1) * DAY + 12 * HOUR)

QUARTER static const char *
quarter_generation(int day)
{
	static char id[64];
	char time[DATE_TEXT_BYTES];

	(void)snprintf(id, sizeof(id), "ehr@%s",
	    date_format_compact(DAY_ONE + day * DAY + HOUR, time));
	return id;
}

/* Taken at one in the morning; captured and read again at `at`. */
QUARTER static uint64_t
add_quarter_copy(
    struct catalog *catalog, int day, int64_t at, bool is_usb, bool is_damaged)
{
	uint64_t copy = 0, manifest, run;

	ADD(catalog, at, &copy, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", quarter_generation(day), "system", "ehr", "medium",
	    is_usb ? "usb1" : "nas1", "source", is_usb ? "ehr-usb" : "ehr-nas",
	    "layout", is_usb ? "directory" : "archive", "taken_at",
	    DAY_ONE + day * DAY + HOUR, "time_from", "name", "subject",
	    DIGEST_A);
	manifest = add_captured(catalog, at, copy, 1);
	run = add_run(catalog, at);
	for (int i = 0; i < 3; i++)
		add_slice(catalog, at, manifest, i, run,
		    is_damaged && i == 1 ? "damaged" : "intact");
	ADD(catalog, at, NULL, "{ss ss sI ss ss si si s{si si si}}", "type",
	    "run", "event", "end", "run", (json_int_t)run, "outcome", "done",
	    "canary", "reported", "bytes", 600, "bytes_read", 600, "slices",
	    "intact", is_damaged ? 2 : 3, "damaged", is_damaged ? 1 : 0,
	    "undetermined", 0);
	return copy;
}

QUARTER static void
add_quarter_state(
    struct catalog *catalog, int64_t at, const char *medium, bool is_here)
{
	ADD(catalog, at, NULL, "{ss ss ss ss sb s{ss}}", "type", "medium",
	    "event", "state", "medium", medium, "state",
	    is_here ? "mounted" : "absent", "in_reach", is_here, "observed",
	    "disks", medium);
}

QUARTER static void
add_quarter_scan(struct catalog *catalog, int64_t at, bool is_usb, bool is_here)
{
	ADD(catalog, at, NULL, "{ss ss ss si}", "type", "scan", "source",
	    is_usb ? "ehr-usb" : "ehr-nas", "result", is_here ? "ok" : "absent",
	    "candidates", 1);
}

QUARTER static void
add_quarter_drill(struct catalog *catalog, int64_t at, uint64_t copy)
{
	uint64_t drill = 0;

	ADD(catalog, at, &drill, "{ss ss sI ss si si si}", "type", "drill",
	    "event", "begin", "copy", (json_int_t)copy, "operator", "Sato",
	    "share_ppm", 1000000, "files_total", 5, "bytes_total", 600);
	ADD(catalog, at + 2 * HOUR, NULL, "{ss ss sI ss si si si si si}",
	    "type", "drill", "event", "end", "drill", (json_int_t)drill,
	    "outcome", "passed", "files", 5, "bytes", 600, "medium_ms", 0,
	    "restore_ms", 7200000, "check_ms", 600000);
	ADD(catalog, at + 3 * HOUR, NULL, "{ss ss sI ss ss}", "type", "drill",
	    "event", "signed", "drill", (json_int_t)drill, "by", "Suzuki & <b>",
	    "observation", "as expected");
}

/* The seventh of each seven days: the disk comes, and goes after 3 hours. */
QUARTER static void
add_quarter_sunday(struct catalog *catalog, int day)
{
	int64_t at = DAY_ONE + day * DAY + 9 * HOUR;

	add_quarter_state(catalog, at, "usb1", true);
	add_quarter_scan(catalog, at, true, true);
	(void)add_quarter_copy(catalog, day, at + HOUR, true, false);
	ADD(catalog, at + 3 * HOUR, NULL, "{ss ss ss ss s{}}", "type", "medium",
	    "event", "record", "medium", "usb1", "result", "detached",
	    "detail");
	add_quarter_state(catalog, at + 3 * HOUR, "usb1", false);
}

/* All of it. */
QUARTER static void
add_quarter(struct catalog *catalog, const char *facility)
{
	uint64_t copies[QUARTER_DAYS] = {0};

	add_quarter_configuration(catalog, facility);
	add_quarter_state(catalog, DAY_ONE, "nas1", true);
	for (int day = 0; day < QUARTER_DAYS; day++) {
		int64_t at = DAY_ONE + day * DAY + 2 * HOUR;

		if (day >= QUARTER_SILENT && day < QUARTER_SILENT + 3)
			continue;
		add_quarter_scan(catalog, at, false, true);
		copies[day] = add_quarter_copy(
		    catalog, day, at, false, day == QUARTER_DAMAGE);
		if (day >= QUARTER_KEPT && copies[day - QUARTER_KEPT] != 0)
			ADD(catalog, at, NULL, "{ss ss sI ss}", "type", "copy",
			    "event", "expired", "copy",
			    (json_int_t)copies[day - QUARTER_KEPT], "reason",
			    "retention");
		if (day % 7 == 6)
			add_quarter_sunday(catalog, day);
		if (day == QUARTER_DRILL)
			add_quarter_drill(catalog, at + 6 * HOUR, copies[day]);
	}
}

#endif
