/*
 * restore_stream: a copy's files from a reader to who writes them.
 *
 * Layer 4.  Uses: examine/copy, read, restore, portion, tee.
 *
 * The reader knows the manifest and compares every byte with it as it reads;
 * who writes, or only looks, has no path to the medium and sees no manifest.
 * Between them is a socket of examine/tee with records: type u8, length u32
 * big-endian, bytes. Types: 'D' a folder's path; 'L' a link's path, NUL, its
 * target; 'F' a file's path, then 'B' its bytes in pieces, then 'E' with one
 * byte, 1 for a file that came whole; 'X' no more.
 */
#ifndef HIKAE_EXAMINE_RESTORE_STREAM_H
#define HIKAE_EXAMINE_RESTORE_STREAM_H

#include "lib/examine/portion.h"
#include "lib/examine/restore.h"
#include "lib/os/stream.h"

/* ---- the reader's end ---- */

/* Descriptors stay the caller's. */
struct restore_stream_options {
	int root_fd; /* the source's */
	const char *locator;
	bool is_file;	 /* the copy is one file */
	int manifest_fd; /* verified by the caller */
	int socket;	 /* to who writes */
	struct portion portion;
	struct stream_options stream;
	const struct examine_events *events; /* progress, finding */
};

/* What was read. */
struct restore_stream_result {
	uint64_t files, bytes; /* whole, and as the manifest says */
	uint64_t differing;    /* read, and not as the manifest says */
	uint64_t unread;       /* could not be read */
	bool is_cut;	       /* who writes gave up, and says why itself */
	enum stream_mode mode;
};

/* Send what is chosen. */
int restore_stream_send(const struct restore_stream_options *options,
    struct restore_stream_result *ret_result, struct error *err) ERROR_CHECKED;

/* ---- the end that writes ---- */

/* Who gets what comes; a callback that returns -1 ends it. */
struct restore_stream_sink {
	void *context;
	int (*folder)(void *context, const char *path, struct error *err);
	/* A pipe or a device, of which there is not even the name. */
	int (*special)(void *context, const char *path, struct error *err);
	int (*link)(void *context, const char *path, const char *target,
	    struct error *err);
	int (*file_begin)(void *context, const char *path, struct error *err);
	int (*file_write)(void *context, const uint8_t *data, size_t length,
	    struct error *err);
	/* is_whole: all of its bytes came, and are the manifest's. */
	int (*file_end)(void *context, bool is_whole, struct error *err);
};

/* Pass on what comes; is_whole: the last record came too. */
int restore_stream_take(int socket, const struct restore_stream_sink *sink,
    const struct examine_events *events, bool *ret_is_whole,
    struct error *err) ERROR_CHECKED;

/* Write what comes. */
int restore_stream_receive(int socket, struct restore *restore,
    const struct examine_events *events, bool *ret_is_whole,
    struct error *err) ERROR_CHECKED;

#endif
