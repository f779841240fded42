/*
 * rotation: what backup software lets go by a rule of its own, so that it is
 * no loss: old generations that it deletes, and names that it uses again.
 *
 * Uses: catalogue, drill, sightings, runs.
 */
#ifndef HIKAE_DAEMON_ROTATION_H
#define HIKAE_DAEMON_ROTATION_H

#include "daemon/catalogue.h"

/*
 * Whether the source's retention lets a copy go that is gone.  In doubt it does
 * not, and the copy is missing (law 8).  All of this must hold:
 * - the clock says that it is as old as that;
 * - so do the backups themselves, whatever the clock shows now: from its own
 *   time to that of the newest sound one it is the retention, less an interval
 *   (a day where there is none; never more than half of the retention), since
 *   the next backup may not be there yet.  Who makes no backups and still
 *   deletes has no order that could be told from a loss;
 * - as many sound newer ones as the system must have are there, so that who
 *   deletes all of them has none either.
 * A clock that is ahead while backups are dated by it, too, is told by its jump
 * alone (ledger_now), if at all.
 */
bool rotation_has_expired(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy);

/*
 * Whether the name of a copy may be used again now: where the source says so,
 * names without a time (mon, tue, ...) are, and retention lets the copy go.
 */
bool rotation_is_free(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy);

/*
 * The same, and something was written there after the copy was recorded.  What
 * it is, a new backup or a change of the old one, its content says
 * (discovery_reuse, model/reuse).
 */
bool rotation_is_in_question(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy);

/* Whether every file that is there now is later than all of the copy. */
bool rotation_is_later(
    const struct catalogued *copy, const struct sighting *sighting);

/*
 * Whether a copy that retention lets go is gone although its name is there: its
 * content was looked for, and what is there is a new backup.  Not while
 * somebody reads it, for a verification or a drill.
 */
bool rotation_is_replaced(const struct catalogue *catalogue,
    const struct service *service, const struct config_source *source,
    const struct sightings *found, const struct catalogued *copy);

/* Whether a scan must look into what has a recorded copy's name, to know. */
bool rotation_is_watched(
    const struct config_source *source, const struct catalogued *copy);

#endif
