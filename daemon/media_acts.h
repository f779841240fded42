/*
 * media_acts: what hikae does to a medium beside reading it, where its
 * configuration says so: mounting, and trying to write.
 *
 * Uses: media_probe, media_state.  Processes with rights do it
 * (worker/mounter, worker/trier); here is what hikaed remembers of that.
 */
#ifndef HIKAE_DAEMON_MEDIA_ACTS_H
#define HIKAE_DAEMON_MEDIA_ACTS_H

#include "daemon/media_probe.h"
#include "daemon/media_state.h"

#define MEDIA_REASON_BYTES 32

/* Mounting by hikae (mount = hikae). */
struct media_mounting {
	struct media_probe probe;
	enum probe_kind asked;	 /* the last of MOUNT and UNMOUNT */
	enum media_state before; /* at the last look */
	bool is_wanted;		 /* it was connected, or a job waits for it */
	bool is_ours;		 /* a mounter has something to undo there */
	bool is_used, was_used;	 /* mounted elsewhere, by somebody */
	bool is_failed;		 /* the last try to mount */
	bool is_kept;		 /* the last try to give it back failed */
	bool is_unseen;		 /* it was done, and not looked at yet */
	char reason[MEDIA_REASON_BYTES]; /* of the last failure; a word */
	struct loop_timer timer;	 /* while it is mounted */
	unsigned idle_ticks;
	int64_t until_ms;      /* monotonic: what does not settle is left */
	int64_t not_before_ms; /* monotonic: unmounting failed, try later */
};

/* A file of the write probe stands where it could not be removed. */
#define MEDIA_LEFT_BEHIND "left-behind"

/* The write probe (write_probe = yes). */
struct media_trying {
	struct media_probe probe;
	/* As the journal has it. */
	enum probe_try result;
	char reason[PROBE_REASON_BYTES];
	int64_t tried_at; /* or QUERY_NEVER */
	bool has_tried;	  /* since the start */
	bool is_asked;	  /* a person wants to know */
	/* Under way: the worst of the sources so far. */
	size_t next_source, gathered_count;
	enum probe_try gathered;
	char gathered_reason[PROBE_REASON_BYTES];
};

#endif
