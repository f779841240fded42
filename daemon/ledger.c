#include "daemon/ledger.h"

#include <string.h>

#include "daemon/media.h"
#include "daemon/notices.h"
#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/crypto/keyring_statement.h"
#include "lib/store/journal.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"

int
ledger_begin(struct service *service, struct error *err)
{
	int rc = catalog_begin(service->catalog, err);

	service->is_unwritten = service->is_unwritten || rc != 0;
	return rc;
}

int
ledger_commit(struct service *service, struct error *err)
{
	int rc = catalog_commit(service->catalog, err);

	service->is_unwritten = rc != 0;
	if (rc == 0)
		service->written_clock = service->clock;
	notices_wake(service->notices);
	media_recorded(service->media);
	return rc;
}

void
ledger_rollback(struct service *service)
{
	catalog_rollback(service->catalog);
	/* What the clock did is not written, and to be told again. */
	service->clock = service->written_clock;
}

int
ledger_append(struct service *service, json_t *entry, uint64_t *ret_seq,
    struct error *err)
{
	int64_t at;

	if (ledger_now(service, &at, err) != 0) {
		json_decref(entry);
		return -1;
	}
	if (journal_append(service->catalog, entry, at, ret_seq, err) == 0)
		return 0;
	service->is_unwritten = true;
	return -1;
}

int
ledger_append_alone(struct service *service, json_t *entry, uint64_t *ret_seq,
    struct error *err)
{
	if (ledger_begin(service, err) != 0) {
		json_decref(entry);
		return -1;
	}
	if (ledger_append(service, entry, ret_seq, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

/* A public key as one line of base64, into text (room for 64 bytes). */
static int
format_key(
    const struct signature_public *public, char text[64], struct error *err)
{
	struct bytes file = BYTES_EMPTY;
	const char *line = NULL;
	int rc = -1;

	signature_public_encode(public, &file);
	bytes_append_u8(&file, 0);
	if (bytes_check(&file, err) != 0)
		goto out;
	line = strchr((const char *)file.data, '\n');
	if (line == NULL || strcspn(line + 1, "\n") >= 64) {
		(void)error_set(err, ERROR_INTERNAL, _("malformed key"));
		goto out;
	}
	memcpy(text, line + 1, strcspn(line + 1, "\n"));
	text[strcspn(line + 1, "\n")] = '\0';
	rc = 0;
out:
	bytes_done(&file);
	return rc;
}

static int
take_first(
    const struct keyring_statement *statement, void *context, struct error *err)
{
	struct keyring_statement *first = context;

	(void)err;
	if (statement->change == KEYRING_BEGIN)
		*first = *statement;
	return 0;
}

int
ledger_origin(struct service *service, struct error *err)
{
	struct keyring_statement first = {0};
	char daemon_key[64], facility_key[64];
	uint64_t size;

	if (journal_size(service->catalog, &size, err) != 0)
		return -1;
	if (size > 0)
		return 0;
	/* Keys may have been replaced before there was a journal: it begins
	 * with the first ones, and the rotations follow (ledger_keys). */
	if (keyring_each_statement(
		service->state_fd, take_first, &first, err) != 0 ||
	    format_key(&first.new, daemon_key, err) != 0 ||
	    format_key(&first.authority, facility_key, err) != 0)
		return -1;
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "origin", "facility",
		service->config->facility.id, "origin", service->keyring.origin,
		"daemon_key", daemon_key, "facility_key", facility_key),
	    NULL, err);
}

/* A rotation that was not known yet; the first statement is the origin's. */
static int
write_statement(
    const struct keyring_statement *statement, void *context, struct error *err)
{
	struct service *service = context;
	char sha256[2 * DIGEST_SHA256_BYTES + 1], old[64], new[64];
	bool is_known, is_daemon = statement->change == KEYRING_DAEMON;

	if (statement->change == KEYRING_BEGIN)
		return 0;
	bytes_format_hex(statement->sha256, sizeof(statement->sha256), sha256);
	if (query_is_statement(service->catalog, sha256, &is_known, err) != 0)
		return -1;
	if (is_known)
		return 0;
	if (format_key(&statement->old, old, err) != 0 ||
	    format_key(&statement->new, new, err) != 0)
		return -1;
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "key", "kind",
		is_daemon ? "daemon" : "facility", "old", old, "new", new,
		"statement_sha256", sha256),
	    NULL, err);
}

