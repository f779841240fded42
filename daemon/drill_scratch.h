/*
 * drill_scratch: the folder that a drill restores to, and what others left.
 *
 * Part of drill.
 */
#ifndef HIKAE_DAEMON_DRILL_SCRATCH_H
#define HIKAE_DAEMON_DRILL_SCRATCH_H

#include "daemon/drill_internal.h"

/*
 * Choose its place and note it, so that a start finds it; and durably that it
 * stays, where it does.
 */
int drill_scratch_choose(struct drill *drill, struct error *err) ERROR_CHECKED;
/*
 * No medium's id, but what stands for one where jobs are counted: a scratch
 * folder that hangs keeps no other one's jobs waiting.
 */
void drill_scratch_lane(const char *name, char lane[CONFIG_ID_BYTES]);
/* A job that makes it, or takes it away. */
int drill_scratch_prepare(const struct drill *drill, enum job_scratch task,
    struct job *job, struct error *err) ERROR_CHECKED;
/* It was made; the descriptor stays the caller's. */
int drill_scratch_take(struct drill *drill, const struct reply_scratch *scratch,
    struct error *err) ERROR_CHECKED;
/* The folder drills/ of the state, which is made. */
int drill_scratch_open_drills(const struct service *service, int *ret_fd,
    struct error *err) ERROR_CHECKED;
/* Whether so many bytes fit; ERROR_NO_SPACE. */
int drill_scratch_check(
    const struct drill *drill, uint64_t bytes, struct error *err) ERROR_CHECKED;
/* It is removed: so is the note of it. */
void drill_scratch_forget(struct drill *drill);
/* Its folder was not made: nothing stays. */
void drill_scratch_forget_kept(struct drill *drill);
/* Order the removal of what drills left that are over. */
void drill_scratch_sweep(struct drills *drills);
/* Something could not be removed: try again later, and ever more seldom. */
void drill_scratch_sweep_later(struct drills *drills);
/* For the timer. */
void drill_scratch_on_sweep(void *context);

#endif
