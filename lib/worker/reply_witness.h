/*
 * reply_witness: what a child found of a medium's witness, or wrote.
 *
 * Layer 5.  Part of reply.
 */
#ifndef HIKAE_WORKER_REPLY_WITNESS_H
#define HIKAE_WORKER_REPLY_WITNESS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/crypto/merkle.h"

/* Of a checkpoint, and of a token. */
#define REPLY_WITNESS_NOTE_BYTES 16384
#define REPLY_WITNESS_TOKEN_BYTES 4096

enum reply_witness_state {
	REPLY_WITNESS_NONE,	 /* there is no journal */
	REPLY_WITNESS_FOUND,	 /* entries, and behind them something */
	REPLY_WITNESS_MALFORMED, /* no journal, or one that was cut off */
	REPLY_WITNESS_WRITTEN,	 /* the new one is durable */
};
#define REPLY_WITNESS_STATES (REPLY_WITNESS_WRITTEN + 1)

struct reply_witness {
	enum reply_witness_state state;
	/* Found: entries, and the root of their tree. */
	uint64_t entries;
	uint8_t root[MERKLE_HASH_BYTES];
	/* In the buffer; as they lie there, perhaps nonsense, perhaps "". */
	const char *note, *token;
	size_t note_length, token_length;
};

#endif
