#include "lib/store/journal_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/crypto/note_parts.h"
#include "lib/os/file.h"
#include "lib/store/journal.h"
#include "lib/store/vault_signed.h"

#define MARK_MODE 0640

/* Root may have to write it, for hikaed to read. */
static int
give(int state_fd, int fd, struct error *err)
{
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (fstat(state_fd, &st) != 0 || fchown(fd, st.st_uid, st.st_gid) != 0)
		return error_set_errno(
		    err, errno, _("cannot change the owner"));
	return 0;
}

int
journal_mark_put(
    int state_fd, const char *name, const struct bytes *text, struct error *err)
{
	struct file_replacement file = {0};
	int rc = -1;

	if (bytes_check(text, err) == 0 &&
	    file_replacement_begin(&file, state_fd, name, MARK_MODE, err) ==
		0 &&
	    give(state_fd, file.fd, err) == 0 &&
	    file_write_all(file.fd, text->data, text->length, err) == 0)
		rc = file_replacement_commit(&file, err);
	file_replacement_rollback(&file);
	return rc == 0 ? 0 : error_prefix(err, "%s", name);
}

int
journal_mark_write(int state_fd, const struct bytes *note, struct error *err)
{
	return journal_mark_put(state_fd, JOURNAL_MARK_FILE, note, err);
}

int
journal_mark_read(
    int state_fd, struct note_checkpoint *ret_mark, struct error *err)
{
	struct note_signatures signatures;
	struct bytes note = BYTES_EMPTY;
	int fd = -1, rc = -1;

	if (file_open_below(state_fd, JOURNAL_MARK_FILE, O_RDONLY, &fd, err) !=
	    0)
		return error_prefix(err, JOURNAL_MARK_FILE);
	if (file_read_whole(fd, NOTE_BYTES_MAX, &note, err) == 0)
		rc = note_parts_take_checkpoint((const char *)note.data,
		    note.length, ret_mark, &signatures, err);
	if (rc != 0)
		(void)error_prefix(err, JOURNAL_MARK_FILE);
	bytes_done(&note);
	(void)close(fd);
	return rc;
}

static int
compare(struct catalog *catalog, const struct keyring *keyring,
    struct journal_seen *seen, struct error *err)
{
	uint8_t root[MERKLE_HASH_BYTES];

	if (keyring == NULL ||
	    strcmp(keyring->origin, seen->last.origin) != 0) {
		seen->standing = JOURNAL_ANOTHER;
		return 0;
	}
	if (seen->size < seen->last.size) {
		seen->standing = JOURNAL_SHORTENED;
		return 0;
	}
	if (journal_root(catalog, seen->last.size, root, err) != 0)
		return -1;
	if (memcmp(root, seen->last.root, sizeof(root)) != 0)
		seen->standing = JOURNAL_ANOTHER;
	return 0;
}

/* Without a mark: an older hikae wrote none. */
static int
look_at_manifests(int state_fd, const struct keyring *keyring,
    struct journal_seen *seen, struct error *err)
{
	struct signature_keys keys;
	bool is_there = false;

	if (seen->size > 0 || keyring == NULL)
		return 0;
	keys = (struct signature_keys){
	    .keys = keyring->publics, .count = keyring->public_count};
	if (vault_has_signed(state_fd, &keys, &is_there, err) != 0)
		return -1;
	if (is_there)
		seen->standing = JOURNAL_GONE;
	return 0;
}

int
journal_mark_look(int state_fd, struct catalog *catalog,
    const struct keyring *keyring, struct journal_seen *ret_seen,
    struct error *err)
{
	struct journal_seen seen = {.standing = JOURNAL_STANDS};
	struct error why = {0};
	int rc = 0;

	if (catalog != NULL && journal_size(catalog, &seen.size, err) != 0)
		return -1;
	if (journal_mark_read(state_fd, &seen.last, &why) != 0) {
		if (why.code != ERROR_NOT_FOUND)
			return error_set(err, why.code, "%s", why.text);
		seen.last = (struct note_checkpoint){.size = 0};
		rc = look_at_manifests(state_fd, keyring, &seen, err);
	} else if (seen.size == 0) {
		seen.standing = JOURNAL_GONE;
	} else {
		rc = compare(catalog, keyring, &seen, err);
	}
	if (rc == 0)
		*ret_seen = seen;
	return rc;
}
