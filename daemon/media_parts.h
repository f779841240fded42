/*
 * media_parts: what media's files do for each other.
 *
 * media.c has the list, media_watch.c says when to look, media_look.c looks
 * (media_beside.c where disks take turns, media_twins.c for clones),
 * media_ask.c asks children, media_step.c writes what follows and begins it,
 * media_stamp.c compares stamps, media_attach.c does the work of an attach,
 * media_mount.c says when hikae mounts (media_hand.c what it has in hand,
 * media_leave.c what it leaves, media_mark.c what udev knows of it),
 * media_record.c says what went, media_due.c sees what was left attached.
 */
#ifndef HIKAE_DAEMON_MEDIA_PARTS_H
#define HIKAE_DAEMON_MEDIA_PARTS_H

#include "daemon/media_internal.h"

/* The medium in the present configuration; NULL where it was taken away. */
const struct config_medium *media_config_of(const struct medium *medium);

/* NULL: there is none. */
struct medium *media_find(const struct media *media, const char *id);

/* media_watch.c */
int media_watch_begin(struct media *media, struct error *err) ERROR_CHECKED;
void media_watch_end(struct media *media);
/* Look at everything soon; storms of events become few looks. */
void media_watch_wake(struct media *media);
/* Look at everything before this returns. */
void media_watch_now(struct media *media);
/* A child has answered: look at once, for each is asked once. */
void media_watch_answer(struct media *media);

/* What a look found; facts are those to be recorded. */
struct media_seen {
	enum media_event event;
	const char *reason; /* static, or NULL */
	struct media_facts facts;
	bool has_facts;
	bool is_writable; /* mounted to be written */
};

/* media_look.c: 1 with what was seen, 0 where a child must answer first. */
int media_look(struct medium *medium, struct media_seen *ret_seen);

/*
 * media_beside.c: is it another configured medium that is mounted there, and
 * where is this one then?  As media_look.
 */
bool media_beside_is_displaced(
    const struct medium *medium, const struct identity *identity);
int media_beside_look(struct medium *medium, struct media_seen *ret_seen);

/* media_ask.c: questions to children, whose answers end in another look. */
void media_ask_init(struct medium *medium);
void media_ask_done(struct medium *medium);
void media_ask_block(struct medium *medium, uint32_t major, uint32_t minor);
void media_ask_capacity(struct medium *medium, const char *path);
/* address is HOST:PORT. */
void media_ask_reach(struct medium *medium, const char *address);
/* Whether the present place was asked, and nothing is known yet. */
bool media_ask_is_open(const struct media_question *question);
/* Whatever is known, or will be answered, is of another place. */
void media_ask_forget(struct media_question *question);
/* For media_list.c: a disk that sleeps needs some seconds to spin up, ms. */
#define MEDIA_ASK_BLOCK_MS 30000
/* The order is put by whom it is given to, and freed there; NULL: no memory. */
struct probe_order *media_ask_new_order(
    const struct media *media, enum probe_kind kind, uint32_t deadline_ms);
void media_ask_put(struct media_question *question, struct probe_order *order);
void media_ask_ended(struct media *media, struct media_question *question,
    enum media_probe_outcome outcome, const struct error *error);
/* Where probes are asked for; NULL: a child is one. */
const char *media_ask_socket(const struct service *service);

/* media_step.c: write what was seen where it is new; begin what follows. */
void media_step_take(struct medium *medium, const struct media_seen *seen);

/* media_mount.c */
void media_mount_init(struct medium *medium);
void media_mount_done(struct medium *medium);
/* See what a mounter left: before each look. */
void media_mount_refresh(struct medium *medium);
/* Mount or unmount, as follows from how it stands: after each look. */
void media_mount_look(struct medium *medium);
/* A job waits for it. */
void media_mount_want(struct medium *medium);
/* A person asks: what failed before is tried again. */
void media_mount_retry(struct medium *medium);
/* Some time passed: what was in use may be free now. */
void media_mount_retry_busy(struct medium *medium);
/* It is connected, and mounted when it is needed. */
bool media_mount_is_resting(const struct medium *medium);
/* It is about to be mounted: what reads it waits. */
bool media_mount_is_pending(const struct medium *medium);
/* A mounter has mounted it, or is at work. */
bool media_mount_is_ours(const struct medium *medium);
/* The switch of its device as it is without hikae's own hand. */
void media_mount_correct(const struct medium *medium,
    const struct identity *identity, struct media_facts *facts);
/* Why it could not be mounted, or given back: a word, or NULL. */
const char *media_mount_reason(const struct medium *medium);
const char *media_mount_word(const struct error *error);
void media_mount_note(struct service *service, const char *id,
    const char *result, const char *reason);
/* Where mounters are asked for; NULL: a child is one. */
const char *media_mount_socket(const struct service *service);

/* media_try.c: the write probe; try where it is due, after each look. */
int media_try_init(struct medium *medium, struct error *err) ERROR_CHECKED;
void media_try_done(struct medium *medium);
/* A person read the configuration anew: a file that was left may be gone. */
void media_try_renew(struct medium *medium);
void media_try_look(struct medium *medium);
/* While it tries, nothing reads there: its file is none of a copy's. */
bool media_try_is_running(const struct medium *medium);

/*
 * media_stamp.c: whether the stamp that was read last is that of the last write
 * (is_settled); else it is read again soon.  For a device that is not mounted.
 */
void media_stamp_init(struct medium *medium);
void media_stamp_done(struct medium *medium);
void media_stamp_settle(struct medium *medium);
/* It is elsewhere, or mounted: what was read of it tells nothing. */
void media_stamp_forget(struct medium *medium);

/* Compare once an attach, where a stamp is known. */
void media_stamp_compare(struct medium *medium, bool is_writable);
const char *media_stamp_name(enum media_stamp stamp);
int media_stamp_write(struct medium *medium, struct error *err) ERROR_CHECKED;

/* media_attach.c */
bool media_attach_is_wanted(const struct config_medium *config);
void media_attach_begin(struct medium *medium);
void media_attach_end(struct medium *medium);
/* One line for `systemctl status`: what may be pulled out, what not. */
void media_attach_tell(const struct media *media);
/* How many copies on it were seen and not captured yet. */
int media_attach_count_settling(const struct medium *medium,
    uint64_t *ret_count, struct error *err) ERROR_CHECKED;

/* media_record.c: the entry of a detach, or of a release and its end. */
int media_record_write(
    struct medium *medium, const char *result, struct error *err) ERROR_CHECKED;

/* media_due.c */
void media_due_look(struct medium *medium);
int media_due_close(struct medium *medium, struct error *err) ERROR_CHECKED;

#endif
