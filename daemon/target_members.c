/* What archives contain, and what files say of themselves. */
#include "daemon/decoding.h"
#include "daemon/inspecting.h"
#include "daemon/target_internal.h"

/* The archive is decoded once more, beside the reading of its slices. */
static int
order_decoding(struct target *target, uint64_t run,
    const struct target_owner *owner, struct error *err)
{
	struct decoding_request request = {
	    .copy = target->copy,
	    .manifest = target->manifest,
	    .version = target->version,
	    .run = run,
	    .system = target->system,
	    .generation = target->generation,
	    .medium = target->medium,
	    .source_id = target->source,
	    .locator = target->locator,
	    .state = target->members,
	    .content = target->content,
	    .priority = target->priority,
	};

	return decoding_order(target->service, &request, owner, err);
}

int
target_order_members(struct target *target, uint64_t run,
    const struct target_owner *owner, struct error *err)
{
	const struct inspecting_request request = {
	    .copy = target->copy,
	    .manifest = target->manifest,
	    .version = target->version,
	    .run = run,
	    .bytes = target->bytes,
	    .system = target->system,
	    .generation = target->generation,
	    .medium = target->medium,
	    .source_id = target->source,
	    .locator = target->locator,
	    .priority = target->priority,
	};

	if (target->members != NULL)
		return order_decoding(target, run, owner, err);
	return inspecting_order(target->service, &request, owner, err);
}
