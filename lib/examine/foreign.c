#include "lib/examine/foreign_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

/* Entries that are sorted in memory before they are spilled, bytes. */
#define SORT_MEMORY_BYTES ((size_t)32 * 1024 * 1024)

/*
 * A record of the sorter:
 *
 *	block path | u8 has_digest | u8 algorithm | u8 has_size | u64 size |
 *	block digest
 */

const char *
foreign_result_name(enum foreign_result result)
{
	static const char *const names[FOREIGN_RESULTS] = {
	    [FOREIGN_AGREES] = "agrees",
	    [FOREIGN_DIFFERS] = "differs",
	    [FOREIGN_PARTIAL] = "partial",
	    [FOREIGN_NOT_COMPARED] = "not-compared",
	    [FOREIGN_UNREADABLE] = "unreadable",
	};

	return names[result];
}

const char *
foreign_origin_name(enum foreign_origin origin)
{
	static const char *const names[FOREIGN_ORIGINS] = {
	    [FOREIGN_FROM_CHECKSUMS] = "checksums",
	    [FOREIGN_FROM_BAGIT] = "bagit",
	    [FOREIGN_FROM_POSTGRESQL] = "postgresql",
	    [FOREIGN_FROM_SEVERAL] = "several",
	    [FOREIGN_FROM_UNKNOWN] = "unknown",
	};

	return names[origin];
}

static int
compare_records(const void *a, size_t a_length, const void *b, size_t b_length,
    void *context)
{
	struct bytes_reader first = {.data = a, .length = a_length};
	struct bytes_reader second = {.data = b, .length = b_length};
	size_t first_length, second_length;
	const uint8_t *first_path = bytes_take_block(&first, &first_length);
	const uint8_t *second_path = bytes_take_block(&second, &second_length);

	(void)context;
	return manifest_compare_paths((const char *)first_path, first_length,
	    (const char *)second_path, second_length);
}

int
foreign_new(const struct foreign_options *options, struct foreign **ret_foreign,
    struct error *err)
{
	struct foreign *foreign = calloc(1, sizeof(*foreign));
	struct sorter_options sorting = {
	    .compare = compare_records,
	    .memory_bytes = SORT_MEMORY_BYTES,
	    .spill_fd = options->spill_fd,
	};

	if (foreign == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	foreign->options = options;
	foreign->copy = (struct copy)COPY_CLOSED;
	foreign->sorter = sorter_new(&sorting, err);
	if (foreign->sorter == NULL) {
		foreign_free(foreign);
		return -1;
	}
	*ret_foreign = foreign;
	return 0;
}

void
foreign_free(struct foreign *foreign)
{
	if (foreign == NULL)
		return;
	foreign_digest_done(foreign);
	sorter_free(foreign->sorter);
	manifest_reader_free(foreign->manifest);
	bytes_done(&foreign->link);
	bytes_done(&foreign->group.path);
	bytes_done(&foreign->record);
	free(foreign);
}

int
foreign_tell(
    struct foreign *foreign, struct examine_finding finding, struct error *err)
{
	const struct examine_events *events = foreign->options->events;

	finding.slice = EXAMINE_NO_SLICE;
	return events->finding(events->context, &finding, err);
}

/* ---- gathering ---- */

int
foreign_begin_list(
    struct foreign *foreign, const struct foreign_list *list, struct error *err)
{
	static const enum foreign_origin origins[FOREIGN_KINDS] = {
	    [FOREIGN_SUMS] = FOREIGN_FROM_CHECKSUMS,
	    [FOREIGN_SIDECAR] = FOREIGN_FROM_CHECKSUMS,
	    [FOREIGN_BAGIT] = FOREIGN_FROM_BAGIT,
	    [FOREIGN_BAG_INFO] = FOREIGN_FROM_BAGIT,
	    [FOREIGN_POSTGRESQL] = FOREIGN_FROM_POSTGRESQL,
	};

	if (foreign->lists++ == FOREIGN_LISTS_MAX)
		return error_set(
		    err, ERROR_LIMIT, _("there are too many lists"));
	/* One word for lists of one kind, which is what there usually is. */
	if (foreign->lists == 1)
		foreign->origin = origins[list->kind];
	else if (foreign->origin != origins[list->kind])
		foreign->origin = FOREIGN_FROM_SEVERAL;
	if (foreign->lists == 1 || list->time_seconds < foreign->list_time)
		foreign->list_time = list->time_seconds;
	foreign->list = *list;
	foreign->is_opaque = foreign->is_opaque || list->is_opaque;
	return 0;
}

/*
 * What is no claim about this copy: a file that lies elsewhere in the same
 * folder, and the list itself, which `sha256sum * >SHA256SUMS` lists empty.
 */
static bool
is_aside(const struct foreign *foreign, const struct foreign_entry *entry)
{
	const char *itself = foreign->list.name;
	const char *locator = foreign->options->locator;
	const char *slash = strrchr(locator, '/');
	const char *name = slash != NULL ? slash + 1 : locator;

	if (foreign->options->is_file)
		return strlen(name) != entry->path_length ||
		       memcmp(name, entry->path, entry->path_length) != 0;
	return strlen(itself) == entry->path_length &&
	       memcmp(itself, entry->path, entry->path_length) == 0;
}

int
foreign_add(struct foreign *foreign, const struct foreign_entry *entry,
    struct error *err)
{
	struct bytes record = BYTES_EMPTY;
	int rc = -1;

