/*
 * selfcheck: hikaed looks at its own records: journal, catalog, manifests,
 * keys, who can change the configuration, whether there is room, and whether
 * the report of the day is renewed.
 *
 * Uses: service, documents, ledger, judge (records, room, page).
 *
 * What takes long is a child's (documents, REPORT_RECORDS): after the start and
 * once a day all of it, every hour what came to the journal since.  Keys and
 * configuration are looked at by stat(2), and the state's disk by statvfs(3),
 * every few seconds; the report of the day likewise.  What is wrong is a
 * finding, which closes when it is found mended.
 */
#ifndef HIKAE_DAEMON_SELFCHECK_H
#define HIKAE_DAEMON_SELFCHECK_H

#include "daemon/service.h"
#include "lib/worker/report_message.h"

/* A child that is not done after this long is killed, ms. */
#define SELFCHECK_TIME_MS CLOCK_HOUR_MS
/* Processor time that it may take. */
#define SELFCHECK_CPU_SECONDS 3600

struct selfcheck;

int selfcheck_new(struct service *service, struct selfcheck **ret_selfcheck,
    struct error *err) ERROR_CHECKED;
void selfcheck_free(struct selfcheck *selfcheck);

/*
 * Everything, and every manifest, for somebody who waits: the ticket is that of
 * documents.
 */
int selfcheck_ask(struct service *service, uint64_t *ret_ticket,
    struct error *err) ERROR_CHECKED;

/* For documents: fill in what a child is told, when it begins. */
int selfcheck_order(const struct service *service, const json_t *parameters,
    struct report_order *order, struct error *err) ERROR_CHECKED;

/*
 * For documents: record what a child found.  Its reply becomes the one for
 * whoever asked.
 */
int selfcheck_take(struct selfcheck *selfcheck, json_t **reply,
    struct error *err) ERROR_CHECKED;

/* For who asks how hikaed is: what is left of the state's disk, as members. */
void selfcheck_describe_room(const struct service *service, json_t *object);

/*
 * For documents: why nothing was found out, of what was asked for with these
 * parameters.  ERROR_CANCELLED: it is to be done again.
 */
void selfcheck_fail(struct selfcheck *selfcheck, const json_t *parameters,
    const struct error *why);

#endif
