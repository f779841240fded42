/*
 * A journal as a file that stands alone (FORMATS section 4.2): a first line,
 * one leaf a line, an empty line, the checkpoint.  Leaves are canonical JSON
 * and so have no line feeds of their own.
 */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/lines.h"
#include "lib/store/journal_check.h"
#include "lib/store/store.h"

#define FIRST_LINE "hikae journal 1"
#define CHUNK_BYTES 65536

struct writer {
	int fd;
	struct bytes pending;
};

static int
flush(struct writer *writer, struct error *err)
{
	if (bytes_check(&writer->pending, err) != 0 ||
	    file_write_all(writer->fd, writer->pending.data,
		writer->pending.length, err) != 0)
		return -1;
	bytes_clear(&writer->pending);
	return 0;
}

static int
write_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct writer *writer = context;

	(void)seq;
	bytes_append(&writer->pending, leaf, length);
	bytes_append_u8(&writer->pending, '\n');
	return writer->pending.length < CHUNK_BYTES ? 0 : flush(writer, err);
}

static int export(struct catalog *catalog, struct writer *writer,
    struct bytes *note, struct error *err)
{
	struct sql_query *query = catalog->queries[STATEMENT_CHECKPOINT_LAST];
	const uint8_t *data;
	uint64_t size;
	size_t length;
	int rc;

	if (sql_bind(query, err, "") != 0 || (rc = sql_step(query, err)) < 0)
		return -1;
	if (rc == 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the journal has no signed checkpoint yet"));
	size = sql_u64(query, 0);
	data = sql_blob(query, 1, &length);
	bytes_append(note, data, length);
	sql_reset(query);
	bytes_append_text(&writer->pending, FIRST_LINE "\n");
	if (journal_each(catalog, 0, size, write_leaf, writer, err) != 0)
		return -1;
	bytes_append_u8(&writer->pending, '\n');
	if (bytes_check(note, err) != 0)
		return -1;
	bytes_append(&writer->pending, note->data, note->length);
	return flush(writer, err);
}

int
journal_export(struct catalog *catalog, int fd, struct error *err)
{
	struct writer writer = {fd, BYTES_EMPTY};
	struct bytes note = BYTES_EMPTY;
	int rc = export(catalog, &writer, &note, err);

	bytes_done(&writer.pending);
	bytes_done(&note);
	return rc;
}

static int
read_note(struct journal_check *check, struct lines *lines,
    struct bytes *ret_note, struct error *err)
{
	const uint8_t *note = NULL;
	size_t length = 0;
	int rc = lines_rest(lines, NOTE_BYTES_MAX, &note, &length, err);

	if (rc < 0)
		return -1;
	if (rc == 0 || length == 0) {
		journal_check_fault(check, JOURNAL_FORMAT, check->report->size);
		return 0;
	}
	if (journal_check_note(check, note, length, err) != 0)
		return -1;
	if (ret_note == NULL || check->report->fault != JOURNAL_GOOD)
		return 0;
	bytes_append(ret_note, note, length);
	return bytes_check(ret_note, err);
}

/* 1: the next leaf; 0: none, the leaves are over or the file is no journal. */
static int
next_leaf(struct journal_check *check, struct lines *lines,
    const uint8_t **ret_leaf, size_t *ret_length, struct error *err)
{
	int rc = lines_next(
	    lines, JOURNAL_LEAF_BYTES_MAX, ret_leaf, ret_length, err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		journal_check_fault(check, JOURNAL_FORMAT, check->report->size);
	return rc == 1 && *ret_length > 0 ? 1 : 0;
}

static int
verify_file(struct journal_check *check, struct lines *lines,
    const struct journal_files *files, struct error *err)
{
	const uint8_t *line = NULL;
	size_t length = 0;
	int rc;

	rc = lines_next(lines, JOURNAL_LEAF_BYTES_MAX, &line, &length, err);
	if (rc < 0)
		return -1;
	if (rc == 0 || length != strlen(FIRST_LINE) ||
	    memcmp(line, FIRST_LINE, length) != 0)
		journal_check_fault(check, JOURNAL_FORMAT, 0);
	while (check->report->fault == JOURNAL_GOOD) {
		uint64_t seq = check->report->size;

		rc = next_leaf(check, lines, &line, &length, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			break;
		if (journal_check_leaf(check, line, length, err) != 0 ||
		    (files->each != NULL &&
			check->report->fault == JOURNAL_GOOD &&
			files->each(seq, line, length, files->context, err) !=
			    0))
			return -1;
	}
	if (check->report->fault == JOURNAL_GOOD &&
	    read_note(check, lines, files->note, err) != 0)
		return -1;
	return journal_check_end(check, err);
}

int
journal_verify_files(const struct journal_files *files,
    const struct signature_public *keys, size_t key_count,
    struct journal_report *ret_report, struct error *err)
{
	struct lines lines = {.fds = files->fds, .fd_count = files->count};
	struct journal_check check;
	struct error own;
	int rc;

	journal_check_begin(&check, ret_report);
	check.keys = keys;
	check.key_count = key_count;
	rc = verify_file(&check, &lines, files, err == NULL ? &own : err);
	lines_done(&lines);
	return rc;
}

int
journal_verify_file(int fd, const struct signature_public *keys,
    size_t key_count, struct journal_report *ret_report, struct error *err)
{
	const struct journal_files files = {.fds = &fd, .count = 1};

	return journal_verify_files(&files, keys, key_count, ret_report, err);
}
