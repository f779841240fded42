/*
 * standing: a journal that lost what was signed is not gone on with in silence.
 *
 * Uses: service, ledger, store/journal_mark, store/journal_loss.
 *
 * Without this a catalog that was lost would begin anew, and what was critical
 * would be good.  What stands against it is the mark beside the catalog, and
 * the manifests; what lets it go on is a person's word, which is journalled.
 */
#ifndef HIKAE_DAEMON_STANDING_H
#define HIKAE_DAEMON_STANDING_H

#include "daemon/service.h"

/*
 * Before anything is written; service->catalog may be NULL where there is no
 * file.  ERROR_SIGNATURE, in words, where the journal lost entries and nobody
 * said so (hikae journal lost).
 */
int standing_check(struct service *service, struct error *err) ERROR_CHECKED;

/*
 * The entry and the finding of what a person said, once; in the transaction of
 * the start.  is_new: the journal was empty before.
 */
int standing_record(
    struct service *service, bool is_new, struct error *err) ERROR_CHECKED;

/* After the commit: sign and mark what is there now, forget what was said. */
int standing_settle(struct service *service, struct error *err) ERROR_CHECKED;

/*
 * Sign the journal's head, and remember it beside the catalog before anybody
 * gets it.  ret_note may be NULL; as journal_checkpoint.
 */
int standing_checkpoint(struct service *service, struct bytes *ret_note,
    struct error *err) ERROR_CHECKED;

#endif
