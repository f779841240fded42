/* Methods that begin a drill, and end it early. */
#include <string.h>

#include "daemon/control_drill.h"
#include "daemon/drill.h"
#include "daemon/words.h"
#include "lib/base/i18n.h"
#include "lib/crypto/signature.h"

#define ALL_PPM 1000000u

json_t *
control_drill_describe(const struct drill_view *view)
{
	json_t *drill = json_pack(
	    "{s:I, s:b, s:s?, s:s, s:s, s:s, s:b, s:b, s:b}", "id",
	    (json_int_t)view->id, "is_ended", (int)view->is_ended, "step",
	    view->step, "system", view->system, "generation", view->generation,
	    "medium", view->medium, "is_offline", (int)view->is_offline,
	    "is_apart", (int)view->is_apart, "is_left", (int)view->is_left);
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
	    {"files", view->files},
	    {"bytes", view->bytes},
	    {"bytes_done", view->bytes_done},
	    {"bytes_total", view->bytes_total},
	    {"medium_ms", (uint64_t)view->medium_ms},
	    {"restore_ms", (uint64_t)view->restore_ms},
	    {"check_ms", (uint64_t)view->check_ms},
	    {"elapsed_ms", (uint64_t)view->elapsed_ms},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)json_object_set_new(
		    drill, numbers[i].name, json_of_u64(numbers[i].value));
	if (view->outcome != NULL)
		(void)json_object_set_new(
		    drill, "outcome", json_string(view->outcome));
	if (view->reason != NULL && view->reason[0] != '\0')
		(void)json_object_set_new(
		    drill, "reason", json_string(view->reason));
	if (view->scratch != NULL)
		(void)json_object_set_new(drill, "scratch",
		    json_of_bytes(view->scratch, strlen(view->scratch)));
	return json_pack("{s:o}", "drill", drill);
}

/* It is in the drill's own keeping now, or nobody's. */
static void
wipe(const char *secret)
{
	if (secret != NULL)
		signature_wipe((char *)(uintptr_t)secret, strlen(secret));
}

static int
check_request(
    const struct drill_request *request, uint64_t ppm, struct error *err)
{
	if (ppm == 0 || ppm > ALL_PPM)
		return error_set(err, ERROR_USAGE, "share_ppm");
	if (request->target != NULL && request->target[0] != '/')
		return error_set(err, ERROR_USAGE, "target");
	if (words_check(request->operator, "operator", err) != 0)
		return -1;
	if (request->secret != NULL &&
	    (request->secret[0] == '\0' || strpbrk(request->secret, "\r\n")))
		return error_set(err, ERROR_USAGE, "secret");
	if (request->key != NULL && request->key[0] == '\0')
		return error_set(err, ERROR_USAGE, "key");
	return 0;
}

int
control_drill_start(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const json_t *share = json_object_get(call->parameters, "share_ppm");
	uint64_t ppm = share == NULL || json_is_null(share)
			   ? ALL_PPM
			   : control_call_number(call, "share_ppm");
	struct drill_request request = {
	    .system = control_call_text(call, "system"),
	    .generation = control_call_text(call, "generation"),
	    .medium = control_call_text(call, "medium"),
	    .operator= control_call_text(call, "operator"),
	    .target = control_call_text(call, "target"),
	    .secret = control_call_text(call, "secret"),
	    .key = control_call_text(call, "key"),
	    .is_kept = control_call_flag(call, "is_kept"),
	};
	struct drill_view view;
	uint64_t id;
	int rc;

	request.share_ppm = (uint32_t)ppm;
	rc = check_request(&request, ppm, err);
	if (rc == 0)
		rc = drill_start(call->service->drills, &request, &id, err);
	wipe(request.secret);
	wipe(request.key);
	if (rc != 0 || drill_look(call->service->drills, id, &view, err) != 0)
		return -1;
	if (call->has_more && !view.is_ended)
		*ret_run = id;
	*ret_reply = control_drill_describe(&view);
	return 0;
}

int
control_drill_cancel(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	(void)ret_run;
	if (drill_cancel(call->service->drills,
		control_call_number(call, "drill"),
		control_call_text(call, "system"), err) != 0)
		return -1;
	*ret_reply = json_object();
	return 0;
}
