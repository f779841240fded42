/*
 * evidence_verify: does a bundle prove what it says?
 *
 * Layer 7.  Uses: crypto, format (archive, json).  No catalog, no daemon.
 *
 * The file is hostile: it is read once, in the order that FORMATS section 8
 * fixes, with bounded memory (32 bytes an entry of the journal beside some
 * MiB).  What is wrong with it is no error but a fault, told one by one.
 */
#ifndef HIKAE_OUTPUT_EVIDENCE_VERIFY_H
#define HIKAE_OUTPUT_EVIDENCE_VERIFY_H

#include "lib/output/evidence.h"

enum evidence_fault {
	EVIDENCE_FORMAT,       /* not a bundle, cut off, or damaged */
	EVIDENCE_MISSING,      /* listed or needed, and not there */
	EVIDENCE_ADDED,	       /* there, and not listed */
	EVIDENCE_CHANGED,      /* its digest is another */
	EVIDENCE_ORDER,	       /* not where it must stand */
	EVIDENCE_LIST,	       /* a list of files is malformed */
	EVIDENCE_FACTS,	       /* bag-info.txt says something else */
	EVIDENCE_SIGNATURE,    /* the signature does not hold */
	EVIDENCE_KEY,	       /* signed by another key than the given one */
	EVIDENCE_HISTORY,      /* a statement about a key does not hold */
	EVIDENCE_CHECKPOINT,   /* not signed by a key of the history */
	EVIDENCE_CONSISTENCY,  /* the end does not extend the start */
	EVIDENCE_INCLUSION,    /* an entry is not proven to be in the journal */
	EVIDENCE_DOCUMENT,     /* a document is of another checkpoint */
	EVIDENCE_OPENING,      /* a path does not give its subject */
	EVIDENCE_REQUIREMENTS, /* not those that were in force */
};
#define EVIDENCE_FAULTS (EVIDENCE_REQUIREMENTS + 1)

/* After so many the rest is not looked at. */
#define EVIDENCE_FAULTS_MAX 100

/* "missing", "changed": stable names; and a sentence about it. */
const char *evidence_fault_name(enum evidence_fault fault);
const char *evidence_fault_sentence(enum evidence_fault fault);

/* path: in the bundle, escaped, or ""; detail: more words, or "". */
typedef void evidence_fault_fn(enum evidence_fault fault, const char *path,
    const char *detail, void *context);

struct evidence_question {
	int fd;	       /* a regular file; read by pread */
	uint64_t size; /* of it */
	/* The one key that is trusted, the daemon's or the facility's. */
	const struct signature_public *trusted; /* NULL: none */
	evidence_fault_fn *tell;
	void *context;
};

/* Bytes of a system's or a pack's id, with the NUL. */
#define EVIDENCE_NARROWED_BYTES 64

/* Bytes of "2026-11-21T00:00:00+09:00", with room, and the NUL. */
#define EVIDENCE_INSTANT_BYTES 64

struct evidence_report {
	uint64_t faults; /* 0: it agrees with itself */
	bool is_signed;	 /* with a signature that holds */
	/* Signed by the trusted key, or by one that the trusted facility key
	 * put in force.  Without it, whoever made the bundle made it all. */
	bool is_anchored;
	struct evidence_statement statement; /* what it says it is */
	/* Its period as its maker wrote it, with his clock's offset; "". */
	char from[EVIDENCE_INSTANT_BYTES], to[EVIDENCE_INSTANT_BYTES];
	uint64_t first, last; /* entries of the journal */
	uint64_t files, entries, documents_missing;
	bool has_paths;
	/* What it was narrowed to; "": all there is. */
	char system[EVIDENCE_NARROWED_BYTES], pack[EVIDENCE_NARROWED_BYTES];
	char signer[SIGNATURE_KEY_ID_TEXT_BYTES]; /* "" where none is known */
};

/* -1 only where the file could not be read, or memory ran out. */
int evidence_verify(const struct evidence_question *question,
    struct evidence_report *ret_report, struct error *err) ERROR_CHECKED;

#endif
