/* Measures of copies, of those out of reach and of media that hold them. */
#include <string.h>

#include "lib/judge/measure_internal.h"

/* Ways of keeping backups that are told apart. */
#define METHODS_MAX 64

/* The mode of a medium that is always connected. */
#define ONLINE ""

/* How the measures of this file count; `mode` and `is_all`: see count(). */
static const struct {
	enum copies_trait trait;
	const char *mode;
	bool is_all; /* of all generations, not of the newest good one */
} counts[] = {
    [MEASURE_COPIES] = {COPIES_GOOD, NULL, false},
    [MEASURE_COPIES_WITH_PRODUCTION] = {COPIES_GOOD, NULL, false},
    [MEASURE_DEVICES] = {COPIES_GOOD, NULL, false},
    [MEASURE_MEDIA_KINDS] = {COPIES_GOOD, NULL, false},
    [MEASURE_METHODS] = {COPIES_GOOD, NULL, true},
    [MEASURE_ONLINE_COPIES] = {COPIES_GOOD, ONLINE, false},
    [MEASURE_OFFSITE_COPIES] = {COPIES_OFFSITE, NULL, false},
    [MEASURE_OFFLINE_OR_OFFSITE_COPIES] = {COPIES_OFFLINE_OR_OFFSITE, NULL,
	false},
    [MEASURE_ENCRYPTED_COPIES] = {COPIES_ENCRYPTED, NULL, false},
    [MEASURE_UNENCRYPTED_COPIES] = {COPIES_UNENCRYPTED, NULL, true},
    [MEASURE_OFFLINE_COPIES] = {COPIES_OFFLINE, NULL, true},
    [MEASURE_DETACHED_COPIES] = {COPIES_OFFLINE, "detached", true},
    [MEASURE_PARTITION_COPIES] = {COPIES_OFFLINE, "network-partition", true},
    [MEASURE_APPENDONLY_COPIES] = {COPIES_OFFLINE, "append-only", true},
    [MEASURE_WINDOW_COPIES] = {COPIES_OFFLINE, "connect-window", true},
    [MEASURE_CLOUD_ISOLATED_COPIES] = {COPIES_OFFLINE, "cloud-isolated", true},
    [MEASURE_IMMUTABLE_COPIES] = {COPIES_IMMUTABLE, NULL, true},
    [MEASURE_OFFLINE_EXPOSURE] = {COPIES_OFFLINE, NULL, true},
};

/* The copies that are looked at: of one generation, or of all. */
static void
find_range(const struct measure_context *context, enum measure measure,
    size_t at, size_t *ret_from, size_t *ret_to)
{
	const struct inventory_system *system =
	    &context->inventory->systems[at];

	*ret_from = system->generation;
	*ret_to = *ret_from + system->generation_count;
	if (!counts[measure].is_all) {
		*ret_from = context->systems[at].summary.generation;
		*ret_to = *ret_from + 1;
	}
}

/* The first and one past the last copy of those generations. */
static void
find_copies(const struct measure_context *context, size_t from, size_t to,
    size_t *ret_from, size_t *ret_to)
{
	const struct inventory_generation *last =
	    &context->inventory->generations[to - 1];

	*ret_from = context->inventory->generations[from].copy;
	*ret_to = last->copy + last->copy_count;
}

static bool
is_of_mode(
    const struct measure_context *context, size_t medium, const char *mode)
{
	const char *offline;

	if (medium == INVENTORY_NOT)
		return false;
	offline = context->inventory->media[medium].offline;
	return mode == NULL ? offline[0] != '\0' : strcmp(offline, mode) == 0;
}

/* Why copies do not count: of the offline medium that comes nearest. */
static const char *
reason_of_offline(const struct measure_context *context, size_t from, size_t to,
    const char *mode)
{
	const struct offline_claim *best = NULL;

	for (size_t c = from; c < to; c++) {
		size_t medium = context->inventory->copies[c].medium;
		const struct offline_claim *claim;

		if (!is_of_mode(context, medium, mode))
			continue;
		claim = copies_claim(context->copies, medium);
		if (best == NULL || claim->evidence > best->evidence)
			best = claim;
	}
	if (best == NULL)
		return "no-offline-medium";
	return best->reason[0] != '\0' ? best->reason : "not-in-sight";
}

