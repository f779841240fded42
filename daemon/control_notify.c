#include "daemon/control_notify.h"

#include "daemon/notices.h"
#include "lib/base/i18n.h"

static int
reply_with(json_t *reply, json_t **ret_reply, struct error *err)
{
	if (reply == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	*ret_reply = reply;
	return 0;
}

int
control_notify_list(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	(void)ret_run;
	return reply_with(
	    notices_describe(call->service->notices), ret_reply, err);
}

int
control_notify_test(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	uint64_t id;

	(void)ret_run;
	if (notices_test(call->service->notices,
		control_call_text(call, "section"), &id, err) != 0)
		return -1;
	return reply_with(
	    json_pack("{s:I}", "id", (json_int_t)id), ret_reply, err);
}

int
control_notify_acknowledge(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const struct notices_acknowledgement what = {
	    .finding = control_call_number(call, "finding"),
	    .code = control_call_text(call, "code"),
	    .system = control_call_text(call, "system"),
	    .medium = control_call_text(call, "medium"),
	    .by = control_call_text(call, "by"),
	    .note = control_call_text(call, "note"),
	    .until = (int64_t)control_call_number(call, "until"),
	};
	uint64_t count;

	(void)ret_run;
	if (notices_acknowledge(call->service->notices, &what, &count, err) !=
	    0)
		return -1;
	return reply_with(
	    json_pack("{s:I}", "count", (json_int_t)count), ret_reply, err);
}
