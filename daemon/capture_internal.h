/*
 * capture_internal: a capture under way, as capture's files share it.
 *
 * capture.c orders its jobs and takes what they tell, capture_record.c writes
 * what came of them.
 */
#ifndef HIKAE_DAEMON_CAPTURE_INTERNAL_H
#define HIKAE_DAEMON_CAPTURE_INTERNAL_H

#include "daemon/capture.h"
#include "daemon/capture_digest.h"
#include "daemon/capture_foreign.h"
#include "daemon/capture_members.h"
#include "daemon/capture_survey.h"

struct capture {
	struct service *service;
	uint64_t copy, version;
	bool is_first;
	char source_id[CONFIG_ID_BYTES];
	enum config_layout layout; /* of the copy */
	char *locator;
	struct manifest_header header;
	struct vault_draft draft;
	enum reply_place place;
	char volume[VOLUME_BYTES]; /* where the reader found it, or "" */
	bool is_captured;
	struct reply_captured captured;
	bool is_unchanged; /* nothing but what was found again is recorded */
	json_t *slices;	   /* of the journal entry */
	struct gathering findings;
	bool has_members; /* the copy is an archive */
	struct capture_members members;
	struct jobs_end read; /* how the order that read it ended */
	struct capture_digest digest;
	struct capture_foreign foreign;
	struct capture_survey survey;
	void (*ended)(void *context, uint64_t copy, enum capture_end end);
	void *context;
};

/*
 * Names without a single byte, or an archive of such: folders, links, files of
 * size 0, as a backup leaves them that failed.  There is nothing to call intact
 * (law 1).  What could not be read is another matter.
 */
bool capture_is_hollow(const struct capture *capture);

/*
 * Nothing more is to come: make the manifests durable, then commit the rows
 * that name them; or say that nothing became other (is_unchanged).
 */
int capture_record(struct capture *capture, struct error *err) ERROR_CHECKED;

#endif
