/*
 * The instants of entries, and what the clock did meanwhile (DESIGN law 8).
 *
 * A step back is seen by the journal's newest entry, in this run or since an
 * earlier one.  A jump ahead is seen by the monotonic clock, which counts
 * suspend, and so in this run alone: after a start nobody can tell it from a
 * pause.
 */
#include "daemon/ledger.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/store/journal.h"
#include "lib/store/query_finding.h"

/* Two clocks are never quite alike; less than this is no step, ms. */
#define TOLERANCE_MS 2000

static int64_t
limit_of(const struct service *service)
{
	int64_t ahead = service->config->policy.clock_ahead_ms;

	return ahead > TOLERANCE_MS ? ahead : TOLERANCE_MS;
}

static int
append_event(struct service *service, const char *event, int64_t by_ms,
    int64_t now, struct error *err)
{
	return journal_append(service->catalog,
	    json_pack("{s:s, s:s, s:I}", "type", "clock", "event", event,
		"by_ms", (json_int_t)by_ms),
	    now, NULL, err);
}

static int
open_finding(struct service *service, enum finding code, struct error *err)
{
	struct ledger_finding finding = {.code = code, .slice = -1};
	uint64_t id;

	return ledger_finding(service, &finding, &id, err);
}

static int
close_finding(struct service *service, enum finding code, struct error *err)
{
	struct ledger_finding finding = {.code = code, .slice = -1};

	return ledger_close_code(service, &finding, "resolved", err);
}

static int
take_finding(const struct query_finding *row, void *context, struct error *err)
{
	uint64_t *id = context;

	(void)err;
	*id = row->id;
	return 1;
}

/* The open one; 0: none. */
static int
find_finding(struct service *service, enum finding code, uint64_t *ret_id,
    struct error *err)
{
	const struct query_finding_filter filter = {
	    .only_open = true, .code = finding_name(code), .limit = 1};

	*ret_id = 0;
	return query_findings(
	    service->catalog, CATALOG_NOW, &filter, take_finding, ret_id, err);
}

/* What is left of a jump after the steps that came with it and since. */
struct jump {
	uint64_t finding; /* its entry follows the jump's */
	int64_t left_ms;
};

static int
take_event(
    const struct query_clock_event *row, void *context, struct error *err)
{
	struct jump *jump = context;

	(void)err;
	if (row->seq + 1 < jump->finding)
		return 1;
	jump->left_ms +=
	    strcmp(row->event, "back") == 0 ? -row->by_ms : row->by_ms;
	return 0;
}

static int
measure_rest(struct service *service, struct jump *jump, struct error *err)
{
	if (service->clock.has_jumped) {
		jump->left_ms =
		    service->clock.ahead_ms - service->clock.ahead_before_ms;
		return 0;
	}
	/* In an earlier run: as far as the entries tell. */
	return query_clock_events(
	    service->catalog, CATALOG_NOW, 0, take_event, jump, err);
}

/* A jump that a step back undid is settled: what went back is told. */
static int
settle_jump(struct service *service, struct error *err)
{
	struct jump jump = {0, 0};

	if (find_finding(service, FINDING_CLOCK_JUMPED, &jump.finding, err) !=
	    0)
		return -1;
	if (jump.finding == 0)
		return 0;
	if (measure_rest(service, &jump, err) != 0)
		return -1;
	if (jump.left_ms > limit_of(service))
		return 0;
	/* Jumping there again would be new. */
	service->clock.ahead_max_ms = service->clock.ahead_ms;
	service->clock.has_jumped = false;
	return close_finding(service, FINDING_CLOCK_JUMPED, err);
}

static int
note_back(struct service *service, int64_t now, struct error *err)
{
	struct service_clock *clock = &service->clock;
	int64_t by_ms = clock->newest_at - now;

	if (clock->newest_at > clock->behind_until)
		clock->behind_until = clock->newest_at;
	clock->newest_at = now;
	if (append_event(service, "back", by_ms, now, err) != 0 ||
	    open_finding(service, FINDING_CLOCK_BACK, err) != 0)
		return -1;
	return settle_jump(service, err);
}

