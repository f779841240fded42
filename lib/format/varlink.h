/*
 * varlink: messages of the Varlink protocol (varlink.org, "Method Call").
 *
 * Layer 2.  Uses: base, format/json.
 *
 * A message is a JSON object and a NUL.  The daemon and its clients share
 * this; who sends and waits is theirs.
 */
#ifndef HIKAE_FORMAT_VARLINK_H
#define HIKAE_FORMAT_VARLINK_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/bytes.h"
#include "lib/format/json.h"

/* Names of methods and errors, with the NUL. */
#define VARLINK_NAME_BYTES 128

/*
 * What arrives from one peer, in the caller's storage.  It may hold secrets:
 * memory that is given back is overwritten.
 */
struct varlink_inbox {
	struct bytes data;
	size_t taken; /* bytes of data that were given out */
	size_t limit; /* bytes of one message */
};

void varlink_inbox_init(struct varlink_inbox *inbox, size_t limit);
void varlink_inbox_done(struct varlink_inbox *inbox);

/*
 * Add what was read.  Take all messages out before the next call, so that not
 * more than one message and one reading is kept.
 */
int varlink_inbox_add(struct varlink_inbox *inbox, const void *data,
    size_t length, struct error *err) ERROR_CHECKED;

/*
 * The next message: 1 with a new reference, 0 where none is whole, -1 where
 * the peer broke the rules (ERROR_PROTOCOL, ERROR_LIMIT); then the
 * conversation is over.
 */
int varlink_inbox_next(struct varlink_inbox *inbox, json_t **ret_message,
    struct error *err) ERROR_CHECKED;

/* Whether a part of a message waits for its rest. */
bool varlink_inbox_is_partial(const struct varlink_inbox *inbox);

/* A method call; its members belong to the message. */
struct varlink_call {
	const char *method;
	json_t *parameters;   /* NULL: none */
	const char *language; /* hikae's own: of texts for people; NULL: any */
	bool has_more, is_oneway, is_upgrade;
};
int varlink_parse_call(const json_t *message, struct varlink_call *ret_call,
    struct error *err) ERROR_CHECKED;

/* A reply, or an error (then not NULL). */
struct varlink_reply {
	const char *error;
	json_t *parameters; /* NULL: none */
	bool continues;
};
int varlink_parse_reply(const json_t *message, struct varlink_reply *ret_reply,
    struct error *err) ERROR_CHECKED;

/*
 * Append a whole message; parameters may be NULL and stay the caller's, and so
 * may the language.
 */
int varlink_append_call(struct bytes *out, const char *method,
    json_t *parameters, const char *language, bool has_more,
    struct error *err) ERROR_CHECKED;
int varlink_append_reply(struct bytes *out, json_t *parameters, bool continues,
    struct error *err) ERROR_CHECKED;
int varlink_append_error(struct bytes *out, const char *name,
    json_t *parameters, struct error *err) ERROR_CHECKED;

#endif
