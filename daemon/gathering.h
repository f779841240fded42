/*
 * gathering: findings of a child, kept until they can be committed together
 * with the verdict that they explain.
 *
 * Uses: ledger, examine.
 */
#ifndef HIKAE_DAEMON_GATHERING_H
#define HIKAE_DAEMON_GATHERING_H

#include "daemon/ledger.h"
#include "lib/examine/examine.h"

/* Findings kept one by one; what is beyond is only counted. */
#define GATHERING_MAX 1000

struct gathered {
	enum finding code;
	char *path; /* ends in NUL; bytes, not text */
	size_t path_length;
	uint64_t expected_size, actual_size, offset;
	int os_errno;
	bool is_isolated;
	/* Of content: see examine_finding. */
	unsigned format, fault;
	bool is_inside;
	uint64_t id; /* in the journal, once committed */
};

struct gathering {
	struct gathered *items;
	size_t count;
	uint64_t omitted;
	uint64_t warnings; /* of that severity, omitted ones too */
};

int gathering_add(struct gathering *gathering,
    const struct examine_finding *finding, struct error *err) ERROR_CHECKED;

/* Forget all; safe on an all-zero one. */
void gathering_clear(struct gathering *gathering);

/*
 * Law 2: a place that could not be read twice, at least an hour apart, with
 * what is around it readable, is no longer undetermined but lost.  Turns such
 * findings into *unreadable*, closes what they were before, and says whether
 * there were any.  Within a transaction.
 */
int gathering_settle(struct gathering *gathering, struct service *service,
    uint64_t copy, bool *ret_has_lost, struct error *err) ERROR_CHECKED;

/*
 * Write each as a finding about that copy; slice -1: none.  The last one's
 * detail has `more`, where some were only counted.
 */
int gathering_commit(struct gathering *gathering, struct service *service,
    uint64_t copy, uint64_t manifest, int64_t slice,
    struct error *err) ERROR_CHECKED;

/* Forget one; the last takes its place. */
void gathering_drop(struct gathering *gathering, size_t index);

/* Whether the finding with that id was committed from here. */
bool gathering_has(const struct gathering *gathering, uint64_t id);

#endif
