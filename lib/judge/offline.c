#include "lib/judge/offline.h"

#include <string.h>

#include "lib/judge/offline_windows.h"
#include "lib/model/config.h"

static const char *const evidences[OFFLINE_EVIDENCES] = {
    [OFFLINE_NONE] = "none",
    [OFFLINE_UNDETERMINED] = "undetermined",
    [OFFLINE_STALE] = "stale",
    [OFFLINE_PARTIAL] = "partial",
    [OFFLINE_ATTESTED] = "attested",
    [OFFLINE_VERIFIED] = "verified",
};

/* What is being concluded, from what. */
struct judging {
	const struct inventory *inventory;
	const struct inventory_medium *medium;
	struct offline_claim *claim;
	/* The last span in reach, and the one that ended it; or NULL. */
	const struct inventory_span *in, *out;
};

const char *
offline_evidence_name(enum offline_evidence evidence)
{
	return evidences[evidence];
}

bool
offline_is_document(const char *kind)
{
	return kind != NULL && (strcmp(kind, "contract-excerpt") == 0 ||
				   strcmp(kind, "in-house-rule") == 0);
}

bool
offline_is_away(const char *mode)
{
	for (int i = 0; i <= CONFIG_OFFLINE_CLOUD_ISOLATED; i++)
		if (strcmp(config_offline_name((enum config_offline)i), mode) ==
		    0)
			return config_offline_is_away((enum config_offline)i);
	return false;
}

static void
conclude(
    struct judging *judging, enum offline_evidence evidence, const char *reason)
{
	judging->claim->evidence = evidence;
	judging->claim->reason = reason;
}

static void
cite(struct judging *judging, uint64_t seq)
{
	struct offline_claim *claim = judging->claim;

	if (seq == 0 || claim->seq_count == OFFLINE_EVIDENCE_MAX)
		return;
	for (size_t i = 0; i < claim->seq_count; i++)
		if (claim->seqs[i] == seq)
			return;
	claim->seqs[claim->seq_count++] = seq;
}

static void
find_spans(struct judging *judging)
{
	const struct inventory_medium *medium = judging->medium;

	for (size_t i = 0; i < medium->span_count; i++)
		if (medium->spans[i].reach == INVENTORY_IN) {
			judging->in = &medium->spans[i];
			judging->out = i + 1 < medium->span_count
					   ? &medium->spans[i + 1]
					   : NULL;
		}
}

/* Whether an event is about the last time that the medium was in reach. */
static bool
is_of_last(const struct judging *judging, const struct inventory_event *event)
{
	return judging->in != NULL && event->seq > judging->in->seq;
}

/*
 * How long it has been out of reach, from when it was last known to be in
 * reach: what nobody knows in between makes it no fresher.
 */
static int64_t
absence(const struct judging *judging)
{
	if (judging->out == NULL)
		return INVENTORY_AGELESS;
	return inventory_age(
	    judging->inventory, judging->out->at, judging->out->seq);
}

static int64_t
left_at(const struct judging *judging)
{
	return judging->out == NULL ? QUERY_NEVER : judging->out->at;
}

/* Somebody's word that stands for the medium while nobody sees it. */
static const struct inventory_event *
word_for(const struct judging *judging)
{
	const struct inventory_medium *medium = judging->medium;

	if (is_of_last(judging, &medium->custody) &&
	    inventory_holds(judging->inventory, &medium->custody))
		return &medium->custody;
	return medium->statement.seq == 0 ? NULL : &medium->statement;
}

/*
 * Evidence of so long ago: verified, then attested while a word stands, then
 * stale.  Without a record of what was observed there is the word alone.
 */
