/*
 * contents: what restored files say about themselves, format by format.
 *
 * Layer 4.  Uses: os/walk, inspect.
 *
 * Runs in a parser that can read the restored files and nothing else.  What it
 * says are opinions about bytes of a backup; no name is told.
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
};

/* The gravest of the files. */
enum inspect_severity contents_worst(const struct contents_result *result);

/*
 * Look into all files below files_fd.  Each format that was met is told once,
 * in the end, and always INSPECT_FORMATS.
 */
int contents_inspect(int files_fd, int spill_fd,
    const struct examine_events *events,
    int (*each)(
	void *context, const struct contents_result *result, struct error *err),
    void *context, struct error *err) ERROR_CHECKED;

#endif
