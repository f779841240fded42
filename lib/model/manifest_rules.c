#include "lib/model/manifest_rules.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/manifest_text.h"

void
manifest_header_name(struct manifest_header *header, const char *system,
    const char *generation, const char *medium, const char *source)
{
	(void)snprintf(header->system, sizeof(header->system), "%s", system);
	(void)snprintf(
	    header->generation, sizeof(header->generation), "%s", generation);
	(void)snprintf(header->medium, sizeof(header->medium), "%s", medium);
	(void)snprintf(header->source, sizeof(header->source), "%s", source);
}

static int
refuse(struct error *err, const char *why)
{
	return error_set(err, ERROR_INPUT, "%s", why);
}

/* A file has a digest and a link a target, or else there is a code. */
static int
check_whole(const struct manifest_entry *entry, struct error *err)
{
	bool is_unread = entry->unread != NULL;

	if (is_unread &&
	    (entry->has_digest ||
		!manifest_text_is_code(entry->unread, strlen(entry->unread))))
		return refuse(err, _("not a code for what was unread"));
	if (entry->type == MANIFEST_FILE && entry->has_digest == is_unread)
		return refuse(err, _("a file without a digest"));
	if (entry->type == MANIFEST_LINK && (entry->link != NULL) == is_unread)
		return refuse(err, _("a link without a target"));
	return 0;
}

int
manifest_rules_check(const struct manifest_header *header,
    const struct manifest_start *slice, const struct manifest_entry *entry,
    struct error *err)
{
	bool is_large = entry->has_digest && entry->size > header->slice_bytes;

	if (check_whole(entry, err) != 0)
		return -1;
	if (!slice->inside_file) {
		if (is_large && !header->is_members)
			return refuse(
			    err, _("a large file without its slices"));
		return 0;
	}
	if (entry->type != MANIFEST_FILE ||
	    (entry->has_digest &&
		(!is_large || entry->size <= slice->offset ||
		    entry->size - slice->offset > header->slice_bytes)))
		return refuse(err, _("a file that its slices do not fit"));
	return 0;
}

uint64_t
manifest_rules_bytes(
    const struct manifest_start *slice, const struct manifest_entry *entry)
{
	if (!entry->has_digest)
		return 0;
	return slice->inside_file ? entry->size - slice->offset : entry->size;
}

struct mtree_entry
manifest_rules_to_line(const struct manifest_entry *entry)
{
	struct mtree_entry line = {
	    .path = entry->path,
	    .path_length = entry->path_length,
	    .type = (enum mtree_type)entry->type,
	    .has_size = entry->has_size || entry->has_digest,
	    .has_time = entry->has_time,
	    .has_mode = entry->has_mode,
	    .has_digest = entry->has_digest,
	    .size = entry->size,
	    .time_seconds = entry->time_seconds,
	    .time_nanoseconds = entry->time_nanoseconds,
	    .mode = entry->mode,
	    .link = entry->link,
	    .link_length = entry->link_length,
	};

	memcpy(line.digest, entry->digest, sizeof(line.digest));
	return line;
}

struct manifest_entry
manifest_rules_of_line(const struct mtree_entry *line)
{
	struct manifest_entry entry = {
	    .path = line->path,
	    .path_length = line->path_length,
	    .type = (enum manifest_type)line->type,
	    .has_size = line->has_size,
	    .has_time = line->has_time,
	    .has_mode = line->has_mode,
	    .has_digest = line->has_digest,
	    .size = line->size,
	    .time_seconds = line->time_seconds,
	    .time_nanoseconds = line->time_nanoseconds,
	    .mode = line->mode,
	    .link = line->link,
	    .link_length = line->link_length,
	};

	memcpy(entry.digest, line->digest, sizeof(entry.digest));
	return entry;
}
