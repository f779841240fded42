/*
 * drilling: drills of a hospital's copy, ended and signed.
 */
#ifndef HIKAE_TESTS_JUDGE_DRILLING_H
#define HIKAE_TESTS_JUDGE_DRILLING_H

#include "tests/unit/store/hospital.h"

#include "lib/store/journal.h"

#define DAY (24 * HOUR)

/* A captured copy of ehr, the ground for drills. */
__attribute__((unused)) static uint64_t
add_copy(void)
{
	uint64_t copy =
	    add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");

	(void)add_captured(catalog, DAY_ONE, copy, 1);
	return copy;
}

__attribute__((unused)) static void
end_drill(uint64_t drill, int64_t at, const char *outcome, int check_ms)
{
	ADD(catalog, at, NULL, "{ss ss sI ss si si si si si}", "type", "drill",
	    "event", "end", "drill", (json_int_t)drill, "outcome", outcome,
	    "files", 5, "bytes", 600, "medium_ms", 0, "restore_ms", 100,
	    "check_ms", check_ms);
}

/* NULL: it goes on. */
__attribute__((unused)) static uint64_t
add_timed(uint64_t copy, int64_t at, const char *outcome, int check_ms)
{
	uint64_t drill = 0;

	ADD(catalog, at, &drill, "{ss ss sI ss si si si}", "type", "drill",
	    "event", "begin", "copy", (json_int_t)copy, "operator", "Sato",
	    "share_ppm", 1000000, "files_total", 5, "bytes_total", 600);
	if (outcome != NULL)
		end_drill(drill, at, outcome, check_ms);
	return drill;
}

__attribute__((unused)) static uint64_t
add_drill(uint64_t copy, int64_t at, const char *outcome)
{
	return add_timed(copy, at, outcome, 5);
}

__attribute__((unused)) static void
sign(uint64_t drill, int64_t at, const char *improvement)
{
	json_t *entry = json_pack("{ss ss sI ss ss}", "type", "drill", "event",
	    "signed", "drill", (json_int_t)drill, "by", "Suzuki", "observation",
	    "as expected");
	uint64_t seq;

	if (improvement != NULL) {
		(void)json_object_set_new(
		    entry, "improvement", json_string(improvement));
		(void)json_object_set_new(
		    entry, "due", json_integer(at + 10 * DAY));
	}
	if (journal_append(catalog, entry, at, &seq, &err) != 0)
		fail_msg("%s", err.text);
}

#endif
