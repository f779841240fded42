/* Room for what is yet to be recorded, by statvfs(3): nothing here can wait. */
#include <sys/statvfs.h>

#include "daemon/selfcheck_internal.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

/* False where nobody can tell: then nothing can be written there either. */
static bool
measure(const struct service *service, struct room *room)
{
	struct statvfs facts;

	if (fstatvfs(service->state_fd, &facts) != 0)
		return false;
	room->free_bytes = (uint64_t)facts.f_bavail * facts.f_frsize;
	room->all_bytes = (uint64_t)facts.f_blocks * facts.f_frsize;
	room->free_files = facts.f_favail;
	room->all_files = facts.f_files;
	return true;
}

void
selfcheck_room_take(struct selfcheck_room *room, const struct records *records)
{
	if (!records->is_whole || records->is_damaged)
		return;
	room->facts.taken_bytes = records->taken_bytes;
	room->facts.taken_files = records->taken_files;
	room->has_taken = true;
}

void
selfcheck_room_look(struct service *service, struct selfcheck_room *room)
{
	struct error err = {0};
	bool is_short;

	if (!measure(service, &room->facts))
		return;
	is_short =
	    room_is_short(&room->facts, room->has_recorded && room->is_short);
	/* That there is enough is known once it was seen how much is taken. */
	if (room->has_recorded ? room->is_short == is_short
			       : !is_short && !room->has_taken)
		return;
	if (selfcheck_record_room(service, &room->facts, is_short, &err) == 0) {
		room->has_recorded = true;
		room->is_short = is_short;
		room->has_failed = false;
		return;
	}
	/* A disk that is full already: said once, tried again. */
	if (!room->has_failed)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	room->has_failed = true;
}

void
selfcheck_room_describe(const struct service *service,
    const struct selfcheck_room *room, json_t *object)
{
	struct room now = room->facts;

	if (!measure(service, &now))
		return;
	(void)json_object_set_new(
	    object, "state_free_bytes", json_of_u64(now.free_bytes));
	(void)json_object_set_new(object, "state_reserve_bytes",
	    json_of_u64(room_reserve_bytes(&now)));
	if (now.all_files == 0)
		return;
	(void)json_object_set_new(
	    object, "state_free_files", json_of_u64(now.free_files));
	(void)json_object_set_new(object, "state_reserve_files",
	    json_of_u64(room_reserve_files(&now)));
}
