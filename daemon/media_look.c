/* One look at one medium: what can be seen without touching it. */
#include <errno.h>
#include <string.h>

#include "daemon/media_parts.h"

static int
seen(struct media_seen *ret, enum media_event event, const char *reason)
{
	ret->event = event;
	ret->reason = reason;
	return 1;
}

static void
move_to(
    struct medium *medium, uint64_t mount_id, uint32_t major, uint32_t minor)
{
	struct media_place *place = &medium->place;
	bool was_mounted;

	if (place->mount_id == mount_id && place->major == major &&
	    place->minor == minor)
		return;
	/* Mounted anew between two looks: it could not be read meanwhile. */
	if (place->mount_id != 0 && mount_id != 0)
		medium->was_away = true;
	was_mounted = place->mount_id != 0 && mount_id == 0 && major != 0;
	*place = (struct media_place){mount_id, major, minor};
	medium->witness.is_other = false;
	media_stamp_forget(medium);
	medium->was_mounted = was_mounted;
	media_ask_forget(&medium->block);
	media_ask_forget(&medium->pulse);
}

/* What cannot be told here cannot be told by a reader either. */
static int
seen_doubtful(struct medium *medium, const char *reason, struct media_seen *ret)
{
	medium->sight = JOB_SIGHT_DOUBTFUL;
	return seen(ret, MEDIA_SEEN_UNSURE, reason);
}

/* The UUID is right: is it this device's alone?  As doubt_identity. */
static int
doubt_twins(struct medium *medium, const struct identity *identity,
    const char *uuid, struct media_seen *ret)
{
	switch (media_twins_find(medium->media, identity, uuid)) {
	case MEDIA_TWINS_NONE:
		break;
	case MEDIA_TWINS_SOME:
		return seen_doubtful(medium, "uuid-twice", ret);
	case MEDIA_TWINS_UNSURE:
		return seen_doubtful(medium, "uuid-unsure", ret);
	case MEDIA_TWINS_AWAITED:
		/* Until then it stays what it was, where that was looked at. */
		medium->is_awaited = !medium->is_looked ||
				     medium->state != MEDIA_MOUNTED ||
				     medium->was_away;
		return medium->is_awaited ? -1 : 0;
	}
	return 0;
}

/*
 * Is this the medium?  1 and an event where it is not, or cannot be told; -1
 * where a child must answer first; 0 where nothing speaks against it.
 */
static int
doubt_identity(struct medium *medium, const struct config_medium *config,
    const struct identity *identity, struct media_seen *ret)
{
	const struct identity_key key = {
	    .uuid = config->uuid, .lies_on = medium->facts.disks};
	bool is_known;

	if (config->uuid[0] != '\0' &&
	    !identity_is_uuid(config->uuid, identity->uuid) &&
	    media_beside_is_displaced(medium, identity))
		return media_beside_look(medium, ret) == 0 ? -1 : 1;
	if (config->serial[0] != '\0' &&
	    !identity_has_serial(identity, config->serial, &is_known))
		return is_known
			   ? seen(ret, MEDIA_SEEN_OTHER, "other-serial")
			   : seen_doubtful(medium, "serial-unreadable", ret);
	if (config->uuid[0] == '\0')
		return 0;
	if (identity->uuid[0] == '\0')
		return seen(ret, MEDIA_SEEN_UNSURE, "uuid-unreadable");
	if (!identity_is_uuid(config->uuid, identity->uuid))
		return seen(ret, MEDIA_SEEN_OTHER, "other-uuid");
	/* The serial that was asked for decides between clones. */
	if (config->serial[0] != '\0')
		return 0;
	if (identity_compare(&key, identity) == IDENTITY_CLONE)
		return seen(ret, MEDIA_SEEN_OTHER, "clone");
	return doubt_twins(medium, identity, config->uuid, ret);
}

/* What the child read stands where udev's database says nothing. */
static void
add_superblock(const struct medium *medium, struct identity *identity)
{
	const struct superblock *superblock = &medium->superblock;

	if (medium->block.asked != MEDIA_TOLD || superblock->uuid[0] == '\0')
		return;
	if (identity->uuid[0] == '\0') {
		memcpy(
		    identity->uuid, superblock->uuid, sizeof(identity->uuid));
		identity->is_weak = superblock->is_weak;
	}
	if (identity->uuid_sub[0] == '\0' &&
	    identity_is_uuid(identity->uuid, superblock->uuid))
		memcpy(identity->uuid_sub, superblock->uuid_sub,
		    sizeof(identity->uuid_sub));
}

