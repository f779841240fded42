#include "daemon/selfcheck.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "daemon/documents.h"
#include "daemon/selfcheck_internal.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

/* After the start, when what is urgent has begun, ms. */
#define START_MS INT64_C(10000)
#define PERIOD_MS CLOCK_HOUR_MS
/* After a look at all that failed: it may have taken an hour. */
#define RETRY_MS (6 * CLOCK_HOUR_MS)
/* All of it; a timer may ring a little early. */
#define WHOLE_MS (24 * CLOCK_HOUR_MS - CLOCK_HOUR_MS / 6)
/* What could not be asked for, or is to be done again. */
#define AGAIN_MS INT64_C(60000)
/* Keys, configuration, room, and the report of the day. */
#define FILES_MS INT64_C(5000)
/* A replay may grow to this part of what is free. */
#define SHARE_OF_FREE 4

struct selfcheck {
	struct service *service;
	struct loop_timer period, files;
	int64_t whole_ms;  /* when all was looked at, monotonic; 0: never */
	int64_t failed_ms; /* when a look at all last failed; 0: not since */
	/* Of keys and configuration: at the last look, and as recorded. */
	struct selfcheck_files seen, recorded;
	bool has_recorded;
	struct selfcheck_room room;
	struct selfcheck_page page;
};

static int
ask(struct service *service, bool is_whole, bool is_all, uint64_t *ret_ticket,
    struct error *err)
{
	const struct documents_order order = {
	    .kind = REPORT_RECORDS,
	    .name = "SelfCheck",
	    .parameters = json_pack(
		"{s:b, s:b}", "is_whole", (int)is_whole, "is_all", (int)is_all),
	};
	int rc = documents_ask(service->documents, &order, ret_ticket, err);

	json_decref((json_t *)(uintptr_t)order.parameters);
	return rc;
}

static void
on_period(void *context)
{
	struct selfcheck *selfcheck = context;
	struct service *service = selfcheck->service;
	int64_t now = clock_monotonic_ms();
	bool is_whole = (selfcheck->whole_ms == 0 ||
			    now - selfcheck->whole_ms >= WHOLE_MS) &&
			(selfcheck->failed_ms == 0 ||
			    now - selfcheck->failed_ms >= RETRY_MS);
	struct error err = {0};
	uint64_t ticket;

	loop_set_timer(service->loop, &selfcheck->period, PERIOD_MS);
	if (ask(service, is_whole, false, &ticket, &err) == 0)
		return;
	log_event(LOG_LEVEL_WARNING, "%s", err.text);
	loop_set_timer(service->loop, &selfcheck->period, AGAIN_MS);
}

/* In words, once for each change. */
static void
tell_files(const struct selfcheck_files *files)
{
	if (files->key_text[0] != '\0')
		log_event(LOG_LEVEL_ERROR, "%s", files->key_text);
	if (files->exposed > 0)
		log_event(LOG_LEVEL_WARNING,
		    _("the configuration can be changed by others than root "
		      "and hikae: %s"),
		    files->first);
}

static bool
is_same(const struct selfcheck_files *a, const struct selfcheck_files *b)
{
	return a->is_key_exposed == b->is_key_exposed &&
	       a->is_key_missing == b->is_key_missing &&
	       a->exposed == b->exposed;
}

/*
 * What an editor has in its hands is not told, unless it is there still at the
 * next look, or somebody asks; but what others could read, they could.
 */
