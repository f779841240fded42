#include "lib/judge/room.h"

static uint64_t
reserve_of(uint64_t all, uint64_t part_max, uint64_t taken)
{
	uint64_t part = all / ROOM_PART;

	if (part > part_max)
		part = part_max;
	return taken > part ? taken : part;
}

uint64_t
room_reserve_bytes(const struct room *room)
{
	return reserve_of(
	    room->all_bytes, ROOM_PART_BYTES_MAX, room->taken_bytes);
}

uint64_t
room_reserve_files(const struct room *room)
{
	if (room->all_files == 0)
		return 0;
	return reserve_of(
	    room->all_files, ROOM_PART_FILES_MAX, room->taken_files);
}

static bool
is_below(uint64_t free, uint64_t reserve, bool was_short)
{
	return free < reserve + (was_short ? reserve / 4 : 0);
}

bool
room_is_short(const struct room *room, bool was_short)
{
	return is_below(
		   room->free_bytes, room_reserve_bytes(room), was_short) ||
	       is_below(room->free_files, room_reserve_files(room), was_short);
}
