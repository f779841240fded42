/*
 * witness: whatever lies in a medium's witness folder, reading it ends well.
 *
 * The input is three files one after the other, each after its length in two
 * bytes: journal.txt, the part before it, medium.txt.  A length of 65535: there
 * is no such file.
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/worker/witness_internal.h"

#define NO_FILE 65535
#define PART_BEFORE "journal-000000000000.txt"

static char path[] = "/tmp/hikae-fuzz-XXXXXX";
static int folder_fd = -1;

static void
remove_folder(void)
{
	(void)unlinkat(folder_fd, JOURNAL_PARTS_LAST, 0);
	(void)unlinkat(folder_fd, PART_BEFORE, 0);
	(void)unlinkat(folder_fd, JOB_WITNESS_TOKEN, 0);
	(void)rmdir(path);
}

static void
make_folder(void)
{
	if (folder_fd >= 0)
		return;
	if (mkdtemp(path) == NULL)
		abort();
	folder_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0 || atexit(remove_folder) != 0)
		abort();
}

/* The next file of the input; what is left begins after it. */
static void
put_file(const char *name, const uint8_t **data, size_t *length)
{
	size_t size = NO_FILE;
	int fd;

	(void)unlinkat(folder_fd, name, 0);
	if (*length >= 2) {
		size = (size_t)(*data)[0] << 8 | (*data)[1];
		*data += 2;
		*length -= 2;
	}
	if (size == NO_FILE)
		return;
	size = size < *length ? size : *length;
	fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, *data, size) != (ssize_t)size || close(fd) != 0)
		abort();
	*data += size;
	*length -= size;
}

static int
on_progress(void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	(void)context;
	(void)bytes;
	(void)entries;
	(void)err;
	return 0;
}

/* What was taken apart is what its text says. */
static void
check_note(const struct bytes *note)
{
	struct note_signatures signatures;
	struct note_checkpoint checkpoint, again;
	struct bytes text = BYTES_EMPTY;

	if (note_parts_take_checkpoint((const char *)note->data, note->length,
		&checkpoint, &signatures, NULL) != 0)
		return;
	if (signatures.count > NOTE_SIGNATURES_MAX)
		abort();
	note_checkpoint_format(&checkpoint, &text);
	if (note_parts_parse_checkpoint(
		(const char *)text.data, text.length, &again) != 0 ||
	    again.size != checkpoint.size ||
	    strcmp(again.origin, checkpoint.origin) != 0 ||
	    memcmp(again.root, checkpoint.root, sizeof(again.root)) != 0)
		abort();
	bytes_done(&text);
}

static void
check_token(const struct bytes *token)
{
	struct note_signatures signatures;
	struct medium_token taken;
	struct bytes text = BYTES_EMPTY;

	if (medium_token_take((const char *)token->data, token->length, &taken,
		&signatures, NULL) != 0)
		return;
	medium_token_format(&taken, &text);
	if (signatures.count > NOTE_SIGNATURES_MAX ||
	    text.length > token->length)
		abort();
	bytes_done(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const struct examine_events events = {.progress = on_progress};

	make_folder();
	put_file(JOURNAL_PARTS_LAST, &data, &length);
	put_file(PART_BEFORE, &data, &length);
	put_file(JOB_WITNESS_TOKEN, &data, &length);
	for (int only_last = 0; only_last < 2; only_last++) {
		struct journal_parts parts = {.count = 0};
		struct witness_found found;
		struct error err = {0};

		/* There is nothing here that cannot be read. */
		if (witness_read(folder_fd, only_last == 1, &events, &parts,
			&found, &err) != 0 &&
		    err.code != ERROR_INTERNAL)
			abort();
		if ((found.state == REPLY_WITNESS_FOUND) !=
		    (found.note.length > 0))
			abort();
		check_note(&found.note);
		check_token(&found.token);
		witness_found_done(&found);
		journal_parts_close(&parts);
	}
	return 0;
}
