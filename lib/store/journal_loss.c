#include "lib/store/journal_loss.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/format/json.h"
#include "lib/os/file.h"

#define LOSS_BYTES_MAX 4096

int
journal_loss_write(
    int state_fd, const struct journal_loss *loss, struct error *err)
{
	char root[2 * NOTE_ROOT_BYTES + 1];
	struct bytes text = BYTES_EMPTY;
	json_t *value;
	int rc = -1;

	bytes_format_hex(loss->former.root, sizeof(loss->former.root), root);
	value = json_pack("{s:s, s:s, s:s, s:o, s:s}", "by", loss->by, "reason",
	    loss->reason, "origin", loss->former.origin, "size",
	    json_of_u64(loss->former.size), "root", root);
	if (value == NULL)
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	else if (json_append_canonical(value, &text, err) == 0 &&
		 bytes_check(&text, err) == 0)
		rc = journal_mark_put(state_fd, JOURNAL_LOSS_FILE, &text, err);
	json_decref(value);
	bytes_done(&text);
	return rc;
}

static int
take_text(const json_t *value, const char *key, char *room, size_t size)
{
	const char *text;

	if (json_get_text(value, key, &text) != 0 || strlen(text) >= size)
		return -1;
	memcpy(room, text, strlen(text) + 1);
	return 0;
}

static int
take(const json_t *value, struct journal_loss *loss, struct error *err)
{
	if (take_text(value, "by", loss->by, sizeof(loss->by)) == 0 &&
	    take_text(value, "reason", loss->reason, sizeof(loss->reason)) ==
		0 &&
	    take_text(value, "origin", loss->former.origin,
		sizeof(loss->former.origin)) == 0 &&
	    json_get_u64(value, "size", &loss->former.size) == 0 &&
	    json_get_hex(value, "root", loss->former.root,
		sizeof(loss->former.root)) == 0)
		return 0;
	return error_set(err, ERROR_INPUT,
	    _("it is damaged: say it again (hikae journal lost)"));
}

int
journal_loss_read(
    int state_fd, struct journal_loss *ret_loss, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	json_t *value = NULL;
	int fd = -1, rc = -1;

	if (file_open_below(state_fd, JOURNAL_LOSS_FILE, O_RDONLY, &fd, err) !=
	    0)
		return error_prefix(err, JOURNAL_LOSS_FILE);
	if (file_read_whole(fd, LOSS_BYTES_MAX, &text, err) == 0)
		value = json_parse((const char *)text.data, text.length, err);
	if (value != NULL)
		rc = take(value, ret_loss, err);
	if (rc != 0)
		(void)error_prefix(err, JOURNAL_LOSS_FILE);
	json_decref(value);
	bytes_done(&text);
	(void)close(fd);
	return rc;
}

bool
journal_loss_is_of(
    const struct journal_loss *loss, const struct note_checkpoint *last)
{
	return loss->former.size == last->size &&
	       (last->size == 0 ||
		   (strcmp(loss->former.origin, last->origin) == 0 &&
		       memcmp(loss->former.root, last->root,
			   sizeof(last->root)) == 0));
}

int
journal_loss_settle(int state_fd, struct error *err)
{
	if (unlinkat(state_fd, JOURNAL_LOSS_FILE, 0) == 0)
		return file_sync_folder(state_fd, err);
	if (errno == ENOENT)
		return 0;
	return error_set_errno(err, errno, JOURNAL_LOSS_FILE);
}
