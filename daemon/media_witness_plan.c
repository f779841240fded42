/*
 * What the recovery plan says now, and whether the witnesses that lie on media
 * say it too.
 */
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/output/witness_text.h"

/* From an entry to the look at the plan: others come with it, ms. */
#define SOON_MS (5 * CLOCK_SECOND_MS)
/* A look that takes long is taken less often: a minute after one of 100 ms. */
#define LOOK_SHARE 600

/* What a reader sees; that something was read again is no other plan. */
static int
digest_plan(const struct service *service, struct recover *plan,
    struct witness_plan *ret_plan, struct error *err)
{
	const struct config *config = service->config;
	const struct witness_text_plan what = {
	    .plan = plan, .config = config, .origin = service->keyring.origin};
	struct bytes text = BYTES_EMPTY;
	int rc;

	ret_plan->named = 0;
	for (size_t i = 0; i < plan->system_count; i++) {
		ret_plan->named += plan->systems[i].copy_count > 0;
		for (size_t c = 0; c < plan->systems[i].copy_count; c++)
			plan->systems[i].copies[c].oldest_read_at = QUERY_NEVER;
	}
	witness_text_plan(&what, &text);
	/* A medium that has nothing yet is in no plan. */
	for (size_t i = 0; i < config->medium_count; i++)
		bytes_append_format(&text, "%s\n", config->media[i].id);
	rc = bytes_check(&text, err);
	if (rc == 0)
		digest_sha256_of(text.data, text.length, ret_plan->digest);
	bytes_done(&text);
	return rc;
}

int
media_witness_plan(const struct service *service, struct bytes *text,
    struct witness_plan *ret_plan, struct error *err)
{
	const struct recover_question question = {
	    .at = CATALOG_NOW, .now = clock_wall_ms(), .before = INT64_MAX};
	struct witness_text_plan what = {.config = service->config,
	    .origin = service->keyring.origin,
	    .at = question.now};
	struct recover *plan = NULL;
	int rc;

	if (recover_plan(service->catalog, &question, &plan, err) != 0)
		return -1;
	what.plan = plan;
	if (text != NULL)
		witness_text_plan(&what, text);
	rc = text == NULL ? 0 : bytes_check(text, err);
	if (rc == 0)
		rc = digest_plan(service, plan, ret_plan, err);
	recover_free(plan);
	return rc;
}

/* Whether any medium's witness could be written now. */
static bool
is_needed(const struct media *media)
{
	for (const struct medium *medium = media->list; medium != NULL;
	     medium = medium->next) {
		const struct config_medium *config = media_config_of(medium);

		if (config != NULL && config->has_witness &&
		    medium->state == MEDIA_MOUNTED)
			return true;
	}
	return false;
}

static void
look(struct media *media)
{
	struct media_plan *plan = &media->plan;
	const int64_t began = clock_monotonic_ms();
	struct error err = {0};

	if (!is_needed(media))
		return;
	plan->is_known =
	    media_witness_plan(media->service, NULL, &plan->now, &err) == 0;
	plan->looked_ms = clock_monotonic_ms();
	plan->cost_ms = plan->looked_ms - began;
	if (!plan->is_known)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next) {
		media_witness_look_due(medium);
		/* What is being written may be of before. */
		if (!media_witness_is_busy(medium))
			medium->witness.is_handed = false;
	}
}

static void
on_look(void *context)
{
	look(context);
}

void
media_witness_plan_end(struct media *media)
{
	loop_unset_timer(media->service->loop, &media->plan.timer);
}

void
media_recorded(struct media *media)
{
	struct media_plan *plan;
	int64_t wait;

	if (media == NULL)
		return;
	plan = &media->plan;
	if (plan->timer.is_set || !is_needed(media))
		return;
	wait =
	    plan->looked_ms + plan->cost_ms * LOOK_SHARE - clock_monotonic_ms();
	plan->timer = (struct loop_timer){.ring = on_look, .context = media};
	loop_set_timer(media->service->loop, &plan->timer,
	    wait > SOON_MS ? wait : SOON_MS);
}

void
media_handed(struct media *media)
{
	if (media == NULL)
		return;
	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next)
		medium->witness.is_handed = true;
	look(media);
}
