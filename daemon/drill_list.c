/* Drills that run and that wait, which hikaed alone knows of. */
#include <string.h>

#include "daemon/drill_internal.h"

/* What both have; a waiting one's copy may yet be another. */
static json_t *
describe(const struct drill *drill)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:I}", "system",
	    drill->copy.system, "generation", drill->copy.generation, "medium",
	    drill->copy.medium, "operator", drill->operator, "share_ppm",
	    (json_int_t)drill->share_ppm);
}

static json_t *
describe_waiting(const struct drill *drill)
{
	json_t *object = describe(drill);
	char place[DRILL_TEXT_BYTES];

	(void)json_object_set_new(
	    object, "asked_at", json_integer((json_int_t)drill->asked_wall_ms));
	if (drill_choose_place(drill, place)[0] != '\0')
		(void)json_object_set_new(object, "place", json_string(place));
	return object;
}

static json_t *
describe_running(const struct drill *drill)
{
	json_t *object = describe(drill);

	(void)json_object_set_new(object, "id", json_of_u64(drill->view.id));
	(void)json_object_set_new(
	    object, "step", json_string(drill->view.step));
	(void)json_object_set_new(
	    object, "bytes_done", json_of_u64(drill->view.bytes_done));
	(void)json_object_set_new(
	    object, "bytes_total", json_of_u64(drill->view.bytes_total));
	(void)json_object_set_new(
	    object, "elapsed_ms", json_integer(drill->view.elapsed_ms));
	return object;
}

static const struct drill *
first(const struct drills *drills)
{
	return drills != NULL ? drills->list : NULL;
}

json_t *
drill_waiting_describe(const struct drills *drills, const char *system)
{
	json_t *list = json_array();

	for (const struct drill *drill = first(drills); drill != NULL;
	     drill = drill->next)
		if (drill->is_waiting &&
		    (system == NULL || strcmp(system, drill->copy.system) == 0))
			(void)json_array_append_new(
			    list, describe_waiting(drill));
	return list;
}

json_t *
drill_running_describe(const struct drills *drills)
{
	json_t *list = json_array();

	for (const struct drill *drill = first(drills); drill != NULL;
	     drill = drill->next)
		if (!drill->is_waiting && !drill->view.is_ended)
			(void)json_array_append_new(
			    list, describe_running(drill));
	return list;
}

bool
drill_is_reading(const struct drills *drills, uint64_t copy)
{
	for (const struct drill *drill = first(drills); drill != NULL;
	     drill = drill->next)
		if (!drill->is_waiting && !drill->view.is_ended &&
		    drill->copy.id == copy)
			return true;
	return false;
}
