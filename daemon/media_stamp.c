/*
 * Was it connected elsewhere?  Its file system's own stamps are compared with
 * those from before it went.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"

/* From the mount to the look, clocks apart, ms. */
#define MOUNT_SLACK_MS (5 * CLOCK_MINUTE_MS)

const char *
media_stamp_name(enum media_stamp stamp)
{
	static const char *const names[] = {
	    [MEDIA_STAMP_UNCOMPARED] = "uncompared",
	    [MEDIA_STAMP_UNCHANGED] = "unchanged",
	    [MEDIA_STAMP_CHANGED] = "changed-elsewhere",
	};

	return names[stamp];
}

/*
 * It was mounted to be written before it could be looked at.  ext counts its
 * mounts: one more, a moment ago, is this one.  Of others nothing can be told.
 */
static enum media_stamp
compare_mounted(const char *before, const struct superblock *now)
{
	const char *count = strstr(before, " mounts=");
	uint64_t mounts;

	if (count == NULL || strncmp(now->stamp, "ext", 3) != 0 ||
	    sscanf(count, " mounts=%" SCNu64, &mounts) != 1)
		return MEDIA_STAMP_UNCOMPARED;
	if (now->mount_count == mounts + 1 &&
	    now->mounted_at_ms >= clock_wall_ms() - MOUNT_SLACK_MS)
		return MEDIA_STAMP_UNCHANGED;
	return MEDIA_STAMP_CHANGED;
}

void
media_stamp_compare(struct medium *medium, bool is_writable)
{
	const struct superblock *superblock = &medium->superblock;

	if (medium->is_compared || medium->block.asked != MEDIA_TOLD)
		return;
	medium->is_compared = true;
	medium->stamp = MEDIA_STAMP_UNCOMPARED;
	if (medium->departed_stamp[0] == '\0' || superblock->stamp[0] == '\0')
		return;
	if (strcmp(medium->departed_stamp, superblock->stamp) == 0)
		medium->stamp = MEDIA_STAMP_UNCHANGED;
	else if (is_writable)
		medium->stamp =
		    compare_mounted(medium->departed_stamp, superblock);
	else
		medium->stamp = MEDIA_STAMP_CHANGED;
}

int
media_stamp_write(struct medium *medium, struct error *err)
{
	struct service *service = medium->media->service;
	struct ledger_finding finding = {.code = FINDING_ATTACHED_ELSEWHERE,
	    .slice = -1,
	    .medium = medium->id};
	uint64_t id;

	if (!medium->is_compared || medium->departed_stamp[0] == '\0' ||
	    medium->stamp == MEDIA_STAMP_UNCOMPARED)
		return 0;
	if (medium->stamp == MEDIA_STAMP_CHANGED)
		return ledger_finding(service, &finding, &id, err);
	return ledger_close_code(service, &finding, "resolved", err);
}
