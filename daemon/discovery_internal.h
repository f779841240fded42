/*
 * discovery_internal: a source between scans, as discovery's files share it.
 *
 * discovery.c says when to scan, discovery_scan.c scans and writes what was
 * found, discovery_settle.c orders what follows from it, discovery_reuse.c
 * finds out what has the name of an old copy.
 */
#ifndef HIKAE_DAEMON_DISCOVERY_INTERNAL_H
#define HIKAE_DAEMON_DISCOVERY_INTERNAL_H

#include "daemon/catalogue.h"
#include "daemon/discovery.h"
#include "daemon/runs.h"
#include "daemon/sightings.h"
#include "lib/worker/reply.h"

/* Nothing is scanned more often than this, ms. */
#define DISCOVERY_MIN_MS 500

/* What is known of one source between scans. */
struct watched {
	struct discovery *discovery;
	char id[CONFIG_ID_BYTES];
	struct loop_timer timer;
	bool is_scanning, is_wanted; /* is_wanted: again, when it ended */
	bool is_expected; /* its medium is there: again where it failed */
	bool is_asked;	  /* by a person, who may have mended */
	struct sightings before; /* of the last good scan */
	struct catalogue known;	 /* its copies */
	enum reply_place place;	 /* of the last scan */
	uint64_t candidates;	 /* that fitted, of the last scan */
	int64_t written_ms;	 /* monotonic; last scan entry */
	int64_t written_at;	 /* the same by the wall clock */
	bool has_written;
	size_t captures; /* and remains_orders: not ended */
	size_t waiting;	 /* captured copies whose names were written to */
	bool is_resumed; /* what an earlier start left undone was ordered */
	struct watched *next;
};

struct discovery {
	struct service *service;
	struct watched *sources;
};

/* NULL: it was never configured. */
struct watched *discovery_find(struct discovery *discovery, const char *id);

/* The source in the present configuration; NULL where it was taken away. */
const struct config_source *discovery_source_of(const struct watched *watched);

/* Scan it in delay_ms, or in DISCOVERY_MIN_MS where that is later. */
void discovery_set_timer(struct watched *watched, int64_t delay_ms);

/* Scan it, unless a scan is under way or the source was taken away. */
void discovery_order_scan(struct watched *watched);

/*
 * Compare what was found with the catalogue and order what is due: captures of
 * what came to rest, second readings of what was not read whole.
 */
int discovery_settle(struct watched *watched,
    const struct config_source *source, struct error *err) ERROR_CHECKED;

/* A failure is logged, and the next scan orders it again. */
void discovery_start_run(
    struct watched *watched, const struct runs_request *request);

/*
 * The same for a captured copy that is in sight and whose name may be used
 * again.  1: nothing else is due there, and *ret_is_waiting says whether it is
 * to be scanned again when it has rested; 0; -1.
 */
int discovery_settle_reuse(struct watched *watched,
    const struct config_source *source, struct catalogued *copy,
    bool *ret_is_waiting, struct error *err) ERROR_CHECKED;

#endif
