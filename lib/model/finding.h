/*
 * finding: what can be wrong, and what could not be determined.
 *
 * Layer 3.  Uses: i18n, model/verdict.
 *
 * A finding's name is stable: it stands in the journal, in JSON and in
 * scripts.  Names are only added.  Damage is a finding, never an error.
 */
#ifndef HIKAE_MODEL_FINDING_H
#define HIKAE_MODEL_FINDING_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/model/verdict.h"

enum finding {
	/* bytes of a copy against its manifest */
	FINDING_BIT_ROT,	   /* other digest, same size and time */
	FINDING_OVERWRITTEN,	   /* other digest, other time */
	FINDING_MISSING,	   /* in the manifest, not on the medium */
	FINDING_EXTRA,		   /* on the medium, not in the manifest */
	FINDING_TRUNCATED,	   /* shorter than recorded */
	FINDING_GROWN,		   /* longer than recorded */
	FINDING_TYPE_CHANGED,	   /* a file became a link, ... */
	FINDING_UNREADABLE,	   /* the medium lost it (law 2) */
	FINDING_UNREADABLE_NOW,	   /* a read error that may pass */
	FINDING_PERMISSION_DENIED, /* hikae may not read it */
	FINDING_CHANGED_WHILE_READ,
	FINDING_UNSTABLE_READ,	       /* two readings, two contents */
	FINDING_UNREAD_AT_CAPTURE,     /* so there is nothing to compare */
	FINDING_CHANGED_SINCE_CAPTURE, /* in a living tree: as it may */
	FINDING_LOST_SINCE_CAPTURE,    /* in a living tree: as it may not */
	FINDING_MOUNT_INSIDE,	       /* another file system in a copy */
	FINDING_SPECIAL_FILE,	       /* a socket, device, FIFO: not read */
	/* archives */
	FINDING_ARCHIVE_DAMAGED,
	FINDING_ARCHIVE_LIMIT,	/* larger or deeper than allowed */
	FINDING_ARCHIVE_OPAQUE, /* encrypted or unknown: container only */
	FINDING_MEMBER_UNREADABLE,
	FINDING_ARCHIVE_NAMES,	   /* unsafe, or twice the same */
	FINDING_ARCHIVE_TRAILING,  /* bytes behind its end */
	FINDING_ARCHIVE_UNCHECKED, /* whoever unpacked it failed */
	/* what the content looks like: hints, never verdicts */
	FINDING_SUSPICIOUS_CONTENT, /* as if encrypted by ransomware */
	FINDING_CONTENT_UNCHECKED,  /* whoever looked at it failed */
	/* what the content says of itself, though its bytes are as recorded */
	FINDING_CONTENT_BROKEN,	     /* its format does not hold */
	FINDING_CONTENT_MISMATCH,    /* it contradicts itself */
	FINDING_CONTENT_UNINSPECTED, /* it could not be looked at */
	/* proofs */
	FINDING_SIGNATURE_INVALID,
	FINDING_MANIFEST_MISSING,
	FINDING_FOREIGN_MANIFEST_MISMATCH,
	FINDING_FOREIGN_MANIFEST_UNREADABLE,
	FINDING_COPIES_DIFFER,
	FINDING_NAMES_DIFFER,
	FINDING_JOURNAL_BROKEN, /* it does not prove itself */
	FINDING_JOURNAL_REWRITTEN,
	FINDING_JOURNAL_ROLLED_BACK, /* a witness is ahead of it */
	FINDING_JOURNAL_LOST,	     /* a person said so, and it began anew */
	FINDING_WITNESS_UNKNOWN_KEY, /* signed by a key not known here */
	FINDING_WITNESS_FOREIGN,     /* another installation's */
	FINDING_WITNESS_UNREADABLE,  /* no word for or against the journal */
	FINDING_WITNESS_MISSING,     /* where there was one */
	FINDING_WITNESS_UNWRITTEN,
	FINDING_CATALOG_DAMAGED,
	FINDING_CATALOG_DIFFERS,   /* not what the journal says */
	FINDING_RECORDS_UNCHECKED, /* nobody could look at the records */
	FINDING_KEY_EXPOSED,
	FINDING_KEY_MISSING,
	FINDING_CONFIG_EXPOSED,	   /* others can write the configuration */
	FINDING_CONFIG_REFUSED,	   /* what is on disk is not in force */
	FINDING_STATE_NEARLY_FULL, /* the disk below hikae's own state */
	FINDING_REPORT_STALE,	   /* the page of the day is not renewed */
	FINDING_CANARY_PASSED,	   /* a known-bad file was called intact */
	/* media, sources, generations */
	FINDING_WRONG_MEDIUM,
	FINDING_MEDIUM_ABSENT,
	FINDING_ATTACHED_ELSEWHERE, /* written while it was away */
	FINDING_LEFT_ATTACHED,	    /* longer than max_attached */
	FINDING_SOURCE_MISSING,
	FINDING_GENERATION_MISSING,
	FINDING_GENERATION_LATE,
	FINDING_NAME_NO_DATE,	 /* fits the pattern, is no date */
	FINDING_NAME_OTHER_KIND, /* newer, and not of the layout's kind */
	FINDING_NAME_UNCLEAR,	 /* a new backup, or the old one changed? */
	FINDING_NOTHING_FOUND,
	FINDING_NOT_SETTLING,
	FINDING_DATA_UNCHANGED, /* in generations that follow each other */
	FINDING_COVERAGE_OVERDUE,
	FINDING_COVERAGE_IMPOSSIBLE, /* the nightly limit is too small */
	/* this host */
	FINDING_CLOCK_BACK,
	FINDING_CLOCK_AHEAD,  /* a time among the backups */
	FINDING_CLOCK_JUMPED, /* this host's, ahead, within a run */
	FINDING_WORKER_CRASHED,
	FINDING_WORKER_HUNG,
	FINDING_WORKER_LIMIT,
	FINDING_SANDBOX_WEAK,
};
#define FINDINGS (FINDING_SANDBOX_WEAK + 1)

/* "bit-rot" */
const char *finding_name(enum finding finding);

/* From a name; 0 or -1. */
int finding_parse(const char *name, enum finding *ret_finding) ERROR_CHECKED;

/*
 * What it means for the bytes of the copy where it was found.  INTACT: it says
 * nothing against them (it may still be bad: a generation that is late).
 */
enum verdict finding_verdict(enum finding finding);

/*
 * Whether it is about what an archive contains: reading the file again, however
 * well, does not settle that.
 */
bool finding_is_of_members(enum finding finding);

/* Whether it is about what the content says of itself. */
bool finding_is_of_content(enum finding finding);

/*
 * Whether a person may settle it by saying why it is as it should be.  Hints,
 * what a witness says, and a jump of the clock: nothing that hikae could read
 * again settles those.
 * What is against bytes stays until they were read and found good.
 */
bool finding_is_acceptable(enum finding finding);

/* How an open finding counts; GOOD is for information only. */
enum verdict_exit finding_severity(enum finding finding);

/* One sentence in the reader's language; names no file. */
const char *finding_sentence(enum finding finding);

/* What to do next, in the reader's language. */
const char *finding_advice(enum finding finding);

#endif
