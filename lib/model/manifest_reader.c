#include "lib/model/manifest_reader.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/format/frame.h"
#include "lib/model/manifest_lines.h"
#include "lib/model/manifest_rules.h"
#include "lib/model/manifest_text.h"

/* A slice ends with the entry that reaches its limit; an entry is a line, or
 * two with a short one. */
#define FRAME_BYTES_MAX \
	(MANIFEST_SLICE_TEXT_BYTES_MAX + 2 * (uint64_t)MTREE_LINE_BYTES_MAX)

/* What came next in the text. */
enum step {
	STEP_ERROR = -1,
	STEP_END,
	STEP_ENTRY,
	STEP_SLICE,
};

/* What manifest_reader_partial found out about a large file, for the next
 * slice of the same file. */
struct known_file {
	struct manifest_entry entry;
	struct bytes path;
	char unread[MANIFEST_UNREAD_BYTES];
	uint64_t first, last; /* slices; first > last: nothing is known */
};

struct manifest_reader {
	struct frame_reader *frames;
	struct manifest_header header;
	struct manifest_totals totals;

	struct manifest_lines lines;

	/* The slice whose first line was read last. */
	size_t frame;	   /* slice + 1; 0: none since the reader was moved */
	size_t next_frame; /* that must follow */
	struct manifest_start start;
	bool has_entry; /* in that slice */

	struct bytes scratch; /* of the last entry */
	struct bytes last;    /* its path; empty: none */
	char unread[MANIFEST_UNREAD_BYTES];

	/* Counted since the first entry; only then compared at the end. */
	bool is_whole;
	struct manifest_totals counted;
	struct known_file known;
};

static int
bad(struct error *err, const char *why)
{
	return error_set(err, ERROR_INPUT, "%s", why);
}

/* The next line is the first of a slice, or of the totals. */
static void
go_to_frame(struct manifest_reader *reader, size_t frame)
{
	manifest_lines_seek(&reader->lines, frame);
	reader->frame = 0;
	reader->next_frame = frame;
	reader->has_entry = false;
	reader->unread[0] = '\0';
	bytes_clear(&reader->last);
}

/* ---- the first and the last frame ---- */

static int
read_ends(struct manifest_reader *reader, struct error *err)
{
	struct manifest_lines *lines = &reader->lines;
	size_t frames = frame_reader_count(reader->frames);

	if (frames < 2)
		return bad(err, _("not a manifest: too few frames"));
	if (manifest_lines_take_frame(lines, 0, err) != 0 ||
	    manifest_text_parse_header(
		lines->chunk, lines->chunk_length, &reader->header, err) != 0)
		return -1;
	if (manifest_lines_take_frame(lines, frames - 1, err) != 0 ||
	    manifest_text_parse_totals(
		lines->chunk, lines->chunk_length, &reader->totals, err) != 0)
		return -1;
	if (reader->totals.slices != frames - 2)
		return bad(err, _("the manifest lacks slices"));
	return 0;
}

struct manifest_reader *
manifest_reader_new(int fd, struct error *err)
{
	struct manifest_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL) {
		error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	reader->known.first = 1;
	reader->frames = frame_reader_new(fd, FRAME_BYTES_MAX, err);
	reader->lines.frames = reader->frames;
	if (reader->frames == NULL || read_ends(reader, err) != 0) {
		manifest_reader_free(reader);
		return NULL;
	}
	go_to_frame(reader, 1);
	reader->is_whole = true;
	return reader;
}

void
manifest_reader_free(struct manifest_reader *reader)
{
	if (reader == NULL)
		return;
	frame_reader_free(reader->frames);
	manifest_lines_done(&reader->lines);
	bytes_done(&reader->scratch);
	bytes_done(&reader->last);
	bytes_done(&reader->known.path);
	free(reader);
}

const struct manifest_header *
manifest_reader_header(const struct manifest_reader *reader)
{
	return &reader->header;
}

const struct manifest_totals *
manifest_reader_totals(const struct manifest_reader *reader)
{
	return &reader->totals;
}

uint64_t
manifest_reader_slice(const struct manifest_reader *reader)
{
	return reader->frame > 0 ? reader->frame - 1 : 0;
}

/* ---- slices and entries ---- */

/* Whether the slice read last is a part of a file that goes on. */
static bool
goes_on(const struct manifest_reader *reader)
{
	return reader->frame > 0 && reader->start.inside_file &&
	       !reader->has_entry;
}

/* Whether a slice may begin so: a part of a file goes on where the part before
 * it ended, every file from 0, and an archive's member is never cut. */
