/* Questions about a medium that can hang: children answer them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/worker/probe_handle.h"

#define CAPACITY_DEADLINE_MS 20000
#define REACH_DEADLINE_MS 5000

bool
media_ask_is_open(const struct media_question *question)
{
	return question->asked == MEDIA_ASKED && !question->has_result;
}

void
media_ask_forget(struct media_question *question)
{
	question->is_outdated = media_probe_is_running(&question->probe);
	question->is_silent = question->has_result = false;
	question->asked = MEDIA_NOT_ASKED;
}

/* Every end of a question is a reason to look. */
void
media_ask_ended(struct media *media, struct media_question *question,
    enum media_probe_outcome outcome, const struct error *error)
{
	media_watch_answer(media);
	if (question->is_outdated) {
		question->is_outdated = outcome == MEDIA_PROBE_STUCK;
		question->asked = MEDIA_NOT_ASKED;
		return;
	}
	question->asked =
	    outcome == MEDIA_PROBE_DONE ? MEDIA_TOLD : MEDIA_NOT_TOLD;
	question->has_result = true;
	question->is_silent =
	    outcome == MEDIA_PROBE_LATE || outcome == MEDIA_PROBE_STUCK;
	question->error = *error;
}

static void
on_block(void *context, const struct probe_answer *answer)
{
	struct medium *medium = context;

	if (answer->kind != PROBE_ANSWER_BLOCK)
		return;
	medium->superblock = answer->block.superblock;
	medium->superblock_ms = clock_monotonic_ms();
}

static void
on_block_end(
    void *context, enum media_probe_outcome outcome, const struct error *error)
{
	struct medium *medium = context;

	media_ask_ended(medium->media, &medium->block, outcome, error);
}

static void
on_pulse(void *context, const struct probe_answer *answer)
{
	struct medium *medium = context;

	if (answer->kind == PROBE_ANSWER_CAPACITY)
		medium->capacity = answer->capacity;
	if (answer->kind == PROBE_ANSWER_REACH)
		medium->reach = answer->reach.result;
}

static void
on_pulse_end(
    void *context, enum media_probe_outcome outcome, const struct error *error)
{
	struct medium *medium = context;

	media_ask_ended(medium->media, &medium->pulse, outcome, error);
}

/* Another root than the system's has no services of its own. */
const char *
media_ask_socket(const struct service *service)
{
	return strcmp(service->root, "/") == 0 ? PROBE_HANDLE_SOCKET : NULL;
}

void
media_ask_init(struct medium *medium)
{
	struct service *service = medium->media->service;
	struct loop *loop = service->loop;

	medium->block.probe = (struct media_probe){.loop = loop,
	    .place = {.socket_path = media_ask_socket(service)},
	    .context = medium,
	    .answered = on_block,
	    .ended = on_block_end};
	medium->pulse.probe = (struct media_probe){.loop = loop,
	    .place = {.socket_path = media_ask_socket(service)},
	    .context = medium,
	    .answered = on_pulse,
	    .ended = on_pulse_end};
}

void
media_ask_done(struct medium *medium)
{
	media_probe_done(&medium->block.probe);
	media_probe_done(&medium->pulse.probe);
}

/* The order is big, and needed for a moment only. */
struct probe_order *
media_ask_new_order(
    const struct media *media, enum probe_kind kind, uint32_t deadline_ms)
{
	struct probe_order *order = calloc(1, sizeof(*order));

	if (order == NULL)
		return NULL;
	order->kind = kind;
	order->deadline_ms = deadline_ms;
	order->best_effort = media->service->config->policy.sandbox ==
			     CONFIG_SANDBOX_BEST_EFFORT;
	return order;
}

void
media_ask_put(struct media_question *question, struct probe_order *order)
{
	struct error err = {0};

	question->asked = MEDIA_ASKED;
	/* One that sits in the kernel ends when it goes; until then there is
	 * no answer, whatever it was asked about. */
	if (media_probe_is_running(&question->probe)) {
		free(order);
		if (media_probe_is_stuck(&question->probe)) {
			question->asked = MEDIA_NOT_TOLD;
			question->has_result = question->is_silent = true;
		}
		return;
	}
	question->error = (struct error){0};
	if (order == NULL)
		(void)!error_set(&err, ERROR_INTERNAL, _("out of memory"));
	if (order == NULL ||
	    media_probe_start(&question->probe, order, &err) != 0) {
		question->asked = MEDIA_NOT_TOLD;
		question->has_result = true;
		question->error = err;
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	}
	free(order);
}

void
media_ask_block(struct medium *medium, uint32_t major, uint32_t minor)
{
	struct probe_order *order =
	    media_ask_new_order(medium->media, PROBE_BLOCK, MEDIA_ASK_BLOCK_MS);
	struct identity identity;
	struct error err = {0};

	medium->superblock = (struct superblock){0};
	if (order != NULL && identity_of_block(&identity_running_kernel, major,
				 minor, &identity, &err) == 0) {
		(void)snprintf(
		    order->path, sizeof(order->path), "%s", identity.node);
		order->major = major;
		order->minor = minor;
	}
	media_ask_put(&medium->block, order);
}

void
media_ask_capacity(struct medium *medium, const char *path)
{
	struct probe_order *order = media_ask_new_order(
	    medium->media, PROBE_CAPACITY, CAPACITY_DEADLINE_MS);

	medium->capacity = (struct probe_capacity){0};
	if (order != NULL)
		(void)snprintf(order->path, sizeof(order->path), "%s", path);
	media_ask_put(&medium->pulse, order);
}

void
media_ask_reach(struct medium *medium, const char *address)
{
	struct probe_order *order =
	    media_ask_new_order(medium->media, PROBE_REACH, REACH_DEADLINE_MS);
	const char *colon = strrchr(address, ':');
	size_t length = (size_t)(colon - address);

	medium->reach = PROBE_REACH_UNDETERMINED;
	/* "[2001:db8::7]:445" */
	if (address[0] == '[') {
		address++;
		length -= 2;
	}
	if (order != NULL) {
		(void)snprintf(order->host, sizeof(order->host), "%.*s",
		    (int)length, address);
		order->port = (uint16_t)strtoul(colon + 1, NULL, 10);
	}
	media_ask_put(&medium->pulse, order);
}
