#include "daemon/remains.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/verification.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/worker/pace.h"

/* After captures: what it waits for has rested. */
#define REMAINS_PRIORITY 15

struct remains {
	struct service *service;
	uint64_t copy, version, slices, bytes;
	char system[CONFIG_ID_BYTES], medium[CONFIG_ID_BYTES];
	char source_id[CONFIG_ID_BYTES], generation[64];
	char *locator;
	struct verify_range range; /* that the reader has */
	uint64_t next;		   /* slice that is due */
	uint64_t changed;	   /* bytes of it that were read, and differ */
	struct remains_reading reading;
	remains_fn *ended;
	void *context;
};

static void
free_remains(struct remains *remains)
{
	free(remains->locator);
	free(remains);
}

/* Other bytes are in its place. */
static bool
is_read(enum finding code)
{
	return code == FINDING_BIT_ROT || code == FINDING_OVERWRITTEN;
}

/* It is not there as it was, which needs no reading. */
static bool
is_told_unread(enum finding code)
{
	return code == FINDING_MISSING || code == FINDING_TRUNCATED ||
	       code == FINDING_GROWN || code == FINDING_TYPE_CHANGED ||
	       code == FINDING_UNREAD_AT_CAPTURE;
}

static int
on_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct remains *remains = context;

	(void)err;
	/* They count as read, and a slice of a large file is all of it. */
	if (is_read(finding->code) &&
	    remains->changed <= UINT64_MAX - finding->expected_size)
		remains->changed += finding->expected_size;
	else if (!is_read(finding->code) && !is_told_unread(finding->code))
		remains->reading.is_partial = true;
	return 0;
}

static int
on_slice(void *context, const struct examine_slice *slice, enum reply_mode mode,
    struct error *err)
{
	struct remains *remains = context;

	(void)mode;
	if (remains->next > remains->range.last ||
	    slice->slice != remains->next)
		return error_set(err, ERROR_PROTOCOL,
		    _("a child answered what it was not asked"));
	if (slice->bytes > remains->changed)
		remains->reading.same_bytes += slice->bytes - remains->changed;
	remains->changed = 0;
	remains->next++;
	return 0;
}

static void
take_slices(struct remains *remains)
{
	uint64_t left = remains->slices - remains->next;

	if (left > PACE_SLICES_MAX)
		left = PACE_SLICES_MAX;
	remains->range =
	    (struct verify_range){remains->next, remains->next + left - 1};
}

static int
on_more(void *context, struct verify_range *ranges, size_t *ret_count,
    struct error *err)
{
	struct remains *remains = context;

	if (remains->next <= remains->range.last)
		return error_set(err, ERROR_PROTOCOL,
		    _("a child answered what it was not asked"));
	if (remains->next >= remains->slices)
		return 0;
	take_slices(remains);
	ranges[0] = remains->range;
	*ret_count = 1;
	return 0;
}

static int order(struct remains *remains, struct error *err);

/* Whether the order's end is an answer; a medium that is away is none. */
static bool
is_answer(const struct jobs_end *end, enum finding why)
{
	if (end->outcome == JOBS_DONE)
		return true;
	return end->outcome != JOBS_CANCELLED && why != FINDING_MEDIUM_ABSENT &&
	       why != FINDING_WRONG_MEDIUM && why != FINDING_SOURCE_MISSING &&
	       why != FINDING_GENERATION_MISSING;
}

static void
on_end(void *context, const struct jobs_end *end, enum finding why)
{
	struct remains *remains = context;
	struct error err = {0};

	/* It made room for somebody more urgent. */
	if (end->outcome == JOBS_DONE && remains->next > remains->range.last &&
	    remains->next < remains->slices) {
		if (order(remains, &err) == 0)
			return;
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	} else {
		remains->reading.is_told = is_answer(end, why);
	}
	if (remains->next < remains->slices)
		remains->reading.is_partial = true;
	remains->ended(remains->context, remains->copy, &remains->reading);
	free_remains(remains);
}

/* What nobody has read yet, by one reader. */
static int
order(struct remains *remains, struct error *err)
{
	struct verification_owner owner = {
	    .context = remains,
	    .finding = on_finding,
	    .slice = on_slice,
	    .more = on_more,
	    .ended = on_end,
	};
	struct verification_request request = {
	    .manifest = {.system = remains->system,
		.generation = remains->generation,
		.medium = remains->medium,
		.version = remains->version},
	    .source_id = remains->source_id,
	    .locator = remains->locator,
	    .ranges = &remains->range,
	    .range_count = 1,
	    .not_before = remains->reading.began_at,
	    .bytes = remains->bytes,
	    .priority = REMAINS_PRIORITY,
	};

	take_slices(remains);
	remains->changed = 0;
	return verification_order(remains->service, &request, &owner, err);
}

static void
fill(struct remains *remains, const struct remains_request *request)
{
	const struct config_source *source = request->source;

	remains->copy = request->copy;
	remains->version = request->version;
	remains->slices = request->slices;
	remains->bytes = request->bytes;
	(void)snprintf(
	    remains->system, sizeof(remains->system), "%s", source->system_id);
	(void)snprintf(
	    remains->medium, sizeof(remains->medium), "%s", source->medium_id);
	(void)snprintf(
	    remains->source_id, sizeof(remains->source_id), "%s", source->id);
	(void)snprintf(remains->generation, sizeof(remains->generation), "%s",
	    request->generation);
}

int
remains_order(struct service *service, const struct remains_request *request,
    remains_fn *ended, void *context, struct error *err)
{
	struct remains *remains = calloc(1, sizeof(*remains));

	if (remains == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	remains->service = service;
	remains->ended = ended;
	remains->context = context;
	remains->reading.began_at = clock_wall_ms();
	fill(remains, request);
	remains->locator = strdup(request->locator);
	if (remains->locator == NULL)
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	else if (request->slices == 0)
		(void)error_set(
		    err, ERROR_USAGE, _("no slices were asked for"));
	else if (order(remains, err) == 0)
		return 0;
	free_remains(remains);
	return -1;
}
