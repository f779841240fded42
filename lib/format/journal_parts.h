/*
 * journal_parts: the files of one folder that together are a journal.
 *
 * Layer 2.  Uses: os/file, json.
 *
 * FORMATS section 11: `journal-N.txt` with entries from N (12 digits) on, and
 * last `journal.txt`, whose end is the checkpoint.  Read one after the other
 * they are a journal as a file.  A part that begins where journal.txt has
 * begun already is what a crash left, and is passed over.
 */
#ifndef HIKAE_FORMAT_JOURNAL_PARTS_H
#define HIKAE_FORMAT_JOURNAL_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define JOURNAL_PARTS_MAX 256
#define JOURNAL_PARTS_LAST "journal.txt"
#define JOURNAL_PARTS_FIRST_LINE "hikae journal 1"
/* "journal-000000000000.txt", with the NUL. */
#define JOURNAL_PARTS_NAME_BYTES 25

struct journal_parts {
	int fds[JOURNAL_PARTS_MAX];
	size_t count;	/* the last is journal.txt */
	uint64_t first; /* entry of journal.txt */
};

/*
 * Open them.  ERROR_NOT_FOUND: there is no journal.txt; ERROR_INPUT: its
 * beginning is not that of one; ERROR_LIMIT: more parts.  Links are not
 * followed.  To be closed, also after an error.
 */
int journal_parts_open(int folder_fd, struct journal_parts *ret_parts,
    struct error *err) ERROR_CHECKED;
void journal_parts_close(struct journal_parts *parts);

/* The name of the part that begins with an entry. */
void journal_parts_name(
    uint64_t first, char ret_name[JOURNAL_PARTS_NAME_BYTES]);

/* Whether a name is that of a part, and with which entry it begins. */
bool journal_parts_parse(const char *name, uint64_t *ret_first);

#endif