/* The journal's keys must be these: others could sign nothing that counts. */
static int
compare_keys(const struct query_origin *row, void *context, struct error *err)
{
	const struct keyring *keyring = context;
	char daemon_key[64], facility_key[64];

	if (format_key(&keyring->publics[0], daemon_key, err) != 0 ||
	    format_key(&keyring->facility, facility_key, err) != 0)
		return -1;
	if (strcmp(row->origin, keyring->origin) == 0 &&
	    strcmp(row->daemon_key, daemon_key) == 0 &&
	    (row->facility_key == NULL ||
		strcmp(row->facility_key, facility_key) == 0))
		return 0;
	return error_set(err, ERROR_SIGNATURE,
	    _("these keys are not those of the journal; put the right folder "
	      "keys back"));
}

int
ledger_keys(struct service *service, struct error *err)
{
	if (keyring_each_statement(
		service->state_fd, write_statement, service, err) != 0)
		return -1;
	return query_origin(service->catalog, CATALOG_NOW, compare_keys,
	    &service->keyring, err);
}

int
ledger_start(struct service *service, struct error *err)
{
	const struct sandbox_report *sandbox = &service->sandbox;

	return ledger_append(service,
	    json_pack("{s:s, s:s, s:{s:i, s:b, s:b, s:b, s:b}}", "type",
		"start", "software", "hikae-" HIKAE_VERSION, "sandbox",
		"landlock_abi", sandbox->landlock_abi, "no_new_privs",
		(int)sandbox->no_new_privs, "undumpable",
		(int)sandbox->undumpable, "seccomp", (int)sandbox->seccomp,
		"limits", (int)sandbox->limits),
	    NULL, err);
}

int
ledger_stop(struct service *service, const char *reason, struct error *err)
{
	return ledger_append(service,
	    json_pack("{s:s, s:s}", "type", "stop", "reason", reason), NULL,
	    err);
}

int
ledger_run_lost(struct service *service, uint64_t run, struct error *err)
{
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:I, s:s, s:s, s:i, s:i, s:{s:i, s:i, s:i}}",
		"type", "run", "event", "end", "run", (json_int_t)run,
		"outcome", "lost", "canary", "not-run", "bytes", 0,
		"bytes_read", 0, "slices", "intact", 0, "damaged", 0,
		"undetermined", 0),
	    NULL, err);
}

/* Looks for an open finding that is about the same. */
struct finding_search {
	const struct ledger_finding *about;
	uint64_t id;   /* 0: none */
	bool has_more; /* it spoke for others, too (gathering) */
};

static bool
is_same_text(const char *a, const char *b)
{
	return a == NULL || (b != NULL && strcmp(a, b) == 0);
}

static int
look_at_finding(
    const struct query_finding *row, void *context, struct error *err)
{
	struct finding_search *search = context;
	const struct ledger_finding *about = search->about;

	(void)err;
	/* What is said of a source is not said of its copies. */
	if (row->copy != about->copy ||
	    (about->path == NULL) != (row->subject == NULL) ||
	    (about->path == NULL && about->slice != row->slice) ||
	    !is_same_text(about->system, row->system) ||
	    !is_same_text(about->medium, row->medium) ||
	    !is_same_text(about->source, row->source))
		return 0;
	search->id = row->id;
	search->has_more =
	    row->detail != NULL && strstr(row->detail, "\"more\"") != NULL;
	return 1;
}

