/*
 * media_internal: one medium between looks, as media_parts.h's files share it.
 */
#ifndef HIKAE_DAEMON_MEDIA_INTERNAL_H
#define HIKAE_DAEMON_MEDIA_INTERNAL_H

#include "daemon/ledger.h"
#include "daemon/media.h"
#include "daemon/media_acts.h"
#include "daemon/media_facts.h"
#include "daemon/media_hand.h"
#include "daemon/media_list.h"
#include "daemon/media_probe.h"
#include "daemon/media_witness.h"
#include "lib/os/mountinfo.h"
#include "lib/os/superblock.h"

/* Copies that are verified first after an attach: the newest of a system. */
#define MEDIA_NEWEST_MAX 64

/* What was found the last time, and how it was reached. */
struct media_place {
	uint64_t mount_id; /* 0: not mounted */
	uint32_t major, minor;
};

/* What a child said of the superblock at that place. */
enum media_asked {
	MEDIA_NOT_ASKED,
	MEDIA_ASKED,
	MEDIA_TOLD,
	MEDIA_NOT_TOLD, /* error says why */
};

struct media_question {
	struct media_probe probe;
	enum media_asked asked;
	bool is_outdated; /* the answer that comes is about another place */
	bool is_silent;	  /* no answer came in time, the last time */
	bool has_result;  /* of the present place; perhaps asked again */
	struct error error;
};

/* The work after a medium came. */
struct media_attach {
	enum media_phase phase;
	struct loop_timer timer;
	int64_t since;	  /* the attach, ms since the epoch */
	int64_t until_ms; /* monotonic: the time box */
	int64_t batch_began_ms;
	uint64_t run; /* under way, or 0 */
	uint64_t newest[MEDIA_NEWEST_MAX];
	size_t newest_count;
	uint64_t bytes_per_second;
	bool is_cut;
	bool is_checked; /* all that was due was read, since it came */
};

enum media_stamp {
	MEDIA_STAMP_UNCOMPARED,
	MEDIA_STAMP_UNCHANGED,
	MEDIA_STAMP_CHANGED,
};

/* Longer attached than it may be. */
enum media_left {
	MEDIA_LEFT_IN_TIME,
	MEDIA_LEFT_LATE,
	MEDIA_LEFT_BAD,
};

/* The device's own write protection, as it is seen. */
enum media_switch {
	MEDIA_SWITCH_NONE, /* no device of this host to have one */
	MEDIA_SWITCH_OPEN, /* it can be written */
	MEDIA_SWITCH_SHUT,
};

struct medium {
	struct media *media;
	char id[CONFIG_ID_BYTES];
	enum media_state state;
	bool is_looked;	 /* since the start */
	bool is_awaited; /* whether it is a clone: a child looks */
	bool is_bare;	 /* by the last look nothing is mounted there */
	bool is_recorded;
	bool in_reach;
	char reason[MEDIA_REASON_BYTES];
	struct media_facts facts; /* as recorded, or as last known */
	int64_t attached_at;	  /* in reach since, or QUERY_NEVER */
	bool was_seen;		  /* it was in reach once */

	enum media_switch write_switch; /* as the journal has it */
	struct media_place place;
	bool was_away;	      /* an event says that it went, and came back */
	enum job_sight sight; /* of what is mounted there */
	struct media_question block, pulse;
	struct media_mounting mounting;
	struct media_trying trying;
	struct superblock superblock;
	int64_t superblock_ms; /* when it was read, monotonic */
	struct probe_capacity capacity;
	enum probe_reach reach;

	/* What the file system said of itself when it was last here. */
	char departed_stamp[SUPERBLOCK_STAMP_BYTES];
	bool is_compared;
	enum media_stamp stamp;
	/* Not mounted: the last write was made, as far as can be told. */
	bool is_settled;
	bool was_mounted; /* since it came, and is no more: not settled yet */
	bool was_dirty;	  /* when it was settled last */
	char unsettled_stamp[SUPERBLOCK_STAMP_BYTES]; /* read first then */
	int64_t unsettled_ms;	  /* monotonic; 0: not yet */
	struct loop_timer settle; /* to read it again */
	struct media_attach attach;
	struct media_witness witness;
	bool is_released, is_leaving; /* leaving: its witness comes before */
	uint64_t released_mount; /* which mount it was; 0: not known, none */
	enum media_left left;
	bool is_due_known; /* since the start */
	struct medium *next;
};

struct media {
	struct service *service;
	struct medium *list;
	struct mountinfo *mounts; /* during looks */
	int mountinfo_fd, uevent_fd;
	struct loop_timer look, echo, slow;
	int64_t looked_ms; /* monotonic */
	unsigned echoes;   /* looks still to come after an event */
	struct media_question list_question;
	struct media_list devices; /* where udev is not there */
	struct media_plan plan;	   /* what the witnesses are to say */
	struct media_hands hands;
	struct media_leaving leaving;
	struct media_marking marking;
};

#endif
