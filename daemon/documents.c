#include "daemon/documents_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/bundle.h"
#include "daemon/control_call.h"
#include "daemon/selfcheck.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

#define CPU_SECONDS 600

static void
free_ordered(struct ordered *ordered)
{
	drawing_free(ordered->drawing);
	if (ordered->order.out_fd >= 0)
		(void)close(ordered->order.out_fd);
	if (ordered->order.spill_fd >= 0)
		(void)close(ordered->order.spill_fd);
	if (ordered->order.config_fd >= 0)
		(void)close(ordered->order.config_fd);
	json_decref(ordered->parameters);
	free(ordered);
}

/* Out of the list, still the caller's. */
static void
take_out(struct ordered *ordered)
{
	struct documents *documents = ordered->documents;
	size_t kept = 0;

	for (size_t i = 0; i < documents->count; i++)
		if (documents->ordered[i] != ordered)
			documents->ordered[kept++] = documents->ordered[i];
	documents->count = kept;
}

/* Answers: what becomes of what a child wrote. */

/* What it wrote, for somebody who may only read it. */
static int
open_for_reading(int fd, int *ret_fd, struct error *err)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	return *ret_fd >= 0 ? 0
			    : error_set_errno(err, errno,
				  _("cannot read a temporary file"));
}

static int
finish_document(struct ordered *ordered, const struct report_done *done,
    struct documents_answer *answer, struct error *err)
{
	struct documents *documents = ordered->documents;
	struct bytes text = BYTES_EMPTY;

	if (lseek(ordered->order.out_fd, 0, SEEK_SET) != 0)
		return error_set_errno(
		    err, errno, _("cannot read a temporary file"));
	if (file_read_whole(
		ordered->order.out_fd, DOCUMENTS_BYTES_MAX, &text, err) == 0)
		answer->reply =
		    json_parse((const char *)text.data, text.length, err);
	bytes_done(&text);
	if (answer->reply == NULL)
		return -1;
	if (done->known.size > 0 && ordered->is_whole)
		documents->whole_ms = clock_monotonic_ms();
	if (done->known.size > 0)
		documents->known = done->known;
	return 0;
}

/* What is told of a file that goes with the reply. */
static int
describe_file(struct ordered *ordered, const struct report_done *done,
    struct documents_answer *answer, struct error *err)
{
	char sha256[2 * DIGEST_SHA256_BYTES + 1];

	answer->reply = json_parse(done->facts, strlen(done->facts), err);
	if (answer->reply == NULL)
		return -1;
	bytes_format_hex(done->sha256, sizeof(done->sha256), sha256);
	(void)json_object_set_new(answer->reply, "sha256", json_string(sha256));
	(void)json_object_set_new(
	    answer->reply, "size_bytes", json_of_u64(done->bytes));
	return open_for_reading(ordered->order.out_fd, &answer->fd, err);
}

static int64_t
instant_of(const struct ordered *ordered, const char *name)
{
	return json_integer_value(json_object_get(ordered->parameters, name));
}

static int
finish_bundle(struct ordered *ordered, const struct report_done *done,
    struct documents_answer *answer, struct error *err)
{
	const struct bundle_record record = {
	    .uid = ordered->uid,
	    .by = json_string_value(json_object_get(ordered->parameters, "by")),
	    .from = instant_of(ordered, "from"),
	    .to = instant_of(ordered, "to"),
	    .with_paths = json_is_true(
		json_object_get(ordered->parameters, "with_paths")),
	    .done = done,
	};
	uint64_t entry = 0;

	if (describe_file(ordered, done, answer, err) != 0 ||
	    bundle_record(ordered->documents->service, &record, &entry, err) !=
		0)
		return -1;
	(void)json_object_set_new(answer->reply, "entry", json_of_u64(entry));
	return 0;
}

static bool
has_same_key(const struct ordered *ordered)
{
	return memcmp(ordered->key_id,
		   ordered->documents->service->keyring.publics[0].key_id,
		   sizeof(ordered->key_id)) == 0;
}

/* What another key signed meanwhile, the child could not know. */
static int
finish_records(struct ordered *ordered, const struct report_done *done,
    struct documents_answer *answer, struct error *err)
{
	struct service *service = ordered->documents->service;

	if (!has_same_key(ordered))
		return error_set(err, ERROR_CANCELLED,
		    _("the keys changed meanwhile: ask again"));
	if (finish_document(ordered, done, answer, err) != 0)
		return -1;
	return selfcheck_take(service->selfcheck, &answer->reply, err);
}

