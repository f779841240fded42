#include "lib/examine/capture_answers.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/examine/capture_known.h"

/* Readings that wait; a power of two. */
#define WAITING_MAX 8192
/* Answers are asked for each time that so many samples were sent. */
#define ASK_EVERY 256
/*
 * Silent waits at the end, or without room; a parser that died, or was stopped
 * since it hung, closes its end before.
 */
#define WAIT_MS 1000
#define WAITS_MAX 60

struct waiting {
	struct readings_identity identity;
	struct reading reading;
	uint64_t names; /* further ones in this copy, carried meanwhile */
};

/* A ring: the oldest stands at `first`. */
struct capture_answers {
	size_t first, count, sent;
	struct waiting ring[WAITING_MAX];
};

int
capture_answers_new(struct capture_answers **ret_answers, struct error *err)
{
	struct capture_answers *answers = malloc(sizeof(*answers));

	if (answers == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	answers->first = answers->count = answers->sent = 0;
	*ret_answers = answers;
	return 0;
}

static struct waiting *
at(struct capture_answers *answers, size_t place)
{
	return &answers->ring[(answers->first + place) % WAITING_MAX];
}

/* The oldest is told of, or nobody will. */
static void
settle(struct capture *capture, enum sealing_kind kind)
{
	struct capture_answers *answers = capture->answers;
	struct waiting *oldest = at(answers, 0);
	struct reading now;

	/* What others learned of the file meanwhile stays. */
	if (readings_find(
		capture->options->readings, &oldest->identity, &now) &&
	    now.read_at >= oldest->reading.read_at)
		oldest->reading = now;
	oldest->reading.kind = kind;
	readings_put(
	    capture->options->readings, &oldest->identity, &oldest->reading);
	sealing_count(&capture->result.carried_sealing, kind, oldest->names);
	answers->first = (answers->first + 1) % WAITING_MAX;
	answers->count--;
}

/* Take the answers that are there.  Without readings nobody wants them. */
static void
take(struct capture *capture, int wait_ms)
{
	enum sealing_kind kinds[512];
	size_t n;

	do {
		n = samples_answers(capture->options->samples, kinds,
		    sizeof(kinds) / sizeof(kinds[0]), wait_ms);
		for (size_t i = 0; i < n && capture->answers->count > 0; i++)
			settle(capture, kinds[i]);
		wait_ms = 0;
	} while (n == sizeof(kinds) / sizeof(kinds[0]));
}

static void
settle_all(struct capture *capture)
{
	while (capture->answers->count > 0)
		settle(capture, SEALING_UNSEEN);
}

void
capture_answers_done(struct capture *capture)
{
	free(capture->answers);
	capture->answers = NULL;
}

void
capture_answers_expect(struct capture *capture,
    const struct readings_identity *identity, const struct reading *reading)
{
	struct capture_answers *answers = capture->answers;

	if (++answers->sent % ASK_EVERY == 0)
		take(capture, 0);
	for (int i = 0; answers->count == WAITING_MAX && i < WAITS_MAX &&
			samples_is_heard(capture->options->samples);
	     i++)
		take(capture, WAIT_MS);
	if (answers->count == WAITING_MAX) {
		samples_stop(capture->options->samples);
		settle_all(capture);
	}
	/* Another name may come at once: the file need not be read for it. */
	if (identity->is_shared)
		readings_put(capture->options->readings, identity, reading);
	*at(answers, answers->count) =
	    (struct waiting){.identity = *identity, .reading = *reading};
	answers->count++;
}

static bool
is_same(const struct readings_identity *a, const struct readings_identity *b)
{
	return a->inode == b->inode && a->size == b->size &&
	       a->mtime_seconds == b->mtime_seconds &&
	       a->mtime_nanoseconds == b->mtime_nanoseconds;
}

void
capture_answers_count(
    struct capture *capture, const struct capture_pending *pending)
{
	struct sealing *sealing = &capture->result.carried_sealing;
	struct readings_identity last = capture_known_last(capture, pending);
	struct reading reading = {.kind = pending->kind};
	struct capture_answers *answers = capture->answers;

	if (pending->entry.size == 0)
		reading.kind = SEALING_ASIDE;
	/* It may have been told since, or be told soon. */
	else if (reading.kind == SEALING_UNSEEN && last.is_shared &&
		 !readings_find(capture->options->readings, &last, &reading))
		reading.kind = SEALING_UNSEEN;
	for (size_t i = 0; reading.kind == SEALING_UNSEEN && last.is_shared &&
			   answers != NULL && i < answers->count;
	     i++)
		if (is_same(&at(answers, i)->identity, &last)) {
			at(answers, i)->names++;
			return;
		}
	sealing_count(sealing, reading.kind, 1);
}

int
capture_answers_finish(struct capture *capture, struct error *err)
{
	const struct examine_events *events = capture->options->events;
	struct samples *samples = capture->options->samples;
	int silent = 0;

	if (capture->answers == NULL)
		return 0;
	samples_end(samples);
	while (silent < WAITS_MAX && capture->answers->count > 0 &&
	       samples_is_heard(samples)) {
		size_t before = capture->answers->count;

		take(capture, WAIT_MS);
		silent = capture->answers->count < before ? 0 : silent + 1;
		if (examine_is_due(
			&capture->pulse, capture->bytes, capture->entries) &&
		    events->progress(events->context, capture->bytes,
			capture->entries, err) != 0)
			return -1;
	}
	settle_all(capture);
	return 0;
}