/*
 * What was already shown in this run, or a run that began with a clock that was
 * behind, makes it a clock that was put right: the entry is enough.
 */
static int
note_ahead(
    struct service *service, int64_t by_ms, int64_t now, struct error *err)
{
	struct service_clock *clock = &service->clock;
	int64_t before_ms = clock->ahead_max_ms;
	uint64_t open_id;

	clock->newest_at = now;
	if (append_event(service, "ahead", by_ms, now, err) != 0)
		return -1;
	if (clock->began_behind ||
	    clock->ahead_ms - before_ms <= limit_of(service))
		return 0;
	if (find_finding(service, FINDING_CLOCK_JUMPED, &open_id, err) != 0)
		return -1;
	if (open_id == 0) {
		clock->has_jumped = true;
		clock->ahead_before_ms = before_ms;
	}
	clock->ahead_max_ms = clock->ahead_ms;
	return open_finding(service, FINDING_CLOCK_JUMPED, err);
}

/* How far it came further than the monotonic one since the last look, ms. */
static int64_t
measure_jump(struct service_clock *clock, int64_t now)
{
	int64_t last_ms = clock->ahead_ms;

	clock->ahead_ms = now - clock_monotonic_ms();
	if (clock->is_seen)
		return clock->ahead_ms - last_ms;
	clock->is_seen = true;
	clock->ahead_max_ms = clock->ahead_ms;
	clock->began_behind =
	    clock->newest_at > now + TOLERANCE_MS || clock->behind_until > now;
	return 0;
}

int
ledger_now(struct service *service, int64_t *ret_at, struct error *err)
{
	struct service_clock *clock = &service->clock;
	int64_t now = clock_wall_ms();
	int64_t jump_ms = measure_jump(clock, now);

	*ret_at = now;
	if (clock->newest_at > now + TOLERANCE_MS)
		return note_back(service, now, err);
	if (jump_ms > limit_of(service) &&
	    note_ahead(service, jump_ms, now, err) != 0)
		return -1;
	if (clock->ahead_ms > clock->ahead_max_ms)
		clock->ahead_max_ms = clock->ahead_ms;
	if (now > clock->newest_at)
		clock->newest_at = now;
	if (clock->behind_until == 0 || now <= clock->behind_until)
		return 0;
	/* It passed what it showed before it went back. */
	clock->behind_until = 0;
	clock->began_behind = false;
	return close_finding(service, FINDING_CLOCK_BACK, err);
}

static int
take_instant(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	int64_t *ret_at = context;
	json_t *entry = json_parse((const char *)leaf, length, err);
	int64_t at;

	(void)seq;
	if (entry == NULL)
		return -1;
	if (json_get_i64(entry, "at", &at) == 0)
		*ret_at = at;
	json_decref(entry);
	return 0;
}

/* What the clock showed before it went back, if it is not right again. */
struct behind {
	uint64_t finding; /* its entry follows the first step's */
	int64_t until;
};

static int
take_step(const struct query_clock_event *row, void *context, struct error *err)
{
	struct behind *behind = context;

	(void)err;
	if (row->seq + 1 < behind->finding)
		return 1;
	if (strcmp(row->event, "back") == 0 &&
	    row->at + row->by_ms > behind->until)
		behind->until = row->at + row->by_ms;
	return 0;
}

int
ledger_read_clock(struct service *service, struct error *err)
{
	struct service_clock *clock = &service->clock;
	struct behind behind = {0, 0};
	uint64_t size;

	*clock = (struct service_clock){.newest_at = 0};
	if (journal_size(service->catalog, &size, err) != 0 ||
	    journal_each(service->catalog, size > 0 ? size - 1 : 0, size,
		take_instant, &clock->newest_at, err) != 0 ||
	    find_finding(service, FINDING_CLOCK_BACK, &behind.finding, err) !=
		0)
		return -1;
	if (behind.finding != 0 &&
	    query_clock_events(
		service->catalog, CATALOG_NOW, 0, take_step, &behind, err) != 0)
		return -1;
	clock->behind_until = behind.until;
	service->written_clock = *clock;
	return 0;
}
