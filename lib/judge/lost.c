/*
 * The rule, and why it is as it is.  What counts as lost, examine/loss says;
 * here is how much of it a person must look at.
 *
 * Programs delete a few files every night: settings, caches, dated logs.  One
 * file in a hundred, or ten in all, is more than that.  Where a program deletes
 * as much night after night and no retention is set, it is told until it was so
 * in most of the last captures.  A loss twice as large as that is told again,
 * so that who waits for nights with deletions gains little.
 */
#include "lib/judge/lost.h"

#include <stdlib.h>

#include "lib/base/i18n.h"
#include "lib/store/query_survey.h"

/* So many files are worth a look, whatever their share; so large a share too,
 * in thousandths, however few they are. */
#define MANY 10
#define SHARE 10
/* What is usual: in the last captures, and of fewer nobody knows. */
#define CAPTURES_MAX 10
#define CAPTURES_MIN 3
/* As many times what is usual is still usual. */
#define USUAL_TIMES 2

/* Captures of one copy with their losses, the newest first. */
struct losses {
	uint64_t copy;
	size_t count;
	/* One more, which says what of the last is its own. */
	struct {
		uint64_t files, since;
	} items[CAPTURES_MAX + 1];
};

static int
take_earlier(const struct query_survey *row, void *context, struct error *err)
{
	struct losses *losses = context;

	(void)err;
	if (row->copy != losses->copy || !row->has_loss)
		return 0;
	losses->items[losses->count].files = loss_files(&row->loss);
	losses->items[losses->count++].since = row->since;
	return losses->count == CAPTURES_MAX + 1;
}

/* Compared with the same manifest, the capture before had it lost already. */
static uint64_t
own_of(uint64_t files, uint64_t since, const struct losses *losses, size_t next)
{
	uint64_t known = 0;

	if (next < losses->count && losses->items[next].since == since)
		known = losses->items[next].files;
	return files > known ? files - known : 0;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t
usual_of(const struct losses *losses)
{
	uint64_t values[CAPTURES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < losses->count && i < CAPTURES_MAX; i++)
		values[count++] = own_of(losses->items[i].files,
		    losses->items[i].since, losses, i + 1);
	if (count < CAPTURES_MIN)
		return 0;
	qsort(values, count, sizeof(values[0]), compare);
	return values[count / 2];
}

struct asked {
	struct query_survey row;
	bool is_found;
};

static int
take_row(const struct query_survey *row, void *context, struct error *err)
{
	struct asked *asked = context;

	(void)err;
	asked->row = *row;
	asked->is_found = true;
	return 1;
}

static bool
is_unusual(const struct lost_judgement *judgement, uint64_t before)
{
	uint64_t files = judgement->files;

	/* Counts are below 2^53. */
	return files > 0 && (files >= MANY || files * 1000 >= before * SHARE) &&
	       files > judgement->usual * USUAL_TIMES;
}

static int
find_version(struct catalog *catalog, struct catalog_at at, uint64_t manifest,
    uint64_t *ret_version, struct error *err)
{
	struct asked asked = {.is_found = false};

	if (query_survey(catalog, at, manifest, take_row, &asked, err) != 0)
		return -1;
	*ret_version = asked.is_found ? asked.row.version : 0;
	return 0;
}

int
lost_judge(struct catalog *catalog, struct catalog_at at, uint64_t manifest,
    struct lost_judgement *ret_judgement, struct error *err)
{
	struct lost_judgement judgement = {.copy = 0};
	struct losses losses = {.count = 0};
	struct asked asked = {.is_found = false};
	const struct query_survey *row = &asked.row;

	if (query_survey(catalog, at, manifest, take_row, &asked, err) != 0)
		return -1;
	if (!asked.is_found)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such manifest"));
	judgement.copy = losses.copy = row->copy;
	judgement.version = row->version;
	if (row->has_loss) {
		if (find_version(catalog, at, row->since,
			&judgement.since_version, err) != 0 ||
		    query_surveys_before(catalog, at,
			(struct query_survey_place){row->copy, manifest},
			take_earlier, &losses, err) != 0)
			return -1;
		judgement.loss = row->loss;
		judgement.files =
		    own_of(loss_files(&row->loss), row->since, &losses, 0);
		judgement.usual = usual_of(&losses);
		judgement.is_unusual =
		    is_unusual(&judgement, row->drift.before);
	}
	*ret_judgement = judgement;
	return 0;
}
