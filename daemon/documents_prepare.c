/* Where a child writes to, and what it is told that is known. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

#include "daemon/documents_internal.h"
#include "lib/base/clock.h"
#include "lib/os/file.h"

/* A bundle and its contents take at most this part of what is free, each. */
#define SHARE_OF_FREE 4

/* As it is in force, for the names in it. */
static int
open_config(const struct service *service, int *ret_fd, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	config_print_effective(service->config, &text);
	*ret_fd = memfd_create("hikae-names", MFD_CLOEXEC);
	if (*ret_fd < 0)
		(void)!error_set_errno(err, errno, "memfd_create");
	else if (bytes_check(&text, err) == 0)
		rc = file_write_all(*ret_fd, text.data, text.length, err);
	bytes_done(&text);
	return rc;
}

static int
open_outputs(struct ordered *ordered, struct error *err)
{
	const struct service *service = ordered->documents->service;
	struct report_order *order = &ordered->order;
	struct statvfs space;

	order->limits.file_size_bytes = DOCUMENTS_BYTES_MAX;
	if (order->kind != REPORT_EVIDENCE) {
		order->out_fd = memfd_create("hikae-document", MFD_CLOEXEC);
		return order->out_fd >= 0
			   ? open_config(service, &order->config_fd, err)
			   : error_set_errno(err, errno, "memfd_create");
	}
	if (fstatvfs(service->state_fd, &space) != 0)
		return error_set_errno(err, errno, SERVICE_STATE);
	order->limits.file_size_bytes =
	    (uint64_t)space.f_bavail * space.f_frsize / SHARE_OF_FREE;
	if (file_temporary(service->state_fd, &order->out_fd, err) != 0)
		return -1;
	return file_temporary(service->state_fd, &order->spill_fd, err);
}

/* What was looked at not long ago is not looked at again. */
static void
choose_known(struct ordered *ordered)
{
	const struct documents *documents = ordered->documents;

	if (ordered->order.kind == REPORT_RECORDS)
		ordered->is_whole = json_is_true(
		    json_object_get(ordered->parameters, "is_whole"));
	else
		ordered->is_whole = clock_monotonic_ms() - documents->whole_ms >
				    DOCUMENTS_WHOLE_MS;
	ordered->is_whole = ordered->is_whole || documents->known.size == 0;
	if (!ordered->is_whole)
		ordered->order.known = documents->known;
}

int
documents_prepare(struct ordered *ordered, struct error *err)
{
	choose_known(ordered);
	return open_outputs(ordered, err);
}
