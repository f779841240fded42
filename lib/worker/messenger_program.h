/*
 * messenger_program: run one program with an input, an end and a bounded say.
 *
 * Layer 5, internal to messenger.
 */
#ifndef HIKAE_WORKER_MESSENGER_PROGRAM_H
#define HIKAE_WORKER_MESSENGER_PROGRAM_H

#include "lib/worker/messenger_message.h"

struct messenger_program {
	char *const *arguments; /* with the path at [0], NULL at the end */
	char *const *variables;
	const uint8_t *input;
	size_t input_length;
	uint32_t deadline_ms;
	int stop_fd; /* readable: it is to be ended now; -1: none */
};

/*
 * Run it to its end, or to its deadline, or until it is to be ended: then it is
 * killed, with all of its process group.  What it prints is read on, and its
 * last MESSENGER_SAID_BYTES - 1 bytes are kept.  How it went is the answer.
 */
void messenger_program_run(const struct messenger_program *program,
    struct messenger_answer *ret_answer);

#endif
