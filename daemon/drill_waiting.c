/*
 * Drills that wait for their medium.  Each is a file drills/waiting-SYSTEM.json
 * below the state (FORMATS), so that it outlives hikaed; it is no event until
 * it begins, so the journal says nothing of it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/drill_internal.h"
#include "daemon/drill_scratch.h"
#include "daemon/drill_waiting.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

#define PREFIX "waiting-"
#define SUFFIX ".json"
#define FORMAT_VERSION 1
#define FILE_BYTES_MAX ((size_t)16 * 1024)
#define NAME_BYTES (sizeof(PREFIX SUFFIX) + CONFIG_ID_BYTES)

static void
name_file(char name[NAME_BYTES], const char *system)
{
	(void)snprintf(name, NAME_BYTES, PREFIX "%s" SUFFIX, system);
}

/* ---- the file ---- */

static json_t *
describe(const struct drill *drill)
{
	return json_pack("{s:i, s:I, s:s, s:s, s:s, s:s, s:o, s:I, s:b}",
	    "version", FORMAT_VERSION, "asked_at",
	    (json_int_t)drill->asked_wall_ms, "system", drill->copy.system,
	    "generation", drill->asked_generation, "medium",
	    drill->asked_medium, "operator", drill->operator, "target",
	    json_of_bytes(drill->target, strlen(drill->target)), "share_ppm",
	    (json_int_t)drill->share_ppm, "is_kept", (int)drill->is_kept);
}

static int
write_file(int folder_fd, const char *name, const struct bytes *text,
    struct error *err)
{
	struct file_replacement file = {.fd = -1};
	int rc = -1;

	if (file_replacement_begin(&file, folder_fd, name, 0600, err) != 0)
		return -1;
	if (file_write_all(file.fd, text->data, text->length, err) == 0)
		rc = file_replacement_commit(&file, err);
	if (rc != 0)
		file_replacement_rollback(&file);
	return rc;
}

int
drill_waiting_keep(const struct drill *drill, struct error *err)
{
	json_t *object = describe(drill);
	struct bytes text = BYTES_EMPTY;
	char name[NAME_BYTES];
	int folder_fd, rc = -1;

	name_file(name, drill->copy.system);
	if (object == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (json_append_canonical(object, &text, err) == 0 &&
	    drill_scratch_open_drills(
		drill->drills->service, &folder_fd, err) == 0) {
		rc = write_file(folder_fd, name, &text, err);
		(void)close(folder_fd);
	}
	bytes_done(&text);
	json_decref(object);
	return rc;
}

void
drill_waiting_forget(const struct drill *drill)
{
	char name[NAME_BYTES];
	int folder_fd;

	name_file(name, drill->copy.system);
	if (drill_scratch_open_drills(
		drill->drills->service, &folder_fd, NULL) != 0)
		return;
	(void)unlinkat(folder_fd, name, 0);
	(void)close(folder_fd);
}

/* ---- after a start ---- */

/* "" as nothing. */
static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && text[0] != '\0' ? text : NULL;
}

static int
read_request(const json_t *object, struct bytes *target,
    struct drill_request *ret_request, int64_t *ret_asked_at)
{
	struct drill_request request = {
	    .system = text_of(object, "system"),
	    .generation = text_of(object, "generation"),
	    .medium = text_of(object, "medium"),
	    .operator= text_of(object, "operator"),
	};
	uint64_t version, share_ppm;

	if (json_get_u64(object, "version", &version) != 0 ||
	    version != FORMAT_VERSION || request.system == NULL ||
	    request.operator== NULL ||
		strlen(request.system) >= CONFIG_ID_BYTES ||
	    json_get_i64(object, "asked_at", ret_asked_at) != 0 ||
	    json_get_u64(object, "share_ppm", &share_ppm) != 0 ||
	    share_ppm == 0 || share_ppm > PORTION_ALL_PPM ||
	    json_get_bool(object, "is_kept", &request.is_kept) != 0 ||
	    json_get_bytes(object, "target", target) != 0)
		return -1;
	bytes_append_u8(target, 0);
	if (bytes_check(target, NULL) != 0)
		return -1;
	request.share_ppm = (uint32_t)share_ppm;
	if (target->length > 1)
		request.target = (const char *)target->data;
	*ret_request = request;
	return 0;
}