	if (entry->path_length == 0 ||
	    entry->path_length > FOREIGN_PATH_BYTES_MAX ||
	    !mtree_is_path(entry->path, entry->path_length) ||
	    foreign->lists == 0)
		return error_set(err, ERROR_PROTOCOL,
		    _("a parser told a name that is none"));
	if (foreign->entries++ >= FOREIGN_ENTRIES_MAX)
		return error_set(
		    err, ERROR_PROTOCOL, _("a parser told too many names"));
	if (is_aside(foreign, entry))
		return 0;
	bytes_append_block(&record, entry->path, entry->path_length);
	bytes_append_u8(&record, entry->has_digest ? 1 : 0);
	bytes_append_u8(&record, (uint8_t)entry->algorithm);
	bytes_append_u8(&record, entry->has_size ? 1 : 0);
	bytes_append_u64(&record, entry->size);
	bytes_append_block(&record, entry->digest,
	    entry->has_digest ? digest_algorithm_bytes(entry->algorithm) : 0);
	if (bytes_check(&record, err) == 0)
		rc = sorter_add(
		    foreign->sorter, record.data, record.length, err);
	bytes_done(&record);
	return rc;
}

int
foreign_end_list(
    struct foreign *foreign, const struct foreign_told *told, struct error *err)
{
	const struct foreign_list *list = &foreign->list;

	foreign->unclear += told->unclear;
	if (list->kind == FOREIGN_BAGIT && told->is_readable &&
	    strncmp(list->name, "manifest-", 9) == 0)
		foreign->has_bag = true;
	if (list->kind == FOREIGN_POSTGRESQL && told->is_readable)
		foreign->has_database = true;
	if (told->has_oxum && list->kind == FOREIGN_BAG_INFO) {
		foreign->has_oxum = true;
		foreign->oxum_bytes = told->oxum_bytes;
		foreign->oxum_files = told->oxum_files;
	}
	if (told->is_readable && told->unclear == 0)
		return 0;
	if (!told->is_readable)
		foreign->is_unreadable = true;
	return foreign_tell(foreign,
	    (struct examine_finding){
		.code = FINDING_FOREIGN_MANIFEST_UNREADABLE,
		.path = list->name,
		.path_length = strlen(list->name)},
	    err);
}

/* ---- taking what was gathered, by path ---- */

static void
add_claim(struct foreign_group *group, struct bytes_reader *rest)
{
	struct foreign_claim claim = {0};
	const uint8_t *digest;
	size_t length;

	claim.has_digest = bytes_take_u8(rest) != 0;
	claim.algorithm = (enum digest_algorithm)bytes_take_u8(rest);
	claim.has_size = bytes_take_u8(rest) != 0;
	claim.size = bytes_take_u64(rest);
	digest = bytes_take_block(rest, &length);
	if (length > 0 && length <= sizeof(claim.digest))
		memcpy(claim.digest, digest, length);
	if (group->count < FOREIGN_CLAIMS_MAX)
		group->claims[group->count++] = claim;
	else
		group->dropped++;
}

/* Read one record ahead: only then a group is known to be whole. */
static int
read_ahead(struct foreign *foreign, struct error *err)
{
	const void *data;
	size_t length;
	int more = sorter_next(foreign->sorter, &data, &length, err);

	foreign->has_record = more == 1;
	bytes_clear(&foreign->record);
	if (more == 1) {
		bytes_append(&foreign->record, data, length);
		return bytes_check(&foreign->record, err);
	}
	return more;
}

int
foreign_next_group(struct foreign *foreign, struct error *err)
{
	struct foreign_group *group = &foreign->group;

	group->count = 0;
	group->dropped = 0;
	bytes_clear(&group->path);
	if (!foreign->has_record && read_ahead(foreign, err) != 0)
		return -1;
	while (foreign->has_record) {
		struct bytes_reader rest = {.data = foreign->record.data,
		    .length = foreign->record.length};
		size_t length;
		const uint8_t *path = bytes_take_block(&rest, &length);

		if (group->path.length == 0) {
			bytes_append(&group->path, path, length);
			bytes_append_u8(&group->path, 0);
		} else if (group->path.length != length + 1 ||
			   memcmp(group->path.data, path, length) != 0) {
			break;
		}
		add_claim(group, &rest);
		if (bytes_check(&group->path, err) != 0 ||
		    read_ahead(foreign, err) != 0)
			return -1;
	}
	return group->path.length > 0 ? 1 : 0;
}
