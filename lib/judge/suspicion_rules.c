/*
 * The rules, and why they are as they are.  Shares are in thousandths.
 *
 * A hospital must not be woken by its own work: archives are compressed, PACS
 * compress old pictures again (they stay DICOM, and shrink), vendors replace
 * programs over night, logs rotate, and some write encrypted files on purpose.
 * So everything is compared with what is usual for the source, and change alone
 * is no hint: only together with content that is not what it should be.
 */
#include <stdlib.h>

#include "lib/base/i18n.h"
#include "lib/judge/suspicion.h"
#include "lib/judge/suspicion_internal.h"

/*
 * A share that rose says nothing of fewer files, unless it is half of all
 * (is_many, is_renamed).  It must have risen all the same: of a large store ten
 * odd files are no sign.
 */
#define MANY 10
#define HALF 500
/* Beyond what is usual. */
#define MISMATCH_RISE 100
#define NOISE_RISE 150
#define CHANGE_RISE 250
#define RENAMED_RISE 50
/* What change needs beside it: a small rise, of a few files. */
#define BESIDE_RISE 20
#define BESIDE_FILES 3
/* Less than this is not called a collapse. */
#define COLLAPSE_FILES 10
#define COLLAPSE_BYTES 65536
/* Nor where so few are known: a full copy may be followed by small ones. */
#define COLLAPSE_BASELINE 3
/* Pictures that are compressed again keep at least a fifth of their size. */
#define RECOMPRESSED 5

static const struct {
	const char *name, *title;
	bool is_share;
} hints[SUSPICION_HINTS] = {
    [SUSPICION_MISMATCH] = {"mismatch",
	N_("files that are not what their names say"), true},
    [SUSPICION_NOISE] = {"noise",
	N_("files of no known format that look encrypted"), true},
    [SUSPICION_CHANGE] = {"change", N_("files changed or gone at once"), true},
    [SUSPICION_RENAMED] = {"renamed",
	N_("files renamed with an unusual ending"), true},
    [SUSPICION_NOTES] = {"notes", N_("names of ransom notes"), false},
    [SUSPICION_FILES] = {"files", N_("number of files"), false},
    [SUSPICION_BYTES] = {"bytes", N_("bytes"), false},
};

const char *
suspicion_hint_name(enum suspicion_hint hint)
{
	return hints[hint].name;
}

bool
suspicion_hint_is_share(enum suspicion_hint hint)
{
	return hints[hint].is_share;
}

const char *
suspicion_hint_title(enum suspicion_hint hint)
{
	return _(hints[hint].title);
}

/* ---- what one capture measured ---- */

static bool
share(uint64_t part, uint64_t whole, uint64_t *ret_share)
{
	/* Counts are below 2^53. */
	if (whole == 0)
		return false;
	*ret_share = part * 1000 / whole;
	return true;
}

bool
suspicion_measure(const struct query_survey *row, enum suspicion_hint hint,
    uint64_t *ret_value)
{
	const struct survey *survey = &row->survey;
	const struct drift *drift = &row->drift;

	switch (hint) {
	case SUSPICION_MISMATCH:
		return row->has_survey &&
		       share(survey->mismatched, survey->claimed, ret_value);
	case SUSPICION_NOISE:
		return row->has_survey &&
		       share(survey->noisy, survey->files, ret_value);
	case SUSPICION_CHANGE:
		return row->has_drift && share(drift->changed + drift->vanished,
					     drift->before, ret_value);
	case SUSPICION_RENAMED:
		return row->has_drift &&
		       share(drift->extended, drift->before, ret_value);
	case SUSPICION_NOTES:
		*ret_value = survey->notes;
		return row->has_survey;
	case SUSPICION_FILES:
		*ret_value = row->files;
		return true;
	case SUSPICION_BYTES:
		break;
	}
	*ret_value = row->bytes;
	return true;
}

/* ---- what is usual ---- */

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Values of the hint in the baseline, sorted; how many. */
static size_t
collect(const struct suspicion_baseline *baseline, enum suspicion_hint hint,
    uint64_t values[SUSPICION_BASELINE_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < baseline->count; i++) {
		/* Members of an archive are not what the archive itself is. */
		if (baseline->rows[i].is_members != baseline->is_members)
			continue;
		count +=
		    suspicion_measure(&baseline->rows[i], hint, &values[count]);
	}
	if (count > 0)
		qsort(values, count, sizeof(values[0]), compare);
	return count;
}

/* ---- the rules ---- */

struct rules {
	const struct query_survey *row;
	const struct suspicion_baseline *baseline;
	struct suspicion_value *values;
};

/* In a part of a living tree a handful of files may be anything. */
static bool
is_many(const struct rules *rules, uint64_t count, uint64_t permille)
{
	return count >= MANY ||
	       (rules->row->survey.carried == 0 && permille >= HALF);
}

