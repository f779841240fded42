/*
 * examine: what capture, verify and scan have in common.
 *
 * Layer 4.  Uses: base, model/finding, model/manifest.
 *
 * These three run inside a sandboxed reader.  They look at bytes, names, sizes
 * and times and know no format.  What they find goes to the caller's events;
 * a finding is data, and only what keeps them from working at all is an error.
 */
#ifndef HIKAE_EXAMINE_EXAMINE_H
#define HIKAE_EXAMINE_EXAMINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/error.h"
#include "lib/examine/readings.h"
#include "lib/model/finding.h"
#include "lib/model/manifest.h"
#include "lib/model/verdict.h"
#include "lib/os/stream.h"

/* One thing that is wrong with one name of a copy. */
struct examine_finding {
	enum finding code;
	const char *path; /* below the copy's root; bytes, not text */
	size_t path_length;
	uint64_t slice; /* EXAMINE_NO_SLICE where it belongs to none */
	uint64_t expected_size, actual_size; /* bytes, where they tell */
	uint64_t offset;		     /* of an unreadable byte */
	int os_errno;			     /* or 0 */
	bool is_isolated; /* readable before and behind `offset` */
	/* Of content: what it is and what is amiss, one more than inspect's
	 * format and code; 0: nothing is said.  Sizes are then numbers. */
	unsigned format, fault;
	bool is_inside; /* of what a compressed stream holds */
};
#define EXAMINE_NO_SLICE UINT64_MAX

/* The result of one slice, or of a look at all names (EXAMINE_NO_SLICE). */
struct examine_slice {
	uint64_t slice;
	enum verdict verdict;
	uint64_t entries, bytes; /* looked at */
	uint64_t bytes_read;	 /* from the medium, retries included */
	uint64_t findings;
	/* Of names: all files, and those with the immutable flag; else 0. */
	uint64_t files, immutable;
	int64_t read_at;       /* the oldest reading that it rests on */
	enum stream_mode mode; /* the worst way of reading */
};

/* A name below a source's root that may be a generation. */
struct examine_candidate {
	const char *name;
	size_t name_length;
	bool is_folder;
	/* Not what the layout has for a generation; never looked into. */
	bool is_other_kind;
	uint64_t entries, bytes;
	int64_t newest_ms; /* newest modification in it, ms */
	int64_t own_ms;	   /* its own modification, ms */
	int64_t oldest_ms; /* oldest modification of a file, ms */
	bool has_marker;   /* the file that tells that it is complete */
	int problem;	   /* errno that kept from looking at all of it */
};

/* Of a candidate in which no file was seen. */
#define EXAMINE_NO_FILE INT64_MAX

/* Where results go.  A callback that returns -1 ends the work. */
struct examine_events {
	void *context;
	int (*progress)(
	    void *context, uint64_t bytes, uint64_t entries, struct error *err);
	int (*finding)(void *context, const struct examine_finding *finding,
	    struct error *err);
	int (*slice)(void *context, const struct examine_slice *slice,
	    struct error *err);
	int (*candidate)(void *context,
	    const struct examine_candidate *candidate, struct error *err);
};

/*
 * Names that are no part of a generation: glob patterns (fnmatch(3) without
 * special cases), each matched with every component of a path.
 */
struct examine_ignore {
	const char *const *patterns;
	size_t count;
};

/* Whether the last component of the path matches one of the patterns. */
bool examine_is_ignored(const struct examine_ignore *ignore, const char *path);

/*
 * When progress was told last.  The parent gives up a child that is silent for
 * long, so that it is told by time as well as by amount.  All zero: never.
 */
struct examine_pulse {
	int64_t told_ms; /* monotonic */
	uint64_t bytes, entries;
};

/* Whether progress is to be told now; if so, notes that it is. */
bool examine_is_due(
    struct examine_pulse *pulse, uint64_t bytes, uint64_t entries);

/*
 * The finding that an errno of opening or reading means: a missing name, a
 * permission, a medium that went away, or a place that cannot be read now.
 */
enum finding examine_code_of_errno(int os_errno);

/* The manifest's word for a file's type (st_mode). */
enum manifest_type examine_type_of_mode(mode_t mode);

/* Under which identity a file's readings are kept; `from` and `end` are 0. */
void examine_identity_of(
    const struct stat *st, struct readings_identity *ret_identity);

#endif