static int
find_open(struct service *service, const struct ledger_finding *about,
    const char *subject, struct finding_search *ret_found, struct error *err)
{
	struct finding_search search = {.about = about};
	struct query_finding_filter filter = {
	    .only_open = true,
	    .copy = about->copy,
	    .code = finding_name(about->code),
	    .subject = subject,
	};

	if (query_findings(service->catalog, CATALOG_NOW, &filter,
		look_at_finding, &search, err) != 0)
		return -1;
	*ret_found = search;
	return 0;
}

static void
set_text(json_t *object, const char *key, const char *value)
{
	if (value != NULL)
		(void)json_object_set_new(object, key, json_string(value));
}

static void
set_number(json_t *object, const char *key, uint64_t value)
{
	if (value != 0)
		(void)json_object_set_new(
		    object, key, json_integer((json_int_t)value));
}

static json_t *
open_entry(const struct ledger_finding *finding, const char *subject)
{
	enum verdict verdict = finding_verdict(finding->code);
	json_t *entry =
	    json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "finding", "event",
		"open", "code", finding_name(finding->code), "verdict",
		verdict == VERDICT_INTACT ? "none" : verdict_name(verdict),
		"severity", verdict_exit_name(finding_severity(finding->code)));

	set_number(entry, "copy", finding->copy);
	set_number(entry, "manifest", finding->manifest);
	if (finding->slice >= 0)
		(void)json_object_set_new(
		    entry, "slice", json_integer(finding->slice));
	if (finding->copy == 0) {
		set_text(entry, "system", finding->system);
		set_text(entry, "medium", finding->medium);
		set_text(entry, "source", finding->source);
	}
	set_text(entry, "subject", subject);
	return entry;
}

/* One that is found again stands for no others, unless it says so anew. */
static void
take_back_more(json_t *entry)
{
	json_t *detail = json_object_get(entry, "detail");

	if (detail == NULL) {
		detail = json_object();
		(void)json_object_set_new(entry, "detail", detail);
	}
	if (json_object_get(detail, "more") == NULL)
		(void)json_object_set_new(detail, "more", json_integer(0));
}

int
ledger_finding(struct service *service, const struct ledger_finding *finding,
    uint64_t *ret_id, struct error *err)
{
	char room[CATALOG_SUBJECT_BYTES];
	const char *subject = NULL;
	struct finding_search found = {.id = 0};
	json_t *entry;

	if (finding->path != NULL) {
		if (catalog_put_name(service->catalog, finding->path,
			finding->path_length, room, err) != 0)
			return -1;
		subject = room;
	}
	if (!finding->is_another &&
	    find_open(service, finding, subject, &found, err) != 0)
		return -1;
	if (found.id != 0)
		entry = json_pack("{s:s, s:s, s:I}", "type", "finding", "event",
		    "again", "finding", (json_int_t)found.id);
	else
		entry = open_entry(finding, subject);
	if (finding->detail != NULL)
		(void)json_object_set_new(entry, "detail", finding->detail);
	if (found.has_more)
		take_back_more(entry);
	if (finding->files != NULL)
		(void)json_object_set_new(entry, "files", finding->files);
	if (ledger_append(service, entry, found.id != 0 ? NULL : ret_id, err) !=
	    0)
		return -1;
	if (found.id != 0)
		*ret_id = found.id;
	return 0;
}

int
ledger_close_finding(
    struct service *service, uint64_t id, const char *reason, struct error *err)
{
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:I, s:s}", "type", "finding", "event",
		"close", "finding", (json_int_t)id, "reason", reason),
	    NULL, err);
}

int
ledger_close_code(struct service *service, const struct ledger_finding *about,
    const char *reason, struct error *err)
{
	struct finding_search found;

	do {
		if (find_open(service, about, NULL, &found, err) != 0)
			return -1;
		if (found.id != 0 &&
		    ledger_close_finding(service, found.id, reason, err) != 0)
			return -1;
	} while (found.id != 0);
	return 0;
}
