/*
 * media: where each medium is, what was observed of it, and what that starts.
 *
 * Uses: service, jobs, discovery, runs, ledger, os/identity, os/uevent,
 * worker/probe.
 *
 * The kernel's mount list and its device events say when to look; a slow look
 * is the net under them.  A look reads /proc, /sys and udev's database only:
 * what can hang (a superblock, a server, statvfs) is asked by a child with a
 * deadline.  A change of state, or of what is observed, is one journal entry.
 *
 * NULL stands for no media at all in every function below.
 */
#ifndef HIKAE_DAEMON_MEDIA_H
#define HIKAE_DAEMON_MEDIA_H

#include "daemon/media_state.h"
#include "daemon/service.h"
#include "lib/worker/job_sight.h"

struct media;

int media_new(struct service *service, struct media **ret_media,
    struct error *err) ERROR_CHECKED;
void media_free(struct media *media);

/* Take up the media of a new configuration. */
int media_configure(struct media *media, struct error *err) ERROR_CHECKED;

/* A job met an error on the medium: look whether it is still there. */
void media_doubt(struct media *media, const char *medium);

/*
 * Somebody wants to read media now: look at all first.  What was mounted anew a
 * moment ago is not taken for absent once its reading has begun.
 */
void media_hurry(struct media *media);

/* What is done to a medium since it can be read. */
enum media_phase {
	MEDIA_IDLE,	/* nothing is due by itself */
	MEDIA_SCANNING, /* its sources are looked at, what is new captured */
	MEDIA_NEWEST,	/* the newest copies are verified */
	MEDIA_OLDEST,	/* then what was not read for the longest time */
	MEDIA_WITNESS,	/* the witness is written */
	MEDIA_CHECKED,	/* all that was to be done, or the time is up */
};
#define MEDIA_PHASES (MEDIA_CHECKED + 1)
const char *media_phase_name(enum media_phase phase);

struct media_view {
	enum media_state state;
	bool is_looked;	 /* since this start */
	bool is_mounted; /* it or another is where it should, or need not be */
	enum job_sight sight;
	enum media_phase phase;
	bool is_cut;	  /* the time was up before all was read */
	bool is_released; /* a person wants to unmount it: nothing starts */
	size_t jobs;	  /* that wait or run on it */
	/* Nothing holds it, and nothing that should be done is left. */
	bool is_removable_now;
};

/* ERROR_NOT_FOUND: no such medium. */
int media_look_up(const struct media *media, const char *medium,
    struct media_view *ret_view, struct error *err) ERROR_CHECKED;

/*
 * Cancel what runs on a medium and start nothing there until it was unmounted,
 * or a person asks for a scan; what hikae mounts, until it went or a person
 * mounts it.  This outlives hikaed.  Where its witness does not say what it
 * should it is written first.  ERROR_UNAVAILABLE: it is not there.
 */
int media_release(
    struct media *media, const char *medium, struct error *err) ERROR_CHECKED;

/* A person wants it read: a release ends.  NULL: all. */
void media_unrelease(struct media *media, const char *medium);

/*
 * Whether hikae has mounted something that is configured no more, and cannot
 * unmount it.
 */
bool media_has_left(const struct media *media);

/*
 * At the end of hikaed, when nothing reads any more: unmount what hikae has
 * mounted, with its entries.  This waits for some seconds at most.
 */
void media_leave_all(struct service *service);

/*
 * Whether it is absent as its offline mode has it: it was here before, and is
 * to be away most of the time.  So it is while another one is in its place,
 * which says nothing of what lies on it.
 */
bool media_is_away(const struct media *media, const char *medium);

/*
 * Whether such a medium is connected, and nobody has mounted it: nothing can be
 * read there until somebody does.  Not where hikae is to mount it.
 */
bool media_is_unmounted(const struct media *media, const char *medium);

/* Something is in the journal that the witnesses may have to say, too. */
void media_recorded(struct media *media);

/* Somebody took a medium, or brought it: media that are here say so at once. */
void media_handed(struct media *media);

/* A person accepted what a witness says: write a new one soon. */
void media_accepted(struct media *media);

/*
 * Whether no reader may start there: it was released, does not answer, is about
 * to be mounted, or may be a clone as long as nobody has looked.
 */
bool media_is_closed(const struct media *media, const char *medium);

/* It is connected, and hikae mounts it when a job waits for it. */
bool media_is_resting(const struct media *media, const char *medium);

/* A job waits for it. */
void media_want(struct media *media, const char *medium);

#endif
