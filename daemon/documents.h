/*
 * documents: what is drawn in children, since it takes longer than the loop may
 * stand still.
 *
 * Uses: service, drawing, bundle.
 *
 * Whoever asks gets a ticket at once and the answer later.  Two children run
 * at once, and one of them at most draws a bundle; the others wait.  Beside
 * them, one may look at hikae's own records (selfcheck).
 */
#ifndef HIKAE_DAEMON_DOCUMENTS_H
#define HIKAE_DAEMON_DOCUMENTS_H

#include <sys/types.h>

#include "daemon/service.h"
#include "lib/worker/report_message.h"

#define DOCUMENTS_MAX 64
#define DOCUMENTS_RUNNING_MAX 2
#define DOCUMENTS_BUNDLES_MAX 1
/* A child that is not done after this long is killed, ms. */
#define DOCUMENTS_TIME_MS INT64_C(600000)
/*
 * What of the journal was looked at is not read again for journal_intact for
 * this long, ms; then all of it is.
 */
#define DOCUMENTS_WHOLE_MS INT64_C(3600000)

struct documents;

struct documents_order {
	enum report_kind kind;
	const char *name;	  /* of the method */
	const json_t *parameters; /* its own; NULL: none */
	uid_t uid;		  /* who asks */
};

struct documents_answer {
	uint64_t ticket;
	json_t *reply;		 /* NULL: it failed, for the reason err */
	int fd;			 /* that goes with the reply; -1: none */
	const struct error *err; /* or NULL */
};

int documents_new(struct service *service, struct documents **ret_documents,
    struct error *err) ERROR_CHECKED;
void documents_free(struct documents *documents);

/* Who is told of answers; what they hold stays theirs. */
typedef void documents_fn(void *context, const struct documents_answer *answer);
void documents_observe(
    struct documents *documents, documents_fn *told, void *context);

/*
 * ERROR_LIMIT: the parameters are too long; ERROR_UNAVAILABLE: too many are
 * being drawn, or wait.
 */
int documents_ask(struct documents *documents,
    const struct documents_order *order, uint64_t *ret_ticket,
    struct error *err) ERROR_CHECKED;

/* Nobody wants it any more.  An unknown ticket is no error. */
void documents_cancel(struct documents *documents, uint64_t ticket);

#endif
