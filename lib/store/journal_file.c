/*
 * A journal as a file that stands alone (FORMATS section 4.2): a first line,
 * one leaf a line, an empty line, the checkpoint.  Leaves are canonical JSON
 * and so have no line feeds of their own.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
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

/* Bytes read and not yet consumed; consumed ones stand before `begin`. */
struct reader {
	int fd;
	struct bytes data;
	size_t begin;
	bool at_end;
};

static int
fill(struct reader *reader, struct error *err)
{
	uint8_t chunk[CHUNK_BYTES];
	ssize_t got;

	do
		got = read(reader->fd, chunk, sizeof(chunk));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set_errno(
		    err, errno, _("cannot read the journal's file"));
	reader->at_end = got == 0;
	if (reader->begin > 0) {
		size_t left = reader->data.length - reader->begin;

		if (reader->data.data != NULL)
			memmove(reader->data.data,
			    reader->data.data + reader->begin, left);
		reader->data.length = left;
		reader->begin = 0;
	}
	bytes_append(&reader->data, chunk, (size_t)got);
	return bytes_check(&reader->data, err);
}

/*
 * 1: a line, without its line feed; 0: none, or longer than any leaf; -1.  The
 * line is valid until the next call.
 */
static int
next_line(struct reader *reader, const uint8_t **ret_line, size_t *ret_length,
    struct error *err)
{
	size_t searched = 0;

	for (;;) {
		size_t left = reader->data.length - reader->begin;
		const uint8_t *line = (const uint8_t *)"", *end;

		if (reader->data.data != NULL)
			line = reader->data.data + reader->begin;
		end = memchr(line + searched, '\n', left - searched);

		if (end != NULL) {
			*ret_line = line;
			*ret_length = (size_t)(end - line);
			reader->begin += *ret_length + 1;
			return 1;
		}
		if (reader->at_end || left > JOURNAL_LEAF_BYTES_MAX)
			return 0;
		searched = left;
		if (fill(reader, err) != 0)
			return -1;
	}
}

static int
read_note(struct journal_check *check, struct reader *reader, struct error *err)
{
	while (!reader->at_end &&
	       reader->data.length - reader->begin <= NOTE_BYTES_MAX)
		if (fill(reader, err) != 0)
			return -1;
	if (!reader->at_end || reader->data.length == reader->begin) {
		journal_check_fault(check, JOURNAL_FORMAT, check->report->size);
		return 0;
	}
	return journal_check_note(check, reader->data.data + reader->begin,
	    reader->data.length - reader->begin, err);
}

static int
verify_file(
    struct journal_check *check, struct reader *reader, struct error *err)
{
	const uint8_t *line = NULL;
	size_t length = 0;
	int rc;

	if ((rc = next_line(reader, &line, &length, err)) < 0)
		return -1;
	if (rc == 0 || length != strlen(FIRST_LINE) ||
	    memcmp(line, FIRST_LINE, length) != 0)
		journal_check_fault(check, JOURNAL_FORMAT, 0);
	while (check->report->fault == JOURNAL_GOOD) {
		if ((rc = next_line(reader, &line, &length, err)) < 0)
			return -1;
		if (rc == 0)
			journal_check_fault(
			    check, JOURNAL_FORMAT, check->report->size);
		else if (length == 0)
			break;
		else if (journal_check_leaf(check, line, length, err) != 0)
			return -1;
	}
	if (check->report->fault == JOURNAL_GOOD &&
	    read_note(check, reader, err) != 0)
		return -1;
	return journal_check_end(check, err);
}

int
journal_verify_file(int fd, const struct signature_public *keys,
    size_t key_count, struct journal_report *ret_report, struct error *err)
{
	struct reader reader = {fd, BYTES_EMPTY, 0, false};
	struct journal_check check;
	struct error own;
	int rc;

	journal_check_begin(&check, ret_report);
	check.keys = keys;
	check.key_count = key_count;
	rc = verify_file(&check, &reader, err == NULL ? &own : err);
	bytes_done(&reader.data);
	return rc;
}
