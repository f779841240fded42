#include "lib/examine/foreign_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

/* RFC 8493 section 2.1.2: where a bag has its payload. */
#define PAYLOAD "data/"
/* What pg_verifybackup(1) looks at in another way, with what lies in it. */
#define WAL "pg_wal/"

static int
tell_mismatch(struct foreign *foreign, const char *path, size_t path_length,
    uint64_t expected_size, uint64_t actual_size, struct error *err)
{
	struct examine_finding finding = {
	    .code = FINDING_FOREIGN_MANIFEST_MISMATCH,
	    .path = path,
	    .path_length = path_length,
	    .expected_size = expected_size,
	    .actual_size = actual_size,
	};

	return foreign_tell(foreign, finding, err);
}

static bool
is_below(const char *path, size_t length, const char *folder)
{
	return length > strlen(folder) &&
	       memcmp(path, folder, strlen(folder)) == 0;
}

static bool
is_payload(const char *path, size_t length)
{
	return is_below(path, length, PAYLOAD);
}

/*
 * A bag lists its whole payload, a base backup of PostgreSQL all of the
 * database: what else lies there was left by another backup, perhaps, and goes
 * to the restored one.  Beside its folders a site puts files of its own (a log,
 * a mark that all was copied).
 */
static bool
must_be_listed(const struct foreign *foreign, const char *path, size_t length)
{
	if (foreign->has_bag && is_payload(path, length))
		return true;
	return foreign->has_database && !foreign->is_opaque &&
	       memchr(path, '/', length) != NULL &&
	       !is_below(path, length, WAL);
}

/* Note what a bag's totals and paths below a link need of an entry. */
static int
leave_entry(struct foreign *foreign, struct error *err)
{
	const struct manifest_entry *entry = &foreign->entry;

	if (entry->type == MANIFEST_LINK) {
		bytes_clear(&foreign->link);
		bytes_append(&foreign->link, entry->path, entry->path_length);
		bytes_append_u8(&foreign->link, '/');
	} else if (entry->type == MANIFEST_FILE &&
		   is_payload(entry->path, entry->path_length)) {
		foreign->payload_files++;
		foreign->payload_bytes += entry->size;
	}
	return bytes_check(&foreign->link, err);
}

/* Leave the manifest's entry, if it stands at one, for the next. */
static int
next_entry(struct foreign *foreign, struct error *err)
{
	int more;

	if (foreign->has_entry && leave_entry(foreign, err) != 0)
		return -1;
	more = manifest_reader_next(foreign->manifest, &foreign->entry, err);
	foreign->has_entry = more == 1;
	return more < 0 ? -1 : 0;
}

/*
 * Whether the path lies below a link of the copy (what it points to is no part
 * of it), or is one of the names that are left out.
 */
static bool
is_out_of_sight(const struct foreign *foreign, char *path, size_t length)
{
	const struct bytes *link = &foreign->link;
	bool is_out = examine_is_ignored(&foreign->options->ignore, path);

	if (link->length > 0 && length > link->length &&
	    memcmp(path, link->data, link->length) == 0)
		return true;
	for (size_t i = 1; i < length && !is_out; i++) {
		if (path[i] != '/')
			continue;
		path[i] = '\0';
		is_out = examine_is_ignored(&foreign->options->ignore, path);
		path[i] = '/';
	}
	return is_out;
}

/* Listed, and not in the manifest. */
static int
note_missing(struct foreign *foreign, struct error *err)
{
	struct foreign_group *group = &foreign->group;
	char *path = (char *)group->path.data;
	size_t length = group->path.length - 1;

	if (foreign->is_opaque || foreign->options->is_living ||
	    is_out_of_sight(foreign, path, length)) {
		foreign->outcome.not_comparable++;
		return 0;
	}
	foreign->outcome.missing++;
	return tell_mismatch(foreign, path, length,
	    group->claims[0].has_size ? group->claims[0].size : 0, 0, err);
}

/* Whether a file of a living copy was written after what lists it. */
static bool
is_newer(const struct foreign *foreign, const struct manifest_entry *entry)
{
	return foreign->options->is_living &&
	       (!entry->has_time || entry->time_seconds > foreign->list_time);
}

