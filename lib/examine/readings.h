/*
 * readings: which bytes were read, when, and what they were.
 *
 * Layer 4.  Uses: base, crypto/digest.  Owns: the format of readings/MEDIUM.
 *
 * A hash table in a file that the daemon opened and passed: from a file's
 * identity (inode, size, modification and change time) to its SHA-256, the
 * instant of the reading, and whether that reading agreed with a signed
 * manifest.  It makes capture incremental and lets hard-linked generations
 * cost one read a pass.  It is only a saving: each record carries a keyed
 * check, a record that does not hold is as if it were not there, and two
 * writers at once lose a record at worst.  Use it only where inode numbers
 * identify a file (os/device: stable_inodes).
 */
#ifndef HIKAE_EXAMINE_READINGS_H
#define HIKAE_EXAMINE_READINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/crypto/digest.h"
#include "lib/model/sealing.h"

#define READINGS_SECRET_BYTES 32

struct readings;

/*
 * What makes two names one file, and a file unchanged; and which part of it was
 * read.  A large file has one reading a slice: `from` and `end` are where the
 * slice begins and ends, and the digest there is the midstate (the digest of
 * the whole at its size), so that a reading never stands for bytes before it.
 *
 * Giving a file one name more changes its change time.  So that the next
 * generation by hard links costs nothing, the change time does not count for a
 * file that has several names.
 */
struct readings_identity {
	uint64_t inode, size, from, end;
	int64_t mtime_seconds, ctime_seconds;
	uint32_t mtime_nanoseconds, ctime_nanoseconds;
	bool is_shared; /* it has several names */
};

enum reading_state {
	READING_ONCE,	 /* read for a capture, compared with nothing */
	READING_AGREED,	 /* it was what a signed manifest says */
	READING_REFUTED, /* it was not: whoever shares the file shares that */
};
#define READING_STATES (READING_REFUTED + 1)

struct reading {
	uint8_t digest[DIGEST_SHA256_BYTES];
	int64_t read_at; /* milliseconds since the epoch */
	enum reading_state state;
	/* Whether it is encrypted, as a parser said; else UNSEEN. */
	enum sealing_kind kind;
};

/*
 * Use the table in fd (read and write; stays the caller's; an empty file
 * becomes an empty table).  The secret keys the checks.  A table that cannot
 * be understood is started anew, which costs reading, not truth.
 */
int readings_new(int fd, const uint8_t secret[READINGS_SECRET_BYTES],
    struct readings **ret_readings, struct error *err) ERROR_CHECKED;

void readings_free(struct readings *readings);

/* True and *ret_reading filled when the identity was read before. */
bool readings_find(struct readings *readings,
    const struct readings_identity *identity, struct reading *ret_reading);

/*
 * Remember a reading.  A failure to write is no error: the file will be read
 * again.  One without a kind keeps that of the same bytes.
 */
void readings_put(struct readings *readings,
    const struct readings_identity *identity, const struct reading *reading);

#endif