/* A clock that went back makes nothing younger, and nothing older. */
static void
take_up(struct drills *drills, const struct drill_request *request,
    int64_t asked_at)
{
	struct drill *drill = drill_make(drills, request);
	int64_t waited_ms = clock_wall_ms() - asked_at;
	struct error ignored = {0};

	if (drill == NULL)
		return;
	if (waited_ms < 0)
		waited_ms = 0;
	drill->is_waiting = true;
	drill->asked_wall_ms = asked_at;
	drill->asked_ms -= waited_ms;
	(void)snprintf(drill->copy.system, sizeof(drill->copy.system), "%s",
	    request->system);
	/* What is not to be had will be told when it is looked for. */
	(void)!drill_choose_copy(drill, &ignored);
	drill->next = drills->list;
	drills->list = drill;
}

static int
load_file(
    struct drills *drills, int folder_fd, const char *name, struct error *err)
{
	struct bytes text = BYTES_EMPTY, target = BYTES_EMPTY;
	struct drill_request request;
	json_t *object = NULL;
	int64_t asked_at;
	int fd = -1, rc = -1;

	if (file_open_below(folder_fd, name, O_RDONLY, &fd, err) != 0 ||
	    file_read_whole(fd, FILE_BYTES_MAX, &text, err) != 0)
		goto out;
	object = json_parse((const char *)text.data, text.length, err);
	if (object == NULL)
		goto out;
	if (read_request(object, &target, &request, &asked_at) != 0) {
		(void)error_set(err, ERROR_INPUT, _("it is malformed"));
		goto out;
	}
	take_up(drills, &request, asked_at);
	rc = 0;
out:
	if (fd >= 0)
		(void)close(fd);
	json_decref(object);
	bytes_done(&text);
	bytes_done(&target);
	return rc;
}

void
drill_waiting_load(struct drills *drills)
{
	const struct dirent *entry;
	DIR *folder;
	int fd;

	if (drill_scratch_open_drills(drills->service, &fd, NULL) != 0)
		return;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return;
	}
	while ((entry = readdir(folder)) != NULL) {
		size_t length = strlen(entry->d_name);
		struct error err = {0};

		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 ||
		    length <= strlen(PREFIX SUFFIX) ||
		    strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX) !=
			0)
			continue;
		if (load_file(drills, dirfd(folder), entry->d_name, &err) != 0)
			log_event(LOG_LEVEL_ERROR,
			    _("a drill that waited cannot be taken up: %s"),
			    err.text);
	}
	(void)closedir(folder);
	if (drills->list != NULL)
		loop_set_timer(
		    drills->service->loop, &drills->watch, DRILL_WATCH_MS);
}

/* ---- while it waits ---- */

/* A new order takes the place of one that waits. */
void
drill_waiting_drop(struct drills *drills, const char *system)
{
	struct drill *next;

	for (struct drill *drill = drills->list; drill != NULL; drill = next) {
		next = drill->next;
		if (!drill->is_waiting ||
		    strcmp(drill->copy.system, system) != 0)
			continue;
		drill_waiting_forget(drill);
		drill_unlink(drill);
	}
}

/* Whether there is more to watch. */
static bool
look_at(struct drill *drill)
{
	struct error err = {0};
	bool is_late = clock_monotonic_ms() - drill->asked_ms >= DRILL_WAIT_MS;
	int got;

	if (!drill->is_waiting) {
		if (!drill->view.is_ended)
			drill_tell(drill);
		return !drill->view.is_ended;
	}
	got = drill_choose_copy(drill, &err);
	if (got == 0 && !is_late)
		return true;
	/* Rather twice than never, should hikaed end just here. */
	if (got == 1 && drill_begin(drill, &err) == 0) {
		drill_waiting_forget(drill);
		return true;
	}
	drill_waiting_forget(drill);
	if (err.code == ERROR_NONE)
		(void)error_set(&err, ERROR_UNAVAILABLE,
		    _("the medium did not come in time"));
	log_event(LOG_LEVEL_WARNING,
	    _("a drill that waited for a medium is given up: %s"), err.text);
	drill_unlink(drill);
	return false;
}

void
drill_waiting_watch(void *context)
{
	struct drills *drills = context;
	bool is_left = false;
	struct drill *next;

	for (struct drill *drill = drills->list; drill != NULL; drill = next) {
		next = drill->next;
		is_left = look_at(drill) || is_left;
	}
	if (is_left)
		loop_set_timer(
		    drills->service->loop, &drills->watch, DRILL_WATCH_MS);
}
