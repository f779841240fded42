#include "daemon/media_state.h"

#include <string.h>

static const char *const names[MEDIA_STATES] = {
    [MEDIA_MOUNTED] = "mounted",
    [MEDIA_ATTACHED] = "attached",
    [MEDIA_ABSENT] = "absent",
    [MEDIA_YANKED] = "yanked",
    [MEDIA_HUNG] = "hung",
    [MEDIA_WRONG_MEDIUM] = "wrong-medium",
    [MEDIA_UNKNOWN] = "unknown",
};

/* A look sees all there is, so it alone decides the next state. */
static const enum media_state nexts[MEDIA_EVENTS] = {
    [MEDIA_SEEN_MOUNT] = MEDIA_MOUNTED,
    [MEDIA_SEEN_DEVICE] = MEDIA_ATTACHED,
    [MEDIA_SEEN_NOTHING] = MEDIA_ABSENT,
    [MEDIA_SEEN_GONE] = MEDIA_YANKED,
    [MEDIA_SEEN_STUCK] = MEDIA_HUNG,
    [MEDIA_SEEN_OTHER] = MEDIA_WRONG_MEDIUM,
    [MEDIA_SEEN_UNSURE] = MEDIA_UNKNOWN,
};

/* In the order of enum media_event. */
static const enum media_action actions[MEDIA_STATES][MEDIA_EVENTS] = {
    [MEDIA_MOUNTED] = {MEDIA_NOTHING, MEDIA_CLOSE, MEDIA_DEPART, MEDIA_DEPART,
	MEDIA_CLOSE, MEDIA_DEPART, MEDIA_CLOSE},
    [MEDIA_ATTACHED] = {MEDIA_OPEN, MEDIA_NOTHING, MEDIA_DEPART, MEDIA_DEPART,
	MEDIA_CLOSE, MEDIA_DEPART, MEDIA_CLOSE},
    [MEDIA_ABSENT] = {MEDIA_ARRIVE, MEDIA_APPEAR, MEDIA_NOTHING, MEDIA_NOTHING,
	MEDIA_NOTHING, MEDIA_NOTHING, MEDIA_NOTHING},
    [MEDIA_YANKED] = {MEDIA_ARRIVE, MEDIA_APPEAR, MEDIA_NOTHING, MEDIA_NOTHING,
	MEDIA_CLOSE, MEDIA_NOTHING, MEDIA_NOTHING},
    [MEDIA_HUNG] = {MEDIA_RESUME, MEDIA_CLOSE, MEDIA_DEPART, MEDIA_DEPART,
	MEDIA_NOTHING, MEDIA_DEPART, MEDIA_CLOSE},
    [MEDIA_WRONG_MEDIUM] = {MEDIA_ARRIVE, MEDIA_APPEAR, MEDIA_NOTHING,
	MEDIA_NOTHING, MEDIA_NOTHING, MEDIA_NOTHING, MEDIA_NOTHING},
    /* What was not known tells nothing about when it came or went. */
    [MEDIA_UNKNOWN] = {MEDIA_ARRIVE, MEDIA_APPEAR, MEDIA_NOTHING, MEDIA_NOTHING,
	MEDIA_NOTHING, MEDIA_NOTHING, MEDIA_NOTHING},
};

const char *
media_state_name(enum media_state state)
{
	return names[state];
}

enum media_state
media_state_parse(const char *name)
{
	for (unsigned state = 0; state < MEDIA_STATES; state++)
		if (strcmp(name, names[state]) == 0)
			return (enum media_state)state;
	return MEDIA_UNKNOWN;
}

struct media_step
media_state_step(enum media_state state, enum media_event event)
{
	return (struct media_step){nexts[event], actions[state][event]};
}

bool
media_state_is_in_reach(enum media_state state, bool is_shelved)
{
	switch (state) {
	case MEDIA_MOUNTED:
	case MEDIA_ATTACHED:
	case MEDIA_HUNG:
		return true;
	case MEDIA_UNKNOWN:
		return !is_shelved;
	case MEDIA_ABSENT:
	case MEDIA_YANKED:
	case MEDIA_WRONG_MEDIUM:
		break;
	}
	return false;
}