static bool
is_good_start(
    const struct manifest_reader *reader, const struct manifest_start *start)
{
	/* After a seek it is not known what was before, but for the first. */
	bool is_sought = reader->frame == 0 && reader->next_frame > 1;
	uint64_t slice_bytes = reader->header.slice_bytes;
	uint64_t expected = 0;

	if (!start->inside_file)
		return !goes_on(reader);
	if (goes_on(reader) && __builtin_add_overflow(reader->start.offset,
				   slice_bytes, &expected))
		return false;
	if (reader->header.is_members || start->offset % slice_bytes != 0 ||
	    (!is_sought && start->offset != expected))
		return false;
	return start->offset > 0 || memcmp(start->state, digest_sha256_initial,
					sizeof(start->state)) == 0;
}

/* Use the first line of a slice. */
static int
enter_slice(struct manifest_reader *reader, struct error *err)
{
	struct manifest_start start;

	if (reader->lines.frame != reader->next_frame)
		return bad(err, _("a slice of the manifest is empty"));
	if (manifest_text_parse_slice(reader->lines.line, reader->lines.length,
		reader->lines.frame - 1, &start, err) != 0)
		return -1;
	if (reader->unread[0] != '\0')
		return bad(err, _("a slice of the manifest ends wrongly"));
	if (!is_good_start(reader, &start))
		return bad(err, _("a slice of the manifest begins wrongly"));
	if (goes_on(reader))
		reader->counted.bytes += reader->header.slice_bytes;
	manifest_lines_use(&reader->lines);
	reader->frame = reader->lines.frame;
	reader->next_frame = reader->frame + 1;
	reader->start = start;
	reader->has_entry = false;
	return 0;
}

static int
check_entry(const struct manifest_reader *reader,
    const struct manifest_entry *entry, struct error *err)
{
	const struct bytes *last = &reader->last;

	if (manifest_rules_check(&reader->header, &reader->start, entry, err) !=
	    0)
		return -1;
	if (reader->start.inside_file && reader->has_entry)
		return bad(err, _("a file that its slices do not fit"));
	if (last->length > 0 &&
	    manifest_compare_paths((const char *)last->data, last->length,
		entry->path, entry->path_length) >= 0)
		return bad(err, _("an entry out of order"));
	return 0;
}

static void
count(struct manifest_reader *reader, const struct manifest_entry *entry)
{
	reader->counted.entries++;
	if (entry->type == MANIFEST_FILE)
		reader->counted.files++;
	if (entry->unread != NULL)
		reader->counted.unread++;
	reader->counted.bytes += manifest_rules_bytes(&reader->start, entry);
}

/* Use the line of an entry. */
static int
take_entry(struct manifest_reader *reader, struct manifest_entry *ret_entry,
    struct error *err)
{
	struct mtree_entry line;
	struct manifest_entry entry;

	manifest_lines_use(&reader->lines);
	if (mtree_parse_line(reader->lines.line, reader->lines.length,
		&reader->scratch, &line, err) != 0)
		return -1;
	entry = manifest_rules_of_line(&line);
	entry.unread = reader->unread[0] != '\0' ? reader->unread : NULL;
	if (check_entry(reader, &entry, err) != 0)
		return -1;
	bytes_clear(&reader->last);
	bytes_append(&reader->last, entry.path, entry.path_length);
	if (bytes_check(&reader->last, err) != 0)
		return -1;
	reader->has_entry = true;
	count(reader, &entry);
	*ret_entry = entry;
	return 0;
}

/* Use the line of an unread code, which is for the entry after it. */
static int
take_unread(struct manifest_reader *reader, struct error *err)
{
	const size_t prefix = strlen(MANIFEST_UNREAD_PREFIX);
	const char *code = reader->lines.line + prefix;
	size_t length = reader->lines.length - prefix;

	if (reader->unread[0] != '\0' || !manifest_text_is_code(code, length))
		return bad(err, _("not a code for what was unread"));
	memcpy(reader->unread, code, length);
	reader->unread[length] = '\0';
	manifest_lines_use(&reader->lines);
	return 0;
}

static bool
is_unread_line(const struct manifest_reader *reader)
{
	size_t prefix = strlen(MANIFEST_UNREAD_PREFIX);

	return reader->lines.length > prefix &&
	       memcmp(reader->lines.line, MANIFEST_UNREAD_PREFIX, prefix) == 0;
}

/* Whether the line looked at stands behind the last slice. */
static bool
is_behind_slices(const struct manifest_reader *reader)
{
	return reader->lines.frame > reader->totals.slices;
}

static int
check_totals(const struct manifest_reader *reader, struct error *err)
{
	const struct manifest_totals *a = &reader->totals;
	const struct manifest_totals *b = &reader->counted;

	if (goes_on(reader) || reader->unread[0] != '\0')
		return bad(err, _("a slice of the manifest ends wrongly"));
	if (reader->frame != reader->totals.slices)
		return bad(err, _("the manifest lacks slices"));
	if (!reader->is_whole)
		return 0;
	if (a->entries != b->entries || a->files != b->files ||
	    a->bytes != b->bytes || a->unread != b->unread)
		return bad(err, _("the manifest's totals do not agree"));
	return 0;
}

