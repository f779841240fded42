/*
 * selfcheck_internal: what selfcheck looks at itself, and what it writes.
 *
 * Internal to selfcheck*.c.
 */
#ifndef HIKAE_DAEMON_SELFCHECK_INTERNAL_H
#define HIKAE_DAEMON_SELFCHECK_INTERNAL_H

#include "daemon/service.h"
#include "lib/judge/page.h"
#include "lib/judge/records.h"
#include "lib/judge/room.h"

/* What stat(2) says. */
struct selfcheck_files {
	bool is_key_exposed, is_key_missing;
	/* Files and folders of the configuration that others can change. */
	unsigned exposed;
	char key_text[ERROR_TEXT_BYTES]; /* what is wrong with the key; or "" */
	char first[NAME_MAX + 1];	 /* of the exposed ones; or "" */
};

void selfcheck_files_look(
    const struct service *service, struct selfcheck_files *ret);

/* What is left of the disk of the state, and what was last said of it. */
struct selfcheck_room {
	struct room facts;	     /* of the last look */
	bool has_taken;		     /* facts.taken_*, of a look at all */
	bool has_recorded, is_short; /* as recorded since the start */
	bool has_failed;	     /* what is new could not be recorded */
};

void selfcheck_room_take(
    struct selfcheck_room *room, const struct records *records);

/* Look, and record what changed. */
void selfcheck_room_look(struct service *service, struct selfcheck_room *room);

/* As it is now. */
void selfcheck_room_describe(const struct service *service,
    const struct selfcheck_room *room, json_t *object);

/* The report of the day, and what was last said of it. */
struct selfcheck_page {
	struct page seen;
	bool has_recorded, is_stale; /* as recorded since the start */
	bool has_failed;	     /* what is new could not be recorded */
};

/* Look, and record what changed. */
void selfcheck_page_look(struct service *service, struct selfcheck_page *page);

/* Open and close findings; nothing is written where nothing changed. */
int selfcheck_record_files(struct service *service,
    const struct selfcheck_files *files, struct error *err) ERROR_CHECKED;

int selfcheck_record_room(struct service *service, const struct room *room,
    bool is_short, struct error *err) ERROR_CHECKED;

int selfcheck_record_page(
    struct service *service, bool is_stale, struct error *err) ERROR_CHECKED;

/*
 * The same, and once a day an entry.  `is_rest_known`: the last look at all
 * came to its end, so that a part that does leaves nothing unchecked.
 */
int selfcheck_record(struct service *service, const struct records *records,
    bool is_rest_known, struct error *err) ERROR_CHECKED;

/* It could not be looked at. */
int selfcheck_record_failure(
    struct service *service, struct error *err) ERROR_CHECKED;

/* What is told to who asked: the open findings, and what was looked at. */
int selfcheck_describe(struct service *service, const struct records *records,
    json_t **ret_reply, struct error *err) ERROR_CHECKED;

#endif