/* Only a stamp that nobody is about to change is worth to be kept. */
static void
add_stamp(
    const struct medium *medium, bool is_changing, struct media_facts *facts)
{
	const struct superblock *superblock = &medium->superblock;

	if (medium->block.asked == MEDIA_TOLD && !is_changing &&
	    superblock->evidence != SUPERBLOCK_NO_EVIDENCE)
		memcpy(facts->stamp, superblock->stamp, sizeof(facts->stamp));
}

static bool
is_gone_error(const struct error *error)
{
	return error->os_errno == ENODEV || error->os_errno == ENXIO ||
	       error->os_errno == ENOMEDIUM || error->os_errno == EIO;
}

static int
look_at_mount(struct medium *medium, const struct config_medium *config,
    const struct mountinfo_mount *mount, struct identity *identity,
    struct media_seen *ret)
{
	struct media_question *pulse = &medium->pulse;

	move_to(medium, mount->id, identity->has_block ? identity->major : 0,
	    identity->has_block ? identity->minor : 0);
	if (identity->device.gone)
		return seen(ret, MEDIA_SEEN_GONE, "device-gone");
	if (pulse->asked == MEDIA_NOT_ASKED)
		media_ask_capacity(medium, config->path);
	if (identity->has_block && medium->block.asked == MEDIA_NOT_ASKED)
		media_ask_block(medium, identity->major, identity->minor);
	if (media_ask_is_open(pulse) ||
	    (identity->has_block && media_ask_is_open(&medium->block)))
		return 0;
	if (jobs_is_hung(medium->media->service->jobs, medium->id))
		return seen(ret, MEDIA_SEEN_STUCK, "job-hung");
	if (pulse->is_silent)
		return seen(ret, MEDIA_SEEN_STUCK, "no-answer");
	if (medium->block.asked == MEDIA_NOT_TOLD &&
	    is_gone_error(&medium->block.error))
		return seen(ret, MEDIA_SEEN_GONE, "unreadable");
	if (pulse->asked == MEDIA_NOT_TOLD && is_gone_error(&pulse->error))
		return seen(ret, MEDIA_SEEN_GONE, "unreadable");
	if (pulse->asked == MEDIA_NOT_TOLD &&
	    pulse->error.code == ERROR_NOT_FOUND)
		return seen(ret, MEDIA_SEEN_UNSURE, "no-folder");
	add_superblock(medium, identity);
	media_facts_of_identity(identity, &ret->facts);
	media_mount_correct(medium, identity, &ret->facts);
	ret->has_facts = true;
	ret->is_writable = !identity->device.read_only;
	add_stamp(medium, ret->is_writable, &ret->facts);
	if (pulse->asked == MEDIA_TOLD) {
		ret->facts.capacity = (int64_t)medium->capacity.size_bytes;
		ret->facts.free = (int64_t)medium->capacity.free_bytes;
	} else {
		ret->facts.capacity = medium->facts.capacity;
		ret->facts.free = medium->facts.free;
	}
	switch (doubt_identity(medium, config, identity, ret)) {
	case 0:
		if (medium->witness.is_other)
			return seen(ret, MEDIA_SEEN_OTHER, "other-token");
		return seen(ret, MEDIA_SEEN_MOUNT, media_mount_reason(medium));
	case 1:
		return 1;
	default:
		return 0;
	}
}

/* A server that is asked whether it answers. */
static int
look_at_server(struct medium *medium, const struct config_medium *config,
    struct media_seen *ret)
{
	struct media_question *pulse = &medium->pulse;

	if (pulse->asked == MEDIA_NOT_ASKED)
		media_ask_reach(medium, config->address);
	if (media_ask_is_open(pulse))
		return 0;
	if (pulse->asked == MEDIA_NOT_TOLD)
		return seen(ret, MEDIA_SEEN_UNSURE, "not-asked");
	switch (medium->reach) {
	case PROBE_REACH_ANSWERS:
		return seen(ret, MEDIA_SEEN_DEVICE, "answers");
	case PROBE_REACH_REFUSES:
		return seen(ret, MEDIA_SEEN_DEVICE, "refuses");
	case PROBE_REACH_SILENT:
		return seen(ret, MEDIA_SEEN_NOTHING, "silent");
	case PROBE_REACH_UNDETERMINED:
		break;
	}
	return seen(ret, MEDIA_SEEN_UNSURE, "no-route");
}

