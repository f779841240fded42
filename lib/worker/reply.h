/*
 * reply: what a child answers.
 *
 * Layer 5.  Uses: os/wire, examine, model/manifest.
 *
 * Replies come until DONE or FAILED.  The parent treats them as hostile: every
 * enumerator is checked, and every decoder sees that all bytes were consumed.
 */
#ifndef HIKAE_WORKER_REPLY_H
#define HIKAE_WORKER_REPLY_H

#include "lib/base/error.h"
#include "lib/examine/compare.h"
#include "lib/examine/examine.h"
#include "lib/examine/foreign.h"
#include "lib/model/manifest.h"
#include "lib/model/survey.h"
#include "lib/os/sandbox.h"
#include "lib/worker/reply_drill.h"
#include "lib/worker/reply_place.h"
#include "lib/worker/reply_witness.h"

/* The word of the journal. */
const char *reply_place_name(enum reply_place place);

enum reply_kind {
	REPLY_BEGUN = 1, /* the sandbox stands, the place is looked at */
	REPLY_PROGRESS,
	REPLY_FINDING,
	REPLY_SLICE,
	REPLY_CANDIDATE,
	REPLY_FRAME,	  /* one slice of the manifest just written */
	REPLY_CAPTURED,	  /* the manifest as a whole; after its frames */
	REPLY_MEMBERS,	  /* what a parser made of an archive */
	REPLY_FOREIGN,	  /* how the producer's checksums compare */
	REPLY_SURVEY,	  /* what a parser saw in files or members */
	REPLY_DRIFT,	  /* how far a manifest is from an earlier one */
	REPLY_LOSS,	  /* of a living tree: what is lost since then */
	REPLY_DIFFERENCE, /* a file of two manifests; the first ones only */
	REPLY_COMPARED,	  /* two manifests; after their differences */
	REPLY_DIGEST,	  /* of the bytes of a manifest */
	REPLY_PLANNED,	  /* what a drill is to restore */
	REPLY_SENT,	  /* what a reader read for it */
	REPLY_RESTORED,	  /* what was written */
	REPLY_INSPECTED,  /* what the restored files of one format hold */
	REPLY_PROVED,	  /* how they compare with the signed manifest */
	REPLY_PROGRAM,	  /* how a drill program ended */
	REPLY_WITNESS,	  /* what lies on a medium as its witness */
	REPLY_SCRATCH,	  /* a scratch folder, with its descriptor */
	REPLY_READY,	  /* all slices were told; more, or none? */
	REPLY_DONE,	  /* nothing follows */
	REPLY_FAILED,	  /* the job could not be done; nothing follows */
};
#define REPLY_KINDS (REPLY_FAILED + 1)

struct reply_captured {
	struct manifest_summary manifest;
	uint64_t bytes_read, problems, carried, future_files;
	struct sealing carried_sealing;
	bool has_lists; /* the producer left checksums */
	int64_t oldest_reading, newest_file_ms; /* as capture_result */
	enum reply_mode mode;
};

/* Differences of two manifests that are told one by one. */
#define REPLY_DIFFERENCES_MAX 100

struct reply_difference {
	enum compare_kind kind;
	const char *path; /* in the buffer; bytes, up to PATH_MAX of them */
	size_t path_length;
};

struct reply_digest {
	uint8_t sha256[DIGEST_SHA256_BYTES], prehash[SIGNATURE_PREHASH_BYTES];
};

struct reply {
	enum reply_kind kind;
	union {
		struct reply_begun begun;
		struct {
			uint64_t bytes, entries;
		} progress;
		struct examine_finding finding; /* path: in the buffer */
		struct {
			struct examine_slice result;
			enum reply_mode mode;
		} slice;
		struct examine_candidate candidate; /* name: in the buffer */
		struct manifest_slice frame;
		struct reply_captured captured;
		struct parse_result members;
		struct foreign_outcome foreign;
		struct survey survey;
		struct drift drift;
		struct loss loss;
		struct reply_difference difference;
		struct compare_result compared;
		struct reply_digest digest;
		struct portion_plan planned;
		struct reply_sent sent;
		struct reply_restored restored;
		struct contents_result inspected; /* names: in the buffer */
		struct prove_result proved;
		struct reply_program program;
		struct reply_witness witness;
		struct reply_scratch scratch;
		struct error failed;
	};
};

/* Send one reply (child's side). */
int reply_send(
    int wire, const struct reply *reply, struct error *err) ERROR_CHECKED;

/*
 * Decode a frame (parent's side).  ERROR_PROTOCOL for anything a child of this
 * version does not send.  Pointers go into the payload.
 */
int reply_decode(uint16_t type, const uint8_t *payload, size_t length,
    struct reply *ret_reply, struct error *err) ERROR_CHECKED;

/* What becomes of each kind of reply; one without a function is unexpected. */
struct reply_handlers {
	int (*take[REPLY_KINDS])(
	    void *context, const struct reply *reply, struct error *err);
};

/* Give a reply to its function: ERROR_PROTOCOL without, but for PROGRESS. */
int reply_handle(const struct reply_handlers *handlers, void *context,
    const struct reply *reply, struct error *err) ERROR_CHECKED;

/* The function for what is expected and tells nothing more. */
int reply_ignore(void *context, const struct reply *reply, struct error *err);

#endif
