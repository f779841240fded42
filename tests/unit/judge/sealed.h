/*
 * Captures of which it is known how many files are encrypted.
 *
 * Include it after tests/unit/judge/history.h.
 */
#ifndef HIKAE_TESTS_JUDGE_SEALED_H
#define HIKAE_TESTS_JUDGE_SEALED_H

#include "lib/model/sealing.h"

/* The copy is captured again, and so many files of it are encrypted. */
static uint64_t
add_sealing(struct catalog *to, int64_t at, uint64_t copy, int version,
    const struct sealing *sealing)
{
	uint64_t seq = 0;

	ADD(to, at, &seq,
	    "{ss sI si ss si si si si ss sI ss si s[[iiii]]"
	    " s{sI sI sI sI sI}}",
	    "type", "captured", "copy", (json_int_t)copy, "version", version,
	    "manifest_sha256", DIGEST_A, "entries", 7, "files", 5, "bytes", 600,
	    "bytes_read", 600, "content", DIGEST_A, "oldest_reading", at,
	    "mode", "direct-local", "problems", 0, "slices", 50, 40, 7, 600,
	    "sealing", "sealed", (json_int_t)sealing->sealed, "plain",
	    (json_int_t)sealing->plain, "aside", (json_int_t)sealing->aside,
	    "unclear", (json_int_t)sealing->unclear, "unseen",
	    (json_int_t)sealing->unseen);
	return seq;
}

#endif
