/* What lies in a witness's folder: hostile bytes, read line by line. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/lines.h"
#include "lib/worker/witness_internal.h"

/* As the journal's own (store/journal.h). */
#define LEAF_BYTES_MAX (16 * 1024 * 1024)
/* Between two signs of life. */
#define PROGRESS_BYTES ((uint64_t)4 << 20)

void
witness_found_done(struct witness_found *found)
{
	bytes_done(&found->note);
	bytes_done(&found->token);
}

static int
take_entry(struct witness_found *found, struct merkle_edge *edge,
    const uint8_t *leaf, size_t length, struct error *err)
{
	const struct merkle_nodes nodes = merkle_edge_nodes(edge);
	uint8_t hash[MERKLE_HASH_BYTES];

	merkle_leaf_hash(leaf, length, hash);
	if (merkle_append(&nodes, found->entries, hash, err) != 0)
		return -1;
	found->entries++;
	return 0;
}

/* Up to the empty line: 1; 0 where there is none. */
static int
read_entries(struct lines *lines, const struct examine_events *events,
    struct witness_found *found, struct error *err)
{
	struct merkle_edge edge = {0};
	const struct merkle_nodes nodes = merkle_edge_nodes(&edge);
	const uint8_t *line = NULL;
	size_t length = 0;
	uint64_t told = 0;
	int rc;

	while ((rc = lines_next(lines, LEAF_BYTES_MAX, &line, &length, err)) ==
		   1 &&
	       length > 0) {
		if (take_entry(found, &edge, line, length, err) != 0)
			return -1;
		if (lines->consumed - told < PROGRESS_BYTES)
			continue;
		told = lines->consumed;
		if (events->progress(
			events->context, told, found->entries, err) != 0)
			return -1;
	}
	if (rc < 0 ||
	    merkle_root(&nodes, found->entries, found->root, err) != 0)
		return -1;
	found->last_bytes = lines->consumed - (rc == 1);
	return rc;
}

static int
read_journal(struct lines *lines, bool has_first,
    const struct examine_events *events, struct witness_found *found,
    struct error *err)
{
	const uint8_t *text = NULL;
	size_t length = 0;
	int rc = 1;

	found->state = REPLY_WITNESS_MALFORMED;
	if (has_first)
		rc = lines_next(lines, LEAF_BYTES_MAX, &text, &length, err);
	if (rc < 0)
		return -1;
	if (rc == 0 ||
	    (has_first &&
		(length != strlen(JOURNAL_PARTS_FIRST_LINE) ||
		    memcmp(text, JOURNAL_PARTS_FIRST_LINE, length) != 0)))
		return 0;
	rc = read_entries(lines, events, found, err);
	if (rc == 1)
		rc = lines_rest(lines, WITNESS_NOTE_BYTES, &text, &length, err);
	if (rc < 0)
		return -1;
	if (rc == 0 || length == 0)
		return 0;
	bytes_append(&found->note, text, length);
	found->state = REPLY_WITNESS_FOUND;
	return bytes_check(&found->note, err);
}

/* No token, and one that is too long to be one, are no token. */
static int
read_token(int folder_fd, struct witness_found *found, struct error *err)
{
	struct error why = {0};
	int fd, rc;

	if (file_open_below(folder_fd, JOB_WITNESS_TOKEN, O_RDONLY | O_NOATIME,
		&fd, &why) != 0)
		return 0;
	rc = file_read_whole(fd, WITNESS_TOKEN_BYTES, &found->token, &why);
	(void)close(fd);
	if (rc == 0 || why.code == ERROR_LIMIT)
		return 0;
	*err = why;
	return -1;
}

int
witness_read(int folder_fd, bool only_last, const struct examine_events *events,
    struct journal_parts *ret_parts, struct witness_found *found,
    struct error *err)
{
	struct lines lines = {0};
	struct error why = {0};
	int rc;

	*found = (struct witness_found){.state = REPLY_WITNESS_NONE};
	if (read_token(folder_fd, found, err) != 0)
		return -1;
	if (journal_parts_open(folder_fd, ret_parts, &why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		found->state = REPLY_WITNESS_MALFORMED;
		if (why.code == ERROR_INPUT || why.code == ERROR_LIMIT)
			return 0;
		*err = why;
		return -1;
	}
	lines.fds = ret_parts->fds;
	lines.fd_count = ret_parts->count;
	if (only_last) {
		lines.fds += ret_parts->count - 1;
		lines.fd_count = 1;
	}
	rc = read_journal(
	    &lines, !only_last || ret_parts->first == 0, events, found, err);
	lines_done(&lines);
	return rc;
}
