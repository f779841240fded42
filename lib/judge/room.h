/*
 * room: is there room for what hikae is yet to record?
 *
 * Layer 6.  Uses: nothing; the numbers are those of statvfs(3).
 *
 * What should be left of a file system is what hikae's own records (journal,
 * catalog, manifests) took in the last 92 days: with less it is full, at that
 * pace, before the quarter is over in which somebody looks after hikae anyway
 * (health_drills.c).  Where hikae is younger, that is all they took.  At least
 * it is a fiftieth, which a drill program leaves as well (worker/runner.c),
 * but no more than a limit.  The same holds for files (inodes).
 */
#ifndef HIKAE_JUDGE_ROOM_H
#define HIKAE_JUDGE_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#define ROOM_PERIOD_MS (INT64_C(92) * 24 * 3600 * 1000)
#define ROOM_PART 50
/* A fiftieth counts up to this: a bundle of evidence and SQLite's log fit. */
#define ROOM_PART_BYTES_MAX (UINT64_C(1) << 30)
#define ROOM_PART_FILES_MAX UINT64_C(10000)

struct room {
	uint64_t free_bytes, all_bytes;	   /* f_bavail, f_blocks */
	uint64_t free_files, all_files;	   /* f_favail, f_files; 0: no limit */
	uint64_t taken_bytes, taken_files; /* in ROOM_PERIOD_MS; 0: unknown */
};

/* What should be left. */
uint64_t room_reserve_bytes(const struct room *room);
uint64_t room_reserve_files(const struct room *room);

/*
 * Whether there is less.  What was short is so until there is a quarter more:
 * a file that comes and goes is no news.
 */
bool room_is_short(const struct room *room, bool was_short);

#endif
