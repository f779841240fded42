#include <string.h>

#include "lib/examine/look.h"
#include "lib/examine/parse_internal.h"

/* ---- its data ---- */

static void
digest_begin(struct parse *parse)
{
	if (parse->options->ahead != NULL)
		digest_ahead_init(parse->options->ahead);
	else
		digest_sha256_init(&parse->digest);
}

static void
digest_add(struct parse *parse, const void *data, size_t length)
{
	if (parse->options->ahead != NULL)
		digest_ahead_update(parse->options->ahead, data, length);
	else
		digest_sha256_update(&parse->digest, data, length);
}

static void
digest_add_zeros(struct parse *parse, uint64_t count)
{
	static const uint8_t zeros[64 * 1024];

	while (count > 0) {
		size_t n =
		    count < sizeof(zeros) ? (size_t)count : sizeof(zeros);

		digest_add(parse, zeros, n);
		count -= n;
	}
}

static void
digest_end(struct parse *parse, uint8_t ret_out[DIGEST_SHA256_BYTES])
{
	if (parse->options->ahead != NULL)
		digest_ahead_final(parse->options->ahead, ret_out);
	else
		digest_sha256_final(&parse->digest, ret_out);
}

/* ---- what it says of itself ---- */

/*
 * Whether its data comes with another name of the file, where it is looked
 * into: with the first, or in a cpio perhaps with the last (newc).
 */
static bool
may_lack_data(const struct parse *parse, const struct archive_member *member)
{
	return member->type == ARCHIVE_MEMBER_HARD_LINK ||
	       (parse->result.kind == ARCHIVE_KIND_CPIO && member->links > 1 &&
		   member->size == 0);
}

static int
inspect_begin_data(struct parse *parse, struct error *err)
{
	struct contents *contents = parse->options->contents;

	parse->is_inspecting = true;
	return contents == NULL ? 0
				: contents_begin(contents,
				      (const char *)parse->path.data, err);
}

static int
inspect_begin_member(
    struct parse *parse, bool only_with_data, struct error *err)
{
	parse->is_inspecting = false;
	bytes_append_u8(&parse->path, 0);
	if (bytes_check(&parse->path, err) != 0)
		return -1;
	parse->path.length--;
	return only_with_data ? 0 : inspect_begin_data(parse, err);
}

static int
inspect_data(
    struct parse *parse, const struct archive_block *block, struct error *err)
{
	struct contents *contents = parse->options->contents;

	if (contents == NULL || block->zeros + block->length == 0)
		return 0;
	if ((!parse->is_inspecting && inspect_begin_data(parse, err) != 0) ||
	    contents_push(contents, NULL, block->zeros, err) != 0)
		return -1;
	return block->length == 0
		   ? 0
		   : contents_push(contents, block->data, block->length, err);
}

static int
inspect_end_member(struct parse *parse, const struct archive_member *member,
    bool is_whole, struct error *err)
{
	struct contents *contents = parse->options->contents;
	const char *path = (const char *)parse->path.data;

	if (contents == NULL)
		return 0;
	if (parse->is_inspecting)
		return contents_end(contents, is_whole, err);
	/* Of the first name in a cpio nobody knows yet whether data comes. */
	if (is_whole && member->type == ARCHIVE_MEMBER_HARD_LINK)
		contents_note(contents, path);
	else
		contents_skip(contents, path);
	return 0;
}

/* A member that could not be decoded stands without a digest. */
static int
mark_unread(struct parse *parse, struct manifest_entry *entry,
    enum finding code, struct error *err)
{
	if (code == FINDING_ARCHIVE_DAMAGED)
		parse->is_damaged = true;
	else
		parse->is_partial = true;
	entry->unread = finding_name(code);
	return parse_report(parse, code, &parse->path, err);
}

static void
mark_opaque(struct parse *parse, struct manifest_entry *entry)
{
	parse->opaque_members++;
	entry->unread = finding_name(FINDING_ARCHIVE_OPAQUE);
}

/* Decode and digest one member.  MORE when the next can be asked for. */
static enum archive_step
digest_member(
    struct parse *parse, struct manifest_entry *entry, struct error *err)
{
	struct archive_block block;
	enum archive_step step;
	uint64_t size = 0;

