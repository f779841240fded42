#include "lib/examine/members.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/sorter.h"

/*
 * So much is full with some 12,000 members, so that two million need no more.
 * Four times as much sorts those a tenth faster, which is little of decoding.
 */
#define SORT_MEMORY_BYTES ((size_t)4 * 1024 * 1024)

/*
 * Records are sorted by path, then by this, then by number.  SUPPLY and
 * REQUEST stand under the path that a hard link points to.
 */
enum rank {
	RANK_ENTRY,
	RANK_SUPPLY,  /* the link brought the data of its target */
	RANK_REQUEST, /* the link wants the data of its target */
};

struct record {
	enum rank rank;
	const char *key;
	size_t key_length;
	uint64_t number; /* in the archive's order */
	struct manifest_entry entry;
};

struct members {
	int spill_fd;
	struct sorter *first;
	struct bytes buffer;
	uint64_t number;
	bool has_hard_links;
};

/* ---- records as bytes ---- */

enum {
	HAS_SIZE = 1,
	HAS_TIME = 2,
	HAS_MODE = 4,
	HAS_DIGEST = 8,
	HAS_LINK = 16,
	HAS_UNREAD = 32,
};

static unsigned
flags_of(const struct manifest_entry *entry)
{
	return (entry->has_size ? HAS_SIZE : 0u) |
	       (entry->has_time ? HAS_TIME : 0u) |
	       (entry->has_mode ? HAS_MODE : 0u) |
	       (entry->has_digest ? HAS_DIGEST : 0u) |
	       (entry->link != NULL ? HAS_LINK : 0u) |
	       (entry->unread != NULL ? HAS_UNREAD : 0u);
}

static void
encode(struct bytes *out, const struct record *record)
{
	const struct manifest_entry *entry = &record->entry;

	bytes_clear(out);
	bytes_append_block(out, record->key, record->key_length);
	bytes_append_u8(out, (uint8_t)record->rank);
	bytes_append_u64(out, record->number);
	bytes_append_block(out, entry->path, entry->path_length);
	bytes_append_u8(out, (uint8_t)entry->type);
	bytes_append_u8(out, (uint8_t)flags_of(entry));
	bytes_append_u64(out, entry->size);
	bytes_append_u64(out, (uint64_t)entry->time_seconds);
	bytes_append_u32(out, entry->time_nanoseconds);
	bytes_append_u32(out, entry->mode);
	bytes_append(out, entry->digest, DIGEST_SHA256_BYTES);
	bytes_append_block(out, entry->link, entry->link_length);
	if (entry->unread != NULL)
		bytes_append(out, entry->unread, strlen(entry->unread) + 1);
}

/* What encode wrote; the sorter checked that it is that. */
static void
decode(const void *data, size_t length, struct record *ret_record)
{
	struct bytes_reader in = {data, length, false};
	struct manifest_entry *entry = &ret_record->entry;
	const uint8_t *digest;
	unsigned flags;

	*ret_record = (struct record){0};
	ret_record->key =
	    (const char *)bytes_take_block(&in, &ret_record->key_length);
	ret_record->rank = (enum rank)bytes_take_u8(&in);
	ret_record->number = bytes_take_u64(&in);
	entry->path = (const char *)bytes_take_block(&in, &entry->path_length);
	entry->type = (enum manifest_type)bytes_take_u8(&in);
	flags = bytes_take_u8(&in);
	entry->size = bytes_take_u64(&in);
	entry->time_seconds = (int64_t)bytes_take_u64(&in);
	entry->time_nanoseconds = bytes_take_u32(&in);
	entry->mode = bytes_take_u32(&in);
	digest = bytes_take(&in, DIGEST_SHA256_BYTES);
	if (digest != NULL)
		memcpy(entry->digest, digest, DIGEST_SHA256_BYTES);
	entry->link = (const char *)bytes_take_block(&in, &entry->link_length);
	entry->has_size = (flags & HAS_SIZE) != 0;
	entry->has_time = (flags & HAS_TIME) != 0;
	entry->has_mode = (flags & HAS_MODE) != 0;
	entry->has_digest = (flags & HAS_DIGEST) != 0;
	if ((flags & HAS_LINK) == 0)
		entry->link = NULL;
	if ((flags & HAS_UNREAD) != 0)
		entry->unread = (const char *)in.data;
}

static int
compare(const void *a, size_t a_length, const void *b, size_t b_length,
    void *context)
{
	struct bytes_reader x = {a, a_length, false};
	struct bytes_reader y = {b, b_length, false};
	size_t x_length, y_length;
	const uint8_t *x_key = bytes_take_block(&x, &x_length);
	const uint8_t *y_key = bytes_take_block(&y, &y_length);
	int order = manifest_compare_paths(
	    (const char *)x_key, x_length, (const char *)y_key, y_length);

	(void)context;
	/* Rank and number follow, big-endian. */
	return order != 0 ? order : memcmp(x.data, y.data, 1 + 8);
}

