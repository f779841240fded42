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
mark_of(const struct reply_witness *told, const struct memory *memory)
{
	struct bytes seen = BYTES_EMPTY;
	uint8_t digest[DIGEST_SHA256_BYTES];
	int64_t mark = 0;

	bytes_append(&seen, told->note.digest, sizeof(told->note.digest));
	bytes_append_u64(&seen, told->entries);
	if (told->state == REPLY_WITNESS_NONE)
		bytes_append_u64(&seen, memory->written_seq);
	bytes_append(&seen, told->root, sizeof(told->root));
	bytes_append(&seen, told->token.digest, sizeof(told->token.digest));
	digest_sha256_of(seen.data == NULL ? (const uint8_t *)"" : seen.data,
	    seen.length, digest);
	bytes_done(&seen);
	for (size_t i = 0; i < MARK_BYTES; i++)
		mark = mark << 8 | digest[i];
	return mark;
}

/* What was said before of exactly this look. */
struct precedent {
	int64_t mark;
	bool is_open;	  /* the finding stands in the journal */
	bool is_accepted; /* a person said that the witness may go */
};

/* The newest finding of its kind. */
static int
take_precedent(
    const struct query_finding *row, void *context, struct error *err)
{
	struct precedent *precedent = context;
	json_t *detail;
	int64_t mark;

	if (row->detail == NULL)
		return 1;
	detail = json_parse(row->detail, strlen(row->detail), err);
	if (detail == NULL)
		return -1;
	if (json_get_i64(detail, "mark", &mark) == 0 &&
	    mark == precedent->mark) {
		precedent->is_open = row->is_open;
		precedent->is_accepted = !row->is_open && row->reason != NULL &&
					 strcmp(row->reason, "accepted") == 0;
	}
	json_decref(detail);
	return 1;
}

static int
find_precedent(const struct medium *medium, enum finding code, int64_t mark,
    struct precedent *ret_precedent, struct error *err)
{
	const struct query_finding_filter filter = {
	    .code = finding_name(code), .medium = medium->id};

	*ret_precedent = (struct precedent){.mark = mark};
	return query_findings(medium->media->service->catalog, CATALOG_NOW,
	    &filter, take_precedent, ret_precedent, err);
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

static int
write_finding(struct medium *medium, const struct conclusion *conclusion,
    struct error *err)
{
	struct ledger_finding finding = finding_of(medium, conclusion->code);
	uint64_t id;

	finding.detail = json_pack("{s:I, s:I}", "size",
	    (json_int_t)conclusion->size, "mark", (json_int_t)conclusion->mark);
	return ledger_finding(medium->media->service, &finding, &id, err);
}

/* It says something again; what it said against the journal stands. */
static int
write_good(struct medium *medium, struct error *err)
{
	if (close_code(medium, FINDING_WITNESS_UNREADABLE, err) != 0)
		return -1;
	return close_code(medium, FINDING_WITNESS_FOREIGN, err);
}

/*
 * In one transaction.  What the journal has of this very witness already is not
 * written again each day, but at each attach, whose look is a record of its
 * own.
 */
static int
write_look(struct medium *medium, const struct conclusion *conclusion,
    const struct precedent *precedent, struct error *err)
{
	struct service *service = medium->media->service;
	bool is_told = conclusion->has_code && precedent->is_open;
	bool is_news = conclusion->has_code && !is_told;

	if (ledger_begin(service, err) != 0)
		return -1;
	if (((is_news || !medium->witness.is_to_write) &&
		write_entry(medium, conclusion, err) != 0) ||
	    (is_news && !precedent->is_accepted &&
		write_finding(medium, conclusion, err) != 0) ||
	    (!conclusion->has_code && write_good(medium, err) != 0) ||
	    ledger_commit(service, err) != 0) {
		ledger_rollback(service);
		return -1;
	}
	return 0;
}

/*
 * 1: it may be written; 0; -1.  A look that failed has seen no witness of
 * which somebody could have accepted anything.
 */
static int
write_conclusion(struct medium *medium, const struct conclusion *conclusion,
    struct error *err)
{
	struct precedent precedent = {.mark = conclusion->mark};

	if (conclusion->has_code && find_precedent(medium, conclusion->code,
					conclusion->mark, &precedent, err) != 0)
		return -1;
	if (conclusion->mark == NO_MARK)
		precedent.is_accepted = false;
	if (conclusion->has_code && !precedent.is_accepted)
		log_event(LOG_LEVEL_ERROR, _("medium %s: %s"), medium->id,
		    finding_sentence(conclusion->code));
	if (write_look(medium, conclusion, &precedent, err) != 0)
		return -1;
	return conclusion->may_write || precedent.is_accepted;
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
	    [WITNESS_UNKNOWN_KEY] = {"unknown-key", NULL,
		FINDING_WITNESS_UNKNOWN_KEY},
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

/* Also another one than was written last is another medium's. */
static enum witness_token
check_token(const struct medium *medium, const struct reply_witness_token *told,
    const struct memory *memory)
{
	const struct keyring *keyring = &medium->media->service->keyring;
	uint8_t digest[DIGEST_SHA256_BYTES];
	enum witness_token token;

	if (told->text == REPLY_WITNESS_TEXT_NONE)
		return WITNESS_TOKEN_NONE;
	if (told->text == REPLY_WITNESS_TEXT_MALFORMED)
		return WITNESS_TOKEN_INVALID;
	token = witness_token_check(
	    keyring, medium->id, &told->token, &told->signatures);
	medium_token_digest(&told->token, digest);
	if (token == WITNESS_TOKEN_GOOD && memory->has_token &&
	    memcmp(digest, memory->token, sizeof(digest)) != 0)
		return WITNESS_TOKEN_OTHER;
	return token;
}

/* There was one, or its token, and it is gone: told, and written anew. */
static void
conclude_missing(const struct memory *memory, const struct reply_witness *told,
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
prepare_write(struct media_witness *witness, const struct reply_witness *told,
    enum witness_token token, const struct conclusion *conclusion)
{
	bool stays = !conclusion->has_code && conclusion->reason == NULL;

	witness->has_present = told->state != REPLY_WITNESS_NONE;
	memcpy(witness->present, told->note.digest, sizeof(witness->present));
	witness->from = stays ? conclusion->size : 0;
	witness->has_token = token == WITNESS_TOKEN_GOOD;
	if (witness->has_token)
		witness->token = told->token.token;
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
    struct medium *medium, const struct reply_witness *told, struct error *err)
{
	const struct service *service = medium->media->service;
	const struct keyring *keyring = &service->keyring;
	struct witness_seen seen = {
	    .has_checkpoint = told->note.text == REPLY_WITNESS_TEXT_TAKEN,
	    .checkpoint = told->note.checkpoint,
	    .signatures = told->note.signatures,
	    .entries = told->entries};
	struct conclusion conclusion = {.result = "none", .may_write = true};
	struct witness_result result;
	struct memory memory;
	enum witness_token token;

	if (remember(medium, &memory, err) != 0)
		return -1;
	token = check_token(medium, &told->token, &memory);
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
