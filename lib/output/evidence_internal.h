/*
 * evidence_internal: a bundle in the making, and the parts that fill it.
 *
 * Layer 7, internal to evidence.  Uses: evidence_bag, document_row.
 */
#ifndef HIKAE_OUTPUT_EVIDENCE_INTERNAL_H
#define HIKAE_OUTPUT_EVIDENCE_INTERNAL_H

#include "lib/output/document_row.h"
#include "lib/output/evidence.h"
#include "lib/output/evidence_bag.h"
#include "lib/store/journal.h"

struct evidence_making {
	const struct evidence_request *request;
	struct evidence_bag bag;
	/* As of the period's last entry, judged at its end; without names. */
	struct document_context context;
	struct basis basis;	   /* the requirements in force then */
	uint64_t first, last;	   /* entries */
	struct journal_note start; /* size 0: before the first entry */
	struct journal_note end;
	struct evidence_result result;
};

/* Find entries and checkpoints of the period.  Errors as evidence_export. */
int evidence_period_find(
    struct evidence_making *making, struct error *err) ERROR_CHECKED;

/* Where the files of requirements are, by their digests. */
#define EVIDENCE_PACKS EVIDENCE_PAYLOAD "requirements/"

/* {"origin", "root", "size"}: what a document is proven by. */
json_t *evidence_checkpoint_object(const struct evidence_making *making);

/*
 * A file of lines, each a JSON object in RFC 8785 form.  The first says what
 * the file is; rows are taken over.
 */
int evidence_lines_open(struct evidence_making *making, const char *name,
    struct error *err) ERROR_CHECKED;
int evidence_lines_add(struct evidence_making *making, json_t *row,
    struct error *err) ERROR_CHECKED;
int evidence_lines_end_row(struct evidence_making *making,
    struct document_row *row, struct error *err) ERROR_CHECKED;
int evidence_lines_close(
    struct evidence_making *making, struct error *err) ERROR_CHECKED;

/* The parts; each puts the files below data/ that its source says. */
typedef int evidence_part_fn(struct evidence_making *making, struct error *err);
evidence_part_fn evidence_put_attestations; /* and their documents */
evidence_part_fn evidence_put_compliance;
evidence_part_fn evidence_put_requirements; /* and their files */
evidence_part_fn evidence_put_copies;	    /* and generations */
evidence_part_fn evidence_put_drills;
evidence_part_fn evidence_put_findings;
evidence_part_fn evidence_put_journal;
evidence_part_fn evidence_put_keys;
evidence_part_fn evidence_put_media;
evidence_part_fn evidence_put_openings;
evidence_part_fn evidence_put_report; /* in Japanese, whoever asks */
evidence_part_fn evidence_put_verifications;

/* README.txt, bagit.txt and bag-info.txt: after all of data/. */
evidence_part_fn evidence_put_tags;

#endif
