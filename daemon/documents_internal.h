/*
 * documents_internal: what is ordered of documents, until it is drawn.
 *
 * Internal to documents*.c.
 */
#ifndef HIKAE_DAEMON_DOCUMENTS_INTERNAL_H
#define HIKAE_DAEMON_DOCUMENTS_INTERNAL_H

#include "daemon/documents.h"
#include "daemon/drawing.h"

/* A document or a page; and what of the former is read here. */
#define DOCUMENTS_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct ordered {
	struct documents *documents;
	uint64_t ticket;
	struct report_order order;
	json_t *parameters;
	uid_t uid;
	struct drawing *drawing; /* NULL: it waits */
	bool is_whole;		 /* all of the journal is looked at */
	/* Of the daemon's key when it began. */
	uint8_t key_id[SIGNATURE_KEY_ID_BYTES];
};

struct documents {
	struct service *service;
	struct ordered *ordered[DOCUMENTS_MAX]; /* oldest first */
	size_t count;
	uint64_t last_ticket;
	struct loop_timer begin; /* what waits, in a turn of its own */
	struct merkle_prefix known;
	int64_t whole_ms; /* when all of the journal was read, monotonic */
	documents_fn *told;
	void *context;
};

/* Open what the child writes to, and choose what it has to look at. */
int documents_prepare(struct ordered *ordered, struct error *err) ERROR_CHECKED;

#endif
