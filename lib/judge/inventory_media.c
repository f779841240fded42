/* How the media stood, who had them, and what was tried and stated. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/judge/inventory_internal.h"
#include "lib/judge/offline.h"
#include "lib/store/query_media.h"
#include "lib/store/query_record.h"
#include "lib/store/query_since.h"

/* Records of one medium to look back for one that says "detached". */
#define RECORDS_MAX 32

static struct inventory_medium *
medium_of(struct inventory *inventory, const char *id)
{
	size_t at = inventory_find_medium(inventory, id);

	return at == INVENTORY_NOT ? NULL : &inventory->media[at];
}

static int
take_since(const struct query_since *row, void *context, struct error *err)
{
	struct inventory_medium *medium = medium_of(context, row->id);

	(void)err;
	if (medium != NULL)
		medium->configured_at = row->at;
	return 0;
}

static bool
is_one_of(const char *word, const char *const words[], size_t count)
{
	for (size_t i = 0; word != NULL && i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/*
 * Whether it hangs on a bus of this machine.  SCSI and virtio are not among
 * them: behind these may be a network of storage, in whatever building.
 */
static bool
is_local(const struct query_medium_state *row)
{
	static const char *const buses[] = {
	    "usb", "firewire", "mmc", "sata", "nvme", "loop", "memory"};

	if (row->transport == NULL ||
	    (row->reach != NULL && strcmp(row->reach, "network") == 0))
		return false;
	return is_one_of(
	    row->transport, buses, sizeof(buses) / sizeof(buses[0]));
}

/*
 * Entries from before "unknown" was said of them have "none" of disks, too,
 * that nobody can see.
 */
static bool
is_unseen(const struct query_medium_state *row)
{
	static const char *const reaches[] = {"network", "unknown"};
	static const char *const transports[] = {
	    "network", "cloud", "fuse", "memory"};

	return is_one_of(row->reach, reaches, 2) ||
	       is_one_of(row->transport, transports, 4);
}

static int
take_state(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct inventory_medium *medium = medium_of(context, row->medium);

	(void)err;
	if (medium == NULL)
		return 0;
	INVENTORY_TEXT(medium->state, row->state);
	INVENTORY_TEXT(medium->state_reason, row->reason);
	medium->state_seq = row->from_seq;
	medium->state_at = row->at;
	medium->attached_at = row->attached_at;
	medium->seen_at = row->seen_at;
	medium->in_reach = row->in_reach;
	medium->device_read_only = row->device_read_only;
	medium->is_local = is_local(row);
	INVENTORY_TEXT(medium->disks, row->disks);
	INVENTORY_TEXT(medium->encrypted, row->encrypted);
	if (strcmp(medium->encrypted, "none") == 0 && is_unseen(row))
		medium->encrypted[0] = '\0';
	return 0;
}

static int
take_span(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct inventory_medium *medium = context;
	enum inventory_reach reach =
	    inventory_reach_of(row->state, row->in_reach);

	if (medium->span_count > 0 &&
	    medium->spans[medium->span_count - 1].reach == reach)
		return 0;
	if (array_grow(&medium->spans, medium->span_count,
		sizeof(*medium->spans), err) != 0)
		return -1;
	medium->spans[medium->span_count++] =
	    (struct inventory_span){row->from_seq, row->at, reach};
	return 0;
}

static int
take_record(
    const struct query_medium_event *row, void *context, struct error *err)
{
	struct inventory_event *event = context;

	(void)err;
	if (row->result != NULL && strcmp(row->result, "detached") != 0)
		return 0;
	*event = (struct inventory_event){row->seq, row->at, QUERY_NEVER};
	return 1;
}

static bool
was_in_reach(const struct inventory_medium *medium)
{
	for (size_t i = 0; i < medium->span_count; i++)
		if (medium->spans[i].reach == INVENTORY_IN)
			return true;
	return false;
}

/* Of the period, and from where it was last in reach, however long ago. */
static int
gather_spans(struct inventory_gathering *gathering,
    struct inventory_medium *medium, struct error *err)
{
	struct catalog *catalog = gathering->catalog;
	struct catalog_at at = gathering->inventory->at;
	struct query_medium_history history = {
	    medium->id, gathering->inventory->now - INVENTORY_PERIOD_MS};

	if (medium->seen_at != QUERY_NEVER && medium->seen_at <= history.since)
		history.since = medium->seen_at - 1;
	if (query_medium_history(
		catalog, at, &history, take_span, medium, err) != 0)
		return -1;
	if (medium->seen_at == QUERY_NEVER || was_in_reach(medium))
		return 0;
	/* What was assumed to be in reach later hides when it was. */
	medium->span_count = 0;
	history.since = INT64_MIN;
	return query_medium_history(
	    catalog, at, &history, take_span, medium, err);
}

/* Of one medium: how it stood, and what was noted when it went. */
static int
gather_medium(struct inventory_gathering *gathering,
    struct inventory_medium *medium, struct error *err)
{
	struct catalog *catalog = gathering->catalog;
	struct catalog_at at = gathering->inventory->at;
	const struct query_medium_event_filter record = {
	    medium->id, "record", RECORDS_MAX};
	const struct query_medium_event_filter retired = {
	    medium->id, "retired", 1};

	if (medium->state_seq == 0)
		return query_medium_events(
		    catalog, at, &retired, take_record, &medium->retired, err);
	if (gather_spans(gathering, medium, err) != 0 ||
	    query_medium_events(
		catalog, at, &record, take_record, &medium->detached, err) != 0)
		return -1;
	return query_medium_events(
	    catalog, at, &retired, take_record, &medium->retired, err);
}

int
inventory_media_is_retired(struct catalog *catalog, struct catalog_at at,
    const char *id, bool *ret_is, struct error *err)
{
	const struct query_medium_event_filter retired = {id, "retired", 1};
	const struct query_medium_history all = {id, INT64_MIN};
	struct inventory_medium medium = {.retired = {0, 0, QUERY_NEVER}};
	int rc;

	*ret_is = false;
	rc = query_medium_events(
	    catalog, at, &retired, take_record, &medium.retired, err);
	if (rc == 0 && medium.retired.seq != 0)
		rc = query_medium_history(
		    catalog, at, &all, take_span, &medium, err);
	if (rc == 0)
		*ret_is = inventory_is_retired(&medium);
	free(medium.spans);
	return rc;
}

static int
take_custody(const struct query_custody *row, void *context, struct error *err)
{
	struct inventory_medium *medium = medium_of(context, row->medium);

	(void)err;
	if (medium == NULL)
		return 0;
	medium->custody =
	    (struct inventory_event){row->from_seq, row->at, row->until};
	INVENTORY_TEXT(medium->holder, row->holder);
	INVENTORY_TEXT(medium->place, row->place);
	return 0;
}

static int
take_protection(
    const struct query_protection *row, void *context, struct error *err)
{
	struct inventory_medium *medium = medium_of(context, row->medium);
	struct inventory_event *event = NULL;

	(void)err;
	if (medium == NULL)
		return 0;
	if (strcmp(row->result, "refused") == 0)
		event = &medium->refused;
	/* An open switch is no try: the server's protection lies behind it. */
	else if (strcmp(row->result, "accepted") == 0 &&
		 strcmp(row->method, "device-read-only") != 0)
		event = &medium->accepted;
	if (event != NULL && row->from_seq > event->seq)
		*event = (struct inventory_event){
		    row->from_seq, row->at, QUERY_NEVER};
	return 0;
}

static int
take_attestation(
    const struct query_attestation *row, void *context, struct error *err)
{
	struct inventory *inventory = context;
	const struct inventory_event event = {row->id, row->at, row->until};
	const size_t prefix = strlen(OFFLINE_STATEMENT);
	struct inventory_medium *medium = NULL;

	(void)err;
	if (!inventory_holds(inventory, &event))
		return 0;
	if (strncmp(row->requirement, OFFLINE_STATEMENT, prefix) == 0)
		medium = medium_of(inventory, row->requirement + prefix);
	if (medium == NULL)
		return 0;
	if (row->id > medium->statement.seq)
		medium->statement = event;
	if (offline_is_document(row->document_kind) &&
	    row->id > medium->document.seq)
		medium->document = event;
	return 0;
}

int
inventory_media_gather(struct inventory_gathering *gathering, struct error *err)
{
	struct catalog *catalog = gathering->catalog;
	struct inventory *inventory = gathering->inventory;
	struct catalog_at at = inventory->at;

	if (query_media_since(catalog, at, take_since, inventory, err) != 0 ||
	    query_medium_states(
		catalog, at, NULL, take_state, inventory, err) != 0 ||
	    query_custody(catalog, at, NULL, take_custody, inventory, err) !=
		0 ||
	    query_protections(
		catalog, at, NULL, take_protection, inventory, err) != 0 ||
	    query_attestations(
		catalog, at, NULL, take_attestation, inventory, err) != 0)
		return -1;
	for (size_t i = 0; i < inventory->medium_count; i++)
		if (gather_medium(gathering, &inventory->media[i], err) != 0)
			return -1;
	return 0;
}
