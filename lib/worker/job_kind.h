/*
 * job_kind: the kinds of work, and who does each.
 *
 * Layer 5.  Part of job.
 */
#ifndef HIKAE_WORKER_JOB_KIND_H
#define HIKAE_WORKER_JOB_KIND_H

#include <stdbool.h>

enum job_kind {
	JOB_SCAN,    /* list a source's candidates */
	JOB_CAPTURE, /* write a copy's manifest */
	JOB_VERIFY,  /* compare a copy with its manifest */
	JOB_PARSE,   /* decode what a reader captures; a parser's */
	JOB_FOREIGN, /* compare a copy with its producer's checksums */
	JOB_LISTS,   /* read those checksums; a parser's */
	JOB_LOOK,    /* look at samples of what a reader captures; a parser's */
	JOB_DRIFT,   /* compare two manifests; a parser's, alone */
	JOB_COMPARE, /* compare two manifests of one generation */
	JOB_DIGEST,  /* digest a manifest that a parser wrote */
	JOB_PLAN,    /* choose what of a copy a drill restores */
	JOB_RESTORE, /* read a copy's files for who writes them, or looks */
	JOB_EXTRACT, /* write them, or an archive's members; a restorer's */
	JOB_CLEAR,   /* empty a scratch folder; a restorer's */
	JOB_INSPECT, /* look into restored files; a parser's, alone.  Or into
			what a reader sends (restore) */
	JOB_PROVE,   /* compare restored files with the signed manifest */
	JOB_PROGRAM, /* run a drill program; a runner's */
	JOB_WITNESS, /* read or write a medium's witness; a witness's */
	JOB_SCRATCH, /* make or remove a scratch folder; a restorer's */
};
#define JOB_KINDS (JOB_SCRATCH + 1)

/* The role that does it: "reader", "parser", "restorer", "runner", "witness".
 */
const char *job_role(enum job_kind kind);

/* Whether a medium is read for it; else only what was passed. */
bool job_is_on_medium(enum job_kind kind);

/* Whether a reader does it that reads one copy on a medium, and nothing else.
 */
bool job_is_about_copy(enum job_kind kind);

/* Whether it reads what other users wrote: a medium, or a drill's files. */
bool job_needs_rights(enum job_kind kind);

/* Whether the drill service does it, where there is one (drill_service). */
bool job_is_for_drill_service(enum job_kind kind);

#endif
