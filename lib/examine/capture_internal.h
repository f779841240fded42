/*
 * capture_internal: a capture under way, shared by capture's files.
 *
 * Layer 4.  capture.c takes entries from the walk through the queue into the
 * manifest; capture_entry.c is what becomes of one entry; capture_known.c is
 * what readings and the last manifest say of a file before it is read, and
 * what is remembered of it; capture_closed.c is a closed copy's last manifest.
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
	bool is_kept;  /* a closed copy's: the last manifest's entry stands */
	bool is_unmet; /* ... and that was not read, or could not be */
	enum sealing_kind kind; /* of what is carried */
	uint64_t previous_slice;
	uint8_t previous[DIGEST_SHA256_BYTES];
	struct sample sample; /* where samples are wanted */
	struct capture_pending *next_free;
};

struct capture {
	struct capture_options own;
	const struct capture_options *options; /* own */
	struct capture_result result;
	struct manifest_writer *writer;
	struct read_queue *queue;
	struct walk *walk;
	struct manifest_reader *previous; /* or NULL */
	struct manifest_reader *states;	  /* the same, for its slices' states */
	struct manifest_entry previous_entry;
	int has_previous;
	/* A closed copy, captured again: see capture_closed. */
	bool is_again, is_walking;
	struct walk_entry seen;
	int has_seen;
	/* Folders, with the slash behind them; empty: none. */
	struct bytes closed;   /* could not be looked into now */
	struct bytes unlisted; /* ... nor for the last manifest */
	struct copy copy;
	struct capture_answers *answers; /* or NULL: nobody is asked */
	struct capture_pending *free_list;
	struct capture_pending pool[READ_ITEMS_MAX];
	struct examine_pulse pulse;
	uint64_t bytes, entries; /* so far */
	int64_t future_ms;	 /* the least time that lies ahead */
	int tee_fd;
};

/* A file that has slices of its own. */
static inline bool
capture_is_large(const struct capture *capture, uint64_t size)
{
	return size > capture->options->header.slice_bytes;
}

/* Take what the walk just saw into the queue; its file is opened to be read. */
int capture_push_seen(struct capture *capture, struct capture_pending *pending,
    const struct walk_entry *seen, struct error *err) ERROR_CHECKED;

/* ---- capture_entry ---- */

/* An empty entry; there is one where the free list is not NULL. */
struct capture_pending *capture_entry_take(struct capture *capture);
void capture_entry_give(
    struct capture *capture, struct capture_pending *pending);

/* Fill it from what the walk saw; texts are copied. */
int capture_entry_fill(struct capture_pending *pending,
    const struct walk_entry *seen, struct error *err) ERROR_CHECKED;

/* Make it one of the last manifest; texts are copied. */
int capture_entry_copy(struct capture_pending *pending,
    const struct manifest_entry *old, struct error *err) ERROR_CHECKED;

/*
 * How new the content is: a store that nobody writes any more looks old, and a
 * file of the future makes it no newer (law 8).
 */
void capture_entry_note_newest(
    struct capture *capture, const struct manifest_entry *entry);

enum manifest_type capture_entry_type(enum walk_type type);

/*
 * Tell of a finding about the entry: of it the code, where the entry cannot be
 * read, and what size there is instead.
 */
int capture_entry_tell(struct capture *capture,
    const struct manifest_entry *entry, const struct examine_finding *what,
    struct error *err) ERROR_CHECKED;

/* The same of one whose size is right. */
int capture_entry_report(struct capture *capture,
    const struct manifest_entry *entry, enum finding code, int os_errno,
    uint64_t offset, struct error *err) ERROR_CHECKED;

/*
 * The entry stands in the manifest without a digest, and a finding tells.  One
 * that is kept has its digest all the same.
 */
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

#endif