/* It may be mounted at another place, where somebody writes. */
static bool
is_mounted(const struct media *media, const struct identity *identity)
{
	for (size_t i = 0; i < mountinfo_count(media->mounts); i++) {
		const struct mountinfo_mount *mount =
		    mountinfo_at(media->mounts, i);

		if (mount->major == identity->major &&
		    mount->minor == identity->minor)
			return true;
	}
	return false;
}

/* Its device is there: what it is, and its stamp. */
static int
look_at_device(struct medium *medium, const struct config_medium *config,
    struct identity *identity, struct media_seen *ret)
{
	(void)config;
	move_to(medium, 0, identity->major, identity->minor);
	if (medium->block.asked == MEDIA_NOT_ASKED)
		media_ask_block(medium, identity->major, identity->minor);
	if (media_ask_is_open(&medium->block))
		return 0;
	if (medium->block.asked == MEDIA_NOT_TOLD &&
	    is_gone_error(&medium->block.error))
		return seen(ret, MEDIA_SEEN_NOTHING, "unreadable");
	if (medium->block.is_silent)
		return seen(ret, MEDIA_SEEN_STUCK, "no-answer");
	add_superblock(medium, identity);
	if (identity->filesystem[0] == '\0')
		memcpy(identity->filesystem, medium->superblock.type,
		    sizeof(identity->filesystem));
	media_facts_of_identity(identity, &ret->facts);
	media_mount_correct(medium, identity, &ret->facts);
	ret->has_facts = true;
	medium->mounting.is_used = is_mounted(medium->media, identity);
	if (medium->block.asked == MEDIA_TOLD)
		media_stamp_settle(medium);
	add_stamp(medium, !medium->is_settled || medium->mounting.is_used,
	    &ret->facts);
	ret->facts.capacity = medium->facts.capacity;
	ret->facts.free = medium->facts.free;
	return seen(ret, MEDIA_SEEN_DEVICE, media_mount_reason(medium));
}

static bool
is_same_disk(const struct identity *identity, const char *lies_on)
{
	struct media_facts facts;

	media_facts_of_identity(identity, &facts);
	return facts.disks[0] != '\0' && strcmp(facts.disks, lies_on) == 0;
}

/* Of the devices with the UUID, one that nothing speaks against. */
static int
choose_device(struct medium *medium, const struct config_medium *config,
    const struct identity_blocks *found, struct media_seen *ret)
{
	const struct identity_key key = {
	    .uuid = config->uuid[0] != '\0' ? config->uuid : medium->facts.uuid,
	    .lies_on = medium->facts.disks,
	};
	struct identity identity;
	struct error why = {0};

	for (size_t i = 0; i < found->count && i < IDENTITY_BLOCKS_MAX; i++) {
		bool is_known;

		if (identity_of_block(&identity_running_kernel,
			found->blocks[i].major, found->blocks[i].minor,
			&identity, &why) != 0)
			continue;
		/* It went while it was looked at. */
		if (identity.size_bytes == 0)
			continue;
		if (config->serial[0] != '\0'
			? !identity_has_serial(
			      &identity, config->serial, &is_known) &&
			      is_known
			: identity_compare(&key, &identity) == IDENTITY_CLONE)
			continue;
		return look_at_device(medium, config, &identity, ret);
	}
	return -1;
}

/*
 * The disk may be there while its file system cannot be seen: encrypted and
 * locked, for instance.  Then it is in reach.
 */
static bool
has_bare_disk(const struct medium *medium, const struct config_medium *config)
{
	struct identity_blocks all;
	struct identity identity;
	struct error why = {0};
	const char *disks = medium->facts.disks;
	bool is_named =
	    strncmp(disks, "wwn:", 4) == 0 || strncmp(disks, "serial:", 7) == 0;
	bool is_known;

	/* A file's disks are there without it. */
	if (strcmp(medium->facts.transport, "loop") == 0 ||
	    (config->serial[0] == '\0' && !is_named))
		return false;
	identity_list(&identity_running_kernel, &all);
	for (size_t i = 0; i < all.count && i < IDENTITY_BLOCKS_MAX; i++) {
		if (identity_of_block(&identity_running_kernel,
			all.blocks[i].major, all.blocks[i].minor, &identity,
			&why) != 0 ||
		    identity.transport == IDENTITY_LOOP)
			continue;
		if (config->serial[0] != '\0' ? identity_has_serial(&identity,
						    config->serial, &is_known)
					      : is_same_disk(&identity, disks))
			return true;
	}
	return false;
}

