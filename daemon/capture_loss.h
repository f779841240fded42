/*
 * capture_loss: what a living tree lost since it was captured before.
 *
 * Part of capture.  Uses: ledger, judge/lost.
 */
#ifndef HIKAE_DAEMON_CAPTURE_LOSS_H
#define HIKAE_DAEMON_CAPTURE_LOSS_H

#include "daemon/service.h"
#include "lib/model/survey.h"

/*
 * Before which instant files may be gone: as long ago as retention_ms
 * (CONFIG_NONE: never) lets them.  The clock says so and the newest file of the
 * tree, newest_ms (INT64_MIN: none): a clock that jumped ahead excuses no loss
 * (law 8), and who writes nothing any more and still deletes has no order that
 * could be told from a loss.
 */
int64_t capture_loss_expires(int64_t retention_ms, int64_t newest_ms);

/* Set the member `loss` of the journal's entry. */
void capture_loss_add(const struct loss *loss, json_t *entry);

/*
 * Within the transaction that recorded the manifest: a finding where more is
 * lost than usual.  Each is another one, also while an earlier one is open:
 * what a person has acknowledged is not the next loss.
 */
int capture_loss_judge(struct service *service, uint64_t manifest,
    struct error *err) ERROR_CHECKED;

#endif
