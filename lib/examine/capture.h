/*
 * capture: read a copy once and write its manifest.
 *
 * Layer 4.  Uses: os/walk, examine/read, examine/readings, model/manifest.
 *
 * Entries whose identity, size and times stand in the readings carry their
 * digest forward with the age of that reading; everything else is read.
 *
 * A living copy is captured again and again.  What the last manifest says of a
 * file whose size and time are unchanged stands: bytes that became others
 * without that are damage, and a new manifest must not make them the truth.
 *
 * A closed copy is captured again where something of it could not be read, and
 * only that is added (capture_closed.h).  The new manifest has the slice size
 * of the last one then.
 */
#ifndef HIKAE_EXAMINE_CAPTURE_H
#define HIKAE_EXAMINE_CAPTURE_H

#include "lib/examine/examine.h"
#include "lib/examine/readings.h"
#include "lib/examine/samples.h"
#include "lib/model/manifest_writer.h"

struct capture_options {
	int root_fd;	     /* the source's root */
	const char *locator; /* the copy below it; "" is the root itself */
	bool is_file;	     /* the copy is one file */
	int manifest_fd;     /* written from its beginning */
	bool is_closed;	     /* nobody may write to it any more */
	int previous_fd;     /* its last manifest, or -1 */
	int spill_fd;	     /* an unlinked file for what memory cannot hold */
	int tee_fd;	     /* gets the bytes of a one-file copy; or -1 */
	struct samples *samples; /* get some of every file read; or NULL */
	struct manifest_header header;
	struct readings *readings; /* NULL: nothing is carried or kept */
	struct stream_options stream;
	struct examine_ignore ignore;
	const struct examine_events *events; /* progress, finding */
	/* Files whose time lies further ahead are only counted, ms. */
	int64_t ahead_ms; /* CAPTURE_ANY_TIME: none does */
};
#define CAPTURE_ANY_TIME INT64_MAX

struct capture_result {
	struct manifest_summary manifest;
	uint64_t bytes_read; /* from the medium */
	uint64_t problems;   /* entries without a digest, or not looked at; of
				a living copy also those that rotted */
	uint64_t carried;    /* files whose reading is an earlier one */
	/* Of these, whether they are encrypted, as it was said at that time. */
	struct sealing carried_sealing;
	int64_t oldest_reading;
	/* Newest modification that does not lie ahead; where all do, the least
	 * of them; INT64_MIN: no file. */
	int64_t newest_file_ms;
	uint64_t future_files; /* that lie ahead */
	enum stream_mode mode;
};

/*
 * Capture.  *ret_writer holds the finished manifest's slices until the caller
 * frees it.  Errors are those of the medium as a whole (the locator cannot be
 * opened) and of the manifest descriptor (no space).
 */
int capture_run(const struct capture_options *options,
    struct capture_result *ret_result, struct manifest_writer **ret_writer,
    struct error *err) ERROR_CHECKED;

#endif