static int
finish(struct ordered *ordered, const struct report_done *done,
    struct documents_answer *answer, struct error *err)
{
	switch (ordered->order.kind) {
	case REPORT_DOCUMENT:
		return finish_document(ordered, done, answer, err);
	case REPORT_PAGE:
		return describe_file(ordered, done, answer, err);
	case REPORT_EVIDENCE:
		return finish_bundle(ordered, done, answer, err);
	case REPORT_RECORDS:
		return finish_records(ordered, done, answer, err);
	}
	return -1;
}

/* The end of one, well or not: it is told, and is no more. */
static void
conclude(struct ordered *ordered, const struct report_done *done,
    const struct error *why)
{
	struct documents *documents = ordered->documents;
	struct documents_answer answer = {.ticket = ordered->ticket, .fd = -1};
	struct error err = {0};

	if (done == NULL)
		err = *why;
	else if (finish(ordered, done, &answer, &err) != 0)
		done = NULL;
	if (done == NULL) {
		json_decref(answer.reply);
		answer.reply = NULL;
		answer.err = &err;
		if (ordered->order.kind == REPORT_RECORDS)
			selfcheck_fail(documents->service->selfcheck,
			    ordered->parameters, &err);
	}
	take_out(ordered);
	if (documents->told != NULL)
		documents->told(documents->context, &answer);
	if (answer.fd >= 0)
		(void)close(answer.fd);
	json_decref(answer.reply);
	free_ordered(ordered);
	loop_set_timer(documents->service->loop, &documents->begin, 0);
}

static void
on_ended(void *context, const struct report_done *done, const struct error *err)
{
	conclude(context, done, err);
}

/* Only for the period that was asked for, and all by one key. */
static int
on_sign(void *context, const struct report_answer *asked, struct bytes *out,
    struct error *err)
{
	const struct ordered *ordered = context;
	struct service *service = ordered->documents->service;
	const struct report_seal *seal = &asked->seal;

	if (ordered->order.kind != REPORT_EVIDENCE)
		goto unknown;
	if (!has_same_key(ordered))
		return error_set(err, ERROR_UNAVAILABLE,
		    _("the keys changed meanwhile: ask again"));
	if (asked->kind == REPORT_ANSWER_HEAD)
		return bundle_sign_kept(service, asked->head, out, err);
	if (seal->from == instant_of(ordered, "from") &&
	    seal->to == instant_of(ordered, "to"))
		return bundle_seal(service, seal, out, err);
unknown:
	return error_set(err, ERROR_PROTOCOL, _("unknown reply of a child"));
}

/* Beginnings. */

static int
start(struct ordered *ordered, struct error *err)
{
	struct service *service = ordered->documents->service;
	const struct drawing_options options = {
	    .loop = service->loop,
	    .time_ms = ordered->order.kind == REPORT_RECORDS
			   ? SELFCHECK_TIME_MS
			   : DOCUMENTS_TIME_MS,
	    .sign = on_sign,
	    .ended = on_ended,
	    .context = ordered,
	};
	struct report_order *order = &ordered->order;
	struct error unsigned_page = {0};

	order->rows_max = CONTROL_CALL_ROWS_MAX;
	order->limits.cpu_seconds = CPU_SECONDS;
	order->limits.memory_bytes = HIKAE_CHILD_MEMORY_BYTES;
	order->best_effort =
	    service->config->policy.sandbox == CONFIG_SANDBOX_BEST_EFFORT;
	(void)snprintf(order->root, sizeof(order->root), "%s", service->root);
	(void)snprintf(order->catalog, sizeof(order->catalog), "%s",
	    service->catalog_path);
	(void)snprintf(order->zone, sizeof(order->zone), "%s",
	    service->config->facility.timezone);
	memcpy(ordered->key_id, service->keyring.publics[0].key_id,
	    sizeof(ordered->key_id));
	/* What is drawn shall be signed; a page without says so itself. */
	if (order->kind == REPORT_PAGE &&
	    bundle_prepare(service, &unsigned_page) != 0)
		log_event(LOG_LEVEL_WARNING, "%s", unsigned_page.text);
	if (order->kind == REPORT_EVIDENCE && bundle_prepare(service, err) != 0)
		return -1;
	if (documents_prepare(ordered, err) != 0 ||
	    (order->kind == REPORT_RECORDS &&
		selfcheck_order(service, ordered->parameters, order, err) != 0))
		return -1;
	return drawing_start(&options, order, &ordered->drawing, err);
}

