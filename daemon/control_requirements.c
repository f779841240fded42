#include "daemon/control_requirements.h"

#include <string.h>

#include "daemon/attestation.h"
#include "lib/base/i18n.h"

int
control_requirements_document(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err)
{
	const char *data = control_call_text(call, "data");
	struct bytes piece = BYTES_EMPTY;
	int rc = -1;

	(void)ret_run;
	if (bytes_parse_base64(data, strlen(data), &piece) != 0)
		(void)error_set(err, ERROR_USAGE, "data");
	else
		rc = attestation_receive(call->service,
		    control_call_number(call, "offset"), &piece, err);
	bytes_done(&piece);
	if (rc == 0)
		*ret_reply = json_object();
	return rc;
}

int
control_requirements_attest(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const struct attestation attestation = {
	    .requirement = control_call_text(call, "requirement"),
	    .by = control_call_text(call, "by"),
	    .until = (int64_t)control_call_number(call, "until"),
	    .note = control_call_text(call, "note"),
	    .document_kind = control_call_text(call, "document_kind"),
	    .document_sha256 = control_call_text(call, "document_sha256"),
	};
	uint64_t seq = 0;

	(void)ret_run;
	if (attestation_make(call->service, &attestation, &seq, err) != 0)
		return -1;
	*ret_reply = json_pack("{s:I}", "id", (json_int_t)seq);
	return *ret_reply != NULL
		   ? 0
		   : error_set(err, ERROR_INTERNAL, _("out of memory"));
}

int
control_requirements_withdraw(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err)
{
	(void)ret_run;
	if (attestation_withdraw(call->service,
		control_call_number(call, "attestation"),
		control_call_text(call, "by"), control_call_text(call, "note"),
		err) != 0)
		return -1;
	*ret_reply = json_object();
	return 0;
}
