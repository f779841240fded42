/*
 * place: a job's description of where a source lies.
 *
 * Uses: service, worker/job.
 */
#ifndef HIKAE_DAEMON_PLACE_H
#define HIKAE_DAEMON_PLACE_H

#include "daemon/service.h"
#include "lib/store/vault.h"
#include "lib/worker/job.h"

/*
 * Fill what every job on a source needs: medium, path, layout, what is left
 * out, limits, the spill file and the secret of the readings.
 */
int place_fill_job(const struct service *service,
    const struct config_source *source, struct job *job,
    struct error *err) ERROR_CHECKED;

/*
 * The same for a job on one copy there: its layout is the one it was found
 * with, whatever the source is configured for since.
 */
int place_fill_copy(const struct service *service,
    const struct config_source *source, const char *generation, struct job *job,
    struct error *err) ERROR_CHECKED;

/*
 * Whether the job compares the medium's identity: what is then not on it is
 * gone, whereas nothing at a path alone may only mean that nothing is mounted.
 */
bool place_is_identified(const struct job *job);

/* What a job on a medium as a whole needs: place and limits. */
int place_fill_medium(const struct service *service,
    const struct config_medium *medium, struct job *job,
    struct error *err) ERROR_CHECKED;

/* The same for a folder of the state itself (the canary). */
int place_fill_own(const struct service *service, const char *folder,
    struct job *job, struct error *err) ERROR_CHECKED;

/*
 * Open a signed manifest of the state into *fd, and fill what the reader is to
 * check it with: the signature, the keys, and the digest that the journal has.
 */
int place_fill_manifest(const struct service *service,
    const struct vault_name *name, struct job *job, int *fd,
    struct error *err) ERROR_CHECKED;

/* The same for one that no entry of the journal names (the canary's). */
int place_fill_own_manifest(const struct service *service,
    const struct vault_name *name, struct job *job, int *fd,
    struct error *err) ERROR_CHECKED;

/*
 * Fill what a parser needs: limits, charset, the spill file.  It gets no path.
 */
int place_fill_parser(const struct service *service,
    const struct config_source *source, struct job *job,
    struct error *err) ERROR_CHECKED;

/* The same for the second manifest of a comparison. */
int place_fill_other(const struct service *service,
    const struct vault_name *name, struct job *job,
    struct error *err) ERROR_CHECKED;

/* A source of the configuration in force; ERROR_NOT_FOUND. */
int place_find_source(const struct service *service, const char *id,
    const struct config_source **ret_source, struct error *err) ERROR_CHECKED;

/* Let the child have the manifest too, whose descriptor stays the caller's. */
int place_pass_manifest(
    int fd, struct job *job, struct error *err) ERROR_CHECKED;

/* What a reader without a medium needs: limits alone. */
void place_fill_limits(const struct service *service, struct job *job);

#endif