static bool
has_risen(const struct suspicion_value *value, uint64_t rise)
{
	return value->is_measured &&
	       value->now >= (value->has_usual ? value->usual : 0) + rise;
}

/* Without a baseline, most files must be wrong; noise may be on purpose. */
static bool
is_mismatch(const struct rules *rules)
{
	const struct suspicion_value *value =
	    &rules->values[SUSPICION_MISMATCH];

	return has_risen(value, value->has_usual ? MISMATCH_RISE : HALF) &&
	       is_many(rules, rules->row->survey.mismatched, value->now);
}

static bool
is_noise(const struct rules *rules)
{
	const struct suspicion_value *value = &rules->values[SUSPICION_NOISE];

	return value->has_usual && has_risen(value, NOISE_RISE) &&
	       is_many(rules, rules->row->survey.noisy, value->now);
}

static bool
is_change(const struct rules *rules)
{
	const struct suspicion_value *value = &rules->values[SUSPICION_CHANGE];
	const struct survey *survey = &rules->row->survey;

	return has_risen(value, value->has_usual ? CHANGE_RISE : HALF) &&
	       ((survey->mismatched >= BESIDE_FILES &&
		    has_risen(
			&rules->values[SUSPICION_MISMATCH], BESIDE_RISE)) ||
		   (survey->noisy >= BESIDE_FILES &&
		       has_risen(
			   &rules->values[SUSPICION_NOISE], BESIDE_RISE)));
}

static bool
is_renamed(const struct rules *rules)
{
	const struct suspicion_value *value = &rules->values[SUSPICION_RENAMED];
	uint64_t count = rules->row->drift.extended;

	return has_risen(value, RENAMED_RISE) &&
	       (count >= MANY || (count >= BESIDE_FILES && value->now >= HALF));
}

/* Less than half of what is usual, and than there ever was. */
static bool
has_collapsed(
    const struct rules *rules, enum suspicion_hint hint, uint64_t least)
{
	const struct suspicion_value *value = &rules->values[hint];
	uint64_t values[SUSPICION_BASELINE_MAX];

	if (!value->has_usual || value->usual < least ||
	    value->now >= value->usual / 2)
		return false;
	return collect(rules->baseline, hint, values) >= COLLAPSE_BASELINE &&
	       value->now < values[0] / 4 * 3;
}

/*
 * All files are there, each of a known format, and smaller: compressed again.
 * Of a few dumps that would say nothing.
 */
static bool
is_recompressed(const struct rules *rules)
{
	const struct survey *survey = &rules->row->survey;
	const struct suspicion_value *files = &rules->values[SUSPICION_FILES];
	const struct suspicion_value *bytes = &rules->values[SUSPICION_BYTES];

	return rules->row->has_survey && files->now >= COLLAPSE_FILES &&
	       files->now >= files->usual / 10 * 9 &&
	       survey->files + survey->carried >= files->now / 10 * 9 &&
	       survey->known >= survey->files / 10 * 9 &&
	       bytes->now >= bytes->usual / RECOMPRESSED;
}

void
suspicion_apply(const struct query_survey *row,
    const struct suspicion_baseline *baseline,
    struct suspicion_judgement *judgement)
{
	struct suspicion_value *values = judgement->values;
	const struct rules rules = {row, baseline, values};
	uint64_t usual[SUSPICION_BASELINE_MAX];

	for (int i = 0; i < SUSPICION_HINTS; i++) {
		enum suspicion_hint hint = (enum suspicion_hint)i;
		size_t count = collect(baseline, hint, usual);

		values[i] = (struct suspicion_value){.has_usual = count > 0};
		values[i].is_measured =
		    suspicion_measure(row, hint, &values[i].now);
		if (count > 0)
			values[i].usual = hint == SUSPICION_NOTES
					      ? usual[count - 1]
					      : usual[count / 2];
	}
	values[SUSPICION_MISMATCH].is_hint = is_mismatch(&rules);
	values[SUSPICION_NOISE].is_hint = is_noise(&rules);
	values[SUSPICION_CHANGE].is_hint = is_change(&rules);
	values[SUSPICION_RENAMED].is_hint = is_renamed(&rules);
	values[SUSPICION_NOTES].is_hint =
	    has_risen(&values[SUSPICION_NOTES], 1);
	values[SUSPICION_FILES].is_hint =
	    has_collapsed(&rules, SUSPICION_FILES, COLLAPSE_FILES);
	values[SUSPICION_BYTES].is_hint =
	    has_collapsed(&rules, SUSPICION_BYTES, COLLAPSE_BYTES) &&
	    !is_recompressed(&rules);
	for (int i = 0; i < SUSPICION_HINTS; i++)
		judgement->is_suspicious |= values[i].is_hint;
}
