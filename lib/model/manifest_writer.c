#include "lib/model/manifest_writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/crypto/signature.h"
#include "lib/format/frame.h"
#include "lib/model/content.h"
#include "lib/model/manifest_rules.h"
#include "lib/model/manifest_text.h"
#include "lib/os/file.h"

struct manifest_writer {
	int fd;
	struct manifest_header header;
	struct frame_writer *frames;
	struct digest_sha256 sha256;	  /* of the stored bytes */
	struct signature_prehash prehash; /* of the same */
	uint64_t stored_bytes;
	struct content_digest content;
	struct manifest_totals totals; /* of complete slices: slices, bytes */

	struct manifest_slice *slices; /* totals.slices of them */
	size_t capacity;
	struct manifest_slice slice; /* the current one, if has_slice */
	struct manifest_start start; /* the same's; zero without one */
	bool has_slice;
	uint64_t slice_text_bytes;

	struct bytes line;
	struct bytes last; /* path of the last entry; empty: none yet */
	enum manifest_type last_type;
};

static int
store(void *context, const void *data, size_t length, struct error *err)
{
	struct manifest_writer *writer = context;

	digest_sha256_update(&writer->sha256, data, length);
	signature_prehash_update(&writer->prehash, data, length);
	writer->stored_bytes += length;
	return file_write_all(writer->fd, data, length, err);
}

/* Write what stands in `line` and empty it. */
static int
put_line(struct manifest_writer *writer, struct error *err)
{
	int rc = bytes_check(&writer->line, err);

	if (rc == 0)
		rc = frame_writer_write(writer->frames, writer->line.data,
		    writer->line.length, err);
	writer->slice_text_bytes += writer->line.length;
	bytes_clear(&writer->line);
	return rc;
}