static void
decay(struct judging *judging, int64_t since, int64_t age, bool has_record,
    const struct inventory_event *word)
{
	const struct inventory *inventory = judging->inventory;

	if (age == INVENTORY_AGELESS) {
		conclude(judging, OFFLINE_UNDETERMINED, "clock");
		return;
	}
	if (has_record && age <= inventory->verified_ms) {
		conclude(judging, OFFLINE_VERIFIED, "");
		judging->claim->until = since + inventory->verified_ms;
		return;
	}
	if (word != NULL && age <= inventory->attested_ms) {
		conclude(judging, OFFLINE_ATTESTED,
		    has_record ? "offline-decayed" : "detach-not-recorded");
		judging->claim->until = since + inventory->attested_ms;
		if (word->until != QUERY_NEVER &&
		    word->until < judging->claim->until)
			judging->claim->until = word->until;
		cite(judging, word->seq);
		return;
	}
	if (has_record || age > inventory->verified_ms)
		conclude(judging, OFFLINE_STALE, "offline-stale");
	else
		conclude(judging, OFFLINE_NONE, "detach-not-recorded");
}

static void
judge_detached(struct judging *judging)
{
	const struct inventory_medium *medium = judging->medium;
	bool has_record = is_of_last(judging, &medium->detached);

	if (medium->in_reach) {
		conclude(judging, OFFLINE_NONE, "exposed");
		return;
	}
	if (has_record)
		cite(judging, medium->detached.seq);
	decay(judging, left_at(judging), absence(judging), has_record,
	    word_for(judging));
}

/*
 * Its own limit is the window: each transfer of the period fits into
 * max_attached.
 */
static void
judge_window(struct judging *judging)
{
	const struct inventory_medium *medium = judging->medium;
	const struct offline_windows sure =
	    offline_windows_of(judging->inventory, medium, false);
	const struct offline_windows perhaps =
	    offline_windows_of(judging->inventory, medium, true);

	if (medium->max_attached_ms == 0) {
		conclude(judging, OFFLINE_UNDETERMINED, "no-window");
		return;
	}
	if (judging->in == NULL) {
		conclude(judging, OFFLINE_UNDETERMINED, "not-observed");
		return;
	}
	cite(judging, judging->in->seq);
	if (sure.longest_ms == INVENTORY_AGELESS) {
		conclude(judging, OFFLINE_UNDETERMINED, "clock");
	} else if (sure.longest_ms > medium->max_attached_ms) {
		cite(judging, sure.seq);
		conclude(judging, OFFLINE_NONE, "window-exceeded");
	} else if (perhaps.longest_ms > medium->max_attached_ms) {
		cite(judging, perhaps.seq);
		conclude(judging, OFFLINE_UNDETERMINED, "state-unknown");
	} else if (!medium->in_reach) {
		decay(judging, left_at(judging), absence(judging), true,
		    word_for(judging));
	} else if (!sure.was_away) {
		/* It was never seen to go. */
		conclude(judging, OFFLINE_NONE, "exposed");
	} else {
		conclude(judging, OFFLINE_VERIFIED, "");
	}
}

static void
judge_append_only(struct judging *judging)
{
	const struct inventory_medium *medium = judging->medium;
	const struct inventory_event *refused = &medium->refused;
	const struct inventory_event *word =
	    medium->statement.seq == 0 ? NULL : &medium->statement;

	cite(judging, refused->seq);
	cite(judging, medium->accepted.seq);
	if (judging->claim->is_protected == BOUNDS_NO)
		conclude(judging, OFFLINE_NONE, "writable");
	else if (judging->claim->is_protected == BOUNDS_YES)
		conclude(judging, OFFLINE_VERIFIED, "");
	else if (refused->seq == 0)
		conclude(
		    judging, OFFLINE_UNDETERMINED, "protection-not-measured");
	else
		decay(judging, refused->at,
		    inventory_age(
			judging->inventory, refused->at, refused->seq),
		    true, word);
}

/*
 * A division of the network or of a cloud is somebody's promise: the document
 * is half of the evidence, what was measured the other half.  Paper alone makes
 * nothing that is in reach offline.
 */
