/*
 * pack: the files of requirements that were in force, and their texts.
 *
 * Layer 5.  Uses: catalog.
 *
 * An entry `config` names the files in force by their digests.  The texts are
 * kept beside the journal, as openings are: a catalog that was made of a
 * journal alone has none of them.
 */
#ifndef HIKAE_STORE_PACK_H
#define HIKAE_STORE_PACK_H

#include "lib/store/catalog.h"

struct pack {
	const char *sha256;  /* NULL: the file could not be read then */
	bool is_site;	     /* the facility's own */
	const char *file;    /* its name, or NULL where the text is gone */
	const uint8_t *text; /* as it was kept: the caller checks the digest */
	size_t length;
};
typedef int pack_fn(const struct pack *row, void *context, struct error *err);

/*
 * Those of the configuration in force, in the order in which they are loaded;
 * none where its entry names none.  The callback is as in query.h.
 */
int pack_each(struct catalog *catalog, struct catalog_at at, pack_fn *each,
    void *context, struct error *err) ERROR_CHECKED;

/* Keep a text, unless it is there.  Within a transaction. */
int pack_keep(struct catalog *catalog, const struct pack *pack,
    struct error *err) ERROR_CHECKED;

/* Keep all texts of another catalog. */
int pack_copy(
    struct catalog *from, struct catalog *to, struct error *err) ERROR_CHECKED;

#endif
