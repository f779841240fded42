/*
 * basis: the requirements that a point of the journal is judged by.
 *
 * Layer 6.  Uses: store (pack), model (requirement).
 *
 * They are those in force then, as the journal names them.  A text that is gone
 * is no other's: what was in it is not judged, and the answer is no better than
 * undetermined.  Where the journal does not name any (entries from before it
 * did), today's are used, and that is told.
 */
#ifndef HIKAE_JUDGE_BASIS_H
#define HIKAE_JUDGE_BASIS_H

#include "lib/model/requirement.h"
#include "lib/model/verdict.h"
#include "lib/store/catalog.h"

struct basis {
	struct requirement_set *set;
	struct requirement_texts texts;	 /* that it was read from */
	struct config_problems left_out; /* why files are not in it */
	bool is_of_today;		 /* the journal does not say which */
	bool is_changed;		 /* today's files are others */
	size_t gone;			 /* files whose text is gone */
};

/*
 * today: the files of now, which also have texts that the catalog lost.
 * ERROR_CONFIG: nothing could be loaded, or (is_strict) today's are used and
 * have mistakes.  Within one transaction where somebody writes meanwhile.
 */
int basis_read(struct catalog *catalog, struct catalog_at at,
    const struct requirement_texts *today, bool is_strict,
    struct basis *ret_basis, struct error *err) ERROR_CHECKED;

/* Of an answer about now: are today's files in force, and if not, sound? */
void basis_compare(struct basis *basis, const struct requirement_texts *today);

/* No better than what was not judged lets it be (law 1). */
enum verdict_exit basis_exit(const struct basis *basis, enum verdict_exit exit);

/* What must be told, each a sentence in the reader's language. */
enum basis_remark {
	BASIS_OF_TODAY,
	BASIS_CHANGED,
	BASIS_GONE,
	BASIS_LEFT_OUT, /* with the texts of left_out */
};
#define BASIS_REMARKS (BASIS_LEFT_OUT + 1)
bool basis_has(const struct basis *basis, enum basis_remark remark);
const char *basis_sentence(enum basis_remark remark);

/* NULL is allowed. */
void basis_done(struct basis *basis);

#endif
