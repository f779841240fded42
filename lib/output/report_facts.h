/*
 * report_facts: what a report tells, read and judged once.
 *
 * Layer 7, internal to report.  Uses: report_calendar, judge.
 */
#ifndef HIKAE_OUTPUT_REPORT_FACTS_H
#define HIKAE_OUTPUT_REPORT_FACTS_H

#include "lib/judge/compliance.h"
#include "lib/judge/drills.h"
#include "lib/judge/generations.h"
#include "lib/judge/health.h"
#include "lib/output/report.h"
#include "lib/output/report_calendar.h"

/* Bytes of a bare public key and of an origin, with the NUL. */
#define REPORT_KEY_BYTES 128
#define REPORT_ORIGIN_BYTES 128

struct report_facts {
	const struct report_request *request;
	int64_t now, from; /* the period; now is its end */
	bool is_empty;	   /* nothing was recorded in it */
	struct health *health;
	struct compliance *compliance;
	struct inventory *inventory;
	struct copies *copies;
	struct drills *drills;
	struct report_calendar calendar;
	struct bytes note; /* the newest checkpoint; empty: there is none */
	uint64_t unsigned_entries; /* of those below, that no note covers */
	char origin[REPORT_ORIGIN_BYTES];
	char daemon_key[REPORT_KEY_BYTES], facility_key[REPORT_KEY_BYTES];
};

int report_facts_read(const struct report_request *request,
    struct report_facts *ret_facts, struct error *err) ERROR_CHECKED;

/* Safe after a failure. */
void report_facts_done(struct report_facts *facts);

/* The name that the facility gave it, else the id; "" for "". */
const char *report_facts_system(
    const struct report_facts *facts, const char *id);
const char *report_facts_medium(
    const struct report_facts *facts, const char *id);
const char *report_facts_facility(const struct report_facts *facts);

#endif
