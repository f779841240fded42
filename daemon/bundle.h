/*
 * bundle: what hikaed itself does for a bundle of evidence: it signs the list
 * of files that its own child drew, and records who was given it.
 *
 * Uses: service, ledger, output/evidence, worker/report_message.
 */
#ifndef HIKAE_DAEMON_BUNDLE_H
#define HIKAE_DAEMON_BUNDLE_H

#include <sys/types.h>

#include "daemon/service.h"
#include "lib/worker/report_message.h"

/* Put all that was journalled up to now under a checkpoint. */
int bundle_prepare(struct service *service, struct error *err) ERROR_CHECKED;

/*
 * Append the signature, as a file, of a checkpoint of so many entries that
 * hikaed itself signed as a note.
 */
int bundle_sign_head(const struct service *service, const struct bytes *note,
    uint64_t size, struct bytes *out, struct error *err) ERROR_CHECKED;

/* The same of the one that was kept.  ERROR_DENIED: there is none. */
int bundle_sign_kept(const struct service *service, uint64_t size,
    struct bytes *out, struct error *err) ERROR_CHECKED;

/*
 * Append the signature of a bundle's list (FORMATS section 8).  ERROR_DENIED
 * unless the checkpoint is of this journal; ERROR_INPUT: that is no such list.
 */
int bundle_seal(struct service *service, const struct report_seal *seal,
    struct bytes *out, struct error *err) ERROR_CHECKED;

struct bundle_record {
	uid_t uid;	/* who asked, as the kernel says */
	const char *by; /* and says that he is, or NULL */
	int64_t from, to;
	bool with_paths;
	const struct report_done *done;
};

/* The entry `exported`, before the bundle is given out. */
int bundle_record(struct service *service, const struct bundle_record *record,
    uint64_t *ret_seq, struct error *err) ERROR_CHECKED;

#endif