	digest_begin(parse);
	sample_begin(&parse->sample, entry->has_size ? entry->size : 0);
	do {
		step = archive_reader_data(parse->reader, &block, err);
		if (step == ARCHIVE_STEP_BAD || step == ARCHIVE_STEP_STOP)
			return step;
		if (parse_restore_data(parse, &block) != 0 ||
		    inspect_data(parse, &block, err) != 0)
			return ARCHIVE_STEP_STOP;
		digest_add_zeros(parse, block.zeros);
		digest_add(parse, block.data, block.length);
		sample_take(&parse->sample, NULL, (size_t)block.zeros);
		sample_take(&parse->sample, block.data, block.length);
		size += block.zeros + block.length;
		if (parse_report_progress(parse, err) != 0)
			return ARCHIVE_STEP_STOP;
	} while (step == ARCHIVE_STEP_MORE);
	digest_end(parse, entry->digest);
	entry->has_digest = true;
	entry->has_size = true;
	entry->size = size;
	return ARCHIVE_STEP_MORE;
}

/* ---- its name, and the rest ---- */

static enum manifest_type
type_of(enum archive_member_type type)
{
	switch (type) {
	case ARCHIVE_MEMBER_FOLDER:
		return MANIFEST_FOLDER;
	case ARCHIVE_MEMBER_LINK:
		return MANIFEST_LINK;
	case ARCHIVE_MEMBER_FIFO:
		return MANIFEST_FIFO;
	case ARCHIVE_MEMBER_SOCKET:
		return MANIFEST_SOCKET;
	case ARCHIVE_MEMBER_CHAR:
		return MANIFEST_CHAR;
	case ARCHIVE_MEMBER_BLOCK:
		return MANIFEST_BLOCK;
	case ARCHIVE_MEMBER_FILE:
	case ARCHIVE_MEMBER_HARD_LINK:
		break;
	}
	return MANIFEST_FILE;
}

static enum member_name_form
form_of(const struct parse *parse, const struct archive_member *member)
{
	if (member->is_unicode || parse->result.kind == ARCHIVE_KIND_RAW)
		return MEMBER_NAME_UNICODE;
	return parse->result.kind == ARCHIVE_KIND_ZIP ? MEMBER_NAME_EITHER
						      : MEMBER_NAME_LOCAL;
}

/* The member's name as a path: in *out. */
static enum member_name_fit
take_name(struct parse *parse, const struct archive_member *member,
    const char *name, struct bytes *out)
{
	struct bytes decoded = BYTES_EMPTY;
	enum member_name_fit fit = MEMBER_NAME_UNUSABLE;

	bytes_clear(out);
	member_name_decode(
	    parse->options->charset, form_of(parse, member), name, &decoded);
	if (!decoded.failed)
		fit = member_name_clean(
		    (const char *)decoded.data, decoded.length, out);
	bytes_done(&decoded);
	return fit;
}

/* The target of a symbolic link: a text, not a path of this archive. */
static void
take_target(struct parse *parse, const struct archive_member *member,
    struct manifest_entry *entry)
{
	bytes_clear(&parse->target);
	if (member->target != NULL && member->target[0] != '\0')
		member_name_decode(parse->options->charset,
		    form_of(parse, member), member->target, &parse->target);
	if (parse->target.length > 0) {
		entry->link = (const char *)parse->target.data;
		entry->link_length = parse->target.length;
	}
}

static int
add_hard_link(struct parse *parse, const struct archive_member *member,
    struct manifest_entry *entry, struct error *err)
{
	enum member_name_fit fit =
	    take_name(parse, member, member->target, &parse->target);

	/* No data of its own: nothing but the name is stored. */
	if (entry->has_digest && entry->size == 0)
		entry->has_digest = false;
	if (!entry->has_digest && fit != MEMBER_NAME_ROOT &&
	    fit != MEMBER_NAME_UNUSABLE &&
	    parse_restore_hard_link(parse, err) != 0)
		return -1;
	if (fit == MEMBER_NAME_PLAIN || fit == MEMBER_NAME_CUT)
		return members_add_hard_link(parse->members, entry,
		    (const char *)parse->target.data, parse->target.length,
		    err);
	if (mark_unread(parse, entry, FINDING_MEMBER_UNREADABLE, err) != 0)
		return -1;
	return members_add(parse->members, entry, err);
}

static int
add_member(struct parse *parse, const struct archive_member *member,
    struct manifest_entry *entry, struct error *err)
{
	if (member->type == ARCHIVE_MEMBER_HARD_LINK && entry->unread == NULL)
		return add_hard_link(parse, member, entry, err);
	if (entry->has_digest) {
		/* Of nothing there is nothing to encrypt. */
		parse->digested += entry->size > 0 ? 1 : 0;
		parse->result.files++;
		parse->result.bytes += entry->size;
	}
	return members_add(parse->members, entry, err);
}

