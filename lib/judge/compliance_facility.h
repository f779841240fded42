/*
 * compliance_facility: what is known about the facility and its systems.
 *
 * Layer 6, internal to compliance.
 */
#ifndef HIKAE_JUDGE_COMPLIANCE_FACILITY_H
#define HIKAE_JUDGE_COMPLIANCE_FACILITY_H

#include "lib/judge/compliance.h"

struct compliance_system {
	char id[COMPLIANCE_ID_BYTES];
	unsigned int kind; /* a bit of config_system_kind */
	bool has_source;
	unsigned int offline; /* bits of config_offline of its media */
	/* Each measure at most once. */
	bool is_taken[MEASURES];
	struct measure_value values[MEASURES];
};

struct compliance_facility {
	const struct compliance_request *request;
	struct compliance *compliance;
	struct measure_context *measures;
	struct compliance_system *systems; /* [0] is the facility */
	size_t count;
	unsigned int kind; /* a bit of config_facility_kind; 0: not known */
	int64_t beds;	   /* -1: not known */
	char fees[COMPLIANCE_NAME_BYTES]; /* words with one space between */
	int64_t max_undetermined_ms;
};

/* Gather all but the measures, which are taken one by one. */
int compliance_facility_gather(struct compliance_facility *facility,
    const struct compliance_request *request, struct compliance *compliance,
    struct error *err) ERROR_CHECKED;

/* Also after a failure. */
void compliance_facility_done(struct compliance_facility *facility);

/* What was stated about a requirement. */
int compliance_facility_state(const struct compliance_facility *facility,
    const struct requirement *requirement,
    struct compliance_statement *ret_statement,
    struct error *err) ERROR_CHECKED;

/* Why a requirement has no row in the whole facility, or ALL_THERE. */
enum compliance_reason compliance_facility_omits(
    const struct compliance_facility *facility,
    const struct requirement *requirement,
    const struct compliance_statement *statement);

/* A measure of a system, or of the facility ([0]). */
int compliance_facility_take(struct compliance_facility *facility,
    struct compliance_system *system, enum measure measure,
    struct measure_value *ret, struct error *err) ERROR_CHECKED;

#endif