/* Without udev: what a child read from every device. */
static int
look_in_list(struct medium *medium, const struct config_medium *config,
    const char *uuid, struct media_seen *ret)
{
	struct media *media = medium->media;
	struct identity_blocks found;
	int rc;

	if (media_list_is_awaited(media))
		return 0;
	if (!media_list_find(media, uuid, &found))
		return 0;
	rc = choose_device(medium, config, &found, ret);
	if (rc >= 0)
		return rc;
	if (has_bare_disk(medium, config))
		return seen(ret, MEDIA_SEEN_DEVICE, "device-only");
	if (media_list_is_sure(media))
		return seen(ret, MEDIA_SEEN_NOTHING, NULL);
	return media_list_is_unsettled(media)
		   ? 0
		   : seen(ret, MEDIA_SEEN_UNSURE, "devices-unreadable");
}

static bool
is_remote(const struct medium *medium, const struct config_medium *config)
{
	return config->kind == CONFIG_MEDIUM_NAS ||
	       config->kind == CONFIG_MEDIUM_CLOUD ||
	       strcmp(medium->facts.transport, "network") == 0 ||
	       strcmp(medium->facts.transport, "cloud") == 0;
}

/* Nothing is mounted where it should be. */
static int
look_for_device(struct medium *medium, const struct config_medium *config,
    struct media_seen *ret)
{
	const char *uuid =
	    config->uuid[0] != '\0' ? config->uuid : medium->facts.uuid;
	struct identity_blocks found;
	struct error why = {0};
	int rc;

	if (config->address[0] != '\0') {
		move_to(medium, 0, 0, 0);
		return look_at_server(medium, config, ret);
	}
	/* A share that is not mounted may be reached all the same. */
	if (is_remote(medium, config)) {
		move_to(medium, 0, 0, 0);
		return seen(ret, MEDIA_SEEN_UNSURE, "not-asked");
	}
	if (uuid[0] == '\0' && config->serial[0] == '\0') {
		move_to(medium, 0, 0, 0);
		return seen(ret, MEDIA_SEEN_UNSURE, "no-identity");
	}
	if (identity_find(&identity_running_kernel, uuid,
		uuid[0] == '\0' ? config->serial : "", &found, &why) != 0)
		rc = look_in_list(medium, config, uuid, ret);
	else
		rc = choose_device(medium, config, &found, ret);
	if (rc >= 0)
		return rc;
	if (has_bare_disk(medium, config))
		return seen(ret, MEDIA_SEEN_DEVICE, "device-only");
	move_to(medium, 0, 0, 0);
	return seen(ret, MEDIA_SEEN_NOTHING, NULL);
}

static int
look(struct medium *medium, struct media_seen *ret_seen)
{
	const struct config_medium *config = media_config_of(medium);
	const struct mountinfo_mount *mount;
	struct identity identity;
	struct error why = {0};

	*ret_seen = (struct media_seen){.event = MEDIA_SEEN_UNSURE};
	media_facts_init(&ret_seen->facts);
	if (config == NULL)
		return 0;
	medium->sight = JOB_SIGHT_CLEAR;
	medium->is_bare = false;
	media_mount_refresh(medium);
	mount = mountinfo_find_path(medium->media->mounts, config->path);
	if (mount == NULL || identity_of_path(&identity_running_kernel,
				 config->path, &identity, &why) != 0)
		return seen(ret_seen, MEDIA_SEEN_UNSURE, "not-listed");
	medium->is_bare = config->is_mount_point &&
			  strcmp(mount->mount_point, config->path) != 0;
	/* What waits to be mounted when somebody looks is not mounted. */
	if (medium->is_bare || (config->is_mount_point &&
				   strcmp(mount->filesystem, "autofs") == 0))
		return look_for_device(medium, config, ret_seen);
	return look_at_mount(medium, config, mount, &identity, ret_seen);
}

int
media_look(struct medium *medium, struct media_seen *ret_seen)
{
	const bool was_awaited = medium->is_awaited;
	int rc;

	medium->is_awaited = false;
	rc = look(medium, ret_seen);
	/* What waits to read there may, or is told that it must not. */
	if (was_awaited && !medium->is_awaited)
		jobs_wake(medium->media->service->jobs);
	return rc;
}
