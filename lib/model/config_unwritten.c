#include "lib/model/config_unwritten.h"

#include "lib/base/clock.h"

/* The max_attached of connect-window; that of detached is in config_key. */
#define WINDOW_MS CLOCK_DAY_MS

/*
 * How long a medium may be in reach where nobody wrote it: a window is shorter
 * than a disk's visit, and what is always there has no limit.
 */
void
config_unwritten_medium(struct config_draft *draft)
{
	struct config_medium *medium = &draft->data.medium;

	if (config_draft_has(draft, "max_attached"))
		return;
	if (medium->offline == CONFIG_OFFLINE_CONNECT_WINDOW)
		medium->max_attached_ms = WINDOW_MS;
	else if (!config_offline_is_away(medium->offline))
		medium->max_attached_ms = 0;
}

/* A living tree, and what hikae does not know, may rest. */
void
config_unwritten_source(const struct config *config, struct config_draft *draft)
{
	struct config_source *source = &draft->data.source;
	const struct config_system *system =
	    config_find_system(config, source->system_id);

	if (config_draft_has(draft, "unchanged_after"))
		return;
	if (source->layout == CONFIG_LAYOUT_TREE || system == NULL ||
	    system->kind == CONFIG_SYSTEM_OTHER)
		source->unchanged_after_ms = 0;
}
