/*
 * notices_internal: the parts of notices.
 */
#ifndef HIKAE_DAEMON_NOTICES_INTERNAL_H
#define HIKAE_DAEMON_NOTICES_INTERNAL_H

#include "daemon/notices.h"
#include "lib/base/i18n.h"
#include "lib/judge/health.h"
#include "lib/judge/notice.h"
#include "lib/worker/messenger_handle.h"

/* What a heartbeat tells with its command, in this order. */
enum notices_beat {
	NOTICES_BEAT_NONE,
	NOTICES_BEAT_ALIVE,
	NOTICES_BEAT_WELL,
};

/* One [notify] section while it is configured. */
struct notices_sender {
	struct notices *notices;
	const struct config_notify *rules; /* of the configuration in force */
	struct messenger_handle *handle;   /* NULL: nothing is being sent */
	int wire_fd;			   /* watched, or -1 */
	struct loop_timer deadline;
	uint64_t notice; /* that is being sent; 0: a beat */
	/* heartbeats */
	int64_t beat_at;	/* of the last, monotonic ms; 0: none */
	enum notices_beat beat; /* that is being told */
	bool was_well;		/* at the last beat */
	uint64_t beats_told, beats_failed; /* by command */
	uint64_t beats_failing;		   /* one after the other, now */
	char said[OUTBOX_SAID_BYTES];	   /* of the last that failed */
};

/* What is known of the status now. */
struct notices_view {
	struct health *health;
	struct notice_fact *facts;
	size_t count;
	enum verdict_exit state;
};

struct notices {
	struct service *service;
	struct outbox outbox;
	bool is_dirty;			/* the outbox is not what the file is */
	struct notices_sender *senders; /* as in the configuration */
	size_t sender_count;
	struct loop_timer tick;
	int64_t looked_at, look_cost_ms; /* monotonic; of the last look */
	int run_fd;			 /* run/hikae, for heartbeats */
	struct i18n_reader own;		 /* hikaed's language */
};

/* Judge now.  The view is the caller's, also after an error. */
int notices_look(const struct notices *notices, struct notices_view *ret_view,
    struct error *err) ERROR_CHECKED;

/*
 * What is told where nobody can judge: that, and all that stood at the last
 * look, since nobody can say that it ended.  The view is the caller's, also
 * after an error.
 */
int notices_look_unjudged(const struct notices *notices,
    struct notices_view *ret_view, struct error *err) ERROR_CHECKED;
void notices_view_done(struct notices_view *view);

/* Write the outbox where it changed; a failure is logged, and tried again. */
void notices_save(struct notices *notices);

/* Queue what follows from the view, section by section. */
void notices_queue_all(
    struct notices *notices, const struct notices_view *view);

/* Sections whose notices do not get through, and how many of them. */
uint64_t notices_undelivered(const struct notices *notices);

/* Send what is due.  The ms until more is, or -1. */
int64_t notices_send_due(struct notices_sender *sender);

/* Hand a beat to the section's command. */
void notices_send_beat(struct notices_sender *sender, enum notices_beat beat,
    enum verdict_exit state, const char *text);

/* End what is being sent; it stays queued. */
void notices_send_stop(struct notices_sender *sender);

/* Beat where it is time.  The ms until the next one. */
int64_t notices_heartbeat(
    struct notices_sender *sender, const struct notices_view *view);

/* Remove the files: nothing is alive, or well. */
void notices_heartbeat_end(const struct notices_sender *sender);

#endif
