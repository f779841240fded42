/* Members that are decoded, written below a folder. */
#include "lib/examine/parse_internal.h"

/* The text with a NUL behind it; NULL without memory. */
static const char *
terminate(struct bytes *text, struct error *err)
{
	bytes_append_u8(text, 0);
	if (bytes_check(text, err) != 0)
		return NULL;
	text->length--;
	return (const char *)text->data;
}

static bool
is_selected(const struct parse *parse)
{
	return parse->options->restore != NULL &&
	       portion_has(&parse->options->portion,
		   (const char *)parse->path.data, parse->path.length);
}

static int
open_file(struct parse *parse)
{
	const char *path = terminate(&parse->path, &parse->restore_error);

	if (path == NULL || restore_file_begin(parse->options->restore, path,
				&parse->restore_error) != 0)
		return -1;
	parse->is_restoring = true;
	return 0;
}

void
parse_restore_begin(struct parse *parse, bool only_with_data)
{
	parse->is_restoring = false;
	parse->is_to_restore = is_selected(parse);
	if (parse->is_to_restore && !only_with_data)
		(void)!open_file(parse);
}

int
parse_restore_data(struct parse *parse, const struct archive_block *block)
{
	struct restore *restore = parse->options->restore;
	struct error *err = &parse->restore_error;

	if (!parse->is_to_restore || block->zeros + block->length == 0)
		return 0;
	if (err->code != ERROR_NONE ||
	    (!parse->is_restoring && open_file(parse) != 0) ||
	    restore_file_zeros(restore, block->zeros, err) != 0)
		return -1;
	return restore_file_write(restore, block->data, block->length, err);
}

int
parse_restore_end(struct parse *parse, bool is_good, struct error *err)
{
	if (parse->is_restoring && parse->restore_error.code == ERROR_NONE)
		(void)!restore_file_end(
		    parse->options->restore, is_good, &parse->restore_error);
	parse->is_restoring = false;
	if (parse->restore_error.code == ERROR_NONE)
		return 0;
	if (err != NULL)
		*err = parse->restore_error;
	return -1;
}

int
parse_restore_hard_link(struct parse *parse, struct error *err)
{
	const char *path, *target;

	if (!is_selected(parse))
		return 0;
	path = terminate(&parse->path, err);
	target = terminate(&parse->target, err);
	if (path == NULL || target == NULL)
		return -1;
	if (!portion_has(
		&parse->options->portion, target, parse->target.length)) {
		restore_leave_out(parse->options->restore);
		return 0;
	}
	return restore_again(parse->options->restore, path, target, err);
}

int
parse_restore_entry(
    struct parse *parse, const struct manifest_entry *entry, struct error *err)
{
	struct restore *restore = parse->options->restore;
	const char *path, *target;

	if (restore == NULL || entry->type == MANIFEST_FILE ||
	    entry->unread != NULL)
		return 0;
	path = terminate(&parse->path, err);
	if (path == NULL)
		return -1;
	if (entry->type == MANIFEST_FOLDER)
		return restore_folder(restore, path, err);
	if (entry->type != MANIFEST_LINK) {
		restore_refuse_special(restore);
		return 0;
	}
	target = terminate(&parse->target, err);
	if (target == NULL)
		return -1;
	return restore_link(restore, path, target, err);
}
