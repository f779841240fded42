#include "daemon/control_evidence.h"

#include <string.h>

#include "daemon/documents.h"
#include "daemon/words.h"
#include "lib/base/i18n.h"
#include "lib/crypto/keyring_statement.h"

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

static int
order(const struct control_call *call, enum report_kind kind,
    uint64_t *ret_ticket, struct error *err)
{
	const struct documents_order documents_order = {
	    .kind = kind,
	    .name = strrchr(call->method, '.') + 1,
	    .parameters = call->parameters,
	    .uid = call->uid,
	};

	return documents_ask(call->service->documents, &documents_order,
		   ret_ticket, err) == 0
		   ? 1
		   : -1;
}

int
control_evidence_report(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const char *language = control_call_text(call, "language");

	(void)ret_reply;
	if (language != NULL && strcmp(language, "ja") != 0 &&
	    strcmp(language, "en") != 0)
		return error_set(err, ERROR_USAGE, "language");
	return order(call, REPORT_PAGE, ret_run, err);
}

int
control_evidence_export(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const char *kind = control_call_text(call, "kind");
	const char *by = control_call_text(call, "by");

	(void)ret_reply;
	if (strcmp(kind, "tar") != 0 && strcmp(kind, "zip") != 0)
		return error_set(err, ERROR_USAGE, "kind");
	if (words_check_optional(by, "by", err) != 0)
		return -1;
	return order(call, REPORT_EVIDENCE, ret_run, err);
}