/* Why copies on media that are always connected do not count. */
static const char *
reason_of_online(const struct measure_context *context, size_t from, size_t to)
{
	for (size_t c = from; c < to; c++)
		if (is_of_mode(context, context->inventory->copies[c].medium,
			ONLINE) &&
		    copies_reason(context->copies, c)[0] != '\0')
			return copies_reason(context->copies, c);
	return "no-online-medium";
}

static const char *
reason_of_offsite(const struct measure_context *context, size_t from, size_t to)
{
	const struct inventory *inventory = context->inventory;

	for (size_t c = from; c < to; c++) {
		size_t medium = inventory->copies[c].medium;

		if (medium != INVENTORY_NOT &&
		    copies_is_brought_here(&inventory->media[medium]))
			return "offsite-here";
		if (medium != INVENTORY_NOT &&
		    inventory->media[medium].is_offsite &&
		    inventory_is_served_here(&inventory->media[medium]))
			return "served-here";
	}
	return "no-offsite-medium";
}

static const char *
reason_of(const struct measure_context *context, enum measure measure,
    size_t from, size_t to)
{
	const struct inventory *inventory = context->inventory;

	if (measure == MEASURE_ONLINE_COPIES)
		return reason_of_online(context, from, to);
	switch (counts[measure].trait) {
	case COPIES_OFFLINE:
		return reason_of_offline(
		    context, from, to, counts[measure].mode);
	case COPIES_IMMUTABLE:
	case COPIES_PROTECTED:
		return "protection-not-measured";
	case COPIES_ENCRYPTED:
	case COPIES_UNENCRYPTED:
		return "encryption-unknown";
	case COPIES_OFFSITE:
		return reason_of_offsite(context, from, to);
	case COPIES_GOOD:
	case COPIES_IN_SIGHT:
	case COPIES_OFFLINE_OR_OFFSITE:
		break;
	}
	for (size_t c = from; c < to; c++)
		if (copies_reason(context->copies, c)[0] != '\0')
			return copies_reason(context->copies, c);
	for (size_t c = from; c < to; c++)
		if (inventory->copies[c].medium != INVENTORY_NOT &&
		    inventory_is_served_here(
			&inventory->media[inventory->copies[c].medium]))
			return "served-here";
	for (size_t c = from; c < to; c++)
		if (inventory->copies[c].medium == INVENTORY_NOT ||
		    !copies_devices_is_known(
			context->copies, inventory->copies[c].medium))
			return "disks-unknown";
	return "no-offline-medium";
}

static struct bounds
count(const struct measure_context *context, enum measure measure, size_t from,
    size_t to)
{
	struct bounds sum = {0, 0};

	for (size_t g = from; g < to; g++) {
		struct bounds bounds = copies_count(context->copies, g,
		    counts[measure].trait, counts[measure].mode);

		sum.least += bounds.least;
		sum.most += bounds.most;
	}
	return sum;
}

static bool
is_of_encryption(enum measure measure)
{
	return counts[measure].trait == COPIES_ENCRYPTED ||
	       counts[measure].trait == COPIES_UNENCRYPTED;
}

static void
cite(const struct measure_context *context, enum measure measure, size_t from,
    size_t to, struct measure_value *value)
{
	const struct inventory *inventory = context->inventory;

	for (size_t c = from; c < to; c++) {
		size_t medium = inventory->copies[c].medium;

		if (copies_is(context->copies, c, counts[measure].trait) ==
			BOUNDS_NO ||
		    (counts[measure].mode != NULL &&
			!is_of_mode(context, medium, counts[measure].mode)))
			continue;
		measure_cite(value, inventory->copies[c].state_seq);
		measure_cite(value, inventory->copies[c].trait.seq);
		if (is_of_encryption(measure) &&
		    inventory->copies[c].has_sealing)
			measure_cite(value, inventory->copies[c].manifest);
		if (medium != INVENTORY_NOT)
			measure_cite_claim(
			    value, copies_claim(context->copies, medium));
	}
}