static void
look_at_files(struct selfcheck *selfcheck, bool is_asked)
{
	struct selfcheck_files files;
	struct error err = {0};
	bool is_settled;

	selfcheck_files_look(selfcheck->service, &files);
	is_settled = is_asked || files.is_key_exposed ||
		     is_same(&selfcheck->seen, &files);
	selfcheck->seen = files;
	if (!is_settled ||
	    (selfcheck->has_recorded && is_same(&selfcheck->recorded, &files)))
		return;
	tell_files(&files);
	selfcheck->has_recorded =
	    selfcheck_record_files(selfcheck->service, &files, &err) == 0;
	selfcheck->recorded = files;
	if (!selfcheck->has_recorded)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

static void
on_files(void *context)
{
	struct selfcheck *selfcheck = context;

	loop_set_timer(selfcheck->service->loop, &selfcheck->files, FILES_MS);
	look_at_files(selfcheck, false);
	selfcheck_room_look(selfcheck->service, &selfcheck->room);
	selfcheck_page_look(selfcheck->service, &selfcheck->page);
}

int
selfcheck_ask(struct service *service, uint64_t *ret_ticket, struct error *err)
{
	look_at_files(service->selfcheck, true);
	selfcheck_room_look(service, &service->selfcheck->room);
	selfcheck_page_look(service, &service->selfcheck->page);
	return ask(service, true, true, ret_ticket, err);
}

static json_t *
list_keys(const struct keyring *keyring)
{
	json_t *list = json_array();

	for (size_t i = 0; i < keyring->public_count; i++) {
		struct bytes text = BYTES_EMPTY;

		signature_public_encode(&keyring->publics[i], &text);
		(void)json_array_append_new(
		    list, json_stringn((const char *)text.data, text.length));
		bytes_done(&text);
	}
	return list;
}

/* What it may take of the disk while it replays. */
static int
limit_replay(const struct service *service, struct report_order *order,
    struct error *err)
{
	struct statvfs space;
	uint64_t share;

	if (fstatvfs(service->state_fd, &space) != 0)
		return error_set_errno(err, errno, SERVICE_STATE);
	share = (uint64_t)space.f_bavail * space.f_frsize / SHARE_OF_FREE;
	if (order->limits.file_size_bytes < share)
		order->limits.file_size_bytes = share;
	order->limits.cpu_seconds = SELFCHECK_CPU_SECONDS;
	return 0;
}

int
selfcheck_order(const struct service *service, const json_t *parameters,
    struct report_order *order, struct error *err)
{
	json_t *all = json_copy((json_t *)(uintptr_t)parameters);
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	(void)json_object_set_new(
	    all, "origin", json_string(service->keyring.origin));
	(void)json_object_set_new(all, "keys", list_keys(&service->keyring));
	if (json_append_canonical(all, &text, err) != 0)
		goto out;
	if (text.length >= sizeof(order->parameters)) {
		(void)error_set(
		    err, ERROR_LIMIT, _("the parameters are too long"));
		goto out;
	}
	memcpy(order->parameters, text.data, text.length);
	order->parameters[text.length] = '\0';
	rc = limit_replay(service, order, err);
out:
	json_decref(all);
	bytes_done(&text);
	return rc;
}

/* The log says what a finding cannot: it is for whoever looks after hikae. */
static void
tell_records(const struct records *records)
{
	unsigned long long wrong = records->wrong_count;

	wrong += records->omitted;
	if (records->fault != JOURNAL_GOOD)
		log_event(LOG_LEVEL_ERROR,
		    _("the journal does not prove itself: %s, entry %llu"),
		    journal_fault_name(records->fault),
		    (unsigned long long)records->fault_seq);
	if (records->is_damaged)
		log_event(LOG_LEVEL_ERROR, _("the catalog is damaged"));
	if (records->table[0] != '\0')
		log_event(LOG_LEVEL_ERROR,
		    _("the catalog says something else than the journal, in "
		      "table %s"),
		    records->table);
	if (wrong > 0)
		log_event(LOG_LEVEL_ERROR,
		    _("manifests that are gone, or not those that were "
		      "signed: %llu"),
		    wrong);
}

int
selfcheck_take(struct selfcheck *selfcheck, json_t **reply, struct error *err)
{
	bool is_rest_known =
	    selfcheck->whole_ms != 0 && selfcheck->failed_ms == 0;
	struct records records;
	json_t *described = NULL;

	if (records_parse(*reply, &records, err) != 0)
		return -1;
	tell_records(&records);
	if (selfcheck_record(
		selfcheck->service, &records, is_rest_known, err) != 0)
		return -1;
	selfcheck_room_take(&selfcheck->room, &records);
	selfcheck_room_look(selfcheck->service, &selfcheck->room);
	if (selfcheck_describe(selfcheck->service, &records, &described, err) !=
	    0)
		return -1;
	if (records.is_whole) {
		selfcheck->whole_ms = clock_monotonic_ms();
		selfcheck->failed_ms = 0;
	}
	json_decref(*reply);
	*reply = described;
	return 0;
}

void
selfcheck_fail(struct selfcheck *selfcheck, const json_t *parameters,
    const struct error *why)
{
	struct service *service = selfcheck->service;
	struct error err = {0};

	if (why->code == ERROR_CANCELLED) {
		loop_set_timer(service->loop, &selfcheck->period, AGAIN_MS);
		return;
	}
	/* What came in the last hour is looked at again in the next. */
	if (json_is_true(json_object_get(parameters, "is_whole")))
		selfcheck->failed_ms = clock_monotonic_ms();
	log_event(LOG_LEVEL_ERROR, _("hikae's own records: %s"), why->text);
	if (selfcheck_record_failure(service, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

void
selfcheck_describe_room(const struct service *service, json_t *object)
{
	if (service->selfcheck != NULL)
		selfcheck_room_describe(
		    service, &service->selfcheck->room, object);
}

int
selfcheck_new(struct service *service, struct selfcheck **ret_selfcheck,
    struct error *err)
{
	struct selfcheck *selfcheck = calloc(1, sizeof(*selfcheck));

	if (selfcheck == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	selfcheck->service = service;
	selfcheck->period =
	    (struct loop_timer){.ring = on_period, .context = selfcheck};
	selfcheck->files =
	    (struct loop_timer){.ring = on_files, .context = selfcheck};
	loop_set_timer(service->loop, &selfcheck->period, START_MS);
	loop_set_timer(service->loop, &selfcheck->files, 0);
	*ret_selfcheck = selfcheck;
	return 0;
}

void
selfcheck_free(struct selfcheck *selfcheck)
{
	if (selfcheck == NULL)
		return;
	loop_unset_timer(selfcheck->service->loop, &selfcheck->period);
	loop_unset_timer(selfcheck->service->loop, &selfcheck->files);
	free(selfcheck);
}