struct manifest_writer *
manifest_writer_new(
    int fd, const struct manifest_header *header, struct error *err)
{
	struct manifest_writer *writer;

	if (!manifest_text_is_header(header)) {
		error_set(err, ERROR_INPUT, _("not a header for a manifest"));
		return NULL;
	}
	writer = calloc(1, sizeof(*writer));
	if (writer == NULL) {
		error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	writer->fd = fd;
	writer->header = *header;
	digest_sha256_init(&writer->sha256);
	signature_prehash_init(&writer->prehash);
	content_init(&writer->content,
	    header->has_strip ? (int)header->strip : CONTENT_STRIP_COMMON);
	writer->totals.has_content = true;
	writer->frames =
	    frame_writer_new(store, writer, FRAME_LEVEL_DEFAULT, err);
	if (writer->frames == NULL)
		goto failed;
	manifest_text_append_header(header, &writer->line);
	if (put_line(writer, err) != 0 ||
	    frame_writer_end(writer->frames, NULL, NULL, err) != 0)
		goto failed;
	return writer;
failed:
	manifest_writer_free(writer);
	return NULL;
}

void
manifest_writer_free(struct manifest_writer *writer)
{
	if (writer == NULL)
		return;
	frame_writer_free(writer->frames);
	content_done(&writer->content);
	bytes_done(&writer->line);
	bytes_done(&writer->last);
	free(writer->slices);
	free(writer);
}

/* ---- slices ---- */

static int
begin_slice(struct manifest_writer *writer, const struct manifest_start *start,
    struct error *err)
{
	writer->slice = (struct manifest_slice){
	    .inside_file = start->inside_file, .file_offset = start->offset};
	writer->start = *start;
	writer->has_slice = true;
	writer->slice_text_bytes = 0;
	manifest_text_append_slice(writer->totals.slices, start, &writer->line);
	return put_line(writer, err);
}

static int
end_slice(struct manifest_writer *writer, struct error *err)
{
	struct manifest_slice *slice = &writer->slice;
	size_t count = (size_t)writer->totals.slices;

	if (!writer->has_slice)
		return 0;
	if (frame_writer_end(writer->frames, &slice->frame_offset,
		&slice->frame_length, err) != 0)
		return -1;
	if (count == writer->capacity) {
		size_t capacity = count > 0 ? 2 * count : 64;
		struct manifest_slice *slices =
		    reallocarray(writer->slices, capacity, sizeof(*slices));

		if (slices == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		writer->slices = slices;
		writer->capacity = capacity;
	}
	writer->slices[count] = *slice;
	writer->totals.slices++;
	writer->totals.bytes += slice->bytes;
	writer->start = (struct manifest_start){0};
	writer->has_slice = false;
	return 0;
}

int
manifest_writer_add_boundary(struct manifest_writer *writer, uint64_t offset,
    const uint8_t state[DIGEST_SHA256_BYTES], struct error *err)
{
	struct manifest_start start = {.inside_file = true, .offset = offset};
	uint64_t expected = 0;

	if (writer->start.inside_file)
		expected = writer->start.offset + writer->header.slice_bytes;
	if (writer->header.is_members || offset != expected ||
	    (offset == 0 &&
		memcmp(state, digest_sha256_initial, DIGEST_SHA256_BYTES) != 0))
		return error_set(
		    err, ERROR_INPUT, _("not a boundary of a slice"));
	memcpy(start.state, state, sizeof(start.state));
	if (writer->start.inside_file)
		writer->slice.bytes = writer->header.slice_bytes;
	if (end_slice(writer, err) != 0)
		return -1;
	return begin_slice(writer, &start, err);
}

/* ---- entries ---- */

static int
refuse(struct error *err, const char *why)
{
	return error_set(err, ERROR_INPUT, "%s", why);
}

/*
 * The bytes of path that are folders known to the manifest, with the slash
 * behind them.  Everything below a folder follows it directly, so the last
 * entry and the folders above it are all that can be above the next.  SIZE_MAX
 * where the last entry is above the path and is no folder.
 */
static size_t
known_length(
    const struct manifest_writer *writer, const char *path, size_t length)
{
	const struct bytes *last = &writer->last;
	size_t known = 0, i = 0;

	while (i < length && i < last->length &&
	       (uint8_t)path[i] == last->data[i]) {
		i++;
		if (path[i - 1] == '/')
			known = i;
	}
	if (last->length == 0 || i < last->length || i == length ||
	    path[i] != '/')
		return known;
	return writer->last_type == MANIFEST_FOLDER ? i + 1 : SIZE_MAX;
}

static int
check_place(const struct manifest_writer *writer,
    const struct manifest_entry *entry, struct error *err)
{
	const struct bytes *last = &writer->last;
	size_t known;

	if (last->length > 0 &&
	    manifest_compare_paths((const char *)last->data, last->length,
		entry->path, entry->path_length) >= 0)
		return refuse(err, _("an entry out of order"));
	known = known_length(writer, entry->path, entry->path_length);
	if (known == SIZE_MAX)
		return refuse(err, _("an entry below one that is no folder"));
	if (!writer->header.is_members &&
	    memchr(entry->path + known, '/', entry->path_length - known) !=
		NULL)
		return refuse(err, _("an entry without its folder"));
	return 0;
}

/* A slice is open for the entry afterwards. */
static int
make_room(struct manifest_writer *writer, uint64_t bytes, struct error *err)
{
	const struct manifest_slice *slice = &writer->slice;
	const struct manifest_start start = {0};

	if (writer->start.inside_file)
		return 0;
	if (writer->has_slice &&
	    (slice->entries >= MANIFEST_SLICE_ENTRIES_MAX ||
		writer->slice_text_bytes >= MANIFEST_SLICE_TEXT_BYTES_MAX ||
		(slice->bytes > 0 &&
		    (slice->bytes > writer->header.slice_bytes ||
			bytes > writer->header.slice_bytes - slice->bytes))) &&
	    end_slice(writer, err) != 0)
		return -1;
	return writer->has_slice ? 0 : begin_slice(writer, &start, err);
}

static void
count(struct manifest_writer *writer, const struct manifest_entry *entry)
{
	writer->slice.entries++;
	writer->slice.bytes += manifest_rules_bytes(&writer->start, entry);
	writer->totals.entries++;
	if (entry->type == MANIFEST_FILE)
		writer->totals.files++;
	if (entry->unread != NULL) {
		writer->totals.unread++;
		writer->totals.has_content = false;
	} else if (entry->type == MANIFEST_FILE) {
		content_add_file(&writer->content, entry->path,
		    entry->path_length, entry->size, entry->digest);
	} else if (entry->type == MANIFEST_LINK) {
		content_add_link(&writer->content, entry->path,
		    entry->path_length, entry->link, entry->link_length);
	}
}

/* An entry that was checked. */
static int
put_entry(struct manifest_writer *writer, const struct manifest_entry *entry,
    struct error *err)
{
	struct mtree_entry line = manifest_rules_to_line(entry);
	bool ends_file = writer->start.inside_file;

	if (make_room(
		writer, manifest_rules_bytes(&writer->start, entry), err) != 0)
		return -1;
	if (entry->unread != NULL)
		bytes_append_format(&writer->line,
		    MANIFEST_UNREAD_PREFIX "%s\n", entry->unread);
	if (mtree_append_entry(&writer->line, &line, err) != 0 ||
	    put_line(writer, err) != 0)
		return -1;
	count(writer, entry);
	bytes_clear(&writer->last);
	bytes_append(&writer->last, entry->path, entry->path_length);
	writer->last_type = entry->type;
	if (bytes_check(&writer->last, err) != 0)
		return -1;
	return ends_file ? end_slice(writer, err) : 0;
}

/* Lines for the folders above an archive's member that have none. */
static int
put_parents(struct manifest_writer *writer, const char *path, size_t length,
    struct error *err)
{
	size_t known = known_length(writer, path, length);

	for (size_t i = known; i < length; i++) {
		struct manifest_entry parent = {
		    .path = path, .path_length = i, .type = MANIFEST_FOLDER};

		if (path[i] == '/' && put_entry(writer, &parent, err) != 0)
			return -1;
	}
	return 0;
}

int
manifest_writer_add(struct manifest_writer *writer,
    const struct manifest_entry *entry, struct error *err)
{
	struct mtree_entry line = manifest_rules_to_line(entry);

	if (!mtree_is_entry(&line))
		return refuse(err, _("an entry that a manifest cannot hold"));
	if (manifest_rules_check(&writer->header, &writer->start, entry, err) !=
		0 ||
	    check_place(writer, entry, err) != 0)
		return -1;
	if (writer->header.is_members &&
	    put_parents(writer, entry->path, entry->path_length, err) != 0)
		return -1;
	return put_entry(writer, entry, err);
}

/* ---- the end ---- */

int
manifest_writer_finish(struct manifest_writer *writer,
    struct manifest_summary *ret_summary, struct error *err)
{
	struct manifest_summary summary = {0};

	if (writer->start.inside_file)
		return refuse(err, _("a large file without its entry"));
	if (end_slice(writer, err) != 0)
		return -1;
	if (content_final(&writer->content, writer->totals.content, NULL) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (!writer->totals.has_content)
		memset(
		    writer->totals.content, 0, sizeof(writer->totals.content));
	manifest_text_append_totals(&writer->totals, &writer->line);
	if (put_line(writer, err) != 0 ||
	    frame_writer_end(writer->frames, NULL, NULL, err) != 0 ||
	    frame_writer_finish(writer->frames, err) != 0)
		return -1;
	summary.totals = writer->totals;
	summary.stored_bytes = writer->stored_bytes;
	digest_sha256_final(&writer->sha256, summary.sha256);
	signature_prehash_final(&writer->prehash, summary.prehash);
	*ret_summary = summary;
	return 0;
}

uint64_t
manifest_writer_slices(const struct manifest_writer *writer)
{
	return writer->totals.slices;
}

const struct manifest_slice *
manifest_writer_slice(const struct manifest_writer *writer, uint64_t slice)
{
	assert(slice < writer->totals.slices);
	return &writer->slices[slice];
}
