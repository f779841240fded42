/*
 * reply_witness: what a child found of a medium's witness, or wrote.
 *
 * Layer 5.  Part of reply.
 *
 * The child takes apart what lies there; up come numbers, digests, and names
 * of bounded length, of which whoever has the keys makes the signed texts
 * again.  Nothing here was verified.
 */
#ifndef HIKAE_WORKER_REPLY_WITNESS_H
#define HIKAE_WORKER_REPLY_WITNESS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/crypto/medium_token.h"
#include "lib/crypto/merkle.h"

enum reply_witness_state {
	REPLY_WITNESS_NONE,	 /* there is no journal */
	REPLY_WITNESS_FOUND,	 /* entries, and behind them something */
	REPLY_WITNESS_MALFORMED, /* no journal, or one that was cut off */
	REPLY_WITNESS_WRITTEN,	 /* the new one is durable */
};
#define REPLY_WITNESS_STATES (REPLY_WITNESS_WRITTEN + 1)

enum reply_witness_text {
	REPLY_WITNESS_TEXT_NONE,      /* there is none */
	REPLY_WITNESS_TEXT_MALFORMED, /* it is not what it should be */
	REPLY_WITNESS_TEXT_TAKEN,
};
#define REPLY_WITNESS_TEXTS (REPLY_WITNESS_TEXT_TAKEN + 1)

/* The checkpoint behind the entries; digest: of its bytes as they lie there. */
struct reply_witness_note {
	enum reply_witness_text text;
	uint8_t digest[DIGEST_SHA256_BYTES];
	/* Where it was taken. */
	struct note_checkpoint checkpoint;
	struct note_signatures signatures;
};

/* The same of the token's file. */
struct reply_witness_token {
	enum reply_witness_text text;
	uint8_t digest[DIGEST_SHA256_BYTES];
	struct medium_token token;
	struct note_signatures signatures;
};

struct reply_witness {
	enum reply_witness_state state;
	/* Found: entries, and the root of their tree. */
	uint64_t entries;
	uint8_t root[MERKLE_HASH_BYTES];
	struct reply_witness_note note;
	struct reply_witness_token token;
};

#endif
