/*
 * reply_drill: what a drill's children answer.
 *
 * Layer 5.  Part of reply.
 */
#ifndef HIKAE_WORKER_REPLY_DRILL_H
#define HIKAE_WORKER_REPLY_DRILL_H

#include "lib/examine/contents.h"
#include "lib/examine/parse.h"
#include "lib/examine/prove.h"
#include "lib/examine/restore_stream.h"

/* How bytes were read, as the journal says it (FORMATS section 4.1). */
enum reply_mode {
	REPLY_MODE_DIRECT_LOCAL,
	REPLY_MODE_DIRECT_REMOTE,
	REPLY_MODE_DROPPED,
	REPLY_MODE_CACHE_POSSIBLE,
};
#define REPLY_MODES (REPLY_MODE_CACHE_POSSIBLE + 1)
const char *reply_mode_name(enum reply_mode mode);

struct reply_scratch {
	int fd;		     /* handle's, until the next reply */
	uint64_t free_bytes; /* there, for who made it */
};

struct reply_sent {
	struct restore_stream_result result;
	enum reply_mode mode;
};

struct reply_restored {
	struct restore_counts counts;
	bool is_whole; /* the reader sent its last */
	bool is_archive;
	enum parse_state state; /* of an archive */
};

/* How a drill program came to its end. */
enum reply_program_end {
	REPLY_PROGRAM_EXITED,	 /* with the status */
	REPLY_PROGRAM_SIGNALLED, /* by the signal in status */
	REPLY_PROGRAM_TIME,	 /* its time ran out */
	REPLY_PROGRAM_OUTPUT,	 /* it wrote too much */
	REPLY_PROGRAM_SPACE,	 /* it left too little room */
	REPLY_PROGRAM_NOT_RUN,	 /* it could not be started: errno in status */
};
#define REPLY_PROGRAM_ENDS (REPLY_PROGRAM_NOT_RUN + 1)
const char *reply_drill_end_name(enum reply_program_end end);

/* Bytes of a program's JSON result. */
#define REPLY_RESULT_BYTES 16384

struct reply_program {
	enum reply_program_end end;
	int status;
	int64_t took_ms;
	uint64_t output_bytes;
	/* What it was kept in: name spaces of its own, no network at all. */
	bool has_namespaces, has_landlock, has_seccomp;
	const char *result; /* in the buffer; JSON, if anything */
	size_t result_length;
};

#endif
