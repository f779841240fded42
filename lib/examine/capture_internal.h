/*
 * capture_internal: a capture under way, shared by capture's files.
 *
 * Layer 4.  capture.c takes entries from the walk through the queue into the
 * manifest; capture_entry.c is what becomes of one entry; capture_known.c is
 * what readings and the last manifest say of a file before it is read, and
 * what is remembered of it.
 */
#ifndef HIKAE_EXAMINE_CAPTURE_INTERNAL_H
#define HIKAE_EXAMINE_CAPTURE_INTERNAL_H

#include "lib/base/bytes.h"
#include "lib/examine/capture.h"
#include "lib/examine/copy.h"
#include "lib/examine/read.h"
#include "lib/examine/sample.h"
#include "lib/model/manifest_reader.h"
#include "lib/os/walk.h"

/* An entry on its way from the walk to the manifest. */
struct capture_pending {
	struct read_item item;
	struct manifest_entry entry;
	struct bytes path; /* with a NUL behind it */
	struct bytes link;
	struct readings_identity identity;
	int64_t read_at;
	bool is_carried; /* the digest comes from the readings */
	bool is_waiting; /* for another name of the file that is being read */
	bool is_queued;
	bool is_refuted;   /* a manifest said already that it was otherwise */
	bool has_previous; /* the last manifest's digest stands */
	bool has_states;   /* and so do its states, from this slice on */
	bool is_asked;	   /* a parser will say what it is */
	enum sealing_kind kind; /* of what is carried */
	uint64_t previous_slice;
	uint8_t previous[DIGEST_SHA256_BYTES];
	struct sample sample; /* where samples are wanted */
	struct capture_pending *next_free;
};

struct capture {
	const struct capture_options *options;
	struct capture_result result;
	struct manifest_writer *writer;
	struct read_queue *queue;
	struct walk *walk;
	struct manifest_reader *previous; /* or NULL */
	struct manifest_reader *states;	  /* the same, for its slices' states */
	struct manifest_entry previous_entry;
	int has_previous;
	struct copy copy;
	struct capture_answers *answers; /* or NULL: nobody is asked */
	struct capture_pending *free_list;
	struct capture_pending pool[READ_ITEMS_MAX];
	struct examine_pulse pulse;
	uint64_t bytes, entries; /* so far */
	int tee_fd;
};

/* A file that has slices of its own. */
static inline bool
capture_is_large(const struct capture *capture, uint64_t size)
{
	return size > capture->options->header.slice_bytes;
}

/* ---- capture_entry ---- */

/* An empty entry; there is one where the free list is not NULL. */
struct capture_pending *capture_entry_take(struct capture *capture);
void capture_entry_give(
    struct capture *capture, struct capture_pending *pending);

/* Fill it from what the walk saw; texts are copied. */
int capture_entry_fill(struct capture_pending *pending,
    const struct walk_entry *seen, struct error *err) ERROR_CHECKED;

/* Tell of a finding about the entry. */
int capture_entry_report(struct capture *capture,
    const struct manifest_entry *entry, enum finding code, int os_errno,
    uint64_t offset, struct error *err) ERROR_CHECKED;

/* The entry stands in the manifest without a digest, and a finding tells. */
int capture_entry_mark_unread(struct capture *capture,
    struct capture_pending *pending, enum finding code, int os_errno,
    uint64_t offset, struct error *err) ERROR_CHECKED;

/* What an errno means here: a name that went meanwhile is no loss. */
enum finding capture_entry_code_of(int os_errno);

/*
 * Make fd, which it takes, the file that the queue reads, if it still is what
 * the walk saw: its size and time go into the manifest.  1 when it is to be
 * read, 0 when it was marked, or -1.
 */
int capture_entry_use_file(struct capture *capture,
    struct capture_pending *pending, int fd, struct error *err) ERROR_CHECKED;

/* ---- capture_known ---- */

/* Look for the file in the last manifest; entries come in its order. */
int capture_known_find_previous(struct capture *capture,
    struct capture_pending *pending, struct error *err) ERROR_CHECKED;

/*
 * Take the digest from the readings, where they have all of the file and agree
 * with the last manifest: what does not is read again before anything is said
 * against it.
 */
bool capture_known_carry(
    struct capture *capture, struct capture_pending *pending);

/* The boundaries of a large file whose readings are carried. */
int capture_known_carry_boundaries(struct capture *capture,
    struct capture_pending *pending, struct error *err) ERROR_CHECKED;

/*
 * Tell the manifest where a slice of a large file begins.  What the last one
 * says of it stands, as its digest does.
 */
int capture_known_add_boundary(struct capture *capture,
    const struct capture_pending *pending, uint64_t offset,
    const uint8_t state[DIGEST_SHA256_BYTES], struct error *err) ERROR_CHECKED;

/*
 * Remember what was read of a file up to `end`.  What a manifest refuted, and
 * reads the same again, stays refuted.
 */
void capture_known_keep(struct capture *capture,
    struct capture_pending *pending, uint64_t end,
    const uint8_t value[DIGEST_SHA256_BYTES]);

/* Other bytes under the same size and time: the last manifest stands. */
int capture_known_settle(struct capture *capture,
    struct capture_pending *pending, struct error *err) ERROR_CHECKED;

/* Which of the readings of a file ends it. */
struct readings_identity capture_known_last(
    const struct capture *capture, const struct capture_pending *pending);

#endif