/* What the header tells, without name and data. */
static struct manifest_entry
entry_of(const struct archive_member *member)
{
	return (struct manifest_entry){
	    .type = type_of(member->type),
	    .has_size =
		member->has_size && type_of(member->type) == MANIFEST_FILE,
	    .size = type_of(member->type) == MANIFEST_FILE ? member->size : 0,
	    .has_time = member->has_time,
	    .time_seconds = member->time_seconds,
	    .time_nanoseconds = member->time_nanoseconds,
	    .has_mode = member->has_mode,
	    .mode = member->mode,
	};
}

/* Its name: 1 it has one, 0 it is none that a manifest could hold, -1. */
static int
name_member(struct parse *parse, const struct archive_member *member,
    struct manifest_entry *entry, struct error *err)
{
	enum member_name_fit fit =
	    take_name(parse, member, member->path, &parse->path);

	if (fit == MEMBER_NAME_ROOT && member->type == ARCHIVE_MEMBER_FOLDER)
		return 0;
	if (fit != MEMBER_NAME_PLAIN &&
	    parse_report(parse, FINDING_ARCHIVE_NAMES,
		fit == MEMBER_NAME_CUT ? &parse->path : NULL, err) != 0)
		return -1;
	if (fit == MEMBER_NAME_ROOT || fit == MEMBER_NAME_UNUSABLE) {
		parse->is_partial = true;
		parse->is_cut = true;
		return 0;
	}
	entry->path = (const char *)parse->path.data;
	entry->path_length = parse->path.length;
	return 1;
}

/* What the member's data looks like; a hard link's was seen already. */
static void
look(struct parse *parse, const struct archive_member *member)
{
	const char *path = (const char *)parse->path.data;
	const char *slash = memrchr(path, '/', parse->path.length);
	const char *name = slash != NULL ? slash + 1 : path;

	if (member->type != ARCHIVE_MEMBER_HARD_LINK)
		(void)look_at(&parse->result.survey, name,
		    parse->path.length - (size_t)(name - path), &parse->sample);
}

/* Its data, where it has some.  1 go on, 0 the archive stops here, -1. */
static int
read_member(struct parse *parse, const struct archive_member *member,
    struct manifest_entry *entry, struct error *err)
{
	struct error why = {0};
	enum archive_step step;

	if (member->is_encrypted) {
		sealing_count(&parse->result.survey.sealing, SEALING_SEALED, 1);
		mark_opaque(parse, entry);
		if (inspect_begin_member(parse, false, err) != 0 ||
		    inspect_end_member(parse, member, false, err) != 0)
			return -1;
		return 1;
	}
	if (inspect_begin_member(parse, may_lack_data(parse, member), err) != 0)
		return -1;
	parse_restore_begin(parse, member->type == ARCHIVE_MEMBER_HARD_LINK);
	step = digest_member(parse, entry, &why);
	/* A doubtful header's data is not worth being restored. */
	if (parse_restore_end(parse,
		step == ARCHIVE_STEP_MORE && !member->is_doubtful, err) != 0 ||
	    inspect_end_member(parse, member,
		step == ARCHIVE_STEP_MORE && !member->is_doubtful, err) != 0)
		return -1;
	if (step == ARCHIVE_STEP_MORE) {
		look(parse, member);
		return 1;
	}
	if (step == ARCHIVE_STEP_STOP)
		return parse_report_stop(parse, &parse->path, &why, err);
	return mark_unread(parse, entry,
		   why.code == ERROR_INPUT ? FINDING_ARCHIVE_DAMAGED
					   : FINDING_MEMBER_UNREADABLE,
		   err) == 0
		   ? 1
		   : -1;
}

int
parse_member(
    struct parse *parse, const struct archive_member *member, struct error *err)
{
	struct manifest_entry entry = entry_of(member);
	int named = name_member(parse, member, &entry, err);
	int more = 1;

	if (named <= 0)
		return named < 0 ? -1 : 1;
	if (entry.type == MANIFEST_FILE)
		more = read_member(parse, member, &entry, err);
	if (more <= 0)
		return more;
	/* What libarchive takes for the target then is noise. */
	if (entry.type == MANIFEST_LINK && member->is_encrypted) {
		mark_opaque(parse, &entry);
	} else if (entry.type == MANIFEST_LINK) {
		take_target(parse, member, &entry);
		if (entry.link == NULL)
			entry.unread = "member-unreadable";
	}
	if (member->is_doubtful && entry.unread == NULL) {
		entry.has_digest = false;
		entry.link = NULL;
		if (mark_unread(
			parse, &entry, FINDING_MEMBER_UNREADABLE, err) != 0)
			return -1;
	}
	if (parse_restore_entry(parse, &entry, err) != 0)
		return -1;
	return add_member(parse, member, &entry, err) == 0 ? 1 : -1;
}
