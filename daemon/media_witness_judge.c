/* What a look at a witness means: the journal's entry and findings. */
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/store/query_finding.h"
#include "lib/store/witness_check.h"
#include "lib/store/witness_token.h"

/* Events that are looked through for what was last known of a witness. */
#define EVENTS_MAX 100
#define MARK_BYTES 6
#define NO_MARK (-1)

/* What the journal remembers of the medium's witness. */
struct memory {
	bool has_written, has_token;
	uint64_t written_seq; /* of the entry that says so */
	uint8_t token[DIGEST_SHA256_BYTES];
};

static int
take_event(
    const struct query_medium_event *row, void *context, struct error *err)
{
	struct memory *memory = context;
	const char *token;
	json_t *detail;

	if (strcmp(row->result, "written") != 0)
		return 0;
	memory->has_written = true;
	memory->written_seq = row->seq;
	detail = json_parse(row->detail, strlen(row->detail), err);
	if (detail == NULL)
		return -1;
	token = json_string_value(json_object_get(detail, "token"));
	memory->has_token =
	    token != NULL &&
	    strlen(token) == (size_t)2 * sizeof(memory->token) &&
	    bytes_parse_hex(token, memory->token, sizeof(memory->token)) == 0;
	json_decref(detail);
	return 1;
}

static int
remember(const struct medium *medium, struct memory *memory, struct error *err)
{
	const struct query_medium_event_filter filter = {
	    .medium = medium->id, .event = "witness", .limit = EVENTS_MAX};

	*memory = (struct memory){.has_written = false};
	return query_medium_events(medium->media->service->catalog, CATALOG_NOW,
	    &filter, take_event, memory, err);
}

/*
 * How one look is told from another, in a finding's detail: by what lies there
 * and by what was written last, so that one that is missing is not the next
 * that is.
 */
static int64_t
mark_of(const struct witness_told *told, const struct memory *memory)
{
	struct bytes seen = BYTES_EMPTY;
	uint8_t digest[DIGEST_SHA256_BYTES];
	int64_t mark = 0;

	bytes_append(&seen, told->note.data, told->note.length);
	bytes_append_u64(&seen, told->entries);
	if (told->state == REPLY_WITNESS_NONE)
		bytes_append_u64(&seen, memory->written_seq);
	bytes_append(&seen, told->root, sizeof(told->root));
	bytes_append(&seen, told->token.data, told->token.length);
	digest_sha256_of(seen.data == NULL ? (const uint8_t *)"" : seen.data,
	    seen.length, digest);
	bytes_done(&seen);
	for (size_t i = 0; i < MARK_BYTES; i++)
		mark = mark << 8 | digest[i];
	return mark;
}

struct acceptance {
	int64_t mark;
	bool is_accepted;
};

/* The newest finding of its kind. */
static int
take_accepted(const struct query_finding *row, void *context, struct error *err)
{
	struct acceptance *acceptance = context;
	json_t *detail;
	int64_t mark;

	if (row->is_open || row->reason == NULL ||
	    strcmp(row->reason, "accepted") != 0 || row->detail == NULL)
		return 1;
	detail = json_parse(row->detail, strlen(row->detail), err);
	if (detail == NULL)
		return -1;
	acceptance->is_accepted = json_get_i64(detail, "mark", &mark) == 0 &&
				  mark == acceptance->mark;
	json_decref(detail);
	return 1;
}

/* Whether a person said of exactly this witness that it may go. */
static int
ask_accepted(const struct medium *medium, enum finding code, int64_t mark,
    bool *ret_is_accepted, struct error *err)
{
	const struct query_finding_filter filter = {
	    .code = finding_name(code), .medium = medium->id};
	struct acceptance acceptance = {.mark = mark};

	if (query_findings(medium->media->service->catalog, CATALOG_NOW,
		&filter, take_accepted, &acceptance, err) != 0)
		return -1;
	*ret_is_accepted = acceptance.is_accepted;
	return 0;
}

static struct ledger_finding
finding_of(const struct medium *medium, enum finding code)
{
	return (struct ledger_finding){
	    .code = code, .slice = -1, .medium = medium->id};
}

static int
close_code(const struct medium *medium, enum finding code, struct error *err)
{
	const struct ledger_finding finding = finding_of(medium, code);

	return ledger_close_code(
	    medium->media->service, &finding, "resolved", err);
}

/* What an end of the look comes to. */
struct conclusion {
	const char *result, *reason;
	enum finding code;
	bool has_code, may_write;
	uint64_t size;
	const uint8_t *root; /* or NULL */
	int64_t mark;
};

