/*
 * media_state: how a medium stands, and what follows when that changes.
 *
 * Uses: nothing.  Pure: a table [state][what a look found] -> next, action.
 */
#ifndef HIKAE_DAEMON_MEDIA_STATE_H
#define HIKAE_DAEMON_MEDIA_STATE_H

#include <stdbool.h>

/* The words of the journal's medium entry. */
enum media_state {
	MEDIA_MOUNTED,
	MEDIA_ATTACHED, /* its device, or its server, is there */
	MEDIA_ABSENT,
	MEDIA_YANKED, /* listed as mounted, its device is gone */
	MEDIA_HUNG,   /* mounted, and does not answer */
	MEDIA_WRONG_MEDIUM,
	MEDIA_UNKNOWN,
};
#define MEDIA_STATES (MEDIA_UNKNOWN + 1)

/* "mounted", ... */
const char *media_state_name(enum media_state state);

/* UNKNOWN for a word that is none. */
enum media_state media_state_parse(const char *name);

/* What a look at it found. */
enum media_event {
	MEDIA_SEEN_MOUNT,
	MEDIA_SEEN_DEVICE,
	MEDIA_SEEN_NOTHING,
	MEDIA_SEEN_GONE,
	MEDIA_SEEN_STUCK,
	MEDIA_SEEN_OTHER,
	MEDIA_SEEN_UNSURE, /* it cannot be told */
};
#define MEDIA_EVENTS (MEDIA_SEEN_UNSURE + 1)

enum media_action {
	MEDIA_NOTHING,
	MEDIA_APPEAR, /* in reach again: was it elsewhere meanwhile? */
	MEDIA_ARRIVE, /* the same, and it can be read: the work of an attach */
	MEDIA_OPEN,   /* was in reach, can be read now: that work */
	MEDIA_RESUME, /* answers again: look what is there */
	MEDIA_CLOSE,  /* cannot be read any more: end what reads it */
	MEDIA_DEPART, /* out of reach: the same, and its record */
};
#define MEDIA_ACTIONS (MEDIA_DEPART + 1)

struct media_step {
	enum media_state next;
	enum media_action action;
};

struct media_step media_state_step(
    enum media_state state, enum media_event event);

/*
 * Whether an attacker on this host or its network may reach it.  What is
 * unknown may be in reach, unless it is a thing that only a person can bring
 * (a tape, a disc).
 */
bool media_state_is_in_reach(enum media_state state, bool is_shelved);

#endif
