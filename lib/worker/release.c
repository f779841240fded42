#include "lib/worker/release.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/model/config_value.h"
#include "lib/os/file.h"
#include "lib/worker/mount_record.h"

#define MEDIA_MAX 64
/* Between two tries of one that is in use, ms. */
#define AGAIN_MS 200
/* One try gets at least so long, ms. */
#define LEAST_MS 1000
/* Of the role, ms: systemd waits for it, and perhaps the machine's end. */
#define DEADLINE_MS 10000

struct release {
	const struct probe_place *place;
	int64_t until_ms;
	char ids[MEDIA_MAX][PROBE_ID_BYTES];
	size_t count;
};

static int
note(void *context, const char *medium, struct error *err)
{
	struct release *release = context;

	(void)err;
	if (config_value_is_id(medium) && strlen(medium) < PROBE_ID_BYTES &&
	    release->count < MEDIA_MAX)
		memcpy(
		    release->ids[release->count++], medium, strlen(medium) + 1);
	return 0;
}

static uint32_t
left_ms(const struct release *release)
{
	const int64_t left = release->until_ms - clock_monotonic_ms();

	return left < LEAST_MS ? LEAST_MS : (uint32_t)left;
}

/* 0 where a mounter did it; -1 with its reason. */
static int
wait_for(struct probe_handle *probe, struct error *err)
{
	struct probe_answer answer;
	int got = 0;

	while (got >= 0 && !probe_handle_is_finished(probe) &&
	       !probe_handle_is_overdue(probe)) {
		struct pollfd wait = {probe_handle_wire_fd(probe), POLLIN, 0};

		got = probe_handle_next(probe, &answer, err);
		if (got == 0 && probe_handle_wire_fd(probe) < 0)
			break;
		if (got == 0)
			(void)poll(&wait, 1, AGAIN_MS);
		if (got == 1 && answer.kind == PROBE_ANSWER_FAILED) {
			*err = answer.failed;
			return -1;
		}
	}
	if (probe_handle_is_finished(probe))
		return 0;
	return got < 0 ? -1
		       : error_set(err, ERROR_IO, _("no answer came in time"));
}

static int
try_one(const struct release *release, const char *id, struct error *err)
{
	struct probe_order *order = calloc(1, sizeof(*order));
	struct probe_handle *probe = NULL;
	int rc = -1;

	if (order == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	order->kind = PROBE_UNMOUNT;
	order->deadline_ms = left_ms(release);
	(void)snprintf(order->id, sizeof(order->id), "%s", id);
	if (probe_handle_open(order, release->place, &probe, err) == 0)
		rc = wait_for(probe, err);
	probe_handle_free(probe);
	free(order);
	return rc;
}

static int
release_one(const struct release *release, const char *id, struct error *err)
{
	while (try_one(release, id, err) != 0) {
		/* Readers that were killed may need a moment to go. */
		if (err->code != ERROR_UNAVAILABLE ||
		    clock_monotonic_ms() >= release->until_ms)
			return -1;
		(void)poll(NULL, 0, AGAIN_MS);
		*err = (struct error){0};
	}
	return 0;
}

int
release_all(const struct probe_place *place, uint32_t deadline_ms,
    release_end_fn *ended, void *context, struct error *err)
{
	struct release release = {
	    .place = place, .until_ms = clock_monotonic_ms() + deadline_ms};
	int root_fd, rc;

	if (file_open_folder(place->root, &root_fd, err) != 0)
		return -1;
	rc = mount_record_each(root_fd, note, &release, err);
	(void)close(root_fd);
	for (size_t i = 0; rc == 0 && i < release.count; i++) {
		struct error why = {0};
		const int done = release_one(&release, release.ids[i], &why);

		ended(context, release.ids[i], done == 0 ? NULL : &why);
	}
	return rc;
}

static void
tell(void *context, const char *medium, const struct error *error)
{
	bool *is_left = context;

	*is_left = *is_left || error != NULL;
	if (error == NULL)
		log_event(LOG_LEVEL_NOTICE,
		    _("medium %s: unmounted, because hikaed ended"), medium);
	else
		log_event(LOG_LEVEL_WARNING,
		    _("medium %s: hikaed ended, and it is still mounted, or "
		      "its switch shut: %s"),
		    medium, error->text);
}

int
release_main(const char *root)
{
	const struct probe_place place = {
	    .root = root,
	    .socket_path =
		strcmp(root, "/") == 0 ? PROBE_HANDLE_MOUNT_SOCKET : NULL,
	};
	struct error err = {0};
	bool is_left = false;

	log_open(log_suitable_sink(), LOG_LEVEL_INFO);
	if (release_all(&place, DEADLINE_MS, tell, &is_left, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		return EXIT_FAILURE;
	}
	return is_left ? EXIT_FAILURE : EXIT_SUCCESS;
}
