#include "lib/judge/preflight.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/copies.h"
#include "lib/judge/recover.h"

/* The best come first. */
static const struct {
	const char *reason;
	enum verdict_exit status;
	const char *sentence;
} answers[] = {
    {"fresh", VERDICT_EXIT_GOOD,
	N_("There is a backup to go back to: young enough, and read again "
	   "since it was recorded.")},
    {"not-confirmed", VERDICT_EXIT_WARNING,
	N_("There is a young backup, but it was not read again since it was "
	   "recorded. Verify it first: hikae verify SYSTEM --wait.")},
    {"contents-broken", VERDICT_EXIT_WARNING,
	N_("There is a young backup whose bytes are as they were recorded, but "
	   "what it holds is broken. Make a new one first, or look at hikae "
	   "findings.")},
    {"not-in-sight", VERDICT_EXIT_UNDETERMINED,
	N_("There is a young backup, but nobody knows whether it can be got "
	   "at: it was not looked at lately, or its medium is not there. Look "
	   "at hikae status first.")},
    {"clock-ahead", VERDICT_EXIT_UNDETERMINED,
	N_("The newest backup is dated in the future. Check the clocks "
	   "first.")},
    {"too-old", VERDICT_EXIT_BAD,
	N_("The newest good backup is too old. Make a new one first.")},
    {"none", VERDICT_EXIT_BAD,
	N_("There is no good backup to go back to. Do not go on.")},
    {"undetermined", VERDICT_EXIT_UNDETERMINED,
	N_("No backup could be judged. Look at hikae status first.")},
};
#define ANSWERS (sizeof(answers) / sizeof(answers[0]))

const char *
preflight_sentence(const char *reason)
{
	for (size_t i = 0; i < ANSWERS; i++)
		if (strcmp(answers[i].reason, reason) == 0)
			return _(answers[i].sentence);
	return NULL;
}

static void
answer(struct preflight *preflight, const char *reason)
{
	for (size_t i = 0; i < ANSWERS; i++)
		if (strcmp(answers[i].reason, reason) == 0) {
			preflight->reason = answers[i].reason;
			preflight->status = answers[i].status;
		}
}

/* The best copy so far of those that could be gone back to. */
struct search {
	const struct preflight_question *question;
	const struct inventory *inventory;
	const struct copies *copies;
	struct preflight *best;
	int rank;
};

/* What is seen of a living tree was seen when it was captured. */
static int64_t
age_of(const struct inventory *inventory, const struct inventory_copy *copy)
{
	bool is_tree = copy->layout[0] == 't';

	return inventory_age(inventory, copy->instant, is_tree ? 0 : copy->id);
}

static const char *
reason_for(const struct search *search, size_t at)
{
	const struct inventory_copy *copy = &search->inventory->copies[at];
	int64_t age = age_of(search->inventory, copy);

	if (age == INVENTORY_AGELESS)
		return "clock-ahead";
	if (age > search->question->max_age_ms)
		return "too-old";
	if (copies_is(search->copies, at, COPIES_GOOD) != BOUNDS_YES)
		return "not-in-sight";
	if (search->inventory->generations[copy->generation].broken != 0)
		return "contents-broken";
	return copy->unconfirmed_bytes == 0 ? "fresh" : "not-confirmed";
}

static int
rank_of(const char *reason)
{
	size_t i = 0;

	while (i < ANSWERS && strcmp(answers[i].reason, reason) != 0)
		i++;
	return (int)(ANSWERS - i);
}

static void
look_at_copy(struct search *search, size_t at)
{
	const struct inventory_copy *copy = &search->inventory->copies[at];
	struct preflight *best = search->best;
	const char *reason;

	if (!copies_is_intact(search->copies, at))
		return;
	reason = reason_for(search, at);
	if (rank_of(reason) <= search->rank)
		return;
	search->rank = rank_of(reason);
	answer(best, reason);
	best->taken_at = copy->instant;
	(void)snprintf(best->generation, sizeof(best->generation), "%s",
	    search->inventory->generations[copy->generation].id);
}

/* The newest come first, and one that is as good does not take its place. */
static void
look_at_copies(struct search *search)
{
	const struct inventory *inventory = search->inventory;
	size_t at = inventory_find_system(inventory, search->question->system);
	const struct inventory_system *system;

	if (at == INVENTORY_NOT)
		return;
	system = &inventory->systems[at];
	for (size_t i = 0; i < system->generation_count; i++) {
		const struct inventory_generation *generation =
		    &inventory->generations[system->generation + i];

		if (generation->suspicious != 0)
			continue;
		for (size_t c = 0; c < generation->copy_count; c++)
			look_at_copy(search, generation->copy + c);
	}
}

/* Whether there is no good one, or nobody knows. */
static int
answer_without(struct catalog *catalog,
    const struct preflight_question *question, struct preflight *ret,
    struct error *err)
{
	const struct recover_question plan_question = {
	    .at = question->at,
	    .now = question->now,
	    .before = INT64_MAX,
	    .system = question->system,
	};
	struct recover *plan = NULL;

	if (recover_plan(catalog, &plan_question, &plan, err) != 0)
		return -1;
	answer(
	    ret, plan->systems[0].undetermined > 0 ? "undetermined" : "none");
	recover_free(plan);
	return 0;
}

int
preflight_judge(struct catalog *catalog,
    const struct preflight_question *question, struct preflight *ret,
    struct error *err)
{
	const struct inventory_moment moment = {
	    .at = question->at, .now = question->now};
	struct preflight best = {
	    .taken_at = QUERY_NEVER, .max_age_ms = question->max_age_ms};
	struct search search = {.question = question, .best = &best};
	struct inventory *inventory = NULL;
	struct copies *copies = NULL;
	int rc = -1;

	(void)snprintf(
	    best.system, sizeof(best.system), "%s", question->system);
	if (answer_without(catalog, question, &best, err) != 0 ||
	    inventory_read(catalog, &moment, &inventory, err) != 0 ||
	    copies_judge(inventory, &copies, err) != 0)
		goto out;
	search.inventory = inventory;
	search.copies = copies;
	look_at_copies(&search);
	*ret = best;
	rc = 0;
out:
	copies_free(copies);
	inventory_free(inventory);
	return rc;
}