/* Listed, and in the manifest. */
static int
judge(struct foreign *foreign, struct error *err)
{
	const struct manifest_entry *entry = &foreign->entry;
	const struct foreign_group *group = &foreign->group;
	bool has_agreed = false, must_read = false, differs = false;
	uint64_t expected_size = entry->size;

	foreign->unclear += group->dropped;
	if (entry->type != MANIFEST_FILE || !entry->has_digest ||
	    is_newer(foreign, entry)) {
		foreign->outcome.not_comparable++;
		return 0;
	}
	for (size_t i = 0; i < group->count; i++) {
		const struct foreign_claim *claim = &group->claims[i];

		if (claim->has_size && claim->size != entry->size) {
			differs = true;
			expected_size = claim->size;
		}
		if (!claim->has_digest)
			continue;
		if (claim->algorithm != DIGEST_SHA256)
			must_read = true;
		else if (memcmp(claim->digest, entry->digest,
			     DIGEST_SHA256_BYTES) == 0)
			has_agreed = true;
		else
			differs = true;
	}
	if (differs) {
		foreign->outcome.mismatched++;
		return tell_mismatch(foreign, entry->path, entry->path_length,
		    expected_size, entry->size, err);
	}
	if (must_read)
		return foreign_digest_push(foreign, entry, has_agreed, err);
	if (has_agreed)
		foreign->outcome.agreeing++;
	else
		foreign->outcome.not_comparable++;
	return 0;
}

/* In the manifest, and in no list. */
static int
note_unlisted(struct foreign *foreign, struct error *err)
{
	const struct manifest_entry *entry = &foreign->entry;

	if (foreign->is_unreadable || foreign->options->is_living ||
	    entry->type != MANIFEST_FILE ||
	    !must_be_listed(foreign, entry->path, entry->path_length))
		return 0;
	foreign->outcome.unlisted++;
	return tell_mismatch(
	    foreign, entry->path, entry->path_length, 0, entry->size, err);
}

/* Go on in the manifest to the group's path, or behind it.  1 when it is at. */
static int
seek(struct foreign *foreign, struct error *err)
{
	const struct bytes *path = &foreign->group.path;

	while (foreign->has_entry) {
		int order = manifest_compare_paths(foreign->entry.path,
		    foreign->entry.path_length, (const char *)path->data,
		    path->length - 1);

		if (order >= 0)
			return order == 0 ? 1 : 0;
		if (note_unlisted(foreign, err) != 0 ||
		    next_entry(foreign, err) != 0)
			return -1;
	}
	return 0;
}

static int
merge(struct foreign *foreign, struct error *err)
{
	int more, is_there;

	if (next_entry(foreign, err) != 0)
		return -1;
	while ((more = foreign_next_group(foreign, err)) == 1) {
		is_there = seek(foreign, err);
		if (is_there < 0)
			return -1;
		if (is_there == 0) {
			if (note_missing(foreign, err) != 0)
				return -1;
		} else if (judge(foreign, err) != 0 ||
			   next_entry(foreign, err) != 0) {
			return -1;
		}
	}
	while (more == 0 && foreign->has_entry)
		if (note_unlisted(foreign, err) != 0 ||
		    next_entry(foreign, err) != 0)
			return -1;
	return more;
}

static enum foreign_result
result_of(const struct foreign *foreign)
{
	const struct foreign_outcome *outcome = &foreign->outcome;

	if (outcome->mismatched + outcome->missing + outcome->unlisted > 0)
		return FOREIGN_DIFFERS;
	if (foreign->has_oxum && !foreign->options->is_living &&
	    (foreign->oxum_bytes != foreign->payload_bytes ||
		foreign->oxum_files != foreign->payload_files))
		return FOREIGN_DIFFERS;
	if (foreign->is_unreadable)
		return FOREIGN_UNREADABLE;
	/* Zero files checked is a failure to check. */
	if (outcome->agreeing == 0)
		return FOREIGN_NOT_COMPARED;
	if (outcome->not_comparable + foreign->unclear > 0 ||
	    foreign->options->has_more)
		return FOREIGN_PARTIAL;
	return FOREIGN_AGREES;
}

/* A payload of another size, though every file that is listed agrees. */
static int
check_oxum(struct foreign *foreign, struct error *err)
{
	const struct foreign_outcome *outcome = &foreign->outcome;

	if (outcome->result != FOREIGN_DIFFERS ||
	    outcome->mismatched + outcome->missing + outcome->unlisted > 0)
		return 0;
	return tell_mismatch(
	    foreign, "", 0, foreign->oxum_bytes, foreign->payload_bytes, err);
}

int
foreign_check(struct foreign *foreign, struct foreign_outcome *ret_outcome,
    struct error *err)
{
	struct foreign_outcome *outcome = &foreign->outcome;

	foreign->manifest =
	    manifest_reader_new(foreign->options->manifest_fd, err);
	if (foreign->manifest == NULL ||
	    sorter_finish(foreign->sorter, err) != 0 ||
	    merge(foreign, err) != 0 ||
	    foreign_digest_finish(foreign, err) != 0)
		return -1;
	outcome->listed = outcome->agreeing + outcome->mismatched +
			  outcome->missing + outcome->not_comparable;
	if (foreign->lists == 0 ||
	    (foreign->options->is_file && outcome->listed == 0 &&
		!foreign->is_unreadable && foreign->unclear == 0))
		return 0;
	outcome->origin = foreign->origin;
	outcome->result = result_of(foreign);
	if (check_oxum(foreign, err) != 0)
		return -1;
	*ret_outcome = *outcome;
	return 1;
}
