/* Which copies hold a file of that name, and whether it was found good. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/library.h"
#include "cli/option.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"
#include "lib/model/manifest_reader.h"
#include "lib/model/verdict.h"
#include "lib/store/query_slice.h"

struct find {
	struct cli *cli;
	struct library *library;
	const char *pattern;
	bool is_glob;
	struct print_table *table; /* or NULL with --json */
	json_t *list;
	uint64_t count;
	/* Of the copy that is looked through. */
	enum verdict *verdicts;
	size_t verdict_count;
};

static bool
matches(const struct find *find, const struct manifest_entry *entry)
{
	char *path;
	bool is_match;

	if (!find->is_glob)
		return memmem(entry->path, entry->path_length, find->pattern,
			   strlen(find->pattern)) != NULL;
	path = strndup(entry->path, entry->path_length);
	if (path == NULL)
		return false;
	is_match = fnmatch(find->pattern, path, 0) == 0;
	if (!is_match && strrchr(path, '/') != NULL)
		is_match =
		    fnmatch(find->pattern, strrchr(path, '/') + 1, 0) == 0;
	free(path);
	return is_match;
}

static int
take_verdict(const struct query_slice *row, void *context, struct error *err)
{
	struct find *find = context;
	enum verdict *verdicts;

	verdicts = reallocarray(
	    find->verdicts, find->verdict_count + 1, sizeof(*verdicts));
	if (verdicts == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	find->verdicts = verdicts;
	if (verdict_parse(row->verdict, &verdicts[find->verdict_count]) != 0)
		verdicts[find->verdict_count] = VERDICT_UNDETERMINED;
	find->verdict_count++;
	return 0;
}

/* Of the slice in which the entry stands; a member has its archive's. */
static enum verdict
verdict_of(
    const struct find *find, const struct library_copy *copy, uint64_t slice)
{
	enum verdict worst = VERDICT_INTACT;

	if (find->verdict_count == 0)
		return VERDICT_UNDETERMINED;
	if (!copy->has_members)
		return slice < find->verdict_count ? find->verdicts[slice]
						   : VERDICT_UNDETERMINED;
	for (size_t i = 0; i < find->verdict_count; i++)
		worst = verdict_worse(worst, find->verdicts[i]);
	return worst;
}

static enum print_mark
mark_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_INTACT:
		return PRINT_GOOD;
	case VERDICT_DAMAGED:
		return PRINT_BAD;
	case VERDICT_UNDETERMINED:
		break;
	}
	return PRINT_UNKNOWN;
}