static int
write_entry(struct medium *medium, const struct conclusion *conclusion,
    struct error *err)
{
	char hex[2 * MERKLE_HASH_BYTES + 1];
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:I}", "type", "medium",
	    "event", "witness", "medium", medium->id, "result",
	    conclusion->result, "size", (json_int_t)conclusion->size);

	if (conclusion->root != NULL) {
		bytes_format_hex(conclusion->root, MERKLE_HASH_BYTES, hex);
		(void)json_object_set_new(entry, "root", json_string(hex));
	}
	if (conclusion->reason != NULL)
		(void)json_object_set_new(
		    entry, "reason", json_string(conclusion->reason));
	return ledger_append(medium->media->service, entry, NULL, err);
}

/*
 * Open, unless this was accepted: 1 then, else 0.  A look that failed has seen
 * no witness of which somebody could have said so.
 */
static int
write_finding(struct medium *medium, const struct conclusion *conclusion,
    struct error *err)
{
	struct ledger_finding finding = finding_of(medium, conclusion->code);
	bool is_accepted = false;
	uint64_t id;

	if (conclusion->mark != NO_MARK &&
	    ask_accepted(medium, conclusion->code, conclusion->mark,
		&is_accepted, err) != 0)
		return -1;
	if (is_accepted)
		return 1;
	finding.detail = json_pack("{s:I, s:I}", "size",
	    (json_int_t)conclusion->size, "mark", (json_int_t)conclusion->mark);
	log_event(LOG_LEVEL_ERROR, _("medium %s: %s"), medium->id,
	    finding_sentence(conclusion->code));
	return ledger_finding(medium->media->service, &finding, &id, err);
}

/* 1: it may be written; 0; -1. */
static int
write_conclusion(struct medium *medium, const struct conclusion *conclusion,
    struct error *err)
{
	struct service *service = medium->media->service;
	bool is_news = conclusion->has_code || !medium->witness.is_to_write;
	int accepted = 0;

	if (ledger_begin(service, err) != 0)
		return -1;
	if (is_news && write_entry(medium, conclusion, err) != 0)
		goto failed;
	if (conclusion->has_code)
		accepted = write_finding(medium, conclusion, err);
	else if (close_code(medium, FINDING_WITNESS_UNREADABLE, err) != 0 ||
		 close_code(medium, FINDING_WITNESS_FOREIGN, err) != 0)
		accepted = -1;
	if (accepted < 0 || ledger_commit(service, err) != 0)
		goto failed;
	return conclusion->may_write || accepted == 1;
failed:
	ledger_rollback(service);
	return -1;
}

static void
conclude_check(const struct witness_result *result, struct conclusion *c)
{
	static const struct {
		const char *result, *reason;
		enum finding code;
	} verdicts[] = {
	    [WITNESS_REWRITTEN] = {"rewritten", NULL,
		FINDING_JOURNAL_REWRITTEN},
	    [WITNESS_ROLLED_BACK] = {"rolled-back", NULL,
		FINDING_JOURNAL_ROLLED_BACK},
	    [WITNESS_FOREIGN] = {"foreign", NULL, FINDING_WITNESS_FOREIGN},
	    [WITNESS_UNSIGNED] = {"unreadable", "signature",
		FINDING_WITNESS_UNREADABLE},
	    [WITNESS_MALFORMED] = {"unreadable", "format",
		FINDING_WITNESS_UNREADABLE},
	};

	c->size = result->size;
	c->root = result->size > 0 ? result->root : NULL;
	if (result->verdict == WITNESS_EXTENDS) {
		c->result = "extends";
		c->reason = result->is_damaged ? "damaged" : NULL;
		c->may_write = true;
		return;
	}
	c->result = verdicts[result->verdict].result;
	c->reason = verdicts[result->verdict].reason;
	c->code = verdicts[result->verdict].code;
	c->has_code = true;
}

/* A token that does not fit goes before what the journal there says. */
static void
conclude_token(enum witness_token token, struct conclusion *conclusion)
{
	if (conclusion->has_code)
		return;
	if (token == WITNESS_TOKEN_FOREIGN)
		*conclusion = (struct conclusion){.result = "foreign",
		    .reason = "token",
		    .code = FINDING_WITNESS_FOREIGN,
		    .has_code = true};
	if (token == WITNESS_TOKEN_INVALID)
		*conclusion = (struct conclusion){.result = "unreadable",
		    .reason = "token",
		    .code = FINDING_WITNESS_UNREADABLE,
		    .has_code = true};
}

/* There was one, or its token, and it is gone: told, and written anew. */
static void
conclude_missing(const struct memory *memory, const struct witness_told *told,
    enum witness_token token, struct conclusion *conclusion)
{
	bool has_none = told->state == REPLY_WITNESS_NONE;

	if (conclusion->has_code || !memory->has_written ||
	    (!has_none && token != WITNESS_TOKEN_NONE))
		return;
	conclusion->result = has_none ? "none" : conclusion->result;
	conclusion->reason = has_none ? NULL : "token";
	conclusion->code = FINDING_WITNESS_MISSING;
	conclusion->has_code = true;
	conclusion->may_write = true;
}

