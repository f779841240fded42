/*
 * outbox: who was told what, and what waits to be told.
 *
 * Layer 5.  Uses: format/json, os/file, model/verdict.
 *
 * One file of the state, replaced whole (FORMATS section 10.1).  It is no
 * evidence: where it is lost, what is wrong is told once more.
 */
#ifndef HIKAE_STORE_OUTBOX_H
#define HIKAE_STORE_OUTBOX_H

#include "lib/base/error.h"
#include "lib/store/outbox_types.h"

#define OUTBOX_FILE "outbox.json"

bool outbox_key_is_same(const struct outbox_key *a, const struct outbox_key *b);

/*
 * Read the file, where there is one; an empty outbox else.  After an error
 * *ret_outbox is empty and usable, too.
 */
int outbox_load(
    int state_fd, struct outbox *ret_outbox, struct error *err) ERROR_CHECKED;

/* Replace the file, durably. */
int outbox_save(
    int state_fd, const struct outbox *outbox, struct error *err) ERROR_CHECKED;

void outbox_done(struct outbox *outbox);

/* NULL where there is none. */
struct outbox_channel *outbox_find(const struct outbox *outbox, const char *id);

/* The channel, made where there is none: its digests begin at now. */
struct outbox_channel *outbox_open(struct outbox *outbox, const char *id,
    int64_t now, struct error *err) ERROR_CHECKED;

/* Drop the channel with all that waits in it. */
void outbox_close(struct outbox *outbox, const char *id);

/*
 * Queue a notice, due at once; subject and text are taken over, also after an
 * error.  Where the channel is full, the mildest (and of those the oldest) is
 * dropped and counted: what was told of success never displaces a failure.  A
 * digest takes the place of one that waits.
 */
int outbox_add(struct outbox *outbox, struct outbox_channel *channel,
    const struct outbox_notice *notice, struct error *err) ERROR_CHECKED;

/*
 * The notice to send now: a test, or the oldest that is due; NULL: none is.
 * Before one that came after it, the oldest of all is tried: a program that
 * works again is told in order.  *ret_wait_ms: until one is due, -1 for never.
 */
struct outbox_notice *outbox_due(
    const struct outbox_channel *channel, int64_t now, int64_t *ret_wait_ms);

/* By its id; NULL. */
struct outbox_notice *outbox_notice(
    const struct outbox_channel *channel, uint64_t id);

/* It is not to be delivered, or was: forget it. */
void outbox_remove(struct outbox_channel *channel, uint64_t id);

/*
 * It was delivered: forget it, and let none that waits since an earlier failure
 * wait longer.  One that failed within the last retry_ms does: it may be this
 * one alone that is not taken.
 */
void outbox_deliver(
    struct outbox_channel *channel, uint64_t id, int64_t retry_ms, int64_t now);

/* An attempt failed: wait longer each time, from retry_ms on. */
void outbox_postpone(
    struct outbox_notice *notice, int64_t retry_ms, int64_t now);

/* Notices that could not be delivered in several attempts. */
uint64_t outbox_undeliverable(const struct outbox_channel *channel);

/* Put an acknowledgement in the place of one about the same. */
int outbox_acknowledge(struct outbox *outbox, const struct outbox_ack *ack,
    struct error *err) ERROR_CHECKED;

/* The acknowledgement that holds for a problem as it is now; NULL. */
const struct outbox_ack *outbox_ack_of(const struct outbox *outbox,
    const struct outbox_key *key, enum verdict_exit severity, uint64_t count,
    uint64_t newest, int64_t now);

#endif
