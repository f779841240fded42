/*
 * error: why a function could not do its work.
 *
 * Layer 0.  Uses: nothing.
 *
 * A fallible function returns 0 or -1 and fills a caller-owned struct error.
 * Damage found in a backup is not an error: it is a finding (model/finding).
 */
#ifndef HIKAE_BASE_ERROR_H
#define HIKAE_BASE_ERROR_H

#include <stddef.h>

/* Marks functions whose result must be looked at. */
#define ERROR_CHECKED __attribute__((warn_unused_result))

/* Bytes of text in an error, with its terminating NUL. */
#define ERROR_TEXT_BYTES 512

enum error_code {
	ERROR_NONE,
	ERROR_USAGE,	   /* the command line or a request makes no sense */
	ERROR_CONFIG,	   /* the configuration is wrong */
	ERROR_INPUT,	   /* bytes that do not follow their format */
	ERROR_NOT_FOUND,   /* the named thing does not exist */
	ERROR_EXISTS,	   /* the named thing exists already */
	ERROR_DENIED,	   /* no permission */
	ERROR_UNAVAILABLE, /* not now; later it may work (busy, absent) */
	ERROR_IO,	   /* the operating system could not read or write */
	ERROR_NO_SPACE,	   /* no room on the device, or over the quota */
	ERROR_LIMIT,	   /* one of hikae's own limits was reached */
	ERROR_SIGNATURE,   /* a signature, proof or checksum does not hold */
	ERROR_VERSION,	   /* written by a newer hikae */
	ERROR_PROTOCOL,	   /* a peer broke the rules of the conversation */
	ERROR_CANCELLED,   /* somebody asked to stop */
	ERROR_INTERNAL,	   /* hikae's own fault, or no memory */
};
#define ERROR_CODES (ERROR_INTERNAL + 1)

struct error {
	enum error_code code;
	int os_errno; /* errno value, or 0 */
	char text[ERROR_TEXT_BYTES];
};

/*
 * Fill err (which may be NULL) and return -1, so that a caller can write
 * `return error_set(err, ...)`.  The text is cut at ERROR_TEXT_BYTES - 1; what
 * comes from outside must be escaped (base/text) before it is passed here.
 */
int error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The same for a failed system call: the code follows from os_errno (ENOSPC
 * gives ERROR_NO_SPACE, ENOENT gives ERROR_NOT_FOUND, ...), and the system's
 * words for it are appended to the text after a colon.
 */
int error_set_errno(struct error *err, int os_errno, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "context: " before the text of an error that was set.  Returns -1. */
int error_prefix(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A stable lower-case name for a code ("no-space"), for JSON and logs. */
const char *error_code_name(enum error_code code);

/*
 * The process exit status that tells of a code: a value of sysexits.h
 * (64..78), where 75 is "try again later".
 */
int error_exit_status(enum error_code code);

#endif