static void
judge_divided(struct judging *judging)
{
	const struct inventory *inventory = judging->inventory;
	const struct inventory_medium *medium = judging->medium;
	const struct inventory_event *refused = &medium->refused;
	const struct inventory_event *document =
	    medium->document.seq == 0 ? NULL : &medium->document;

	cite(judging, refused->seq);
	cite(judging, medium->accepted.seq);
	if (document != NULL)
		cite(judging, document->seq);
	if (judging->claim->is_protected == BOUNDS_NO)
		conclude(judging, OFFLINE_NONE, "writable");
	else if (judging->claim->is_protected == BOUNDS_YES)
		conclude(judging, OFFLINE_VERIFIED, "");
	else if (document == NULL)
		conclude(judging, OFFLINE_NONE, "exposed");
	else if (refused->seq == 0)
		conclude(
		    judging, OFFLINE_UNDETERMINED, "protection-not-measured");
	else
		decay(judging, refused->at,
		    inventory_age(inventory, refused->at, refused->seq), true,
		    document);
	if (judging->claim->evidence == OFFLINE_VERIFIED && document == NULL)
		conclude(judging, OFFLINE_PARTIAL, "document-missing");
}

static const struct {
	const char *name;
	void (*judge)(struct judging *judging);
	bool needs_sight; /* absence counts only after it was seen */
} modes[] = {
    {"detached", judge_detached, true},
    {"network-partition", judge_divided, true},
    {"append-only", judge_append_only, false},
    {"connect-window", judge_window, true},
    {"cloud-isolated", judge_divided, true},
};
#define MODES (sizeof(modes) / sizeof(modes[0]))

static bool
is_state(const struct inventory_medium *medium, const char *state)
{
	return strcmp(medium->state, state) == 0;
}

/* What settles it whatever the mode is. */
static bool
judge_common(struct judging *judging, bool needs_sight)
{
	const struct inventory_medium *medium = judging->medium;
	const char *doubt = inventory_doubt_of(medium);

	if (inventory_is_retired(medium)) {
		cite(judging, medium->retired.seq);
		conclude(judging, OFFLINE_NONE, "medium-retired");
	} else if (medium->elsewhere != 0) {
		cite(judging, medium->elsewhere);
		conclude(judging, OFFLINE_NONE, "attached-elsewhere");
	} else if (medium->state_seq == 0) {
		conclude(judging, OFFLINE_UNDETERMINED, "not-observed");
	} else if (!inventory_is_watched(judging->inventory)) {
		conclude(judging, OFFLINE_UNDETERMINED, "not-watched");
	} else if (!is_state(medium, "mounted") &&
		   !is_state(medium, "attached") &&
		   !is_state(medium, "absent")) {
		conclude(judging, OFFLINE_UNDETERMINED,
		    doubt != NULL ? doubt : "state-unknown");
	} else if (needs_sight && !medium->in_reach && judging->in == NULL) {
		conclude(judging, OFFLINE_NONE, "never-seen");
	} else if (!medium->in_reach && !offline_is_away(medium->offline) &&
		   judging->claim->is_protected != BOUNDS_NO) {
		/* It should be there, and may be dead. */
		conclude(judging, OFFLINE_UNDETERMINED, "not-in-sight");
	} else {
		return false;
	}
	return true;
}

/* Refused by the device or when it was tried; a later success refutes it. */
static enum bounds_answer
protection_of(
    const struct inventory *inventory, const struct inventory_medium *medium)
{
	if (medium->in_reach && medium->device_read_only)
		return BOUNDS_YES;
	if (medium->accepted.seq > medium->refused.seq)
		return BOUNDS_NO;
	if (medium->refused.seq != 0 &&
	    inventory_age(inventory, medium->refused.at, medium->refused.seq) <=
		inventory->verified_ms)
		return BOUNDS_YES;
	return BOUNDS_MAYBE;
}

void
offline_judge(const struct inventory *inventory,
    const struct inventory_medium *medium, struct offline_claim *ret_claim)
{
	struct judging judging = {
	    .inventory = inventory, .medium = medium, .claim = ret_claim};
	size_t i = 0;

	*ret_claim = (struct offline_claim){
	    .reason = "no-offline-mode",
	    .since = medium->in_reach ? medium->attached_at : QUERY_NEVER,
	    .until = QUERY_NEVER,
	    .is_protected = protection_of(inventory, medium),
	};
	find_spans(&judging);
	if (!medium->in_reach)
		ret_claim->since = left_at(&judging);
	while (i < MODES && strcmp(medium->offline, modes[i].name) != 0)
		i++;
	if (i == MODES)
		return;
	cite(&judging, medium->state_seq);
	if (!judge_common(&judging, modes[i].needs_sight))
		modes[i].judge(&judging);
}