/* The next entry or beginning of a slice. */
static enum step
advance(struct manifest_reader *reader, struct manifest_entry *ret_entry,
    struct error *err)
{
	for (;;) {
		int rc = manifest_lines_look(&reader->lines, err);

		if (rc < 0)
			return STEP_ERROR;
		if (rc == 0 || is_behind_slices(reader))
			return check_totals(reader, err) == 0 ? STEP_END
							      : STEP_ERROR;
		if (reader->lines.frame != reader->frame)
			return enter_slice(reader, err) == 0 ? STEP_SLICE
							     : STEP_ERROR;
		if (!is_unread_line(reader))
			return take_entry(reader, ret_entry, err) == 0
				   ? STEP_ENTRY
				   : STEP_ERROR;
		if (take_unread(reader, err) != 0)
			return STEP_ERROR;
	}
}

int
manifest_reader_next(struct manifest_reader *reader,
    struct manifest_entry *ret_entry, struct error *err)
{
	enum step step;

	/* The code of the last entry was the caller's until now. */
	if (reader->has_entry)
		reader->unread[0] = '\0';
	do
		step = advance(reader, ret_entry, err);
	while (step == STEP_SLICE);
	return (int)step;
}

int
manifest_reader_next_in_slice(struct manifest_reader *reader,
    struct manifest_entry *ret_entry, struct error *err)
{
	int rc;

	if (reader->has_entry)
		reader->unread[0] = '\0';
	rc = manifest_lines_look(&reader->lines, err);
	if (rc <= 0)
		return rc;
	if (reader->lines.frame != reader->frame)
		return 0;
	return (int)advance(reader, ret_entry, err);
}

int
manifest_reader_seek(struct manifest_reader *reader, uint64_t slice,
    struct manifest_start *ret_start, struct error *err)
{
	struct manifest_entry entry;
	enum step step;

	if (slice >= reader->totals.slices)
		return error_set(
		    err, ERROR_NOT_FOUND, _("the manifest has no such slice"));
	go_to_frame(reader, (size_t)slice + 1);
	reader->is_whole = slice == 0;
	reader->counted = (struct manifest_totals){0};
	step = advance(reader, &entry, err);
	if (step == STEP_ERROR)
		return -1;
	if (step != STEP_SLICE || reader->frame != slice + 1)
		return bad(err, _("a slice of the manifest is empty"));
	*ret_start = reader->start;
	return 0;
}

/* ---- a part of a large file ---- */

static int
remember_file(struct manifest_reader *reader, uint64_t first,
    const struct manifest_entry *entry, struct error *err)
{
	struct known_file *known = &reader->known;

	bytes_clear(&known->path);
	bytes_append(&known->path, entry->path, entry->path_length);
	if (bytes_check(&known->path, err) != 0)
		return -1;
	memcpy(known->unread, reader->unread, sizeof(known->unread));
	known->entry = *entry;
	known->entry.path = (const char *)known->path.data;
	if (entry->unread != NULL)
		known->entry.unread = known->unread;
	known->first = first;
	known->last = manifest_reader_slice(reader);
	return 0;
}

/* From a slice inside a file, read on to the file's line. */
static int
find_file(struct manifest_reader *reader, uint64_t slice, struct error *err)
{
	struct manifest_entry entry;
	enum step step;

	do
		step = advance(reader, &entry, err);
	while (step == STEP_SLICE);
	if (step == STEP_ERROR)
		return -1;
	if (step == STEP_END)
		return bad(err, _("a large file without its entry"));
	return remember_file(reader, slice, &entry, err);
}

int
manifest_reader_partial(struct manifest_reader *reader, uint64_t slice,
    struct manifest_partial *ret_partial, struct error *err)
{
	const struct known_file *known = &reader->known;
	struct manifest_partial partial = {0};
	struct manifest_start start, next;

	if (manifest_reader_seek(reader, slice, &start, err) != 0)
		return -1;
	if (!start.inside_file)
		return error_set(
		    err, ERROR_NOT_FOUND, _("the slice is not inside a file"));
	if ((slice < known->first || slice > known->last) &&
	    find_file(reader, slice, err) != 0)
		return -1;
	partial.file = known->entry;
	partial.from = start.offset;
	memcpy(partial.from_state, start.state, sizeof(start.state));
	if (slice < known->last) {
		if (manifest_reader_seek(reader, slice + 1, &next, err) != 0)
			return -1;
		partial.has_to_state = true;
		partial.to = next.offset;
		memcpy(partial.to_state, next.state, sizeof(next.state));
	} else {
		partial.to =
		    known->entry.has_digest ? known->entry.size : partial.from;
	}
	*ret_partial = partial;
	return 0;
}
