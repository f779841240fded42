/*
 * report_message: what is asked of the child that draws documents, and what it
 * answers.
 *
 * Layer 5.  Uses: os/wire, os/sandbox, crypto/merkle_prefix.
 *
 * One order goes down, with the descriptors to write to.  A bundle's
 * checkpoints, by their sizes, and at last its list of files come up to be
 * signed, and each signature goes down; then DONE or FAILED comes.  As with
 * replies (worker/reply), whoever receives treats the sender as hostile.
 */
#ifndef HIKAE_WORKER_REPORT_MESSAGE_H
#define HIKAE_WORKER_REPORT_MESSAGE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/crypto/merkle_prefix.h"
#include "lib/os/sandbox.h"
#include "lib/os/wire.h"

#define REPORT_NAME_BYTES 64
#define REPORT_ZONE_BYTES 256
#define REPORT_PARAMETERS_BYTES 16384
#define REPORT_LIST_BYTES 4096
#define REPORT_SIGNATURE_BYTES 4096
#define REPORT_FACTS_BYTES 4096

enum report_kind {
	REPORT_DOCUMENT, /* JSON, by the name of a method */
	REPORT_PAGE,	 /* the report, in HTML */
	REPORT_EVIDENCE, /* a bundle of evidence */
	REPORT_RECORDS,	 /* hikae's own records, looked at: judge/records */
};
#define REPORT_KINDS (REPORT_RECORDS + 1)

struct report_order {
	enum report_kind kind;
	char name[REPORT_NAME_BYTES];		  /* of the method */
	char parameters[REPORT_PARAMETERS_BYTES]; /* its own, as JSON */
	char root[PATH_MAX];			  /* hikaed's */
	char catalog[PATH_MAX];
	char zone[REPORT_ZONE_BYTES]; /* of the time, in force */
	uint64_t rows_max;	      /* of a document; 0: no such limit */
	/* The journal up to here was looked at not long ago; size 0: all is. */
	struct merkle_prefix known;
	struct sandbox_limits limits;
	bool best_effort; /* do without what the machine lacks */
	/*
	 * To write to, from the beginning on; a bundle's contents first go to
	 * the second, -1 for others.  Names come from the third, hikaed's
	 * configuration in force as text; a bundle has ids alone, -1.  All stay
	 * the sender's, and are the receiver's to close.
	 */
	int out_fd, spill_fd, config_fd;
};

/* A bundle that is to be signed (FORMATS section 8). */
struct report_seal {
	int64_t from, to;
	uint64_t size; /* of the checkpoint */
	uint8_t root[MERKLE_HASH_BYTES];
	char list[REPORT_LIST_BYTES]; /* tagmanifest-sha256.txt */
};

struct report_done {
	uint64_t bytes; /* of the document, and their SHA-256 */
	uint8_t sha256[DIGEST_SHA256_BYTES];
	char facts[REPORT_FACTS_BYTES]; /* about it, as JSON; or "" */
	struct merkle_prefix known;	/* what of the journal holds; or 0 */
	struct sandbox_report sandbox;	/* what restricted the child */
};

enum report_answer_kind {
	REPORT_ANSWER_SEAL = 1, /* waits for a signature */
	REPORT_ANSWER_DONE,	/* nothing follows */
	REPORT_ANSWER_FAILED,	/* nothing follows */
	REPORT_ANSWER_HEAD,	/* waits for a signature */
};

struct report_answer {
	enum report_answer_kind kind;
	union {
		struct report_seal seal;
		struct report_done done;
		struct error failed;
		uint64_t head; /* entries of a checkpoint to be signed */
	};
};

/* The order, with nothing in it. */
void report_message_order_init(struct report_order *order);

int report_message_send_order(int wire, const struct report_order *order,
    struct error *err) ERROR_CHECKED;
int report_message_receive_order(
    int wire, struct report_order *ret_order, struct error *err) ERROR_CHECKED;

/* A signature that was asked for, as minisign's file has it. */
int report_message_send_signature(
    int wire, const struct bytes *signature, struct error *err) ERROR_CHECKED;
int report_message_receive_signature(
    int wire, struct bytes *out, struct error *err) ERROR_CHECKED;

int report_message_send_answer(int wire, const struct report_answer *answer,
    struct error *err) ERROR_CHECKED;

/*
 * Decode a frame (parent's side).  ERROR_PROTOCOL for anything that a child of
 * this version does not send.
 */
int report_message_decode_answer(const struct wire_frame *frame,
    struct report_answer *ret_answer, struct error *err) ERROR_CHECKED;

#endif
