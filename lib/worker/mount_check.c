#include "lib/worker/mount_check.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/worker/probe_handle.h"
#include "lib/worker/twin.h"

/* How long one wait for a probe is, ms. */
#define WAIT_MS 100

typedef void take_fn(void *context, const struct probe_block *block);

/* All answers of a probe; -1 unless it answered everything in time. */
static int
ask(const struct probe_order *order, take_fn *take, void *context,
    struct error *err)
{
	struct probe_handle *probe = NULL;
	struct probe_answer answer;
	struct error failed = {0};
	int got = 0, rc = -1;

	if (probe_handle_start(order, &probe, err) != 0)
		return -1;
	while (got >= 0 && !probe_handle_is_finished(probe) &&
	       !probe_handle_is_overdue(probe)) {
		struct pollfd wait = {probe_handle_wire_fd(probe), POLLIN, 0};

		got = probe_handle_next(probe, &answer, &failed);
		if (got == 0 && probe_handle_wire_fd(probe) < 0)
			break;
		if (got == 0)
			(void)poll(&wait, 1, WAIT_MS);
		if (got == 1 && answer.kind == PROBE_ANSWER_BLOCK)
			take(context, &answer.block);
		if (got == 1 && answer.kind == PROBE_ANSWER_FAILED)
			failed = answer.failed;
	}
	if (failed.code != ERROR_NONE)
		*err = failed;
	else if (probe_handle_is_finished(probe))
		rc = 0;
	else
		(void)error_set(err, ERROR_UNAVAILABLE,
		    _("its superblock could not be read in time"));
	probe_handle_free(probe);
	return rc;
}

/* The order is big. */
static struct probe_order *
new_order(const struct mount_check *check, enum probe_kind kind)
{
	struct probe_order *order = calloc(1, sizeof(*order));

	if (order == NULL)
		return NULL;
	order->kind = kind;
	order->deadline_ms = check->deadline_ms;
	order->best_effort = check->best_effort;
	return order;
}

/* Devices that have the UUID, and whether each could be looked at. */
struct twins {
	const struct mount_check *check;
	size_t count;
	bool is_unsure;
};

static void
count_twin(void *context, const struct probe_block *block)
{
	struct twins *twins = context;
	const struct identity *identity = twins->check->identity;
	const struct twin_device device = {
	    .major = block->major,
	    .minor = block->minor,
	    .os_errno = block->os_errno,
	    .uuid = block->superblock.uuid,
	};

	if (block->major == identity->major && block->minor == identity->minor)
		return;
	switch (twin_judge(&identity_running_kernel.kernel, &device,
	    twins->check->medium->uuid)) {
	case TWIN_NO:
		break;
	case TWIN_YES:
		twins->count++;
		break;
	case TWIN_UNSURE:
		twins->is_unsure = true;
		break;
	}
}

/*
 * Without udev each device is looked at; twice where one of them could not be,
 * since devices come and go.
 */
static int
count_by_probe(struct twins *twins, struct error *err)
{
	struct probe_order *order = new_order(twins->check, PROBE_LIST);
	int rc = 0;

	if (order == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	twins->is_unsure = true;
	for (int i = 0; i < 2 && rc == 0 && twins->is_unsure; i++) {
		twins->count = 0;
		twins->is_unsure = false;
		rc = ask(order, count_twin, twins, err);
	}
	free(order);
	return rc;
}

/*
 * The devices of one btrfs are refused like clones: the switch of one of them
 * alone would be shut.
 */
static int
check_twins(const struct mount_check *check, struct error *err)
{
	struct twins twins = {.check = check};
	struct identity_blocks found;
	struct error why = {0};

	if (identity_find(&identity_running_kernel, check->medium->uuid, "",
		&found, &why) == 0)
		twins.count = found.count > 1 ? found.count - 1 : 0;
	else if (count_by_probe(&twins, err) != 0)
		return -1;
	if (twins.count > 0)
		return error_set(err, ERROR_EXISTS,
		    _("several devices have the file system's UUID"));
	if (twins.is_unsure)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("whether another device has the file system's UUID "
		      "cannot be told: not all could be looked at"));
	return 0;
}

int
mount_check_device(const struct mount_check *check, struct error *err)
{
	const struct config_medium *medium = check->medium;
	bool is_known;

	if (medium->serial[0] == '\0')
		return check_twins(check, err);
	return identity_has_serial(check->identity, medium->serial, &is_known)
		   ? 0
		   : error_set(err, ERROR_NOT_FOUND,
			 _("the disk has not the serial number that the "
			   "configuration says"));
}

static void
take_superblock(void *context, const struct probe_block *block)
{
	struct superblock *superblock = context;

	*superblock = block->superblock;
}

static int
read_superblock(
    const struct mount_check *check, struct superblock *ret, struct error *err)
{
	struct probe_order *order = new_order(check, PROBE_BLOCK);
	int rc;

	if (order == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	order->major = check->identity->major;
	order->minor = check->identity->minor;
	(void)snprintf(
	    order->path, sizeof(order->path), "%s", check->identity->node);
	rc = ask(order, take_superblock, ret, err);
	free(order);
	return rc;
}

int
mount_check_content(const struct mount_check *check,
    const struct mount_way **ret_way, struct error *err)
{
	struct superblock superblock = {0};

	if (read_superblock(check, &superblock, err) != 0)
		return -1;
	if (superblock.is_ambiguous ||
	    !identity_is_uuid(check->medium->uuid, superblock.uuid))
		return error_set(err, ERROR_NOT_FOUND,
		    _("the device holds another file system than the "
		      "configuration says"));
	*ret_way = mount_way_find(superblock.type);
	if (*ret_way == NULL)
		return error_set(err, ERROR_INPUT,
		    _("hikae does not mount file systems of the type %s"),
		    superblock.type);
	/* Its driver takes all devices that have the UUID, on any disk. */
	return twin_has_parts(superblock.type) &&
		       check->medium->serial[0] != '\0'
		   ? check_twins(check, err)
		   : 0;
}
