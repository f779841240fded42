/*
 * compliance_rules: what follows for one row from what was gathered.
 *
 * Layer 6, internal to compliance.
 */
#ifndef HIKAE_JUDGE_COMPLIANCE_RULES_H
#define HIKAE_JUDGE_COMPLIANCE_RULES_H

#include "lib/judge/compliance.h"

/* What a row is judged by, besides what it holds already. */
struct compliance_facts {
	int64_t max_undetermined_ms;
	bool has_systems; /* any, in the whole facility */
	bool has_source;  /* the row's system; true for the facility */
};

/* Whether a value satisfies a check. */
enum compliance_state compliance_rules_check(
    const struct requirement_check *check, const struct measure_value *value,
    int64_t max_undetermined_ms);

/* Set state, reason and check of a row. */
void compliance_rules_apply(
    struct compliance_row *row, const struct compliance_facts *facts);

/* The exit status that a row in force stands for. */
enum verdict_exit compliance_rules_exit(const struct compliance_row *row);

#endif