/* How many of a kind run. */
static unsigned
count_running(const struct documents *documents, enum report_kind kind)
{
	unsigned running = 0;

	for (size_t i = 0; i < documents->count; i++) {
		const struct ordered *o = documents->ordered[i];

		running += o->drawing != NULL && o->order.kind == kind;
	}
	return running;
}

/* The oldest that may run now, or NULL; hikae's own records wait for nobody. */
static struct ordered *
next_ordered(const struct documents *documents)
{
	unsigned bundles = count_running(documents, REPORT_EVIDENCE);
	unsigned records = count_running(documents, REPORT_RECORDS);
	unsigned running = bundles + count_running(documents, REPORT_DOCUMENT) +
			   count_running(documents, REPORT_PAGE);

	for (size_t i = 0; i < documents->count; i++) {
		struct ordered *o = documents->ordered[i];

		if (o->drawing != NULL)
			continue;
		if (o->order.kind == REPORT_RECORDS
			? records == 0
			: running < DOCUMENTS_RUNNING_MAX &&
			      (o->order.kind != REPORT_EVIDENCE ||
				  bundles < DOCUMENTS_BUNDLES_MAX))
			return o;
	}
	return NULL;
}

static void
on_begin(void *context)
{
	struct documents *documents = context;
	struct ordered *ordered = next_ordered(documents);
	struct error err = {0};

	/* One in a turn of the loop. */
	if (ordered == NULL)
		return;
	loop_set_timer(documents->service->loop, &documents->begin, 0);
	if (start(ordered, &err) != 0)
		conclude(ordered, NULL, &err);
}

static int
copy_parameters(struct ordered *ordered, const struct documents_order *order,
    struct error *err)
{
	struct report_order *to = &ordered->order;
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	ordered->parameters = order->parameters == NULL
				  ? json_object()
				  : json_deep_copy(order->parameters);
	if (json_append_canonical(ordered->parameters, &text, err) != 0)
		goto out;
	if (text.length >= sizeof(to->parameters) ||
	    strlen(order->name) >= sizeof(to->name)) {
		(void)error_set(
		    err, ERROR_LIMIT, _("the parameters are too long"));
		goto out;
	}
	memcpy(to->parameters, text.data, text.length);
	memcpy(to->name, order->name, strlen(order->name) + 1);
	to->kind = order->kind;
	rc = 0;
out:
	bytes_done(&text);
	return rc;
}

int
documents_ask(struct documents *documents, const struct documents_order *order,
    uint64_t *ret_ticket, struct error *err)
{
	struct ordered *ordered;

	if (documents->count == DOCUMENTS_MAX)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("too many documents are being drawn"));
	ordered = calloc(1, sizeof(*ordered));
	if (ordered == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	ordered->documents = documents;
	ordered->uid = order->uid;
	report_message_order_init(&ordered->order);
	if (copy_parameters(ordered, order, err) != 0) {
		free_ordered(ordered);
		return -1;
	}
	documents->ordered[documents->count++] = ordered;
	*ret_ticket = ordered->ticket = ++documents->last_ticket;
	loop_set_timer(documents->service->loop, &documents->begin, 0);
	return 0;
}

void
documents_cancel(struct documents *documents, uint64_t ticket)
{
	for (size_t i = 0; i < documents->count; i++) {
		struct ordered *ordered = documents->ordered[i];

		if (ordered->ticket != ticket)
			continue;
		take_out(ordered);
		free_ordered(ordered);
		loop_set_timer(documents->service->loop, &documents->begin, 0);
		return;
	}
}

void
documents_observe(
    struct documents *documents, documents_fn *told, void *context)
{
	documents->told = told;
	documents->context = context;
}

int
documents_new(struct service *service, struct documents **ret_documents,
    struct error *err)
{
	struct documents *documents = calloc(1, sizeof(*documents));

	if (documents == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	documents->service = service;
	documents->begin =
	    (struct loop_timer){.ring = on_begin, .context = documents};
	*ret_documents = documents;
	return 0;
}

void
documents_free(struct documents *documents)
{
	if (documents == NULL)
		return;
	loop_unset_timer(documents->service->loop, &documents->begin);
	for (size_t i = 0; i < documents->count; i++)
		free_ordered(documents->ordered[i]);
	free(documents);
}
