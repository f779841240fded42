/*
 * contents: what files say about themselves, format by format.
 *
 * Layer 4.  Uses: os/walk, examine/restore_stream, inspect.
 *
 * Runs in a parser.  The files are those below a folder that it may read, those
 * that a reader sends, or an archive's members; their bytes come in order, in
 * pieces.  What it says are opinions about bytes of a backup.
 */
#ifndef HIKAE_EXAMINE_CONTENTS_H
#define HIKAE_EXAMINE_CONTENTS_H

#include "lib/examine/examine.h"
#include "lib/inspect/inspect.h"

/* Of all files of one format; of INSPECT_FORMATS those of no known one. */
struct contents_result {
	unsigned format;
	uint64_t files, bytes;
	uint64_t severities[INSPECT_BROKEN + 1]; /* files by their gravest */
	/* The code of the first finding of the gravest kind. */
	bool has_code;
	enum inspect_code code;
	/* Sums of what the format counts. */
	size_t count_count;
	struct inspect_count counts[INSPECT_COUNTS_MAX];
	/* What they hold, of the first that say so (see inspect_report). */
	size_t sample_count;
	char samples[INSPECT_SAMPLES_MAX][INSPECT_SAMPLE_BYTES];
	/* Of INSPECT_FORMATS: files whose bytes did not all come as they
	 * should, so that nothing is said of them. */
	uint64_t skipped;
};

/* The gravest of the files. */
enum inspect_severity contents_worst(const struct contents_result *result);

typedef int contents_fn(
    void *context, const struct contents_result *result, struct error *err);

struct contents_options {
	/* progress; and finding, where is_telling. */
	const struct examine_events *events;
	/* A finding for each file that is not sound, with its path. */
	bool is_telling;
	/* All files of a copy come: what is named and does not is missing. */
	bool is_complete;
};

struct contents;

/* The options' events must outlive it. */
int contents_new(const struct contents_options *options,
    struct contents **ret_contents, struct error *err) ERROR_CHECKED;
void contents_free(struct contents *contents);

/*
 * One file: its path from the copy's root, its bytes (zeros where data is
 * NULL), its end.  Where its bytes were not whole, nothing is said of it.
 */
int contents_begin(struct contents *contents, const char *path,
    struct error *err) ERROR_CHECKED;
int contents_push(struct contents *contents, const uint8_t *data,
    uint64_t length, struct error *err) ERROR_CHECKED;
int contents_end(
    struct contents *contents, bool is_whole, struct error *err) ERROR_CHECKED;

/* A file that is there and of which nothing can be said. */
void contents_skip(struct contents *contents, const char *path);

/* A further name of a file that comes under another one. */
void contents_note(struct contents *contents, const char *path);

/*
 * No more files: what they say of each other, then each format that was met,
 * and always INSPECT_FORMATS.
 */
int contents_finish(struct contents *contents, contents_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* All files below files_fd. */
int contents_inspect(int files_fd, int spill_fd,
    const struct contents_options *options, contents_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/*
 * The files that a reader sends (restore_stream_send).  ERROR_UNAVAILABLE where
 * it ended before its last.
 */
int contents_receive(int socket, const struct contents_options *options,
    contents_fn *each, void *context, struct error *err) ERROR_CHECKED;

#endif
