/*
 * repetition: backups that keep coming and are always the same.
 *
 * Uses: ledger, judge/unchanged.
 *
 * The finding data-unchanged is about a source.  It opens with the capture that
 * makes the row of same generations too long, and closes with the next one that
 * differs.  What a person accepted stays so for as long as that row goes on.
 */
#ifndef HIKAE_DAEMON_REPETITION_H
#define HIKAE_DAEMON_REPETITION_H

#include "daemon/service.h"

/* After a capture; nothing for an unknown source.  Within a transaction. */
int repetition_judge(struct service *service, const char *source_id,
    struct error *err) ERROR_CHECKED;

/* Every source, at the start and when the rules changed.  As above. */
int repetition_judge_all(
    struct service *service, struct error *err) ERROR_CHECKED;

#endif