/* ---- gathering ---- */

int
members_new(int spill_fd, struct members **ret_members, struct error *err)
{
	struct members *members = calloc(1, sizeof(*members));
	struct sorter_options options = {
	    .compare = compare,
	    .memory_bytes = SORT_MEMORY_BYTES,
	    .spill_fd = spill_fd,
	};

	if (members == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	members->spill_fd = spill_fd;
	members->first = sorter_new(&options, err);
	if (members->first == NULL) {
		members_free(members);
		return -1;
	}
	*ret_members = members;
	return 0;
}

void
members_free(struct members *members)
{
	if (members == NULL)
		return;
	sorter_free(members->first);
	bytes_done(&members->buffer);
	free(members);
}

static int
put(struct members *members, struct sorter *sorter, const struct record *record,
    struct error *err)
{
	encode(&members->buffer, record);
	if (bytes_check(&members->buffer, err) != 0)
		return -1;
	return sorter_add(
	    sorter, members->buffer.data, members->buffer.length, err);
}

int
members_add(struct members *members, const struct manifest_entry *entry,
    struct error *err)
{
	struct record record = {
	    .rank = RANK_ENTRY,
	    .key = entry->path,
	    .key_length = entry->path_length,
	    .number = members->number++,
	    .entry = *entry,
	};

	return put(members, members->first, &record, err);
}

int
members_add_hard_link(struct members *members,
    const struct manifest_entry *entry, const char *target,
    size_t target_length, struct error *err)
{
	struct record record = {
	    .rank = entry->has_digest ? RANK_SUPPLY : RANK_REQUEST,
	    .key = target,
	    .key_length = target_length,
	    .number = members->number++,
	    .entry = *entry,
	};

	members->has_hard_links = true;
	if (put(members, members->first, &record, err) != 0)
		return -1;
	if (record.rank == RANK_REQUEST)
		return 0;
	record.rank = RANK_ENTRY;
	record.key = entry->path;
	record.key_length = entry->path_length;
	return put(members, members->first, &record, err);
}

/* ---- hard links ---- */

/* One path's records, as they go by. */
struct resolver {
	struct members *members;
	struct sorter *second;
	struct bytes held; /* the last entry, as a record; or empty */
	bool was_empty;	   /* and had no data of its own */
};

static int
release(struct resolver *resolver, struct error *err)
{
	size_t length = resolver->held.length;

	if (length == 0)
		return 0;
	if (sorter_add(resolver->second, resolver->held.data, length, err) != 0)
		return -1;
	bytes_clear(&resolver->held);
	return 0;
}

static bool
is_about_held(const struct resolver *resolver, const struct record *record)
{
	struct record held;

	if (resolver->held.length == 0)
		return false;
	decode(resolver->held.data, resolver->held.length, &held);
	return held.key_length == record->key_length &&
	       memcmp(held.key, record->key, held.key_length) == 0;
}

/* Hold the record's entry; what was held for the same path goes before. */
static int
hold(struct resolver *resolver, const struct record *record, struct error *err)
{
	if (release(resolver, err) != 0)
		return -1;
	resolver->was_empty = record->entry.type == MANIFEST_FILE &&
			      record->entry.has_digest &&
			      record->entry.size == 0;
	encode(&resolver->held, record);
	return bytes_check(&resolver->held, err);
}

/* Give `to` the data that `from` has. */
static void
share_data(struct manifest_entry *to, const struct manifest_entry *from)
{
	to->type = MANIFEST_FILE;
	to->has_size = from->has_size;
	to->has_digest = from->has_digest;
	to->size = from->size;
	to->unread = from->unread;
	memcpy(to->digest, from->digest, DIGEST_SHA256_BYTES);
}

static int
take_supply(
    struct resolver *resolver, const struct record *supply, struct error *err)
{
	struct bytes copy = BYTES_EMPTY;
	struct record held;
	int rc;

	if (!is_about_held(resolver, supply) || !resolver->was_empty)
		return 0;
	bytes_append(&copy, resolver->held.data, resolver->held.length);
	if (bytes_check(&copy, err) != 0)
		return -1;
	decode(copy.data, copy.length, &held);
	share_data(&held.entry, &supply->entry);
	encode(&resolver->held, &held);
	rc = bytes_check(&resolver->held, err);
	bytes_done(&copy);
	return rc;
}

static int
answer_request(struct resolver *resolver, const struct record *request,
    const struct members_events *events, struct error *err)
{
	struct record answer = *request, held;

	answer.rank = RANK_ENTRY;
	answer.key = answer.entry.path;
	answer.key_length = answer.entry.path_length;
	if (is_about_held(resolver, request)) {
		decode(resolver->held.data, resolver->held.length, &held);
		if (held.entry.type == MANIFEST_FILE) {
			share_data(&answer.entry, &held.entry);
			return put(
			    resolver->members, resolver->second, &answer, err);
		}
		if (held.entry.type == MANIFEST_LINK &&
		    held.entry.link != NULL) {
			answer.entry.type = MANIFEST_LINK;
			answer.entry.link = held.entry.link;
			answer.entry.link_length = held.entry.link_length;
			return put(
			    resolver->members, resolver->second, &answer, err);
		}
	}
	answer.entry.unread = "member-unreadable";
	if (events->odd(
		events->context, MEMBERS_NO_TARGET, &answer.entry, err) != 0)
		return -1;
	return put(resolver->members, resolver->second, &answer, err);
}

static int
resolve(struct resolver *resolver, const struct record *record,
    const struct members_events *events, struct error *err)
{
	switch (record->rank) {
	case RANK_ENTRY:
		return hold(resolver, record, err);
	case RANK_SUPPLY:
		return take_supply(resolver, record, err);
	case RANK_REQUEST:
		break;
	}
	return answer_request(resolver, record, events, err);
}

/* Sort once more, with every hard link made the file that it is. */
static int
resolve_all(struct members *members, const struct members_events *events,
    struct sorter **ret_second, struct error *err)
{
	struct resolver resolver = {.members = members};
	struct sorter_options options = {
	    .compare = compare,
	    .memory_bytes = SORT_MEMORY_BYTES,
	    .spill_fd = members->spill_fd,
	    .spill_offset = sorter_spill_end(members->first),
	};
	const void *data;
	size_t length;
	int more = -1, rc = -1;

	resolver.second = sorter_new(&options, err);
	if (resolver.second == NULL)
		return -1;
	while ((more = sorter_next(members->first, &data, &length, err)) == 1) {
		struct record record;

		decode(data, length, &record);
		if (resolve(&resolver, &record, events, err) != 0)
			goto out;
	}
	if (more == 0 && release(&resolver, err) == 0 &&
	    sorter_finish(resolver.second, err) == 0)
		rc = 0;
out:
	bytes_done(&resolver.held);
	if (rc == 0)
		*ret_second = resolver.second;
	else
		sorter_free(resolver.second);
	return rc;
}

/* ---- writing ---- */

static int
write_entry(struct manifest_writer *writer, const void *data, size_t length,
    const struct members_events *events, struct error *err)
{
	struct error why = {0};
	struct record record;

	decode(data, length, &record);
	if (manifest_writer_add(writer, &record.entry, &why) == 0)
		return 0;
	if (why.code == ERROR_INPUT)
		return events->odd(
		    events->context, MEMBERS_NO_PLACE, &record.entry, err);
	if (err != NULL)
		*err = why;
	return -1;
}

static bool
is_same_path(const struct bytes *held, const void *data, size_t length)
{
	struct record a, b;

	decode(held->data, held->length, &a);
	decode(data, length, &b);
	return a.key_length == b.key_length &&
	       memcmp(a.key, b.key, a.key_length) == 0;
}

/* Write the last record of each path. */
static int
write_all(struct sorter *sorter, struct manifest_writer *writer,
    const struct members_events *events, struct error *err)
{
	struct bytes held = BYTES_EMPTY;
	const void *data;
	size_t length;
	int more, rc = -1;

	while ((more = sorter_next(sorter, &data, &length, err)) == 1) {
		struct record record;

		if (held.length > 0 && is_same_path(&held, data, length)) {
			decode(data, length, &record);
			if (record.entry.type != MANIFEST_FOLDER &&
			    events->odd(events->context, MEMBERS_TWICE,
				&record.entry, err) != 0)
				goto out;
		} else if (held.length > 0 &&
			   write_entry(writer, held.data, held.length, events,
			       err) != 0) {
			goto out;
		}
		bytes_clear(&held);
		bytes_append(&held, data, length);
		if (bytes_check(&held, err) != 0)
			goto out;
	}
	if (more == 0 &&
	    (held.length == 0 ||
		write_entry(writer, held.data, held.length, events, err) == 0))
		rc = 0;
out:
	bytes_done(&held);
	return rc;
}

int
members_write(struct members *members, struct manifest_writer *writer,
    const struct members_events *events, struct error *err)
{
	struct sorter *second = NULL;
	int rc = -1;

	if (sorter_finish(members->first, err) != 0)
		return -1;
	if (members->has_hard_links &&
	    resolve_all(members, events, &second, err) != 0)
		return -1;
	rc = write_all(
	    second != NULL ? second : members->first, writer, events, err);
	sorter_free(second);
	return rc;
}