/* A combination of kind of medium, layout and offline mode. */
struct method {
	const char *kind, *layout, *mode;
	enum bounds_answer answer;
};

static struct bounds
count_methods(const struct measure_context *context, size_t from, size_t to)
{
	const struct inventory *inventory = context->inventory;
	struct method methods[METHODS_MAX];
	struct bounds bounds = {0, 0};
	size_t n = 0, i;

	for (size_t c = from; c < to; c++) {
		const struct inventory_copy *copy = &inventory->copies[c];
		enum bounds_answer answer =
		    copies_is(context->copies, c, COPIES_GOOD);
		const struct inventory_medium *medium;

		if (answer == BOUNDS_NO || copy->medium == INVENTORY_NOT)
			continue;
		medium = &inventory->media[copy->medium];
		for (i = 0; i < n; i++)
			if (strcmp(methods[i].kind, medium->kind) == 0 &&
			    strcmp(methods[i].layout, copy->layout) == 0 &&
			    strcmp(methods[i].mode, medium->offline) == 0)
				break;
		if (i == METHODS_MAX)
			continue;
		if (i == n)
			methods[n++] = (struct method){medium->kind,
			    copy->layout, medium->offline, BOUNDS_NO};
		if (answer > methods[i].answer)
			methods[i].answer = answer;
	}
	bounds.most = (int64_t)n;
	for (i = 0; i < n; i++)
		bounds.least += methods[i].answer == BOUNDS_YES;
	return bounds;
}

/* Of the offline media with copies of the system, the least exposed one. */
static void
take_exposure(const struct measure_context *context, size_t from, size_t to,
    struct measure_value *value)
{
	const struct inventory *inventory = context->inventory;
	struct bounds least = {101, 101};
	size_t last = INVENTORY_NOT;

	for (size_t c = from; c < to; c++) {
		size_t medium = inventory->copies[c].medium;
		struct offline_exposure exposure;

		if (medium == last || !is_of_mode(context, medium, NULL))
			continue;
		last = medium;
		offline_expose(inventory, &inventory->media[medium], &exposure);
		measure_cite(value, inventory->media[medium].state_seq);
		if (exposure.percent.least < least.least)
			least.least = exposure.percent.least;
		if (exposure.percent.most < least.most)
			least.most = exposure.percent.most;
	}
	if (least.most > 100)
		measure_set_none(value, "no-offline-medium");
	else
		measure_set_bounds(value, least, "history-short");
	if (value->state == MEASURE_KNOWN)
		value->reason = "";
}

/*
 * How long nobody has known whether media are in reach: since the last of them
 * stopped to answer.
 */
static int64_t
unknown_for(const struct measure_context *context, size_t from, size_t to,
    const char *mode)
{
	const struct inventory *inventory = context->inventory;
	int64_t least = INVENTORY_AGELESS;

	for (size_t c = from; c < to; c++) {
		size_t at = inventory->copies[c].medium;
		const struct inventory_medium *medium;
		int64_t age;

		if (!is_of_mode(context, at, mode) ||
		    (inventory_doubt_of(&inventory->media[at]) == NULL &&
			strcmp(copies_claim(context->copies, at)->reason,
			    "state-unknown") != 0))
			continue;
		medium = &inventory->media[at];
		age = inventory_age(
		    inventory, medium->state_at, medium->state_seq);
		if (age < least)
			least = age;
	}
	return least == INVENTORY_AGELESS ? 0 : least;
}

/* Why what there is of a system may not be good, where a medium is in doubt. */
static const char *
doubt_of(const struct measure_context *context, size_t system)
{
	const struct inventory *inventory = context->inventory;
	const struct inventory_system *of = &inventory->systems[system];

	for (size_t i = 0; i < of->generation_count; i++) {
		const struct inventory_generation *g =
		    &inventory->generations[of->generation + i];

		for (size_t c = g->copy; c < g->copy + g->copy_count; c++) {
			size_t medium = inventory->copies[c].medium;

			if (medium != INVENTORY_NOT &&
			    inventory_doubt_of(&inventory->media[medium]) !=
				NULL)
				return inventory_doubt_of(
				    &inventory->media[medium]);
		}
	}
	return "copies-undetermined";
}

