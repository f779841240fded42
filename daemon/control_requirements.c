#include "daemon/control_requirements.h"

#include <string.h>

#include "daemon/attestation.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/output/document.h"
#include "lib/store/journal.h"

/* As of now, or as of the journal's last entry that is not younger. */
static int
context_of(const struct control_call *call,
    struct document_context *ret_context, struct error *err)
{
	int64_t at = (int64_t)control_call_number(call, "at");

	*ret_context = (struct document_context){
	    .catalog = call->service->catalog,
	    .at = CATALOG_NOW,
	    .now = clock_wall_ms(),
	    .config = call->service->config,
	    .has_names = true,
	};
	if (at == 0)
		return 0;
	if (at > ret_context->now)
		return error_set(err, ERROR_INPUT, _("that day is to come"));
	ret_context->now = at;
	return journal_seq_at(ret_context->catalog, at, &ret_context->at, err);
}

int
control_requirements_compliance(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err)
{
	struct document_compliance_filter filter = {
	    .pack = control_call_text(call, "pack"),
	    .system = control_call_text(call, "system"),
	    .requirement = control_call_text(call, "requirement"),
	};
	struct requirement_set *set = NULL;
	struct config_problems problems;
	struct document_context context;
	int rc;

	(void)ret_run;
	if (context_of(call, &context, err) != 0)
		return -1;
	rc = attestation_load_requirements(call->service, &set, &problems, err);
	filter.set = set;
	filter.left_out = &problems;
	if (rc == 0)
		rc = document_compliance(&context, &filter, ret_reply, err);
	requirement_set_free(set);
	config_problems_done(&problems);
	return rc;
}

int
control_requirements_attestations(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err)
{
	struct document_context context;

	(void)ret_run;
	if (context_of(call, &context, err) != 0)
		return -1;
	return document_attestations(
	    &context, control_call_text(call, "requirement"), ret_reply, err);
}

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
