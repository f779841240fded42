#include "daemon/control_evidence.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/evidence.h"
#include "lib/store/journal.h"

/* One statement with its two signatures, as its files have them. */
static json_t *
describe_proof(const struct keyring_proof *proof)
{
	return json_pack("{s:o, s:o, s:o}", "text",
	    json_of_bytes(proof->text.data, proof->text.length), "authority",
	    json_of_bytes(proof->authority.data, proof->authority.length),
	    "new", json_of_bytes(proof->new.data, proof->new.length));
}

int
control_evidence_keys(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	json_t *statements = json_array();
	int rc = 0;

	(void)ret_run;
	for (unsigned int i = 1; rc == 0 && i <= KEYRING_STATEMENTS_MAX; i++) {
		struct keyring_proof proof = {
		    BYTES_EMPTY, BYTES_EMPTY, BYTES_EMPTY};

		rc =
		    keyring_proof_read(call->service->state_fd, i, &proof, err);
		if (rc == 0)
			rc = json_array_append_new(
			    statements, describe_proof(&proof));
		keyring_proof_done(&proof);
	}
	/* They end where there is none with the next number. */
	if (rc != 0 && err->code != ERROR_NOT_FOUND) {
		json_decref(statements);
		return -1;
	}
	*ret_reply = json_pack("{s:o}", "statements", statements);
	return *ret_reply != NULL
		   ? 0
		   : error_set(err, ERROR_INTERNAL, _("out of memory"));
}

/* The checkpoint that is named must be of this journal. */
static int
check_statement(const struct control_call *call,
    struct evidence_statement *statement, struct error *err)
{
	struct service *service = call->service;
	const char *root = control_call_text(call, "root");
	uint8_t own[MERKLE_HASH_BYTES];

	*statement = (struct evidence_statement){
	    .from = (int64_t)control_call_number(call, "from"),
	    .to = (int64_t)control_call_number(call, "to"),
	    .size = control_call_number(call, "size"),
	};
	memcpy(statement->origin, service->keyring.origin,
	    strlen(service->keyring.origin) + 1);
	if (bytes_parse_hex(root, statement->root, sizeof(statement->root)) !=
		0 ||
	    statement->to < statement->from)
		return error_set(err, ERROR_USAGE, "root");
	if (statement->size == 0 ||
	    journal_root(service->catalog, statement->size, own, err) != 0 ||
	    memcmp(own, statement->root, sizeof(own)) != 0)
		return error_set(
		    err, ERROR_DENIED, _("the bundle is not of this journal"));
	return 0;
}

int
control_evidence_sign(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const char *text = control_call_text(call, "tagmanifest");
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	char comment[EVIDENCE_COMMENT_BYTES];
	struct evidence_statement statement;
	struct signature_prehash hash;
	struct bytes out = BYTES_EMPTY;
	int rc = -1;

	(void)ret_run;
	if (evidence_tagmanifest_check(text, strlen(text), err) != 0 ||
	    check_statement(call, &statement, err) != 0)
		return -1;
	signature_prehash_init(&hash);
	signature_prehash_update(&hash, text, strlen(text));
	signature_prehash_final(&hash, prehash);
	evidence_comment_format(&statement, comment);
	if (signature_sign(&call->service->keyring.daemon, prehash, comment,
		EVIDENCE_UNTRUSTED_COMMENT, &out, err) != 0)
		goto out;
	*ret_reply = json_pack(
	    "{s:s%}", "signature", (const char *)out.data, out.length);
	rc = *ret_reply != NULL
		 ? 0
		 : error_set(err, ERROR_INTERNAL, _("out of memory"));
out:
	bytes_done(&out);
	return rc;
}
