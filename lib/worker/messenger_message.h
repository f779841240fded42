/*
 * messenger_message: what is asked of a messenger, and what it answers.
 *
 * Layer 5.  Uses: os/wire.
 *
 * One order goes down, one answer comes up.  The order names a section of the
 * configuration and never a program: which one runs, and who gets the mail, is
 * for /etc/hikae alone to say.  Both sides treat the other as hostile.
 */
#ifndef HIKAE_WORKER_MESSENGER_MESSAGE_H
#define HIKAE_WORKER_MESSENGER_MESSAGE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

#define MESSENGER_ID_BYTES 33
#define MESSENGER_WORD_BYTES 16
#define MESSENGER_SUBJECT_BYTES 512
/* Of the input of a program. */
#define MESSENGER_INPUT_MAX 60000
/* Of what a program prints that is kept. */
#define MESSENGER_SAID_BYTES 1024
#define MESSENGER_DEADLINE_MS_MAX 600000

struct messenger_order {
	char root[PATH_MAX];		  /* where the configuration lies */
	char section[MESSENGER_ID_BYTES]; /* [notify ID] */
	char event[MESSENGER_WORD_BYTES]; /* "problem", "digest", "alive" */
	char state[MESSENGER_WORD_BYTES]; /* "good", "bad", ... */
	char subject[MESSENGER_SUBJECT_BYTES];
	uint32_t deadline_ms; /* from 1 */
	const uint8_t *input; /* borrowed; lies in the buffer when received */
	size_t input_length;
};

enum messenger_outcome {
	MESSENGER_EXITED,  /* by itself, with a status */
	MESSENGER_KILLED,  /* by a signal that was not ours */
	MESSENGER_TIMEOUT, /* it was ended at its deadline */
	MESSENGER_FAILED,  /* it could not be started: said has why */
};
#define MESSENGER_OUTCOMES (MESSENGER_FAILED + 1)

struct messenger_answer {
	enum messenger_outcome outcome;
	uint32_t status; /* exit status, or the signal's number */
	uint32_t elapsed_ms;
	char said[MESSENGER_SAID_BYTES]; /* what it printed last, any bytes but
					    NUL */
};

/* Whether the message was taken. */
bool messenger_answer_is_good(const struct messenger_answer *answer);

int messenger_send_order(int wire, const struct messenger_order *order,
    struct error *err) ERROR_CHECKED;

/* *room owns the order's input, and is the caller's to free (bytes_done). */
int messenger_receive_order(int wire, struct messenger_order *ret_order,
    struct bytes *room, struct error *err) ERROR_CHECKED;

/* The same of a frame that came.  ERROR_PROTOCOL. */
int messenger_decode_order(uint16_t type, const uint8_t *payload, size_t length,
    struct messenger_order *ret_order, struct bytes *room,
    struct error *err) ERROR_CHECKED;

int messenger_send_answer(int wire, const struct messenger_answer *answer,
    struct error *err) ERROR_CHECKED;

/* ERROR_PROTOCOL for anything that a messenger does not send. */
int messenger_decode_answer(uint16_t type, const uint8_t *payload,
    size_t length, struct messenger_answer *ret_answer,
    struct error *err) ERROR_CHECKED;

#endif
