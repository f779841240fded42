#include "daemon/bundle.h"

#include <string.h>

#include "daemon/ledger.h"
#include "daemon/standing.h"
#include "lib/base/i18n.h"
#include "lib/output/evidence.h"
#include "lib/store/journal.h"

int
bundle_prepare(struct service *service, struct error *err)
{
	if (service_take_keys(service, err) != 0)
		return -1;
	return standing_checkpoint(service, NULL, err);
}

static int
sign(const struct service *service, const void *text, size_t length,
    const char *comment, struct bytes *out, struct error *err)
{
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	struct signature_prehash hash;

	signature_prehash_init(&hash);
	signature_prehash_update(&hash, text, length);
	signature_prehash_final(&hash, prehash);
	return signature_sign(&service->keyring.daemon, prehash, comment,
	    EVIDENCE_UNTRUSTED_COMMENT, out, err);
}

int
bundle_sign_head(const struct service *service, const struct bytes *note,
    uint64_t size, struct bytes *out, struct error *err)
{
	char comment[EVIDENCE_COMMENT_BYTES];

	evidence_head_comment_format(service->keyring.origin, size, comment);
	return sign(service, note->data, note->length, comment, out, err);
}

int
bundle_sign_kept(const struct service *service, uint64_t size,
    struct bytes *out, struct error *err)
{
	struct journal_note note = {.size = 0};
	int rc = journal_checkpoint_upto(service->catalog, size, &note, err);

	if (rc == 0 && note.size != size)
		rc = error_set(
		    err, ERROR_DENIED, _("the bundle is not of this journal"));
	if (rc == 0)
		rc = bundle_sign_head(service, &note.text, size, out, err);
	bytes_done(&note.text);
	return rc;
}

/* The checkpoint that is named must be of this journal. */
static int
check_statement(struct service *service, const struct report_seal *seal,
    struct evidence_statement *ret, struct error *err)
{
	uint8_t own[MERKLE_HASH_BYTES];

	*ret = (struct evidence_statement){
	    .from = seal->from, .to = seal->to, .size = seal->size};
	memcpy(ret->origin, service->keyring.origin,
	    strlen(service->keyring.origin) + 1);
	memcpy(ret->root, seal->root, sizeof(ret->root));
	if (seal->size == 0 ||
	    journal_root(service->catalog, seal->size, own, err) != 0 ||
	    memcmp(own, seal->root, sizeof(own)) != 0)
		return error_set(
		    err, ERROR_DENIED, _("the bundle is not of this journal"));
	return 0;
}

int
bundle_seal(struct service *service, const struct report_seal *seal,
    struct bytes *out, struct error *err)
{
	const size_t length = strlen(seal->list);
	char comment[EVIDENCE_COMMENT_BYTES];
	struct evidence_statement statement;

	if (evidence_tagmanifest_check(seal->list, length, err) != 0 ||
	    check_statement(service, seal, &statement, err) != 0)
		return -1;
	evidence_comment_format(&statement, comment);
	return sign(service, seal->list, length, comment, out, err);
}

int
bundle_record(struct service *service, const struct bundle_record *record,
    uint64_t *ret_seq, struct error *err)
{
	char sha256[2 * DIGEST_SHA256_BYTES + 1];
	json_t *entry;

	bytes_format_hex(record->done->sha256, DIGEST_SHA256_BYTES, sha256);
	entry = json_pack("{s:s, s:I, s:s*, s:I, s:I, s:s, s:I, s:b}", "type",
	    "exported", "uid", (json_int_t)record->uid, "by", record->by,
	    "from", (json_int_t)record->from, "to", (json_int_t)record->to,
	    "sha256", sha256, "bytes", (json_int_t)record->done->bytes,
	    "with_paths", (int)record->with_paths);
	return ledger_append_alone(service, entry, ret_seq, err);
}