/* How the next one can be written over what lies there. */
static void
prepare_write(struct media_witness *witness, const struct witness_told *told,
    enum witness_token token, const struct conclusion *conclusion)
{
	bool stays = !conclusion->has_code && conclusion->reason == NULL;

	witness->has_present = told->state != REPLY_WITNESS_NONE;
	digest_sha256_of(
	    told->note.data == NULL ? (const uint8_t *)"" : told->note.data,
	    told->note.length, witness->present);
	witness->from = stays ? conclusion->size : 0;
	bytes_clear(&witness->token);
	if (token == WITNESS_TOKEN_GOOD)
		bytes_append(
		    &witness->token, told->token.data, told->token.length);
}

/* It is not the medium that it is taken for: no job reads it any more. */
static int
take_other(struct medium *medium, struct error *err)
{
	struct service *service = medium->media->service;
	const struct conclusion other = {
	    .result = "foreign", .reason = "other-token"};

	log_event(LOG_LEVEL_ERROR,
	    _("medium %s: its token says that it is another one"), medium->id);
	medium->witness.is_other = true;
	media_watch_wake(medium->media);
	if (ledger_begin(service, err) != 0)
		return -1;
	if (write_entry(medium, &other, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

int
media_witness_judge(
    struct medium *medium, const struct witness_told *told, struct error *err)
{
	const struct service *service = medium->media->service;
	const struct keyring *keyring = &service->keyring;
	struct witness_seen seen = {.note = (const char *)told->note.data,
	    .note_length = told->note.length,
	    .entries = told->entries};
	struct conclusion conclusion = {.result = "none", .may_write = true};
	struct witness_result result;
	struct memory memory;
	uint8_t digest[DIGEST_SHA256_BYTES];
	enum witness_token token =
	    witness_token_check(keyring, medium->id, &told->token, digest);

	if (remember(medium, &memory, err) != 0)
		return -1;
	if (token == WITNESS_TOKEN_GOOD && memory.has_token &&
	    memcmp(digest, memory.token, sizeof(digest)) != 0)
		token = WITNESS_TOKEN_OTHER;
	if (token == WITNESS_TOKEN_OTHER)
		return take_other(medium, err);
	memcpy(seen.root, told->root, sizeof(seen.root));
	if (told->state != REPLY_WITNESS_NONE) {
		conclusion.may_write = false;
		if (witness_check(
			service->catalog, keyring, &seen, &result, err) != 0)
			return -1;
		conclude_check(&result, &conclusion);
	}
	conclude_token(token, &conclusion);
	conclude_missing(&memory, told, token, &conclusion);
	conclusion.mark = mark_of(told, &memory);
	prepare_write(&medium->witness, told, token, &conclusion);
	return write_conclusion(medium, &conclusion, err);
}

int
media_witness_judge_failed(
    struct medium *medium, const char *reason, struct error *err)
{
	const struct conclusion conclusion = {.result = "unreadable",
	    .reason = reason,
	    .code = FINDING_WITNESS_UNREADABLE,
	    .has_code = true,
	    .mark = NO_MARK};

	return write_conclusion(medium, &conclusion, err) < 0 ? -1 : 0;
}

static int
write_written(struct medium *medium, struct error *err)
{
	const struct media_witness *witness = &medium->witness;
	char root[2 * MERKLE_HASH_BYTES + 1];
	char token[2 * DIGEST_SHA256_BYTES + 1];

	bytes_format_hex(witness->root, sizeof(witness->root), root);
	bytes_format_hex(
	    witness->token_digest, sizeof(witness->token_digest), token);
	if (ledger_append(medium->media->service,
		json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "type",
		    "medium", "event", "witness", "medium", medium->id,
		    "result", "written", "size", (json_int_t)witness->size,
		    "root", root, "token", token),
		NULL, err) != 0)
		return -1;
	return close_code(medium, FINDING_WITNESS_UNWRITTEN, err);
}

static int
write_unwritten(struct medium *medium, const char *reason, struct error *err)
{
	struct ledger_finding finding =
	    finding_of(medium, FINDING_WITNESS_UNWRITTEN);
	const struct conclusion conclusion = {
	    .result = "failed", .reason = reason, .size = medium->witness.size};
	uint64_t id;

	finding.detail = json_pack("{s:s}", "reason", reason);
	if (write_entry(medium, &conclusion, err) != 0)
		return -1;
	return ledger_finding(medium->media->service, &finding, &id, err);
}

int
media_witness_record(
    struct medium *medium, const char *reason, struct error *err)
{
	struct service *service = medium->media->service;
	int rc;

	if (ledger_begin(service, err) != 0)
		return -1;
	rc = reason == NULL ? write_written(medium, err)
			    : write_unwritten(medium, reason, err);
	if (rc == 0 && ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}
