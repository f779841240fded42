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

/* Between two readings of a stamp that must agree; of one in use, ms. */
#define SETTLE_MS (2 * CLOCK_SECOND_MS)
#define SETTLE_DIRTY_MS CLOCK_MINUTE_MS

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

/* The timer's callback: the block is asked anew. */
static void
read_again(void *context)
{
	struct medium *medium = context;

	if (medium->place.mount_id != 0)
		return;
	media_ask_forget(&medium->block);
	media_watch_wake(medium->media);
}

void
media_stamp_init(struct medium *medium)
{
	medium->settle =
	    (struct loop_timer){.ring = read_again, .context = medium};
}

void
media_stamp_done(struct medium *medium)
{
	loop_unset_timer(medium->media->service->loop, &medium->settle);
}

void
media_stamp_forget(struct medium *medium)
{
	media_stamp_done(medium);
	medium->is_settled = medium->was_mounted = false;
	medium->unsettled_stamp[0] = '\0';
	medium->unsettled_ms = 0;
}

/*
 * Unmounting becomes visible before the kernel's last write, which xfs makes
 * after a read-only mount, too.  So the stamp of what was mounted here counts
 * when it was read twice alike with time between; and with more while the file
 * system says that it is in use.
 */
void
media_stamp_settle(struct medium *medium)
{
	const struct superblock *superblock = &medium->superblock;
	bool is_dirty = superblock->state == SUPERBLOCK_DIRTY;
	/* It was so before: it is no sign of a write to come. */
	bool is_in_use = is_dirty && !medium->was_dirty;
	bool is_without = superblock->stamp[0] == '\0' && !is_in_use;

	if (medium->unsettled_ms == 0 ||
	    strcmp(superblock->stamp, medium->unsettled_stamp) != 0) {
		memcpy(medium->unsettled_stamp, superblock->stamp,
		    sizeof(medium->unsettled_stamp));
		medium->unsettled_ms = medium->superblock_ms;
	}
	medium->is_settled = !medium->was_mounted || is_without ||
			     medium->superblock_ms - medium->unsettled_ms >=
				 (is_in_use ? SETTLE_DIRTY_MS : SETTLE_MS);
	if (medium->is_settled) {
		medium->was_mounted = false;
		medium->was_dirty = is_dirty;
	} else if (!medium->settle.is_set) {
		loop_set_timer(
		    medium->media->service->loop, &medium->settle, SETTLE_MS);
	}
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
