/*
 * Where a drill may not write.  A medium is a file system of its own, and all
 * of that is left alone; one that shares the file system of hikae's state, or
 * the root's, is a folder there.
 */
#include "daemon/drill_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/identity.h"
#include "lib/os/spot.h"
#include "lib/worker/restorer_scratch.h"

static int
shun(struct job *job, const char *place, struct error *err)
{
	size_t length = strlen(place) + 1;

	if (spot_is_within_any(place, job->ignore, job->ignore_length))
		return 0;
	if (length > sizeof(job->ignore) - job->ignore_length)
		return error_set(err, ERROR_LIMIT,
		    _("there are too many media to tell whether the target is "
		      "one of them"));
	memcpy(job->ignore + job->ignore_length, place, length);
	job->ignore_length += length;
	return 0;
}

/* Whether the file system there is the medium's alone. */
static bool
is_whole(const struct mountinfo *table, const struct config_medium *medium,
    const char *spot, const char *own)
{
	const struct mountinfo_mount *mount =
	    mountinfo_find_path(table, medium->path);
	char device[SPOT_BYTES];

	(void)snprintf(device, sizeof(device), "%s", spot);
	spot_cut_path(device);
	return mount != NULL && !spot_is_within(own, device) &&
	       strcmp(mount->mount_point, "/") != 0 &&
	       (!medium->is_mount_point ||
		   strcmp(mount->mount_point, medium->path) == 0);
}

/* Wherever else it may be mounted. */
static int
shun_devices(const struct config_medium *medium, const char *own,
    struct job *job, struct error *err)
{
	struct identity_blocks found = {0};
	struct error ignored = {0};
	char place[SPOT_BYTES];

	if (medium->uuid[0] == '\0' ||
	    identity_find(&identity_running_kernel, medium->uuid, "", &found,
		&ignored) != 0)
		return 0;
	for (size_t i = 0; i < found.count && i < IDENTITY_BLOCKS_MAX; i++) {
		(void)snprintf(place, sizeof(place), "%u:%u",
		    found.blocks[i].major, found.blocks[i].minor);
		if (!spot_is_within(own, place) && shun(job, place, err) != 0)
			return -1;
	}
	return 0;
}

static int
shun_medium(const struct mountinfo *table, const struct config_medium *medium,
    const char *own, struct job *job, struct error *err)
{
	char spot[SPOT_BYTES];

	if (spot_find(table, medium->path, spot, err) != 0)
		return -1;
	if (is_whole(table, medium, spot, own))
		spot_cut_path(spot);
	if (shun(job, spot, err) != 0)
		return -1;
	return shun_devices(medium, own, job, err);
}

static int
fill(const struct service *service, const struct mountinfo *table,
    struct job *job, struct error *err)
{
	const struct config *config = service->config;
	char state[PATH_MAX], own[SPOT_BYTES];
	int length =
	    snprintf(state, sizeof(state), "%s/" SERVICE_STATE, service->root);

	if (length < 0 || (size_t)length >= sizeof(state))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	if (spot_find(table, state, own, err) != 0)
		return -1;
	for (size_t i = 0; i < config->medium_count; i++)
		if (shun_medium(table, &config->media[i], own, job, err) != 0)
			return -1;
	return 0;
}

int
drill_target_fill(
    const struct service *service, struct job *job, struct error *err)
{
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, err);
	int rc = -1;

	if (table != NULL)
		rc = fill(service, table, job, err);
	mountinfo_free(table);
	return rc;
}

int
drill_target_check(
    const struct service *service, const char *target, struct error *err)
{
	struct job *job;
	int rc;

	if (target == NULL || target[0] == '\0')
		return 0;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = drill_target_fill(service, job, err);
	if (rc == 0)
		rc = restorer_scratch_check(job, target, ERROR_DENIED, err);
	free(job);
	return rc;
}