/* Intact copies that do not count say why, as far as their medium is it. */
static const char *
reason_of_nothing(const struct measure_context *context, size_t at)
{
	const struct inventory *inventory = context->inventory;
	const struct inventory_system *system = &inventory->systems[at];

	for (size_t i = 0; i < system->generation_count; i++) {
		const struct inventory_generation *g =
		    &inventory->generations[system->generation + i];

		for (size_t c = g->copy; c < g->copy + g->copy_count; c++)
			if (copies_is_intact(context->copies, c) &&
			    strcmp(copies_reason(context->copies, c),
				"medium-retired") == 0)
				return "medium-retired";
	}
	return "no-good-generation";
}

/* Nothing is counted of a system without a good generation. */
static void
take_nothing(const struct measure_context *context, size_t system,
    struct measure_value *value)
{
	const struct generations *g = &context->systems[system].generations;

	if (g->good.most > 0)
		measure_set_bounds(value, (struct bounds){0, INT64_MAX},
		    doubt_of(context, system));
	else
		measure_set_none(value, reason_of_nothing(context, system));
}

/* A copy of which some files are encrypted is not: that wants a word. */
static const char *
reservation_of_encryption(
    const struct measure_context *context, size_t first, size_t end)
{
	const struct inventory_copy *copies = context->inventory->copies;

	for (size_t c = first; c < end; c++)
		if (!copies[c].is_missing && copies[c].has_sealing &&
		    sealing_state(&copies[c].sealing) == SEALING_PARTLY)
			return "partly-encrypted";
	return "";
}

/* Why a generation with more copies than that counts no more of them. */
static const char *
reservation_of(const struct measure_context *context, enum measure measure,
    size_t generation)
{
	const struct inventory_generation *g =
	    &context->inventory->generations[generation];

	if (measure != MEASURE_COPIES &&
	    measure != MEASURE_COPIES_WITH_PRODUCTION &&
	    measure != MEASURE_DEVICES)
		return "";
	if (copies_share_device(context->copies, generation))
		return "disk-shared";
	for (size_t c = g->copy; c < g->copy + g->copy_count; c++)
		if (copies_is(context->copies, c, COPIES_GOOD) == BOUNDS_NO)
			return copies_reason(context->copies, c);
	return "";
}

void
measure_copies_take(const struct measure_context *context, enum measure measure,
    size_t system, struct measure_value *value)
{
	size_t from, to, first, end;
	struct bounds bounds;
	const char *reason;

	find_range(context, measure, system, &from, &to);
	if (from == INVENTORY_NOT) {
		take_nothing(context, system, value);
		return;
	}
	find_copies(context, from, to, &first, &end);
	if (measure == MEASURE_OFFLINE_EXPOSURE) {
		take_exposure(context, first, end, value);
		return;
	}
	cite(context, measure, first, end, value);
	reason = reason_of(context, measure, first, end);
	if (measure == MEASURE_METHODS)
		bounds = count_methods(context, first, end);
	else if (measure == MEASURE_MEDIA_KINDS)
		bounds = copies_kinds(context->copies, from);
	else
		bounds = count(context, measure, from, to);
	if (measure == MEASURE_COPIES_WITH_PRODUCTION) {
		bounds.least++;
		bounds.most++;
	}
	measure_set_bounds(value, bounds, reason);
	if (value->state == MEASURE_KNOWN && is_of_encryption(measure))
		value->reason = reservation_of_encryption(context, first, end);
	else if (value->state == MEASURE_KNOWN && value->reason[0] == '\0')
		value->reason = reservation_of(context, measure, from);
	if (value->state == MEASURE_UNKNOWN &&
	    counts[measure].trait == COPIES_OFFLINE)
		value->unknown_ms =
		    unknown_for(context, first, end, counts[measure].mode);
}