static int
add_json(struct find *find, const struct library_copy *copy,
    const struct manifest_entry *entry, enum verdict verdict, struct error *err)
{
	json_t *row = json_pack("{s:s, s:s, s:I, s:o, s:o, s:I, s:s}",
	    "generation", copy->generation, "medium", copy->medium, "copy",
	    (json_int_t)copy->id, "path",
	    json_of_bytes(entry->path, entry->path_length), "size",
	    json_of_u64(entry->size), "modified_at",
	    (json_int_t)entry->time_seconds * 1000, "verdict",
	    verdict_name(verdict));

	if (json_array_append_new(find->list, row) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
add_row(struct find *find, const struct library_copy *copy,
    const struct manifest_entry *entry, enum verdict verdict, struct error *err)
{
	char size[QUANTITY_TEXT_BYTES], date[DATE_TEXT_BYTES];
	struct bytes path = BYTES_EMPTY;
	int rc;

	if (find->list != NULL)
		return add_json(find, copy, entry, verdict, err);
	text_append_escaped(&path, entry->path, entry->path_length);
	bytes_append_u8(&path, 0);
	rc = bytes_check(&path, err);
	if (rc == 0) {
		print_table_add_mark(find->table, mark_of(verdict));
		print_table_add(find->table, copy->generation);
		print_table_add(find->table, copy->medium);
		print_table_add(
		    find->table, quantity_describe_size(entry->size, size));
		print_table_add(find->table,
		    date_format_plain(entry->time_seconds * 1000, date));
		print_table_add(find->table, (const char *)path.data);
	}
	bytes_done(&path);
	return rc;
}

static int
search(struct find *find, const struct library_copy *copy, int fd,
    struct error *err)
{
	struct manifest_reader *reader = manifest_reader_new(fd, err);
	struct manifest_entry entry;
	int more = -1;

	if (reader == NULL)
		return -1;
	while ((more = manifest_reader_next(reader, &entry, err)) == 1) {
		if (entry.type == MANIFEST_FOLDER || !matches(find, &entry))
			continue;
		find->count++;
		if (add_row(find, copy, &entry,
			verdict_of(find, copy, manifest_reader_slice(reader)),
			err) != 0) {
			more = -1;
			break;
		}
	}
	manifest_reader_free(reader);
	return more;
}

static int
look_through(void *context, const struct library_copy *copy, struct error *err)
{
	struct find *find = context;
	int fd = -1, rc;

	find->verdict_count = 0;
	if (query_slices(find->library->catalog, CATALOG_NOW, copy->manifest,
		take_verdict, find, err) != 0 ||
	    library_open_manifest(find->library, copy, &fd, err) != 0)
		return -1;
	rc = search(find, copy, fd, err);
	(void)close(fd);
	return rc;
}

static int
print_found(struct find *find, int *ret_status, struct error *err)
{
	struct print_table *table = find->table;

	*ret_status = find->count > 0 ? CLI_GOOD : CLI_WARNING;
	if (find->list != NULL)
		return print_json(&find->cli->print, find->list, err);
	find->table = NULL;
	if (find->count > 0)
		return print_table_finish(&find->cli->print, table, err);
	print_table_free(table);
	(void)fprintf(find->cli->print.out, "%s\n",
	    _("No captured copy holds a file of that name."));
	return 0;
}

static int
find_all(struct find *find, const char *system, const char *medium,
    int *ret_status, struct error *err)
{
	struct print_column columns[] = {
	    {.heading = ""},
	    {.heading = _("Generation")},
	    {.heading = _("Medium")},
	    {.heading = _("Size"), .is_right = true},
	    {.heading = _("Modified")},
	    {.heading = _("Name"), .is_cut = false},
	};

	if (find->cli->is_json)
		find->list = json_array();
	else
		find->table = print_table_new(
		    columns, sizeof(columns) / sizeof(columns[0]));
	if (library_each(
		find->library, system, medium, look_through, find, err) != 0)
		return -1;
	return print_found(find, ret_status, err);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *system = NULL, *medium = NULL;
	const struct option_spec options[] = {
	    {.name = "system", .text = &system},
	    {.name = "medium", .text = &medium},
	    {.name = NULL},
	};
	struct library library;
	struct find find = {.cli = cli, .library = &library};
	struct error err = {0};
	int status = option_parse(cli, options, &argc, argv, 1, 1);

	if (status != 0)
		return status;
	find.pattern = argv[0];
	find.is_glob = strpbrk(argv[0], "*?[") != NULL;
	if (library_open(cli, &library, &err) != 0 ||
	    find_all(&find, system, medium, &status, &err) != 0)
		status = cli_fail(cli, &err);
	print_table_free(find.table);
	json_decref(find.list);
	free(find.verdicts);
	library_close(&library);
	return status;
}

const struct command cmd_find_table[] = {
    {
	.name = "find",
	.summary = N_("find a file in all captured copies"),
	.usage = "[--system ID] [--medium ID] NAME",
	.help = N_("NAME is a part of the path, or a pattern with * ? [].\n"
		   "The mark says whether the place was intact when it was "
		   "last read, so the newest good version can be chosen.\n"
		   "Exit status 1 when nothing was found."),
	.run = run,
    },
    {.name = NULL},
};
