/*
 * rotation: what backup software lets go by a rule of its own, so that it is
 * no loss: old generations that it deletes, and names that it uses again.
 *
 * Uses: catalogue, sightings, runs.
 */
#ifndef HIKAE_DAEMON_ROTATION_H
#define HIKAE_DAEMON_ROTATION_H

#include "daemon/catalogue.h"

/*
 * Whether the source's retention lets a copy go that is gone: it is old enough,
 * and enough sound newer ones are there, so that neither a clock that is ahead
 * nor somebody who deletes all of them passes for order.
 */
bool rotation_has_expired(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy);

/*
 * Whether a copy that retention lets go is gone although its name is there:
 * where the source says so, names without a time (mon, tue, ...) are used
 * again, and what has the name now was written after the copy was recorded. Not
 * while it is being read.
 */
bool rotation_is_replaced(const struct catalogue *catalogue,
    const struct service *service, const struct config_source *source,
    const struct sightings *found, const struct catalogued *copy);

/* Whether a scan must look into what has a recorded copy's name, to know. */
bool rotation_is_watched(
    const struct config_source *source, const struct catalogued *copy);

#endif
