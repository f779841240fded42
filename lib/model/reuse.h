/*
 * reuse: what lies under a name that the backup software uses again (mon, tue,
 * ...): a new backup, or what became of the old one?
 *
 * Layer 3.  Pure.
 *
 * Times alone do not say it: a file more, or one that somebody touched, would
 * make an old backup new, and what is wrong with it would be forgotten (law 1).
 * So the old content is looked for first, byte by byte by its manifest, in its
 * own places.
 *
 * KEPT: at least half of the old bytes are there still, or they are at least
 * half of what is there now.  A backup that was added to, tampered with, cut
 * off or half deleted looks so, and so does one that was only touched or copied
 * over itself.  It is the old generation, and every difference counts against
 * it.  A new copy of unchanged data cannot be told from that; it stays the old
 * generation, intact, and may become late.
 *
 * REPLACED: hardly anything is left, a tenth at most either way, and the OLDEST
 * file is later than anything of the old backup.  Small files may be the same
 * in every backup (roles, scripts); that is why bytes count and not names.  The
 * newest file would be later after any touch, so that it says nothing.
 *
 * UNCLEAR: everything between, also where files with older times lie beside
 * new ones, and where not all could be read.  Nobody can tell, and so it is
 * told.
 *
 * What this cannot see: a large file is compared slice by slice, but one whose
 * length changed, or that is no longer than a slice, only as a whole.  A single
 * such file that somebody wrote over is a new backup, as it would be one that
 * somebody forged.
 */
#ifndef HIKAE_MODEL_REUSE_H
#define HIKAE_MODEL_REUSE_H

#include <stdbool.h>
#include <stdint.h>

enum reuse_answer {
	REUSE_UNKNOWN, /* nobody has looked */
	REUSE_KEPT,
	REUSE_REPLACED,
	REUSE_UNCLEAR,
};

struct reuse_evidence {
	uint64_t old_bytes, now_bytes; /* of the old manifest; there now */
	uint64_t same_bytes;	       /* of the old, that are there still */
	bool is_later;	 /* every file is later than the old backup */
	bool is_partial; /* not all of the old bytes could be compared */
};

/* Never REUSE_UNKNOWN. */
enum reuse_answer reuse_judge(const struct reuse_evidence *evidence);

#endif
