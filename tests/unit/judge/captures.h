/*
 * captures: generations of one source as captures of them counted, for the
 * tests of suspicion.
 *
 * As entries: a refused entry stops the test.
 */
#ifndef HIKAE_TESTS_JUDGE_CAPTURES_H
#define HIKAE_TESTS_JUDGE_CAPTURES_H

#include "tests/unit/judge/clinic.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/suspicion.h"

/* What a capture counted, and what is to come of it. */
struct capture {
	int files; /* of the manifest */
	int megabytes;
	/* survey */
	int looked, carried, known, claimed, mismatched, noisy, notes;
	/* drift from the capture before; all zero: none */
	int same, changed, vanished, appeared, extended;
	bool has_no_survey;
	const char *hints; /* names of the hints, each with a space behind */
};

__attribute__((unused)) static const char *
generation_of(int day)
{
	static char id[40];

	(void)snprintf(id, sizeof(id), "ehr@202611%02dT020000+0900", day);
	return id;
}

__attribute__((unused)) static uint64_t
add_copy(int day)
{
	uint64_t copy = 0;

	ADD(catalog, DAY_ONE, &copy, "{ss ss ss ss ss ss sI ss ss}", "type",
	    "seen", "generation", generation_of(day), "system", "ehr", "medium",
	    "nas1", "source", "ehr-nas", "layout", "directory", "taken_at",
	    DAY_ONE + day * DAY, "time_from", "name", "subject", DIGEST_A);
	return copy;
}

__attribute__((unused)) static uint64_t
add_capture(uint64_t copy, int version, uint64_t since, const struct capture *c)
{
	json_t *entry =
	    json_pack("{ss sI si ss si si sI sI sI ss si s[[iiiI]]}", "type",
		"captured", "copy", (json_int_t)copy, "version", version,
		"manifest_sha256", DIGEST_A, "entries", c->files, "files",
		c->files, "bytes", (json_int_t)c->megabytes << 20, "bytes_read",
		(json_int_t)c->megabytes << 20, "oldest_reading", DAY_ONE,
		"mode", "direct-local", "problems", 0, "slices", 50, 40, 3,
		(json_int_t)c->megabytes << 20);
	uint64_t seq = 0;

	if (!c->has_no_survey)
		(void)json_object_set_new(entry, "survey",
		    json_pack("{si si si si si si si si}", "files", c->looked,
			"carried", c->carried, "bytes", 9, "known", c->known,
			"claimed", c->claimed, "mismatched", c->mismatched,
			"noisy", c->noisy, "notes", c->notes));
	if (c->same + c->changed + c->vanished + c->appeared > 0)
		(void)json_object_set_new(entry, "drift",
		    json_pack("{sI si si si si si}", "since", (json_int_t)since,
			"same", c->same, "changed", c->changed, "vanished",
			c->vanished, "appeared", c->appeared, "extended",
			c->extended));
	if (journal_append(catalog, entry, DAY_ONE, &seq, &err) != 0)
		fail_msg("%s", err.text);
	return seq;
}

__attribute__((unused)) static struct suspicion_judgement
judge(uint64_t manifest)
{
	struct suspicion_judgement judgement;

	if (suspicion_judge(catalog, CATALOG_NOW, manifest, &judgement, &err) !=
	    0)
		fail_msg("%s", err.text);
	return judgement;
}

/* The names of the hints, each with a space behind. */
__attribute__((unused)) static const char *
hints_of(const struct suspicion_judgement *judgement)
{
	static char text[200];
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < SUSPICION_HINTS; i++)
		if (judgement->values[i].is_hint)
			used += (size_t)snprintf(text + used,
			    sizeof(text) - used, "%s ",
			    suspicion_hint_name((enum suspicion_hint)i));
	assert_int_equal(judgement->is_suspicious, text[0] != '\0');
	return text;
}

__attribute__((unused)) static uint64_t
open_finding(uint64_t copy, uint64_t manifest)
{
	uint64_t seq = 0;

	ADD(catalog, DAY_ONE + HOUR, &seq, "{ss ss ss ss ss sI sI}", "type",
	    "finding", "event", "open", "code", "suspicious-content", "verdict",
	    "none", "severity", "warning", "copy", (json_int_t)copy, "manifest",
	    (json_int_t)manifest);
	return seq;
}

/* A tree of a ward: documents, pictures, and a few files of no format. */
#define WARD                                                          \
	.files = 1000, .megabytes = 500, .looked = 980, .known = 930, \
	.claimed = 800, .mismatched = 8, .noisy = 20
#define QUIET .same = 950, .changed = 30, .vanished = 20, .appeared = 20

#endif
