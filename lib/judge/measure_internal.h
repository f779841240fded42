/*
 * measure_internal: shared by the sources of measure.
 *
 * Layer 6, internal to measure.  Uses: measure, generations.
 */
#ifndef HIKAE_JUDGE_MEASURE_INTERNAL_H
#define HIKAE_JUDGE_MEASURE_INTERNAL_H

#include "lib/judge/drills.h"
#include "lib/judge/generations.h"
#include "lib/judge/measure.h"

struct measure_of_system {
	struct copies_summary summary;
	struct generations generations;
	bool has_captured; /* a copy, in whatever state it is */
};

struct measure_context {
	struct catalog *catalog;
	struct inventory *inventory;
	struct copies *copies;
	struct drills *drills;
	struct measure_of_system *systems; /* by place */
	enum bounds_answer journal;	   /* whether it is whole */
	const char *journal_reason;	   /* NULL: not looked at yet */
	struct merkle_prefix *known;	   /* the caller's, or NULL */
};

/* Set a value; the reason is static, "" where there is none. */
void measure_set_known(
    struct measure_value *value, int64_t number, const char *reason);
void measure_set_none(struct measure_value *value, const char *reason);
/* Known where the bounds meet; a reason that is kept only where it is not, or
 * is 0. */
void measure_set_bounds(
    struct measure_value *value, struct bounds bounds, const char *reason);
void measure_set_answer(
    struct measure_value *value, enum bounds_answer answer, const char *reason);

/* Name an entry as evidence; 0 is none. */
void measure_cite(struct measure_value *value, uint64_t seq);
/* All that a medium's claim rests on. */
void measure_cite_claim(
    struct measure_value *value, const struct offline_claim *claim);

/*
 * Measures by what they are about.  Value is MEASURE_NONE without a reason
 * before; the system has a generation where it is about one.
 */
void measure_generations_take(const struct measure_context *context,
    enum measure measure, size_t system, struct measure_value *value);
void measure_copies_take(const struct measure_context *context,
    enum measure measure, size_t system, struct measure_value *value);
int measure_bytes_take(const struct measure_context *context,
    enum measure measure, size_t system, struct measure_value *value,
    struct error *err) ERROR_CHECKED;
void measure_restore_take(const struct measure_context *context,
    enum measure measure, size_t system, struct measure_value *value);
int measure_facility_take(struct measure_context *context, enum measure measure,
    struct measure_value *value, struct error *err) ERROR_CHECKED;

/* Whether the journal's leaves are those under its newest signed head. */
int measure_journal_check(
    struct measure_context *context, struct error *err) ERROR_CHECKED;

#endif
