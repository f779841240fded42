#include "daemon/standing.h"

#include <string.h>

#include "daemon/ledger.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/store/journal.h"
#include "lib/store/journal_loss.h"
#include "lib/store/query.h"

/* 1: somebody said it of this; 0: nobody, or of something else. */
static int
is_said(struct service *service, const struct journal_seen *seen,
    struct journal_loss *ret_loss, struct error *err)
{
	struct error why = {0};

	if (journal_loss_read(service->state_fd, ret_loss, &why) == 0)
		return journal_loss_is_of(ret_loss, &seen->last) ? 1 : 0;
	if (why.code == ERROR_NOT_FOUND)
		return 0;
	return error_set(err, why.code, "%s", why.text);
}

static int
refuse(const struct journal_seen *seen, struct error *err)
{
	const char *advice =
	    _("Put the newest catalog back, or make it anew (hikae catalog "
	      "rebuild) from a witness or an exported journal. Where there is "
	      "none that is whole: hikae journal lost");
	unsigned long long size = seen->size, last = seen->last.size;

	if (seen->standing == JOURNAL_SHORTENED)
		return error_set(err, ERROR_SIGNATURE,
		    _("the journal has %llu entries, but %llu were signed: an "
		      "older catalog was put in its place. %s"),
		    size, last, advice);
	if (seen->standing == JOURNAL_ANOTHER)
		return error_set(err, ERROR_SIGNATURE,
		    _("the journal is not the one that was signed here last. "
		      "%s"),
		    advice);
	return error_set(err, ERROR_SIGNATURE,
	    _("the catalog was lost: the journal is empty, but entries of it "
	      "were signed. %s"),
	    advice);
}

static int
compare_origin(const struct query_origin *row, void *context, struct error *err)
{
	const struct keyring *keyring = context;

	if (strcmp(row->origin, keyring->origin) == 0)
		return 0;
	return error_set(err, ERROR_SIGNATURE,
	    _("these keys are not those of the journal; put the right folder "
	      "keys back"));
}

int
standing_check(struct service *service, struct error *err)
{
	struct journal_loss loss;
	struct journal_seen seen;
	int said;

	if (journal_mark_look(service->state_fd, service->catalog,
		&service->keyring, &seen, err) != 0)
		return -1;
	if (seen.standing == JOURNAL_STANDS)
		return 0;
	said = is_said(service, &seen, &loss, err);
	if (said != 0)
		return said < 0 ? -1 : 0;
	/* Who brought wrong keys is told that, and has lost nothing. */
	if (seen.standing == JOURNAL_ANOTHER &&
	    query_origin(service->catalog, CATALOG_NOW, compare_origin,
		&service->keyring, err) != 0)
		return -1;
	return refuse(&seen, err);
}

/* An entry that says the same: a start that was cut off after its commit. */
static int
look_at_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	static const char type[] = "\"type\":\"lost\"";
	const char **root = context;

	(void)seq;
	(void)err;
	if (memmem(leaf, length, type, strlen(type)) == NULL ||
	    memmem(leaf, length, *root, strlen(*root)) == NULL)
		return 0;
	*root = NULL;
	return 1;
}

static int
is_recorded(struct service *service, const char *root, bool *ret_is_recorded,
    struct error *err)
{
	if (journal_each(
		service->catalog, 0, UINT64_MAX, look_at_leaf, &root, err) != 0)
		return -1;
	*ret_is_recorded = root == NULL;
	return 0;
}

static int
write_entries(struct service *service, const struct journal_loss *loss,
    uint64_t kept, const char *root, struct error *err)
{
	json_t *entry = json_pack("{s:s, s:I, s:s, s:s}", "type", "lost",
	    "kept", (json_int_t)kept, "by", loss->by, "reason", loss->reason);
	struct ledger_finding finding = {
	    .code = FINDING_JOURNAL_LOST, .slice = -1};
	uint64_t id;

	if (loss->former.size > 0) {
		(void)json_object_set_new(
		    entry, "origin", json_string(loss->former.origin));
		(void)json_object_set_new(
		    entry, "size", json_of_u64(loss->former.size));
		(void)json_object_set_new(entry, "root", json_string(root));
	}
	if (ledger_append(service, entry, NULL, err) != 0)
		return -1;
	return ledger_finding(service, &finding, &id, err);
}

int
standing_record(struct service *service, bool is_new, struct error *err)
{
	char root[2 * NOTE_ROOT_BYTES + 1];
	struct journal_loss loss;
	struct journal_seen seen;
	bool is_recorded_already = false;
	int said;

	if (journal_mark_look(service->state_fd, service->catalog,
		&service->keyring, &seen, err) != 0)
		return -1;
	said = is_said(service, &seen, &loss, err);
	if (said <= 0)
		return said;
	/* What was found again after it was said is not lost. */
	if (seen.standing == JOURNAL_STANDS && !is_new)
		return 0;
	bytes_format_hex(loss.former.root, sizeof(loss.former.root), root);
	if (!is_new &&
	    is_recorded(service, root, &is_recorded_already, err) != 0)
		return -1;
	if (is_recorded_already)
		return 0;
	return write_entries(service, &loss, is_new ? 0 : seen.size, root, err);
}

int
standing_checkpoint(
    struct service *service, struct bytes *ret_note, struct error *err)
{
	struct bytes note = BYTES_EMPTY;
	int rc = -1;

	if (journal_checkpoint(service->catalog, service->keyring.origin,
		&service->keyring.daemon, clock_wall_ms(), &note, err) != 0 ||
	    journal_mark_write(service->state_fd, &note, err) != 0)
		goto out;
	if (ret_note != NULL) {
		bytes_append(ret_note, note.data, note.length);
		if (bytes_check(ret_note, err) != 0)
			goto out;
	}
	rc = 0;
out:
	bytes_done(&note);
	return rc;
}

int
standing_settle(struct service *service, struct error *err)
{
	if (standing_checkpoint(service, NULL, err) != 0)
		return -1;
	return journal_loss_settle(service->state_fd, err);
}
