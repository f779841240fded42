/*
 * packs: the requirements that hikaed has in force, from their files.
 *
 * Uses: service, ledger, model/requirement, store/pack.
 *
 * What the files are at the start and at each reload is journalled with the
 * configuration, and the texts are kept, so that any day is judged by what was
 * in force on it (judge/basis).
 */
#ifndef HIKAE_DAEMON_PACKS_H
#define HIKAE_DAEMON_PACKS_H

#include "daemon/service.h"
#include "lib/format/json.h"

/* Read the files at the start; faulty ones stop nothing, and are told. */
int packs_begin(struct service *service, struct error *err) ERROR_CHECKED;

/*
 * Read them anew for a reload, into *ret_texts: -1 and the problems where they
 * are not all good.
 */
int packs_read_good(struct service *service,
    struct requirement_texts *ret_texts,
    struct config_problems *problems) ERROR_CHECKED;

/* Whether the journal names exactly these as in force. */
int packs_are_known(
    struct service *service, bool *ret_are, struct error *err) ERROR_CHECKED;

/* [{sha256, site}] of an entry `config`. */
json_t *packs_describe(const struct service *service);

/* Keep the texts, also those that were lost.  Within a transaction. */
int packs_keep(struct service *service, struct error *err) ERROR_CHECKED;

#endif
