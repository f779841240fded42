#include "daemon/control_call.h"

#include <string.h>

#include "daemon/documents.h"
#include "lib/base/i18n.h"
#include "lib/output/document_draw.h"

#define SERVICE "org.varlink.service"

/* What kept a method from its work, as an error of the interface. */
static const char *const names[ERROR_CODES] = {
    [ERROR_NOT_FOUND] = CONTROL_CALL_INTERFACE ".NotFound",
    [ERROR_DENIED] = CONTROL_CALL_INTERFACE ".Denied",
    [ERROR_EXISTS] = CONTROL_CALL_INTERFACE ".Busy",
    [ERROR_UNAVAILABLE] = CONTROL_CALL_INTERFACE ".Temporary",
    [ERROR_CANCELLED] = CONTROL_CALL_INTERFACE ".Temporary",
};

const char *
control_call_text(const struct control_call *call, const char *name)
{
	return json_string_value(json_object_get(call->parameters, name));
}

uint64_t
control_call_number(const struct control_call *call, const char *name)
{
	return (uint64_t)json_integer_value(
	    json_object_get(call->parameters, name));
}

bool
control_call_flag(const struct control_call *call, const char *name)
{
	return json_is_true(json_object_get(call->parameters, name));
}

/* A standard error with its one parameter. */
static void
answer_standard(struct control_answer *answer, const char *name,
    const char *key, const char *value)
{
	*answer = (struct control_answer){
	    .error = name, .parameters = json_pack("{s:s}", key, value)};
}

void
control_call_fail(struct control_answer *answer, const struct error *err)
{
	const char *name = names[err->code];

	if (err->code == ERROR_USAGE) {
		answer_standard(answer, SERVICE ".InvalidParameter",
		    "parameter", err->text);
		return;
	}
	*answer = (struct control_answer){.error = name};
	if (name != NULL) {
		answer->parameters = json_pack("{s:s}", "text", err->text);
		return;
	}
	answer->error = CONTROL_CALL_INTERFACE ".Failed";
	answer->parameters = json_pack("{s:s, s:s}", "code",
	    error_code_name(err->code), "text", err->text);
}

int
control_call_document(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const struct document_request request = {
	    .name = strrchr(call->method, '.') + 1,
	    .parameters = call->parameters,
	    .catalog = call->service->catalog,
	    .config = call->service->config,
	    .root_fd = call->service->root_fd,
	    .limit_max = CONTROL_CALL_ROWS_MAX,
	};
	struct documents_order order = {
	    .kind = REPORT_DOCUMENT,
	    .name = request.name,
	    .parameters = request.parameters,
	};

	if (!document_draw_is_heavy(request.name))
		return document_draw(&request, ret_reply, err);
	return documents_ask(call->service->documents, &order, ret_run, err) ==
		       0
		   ? 1
		   : -1;
}

static const struct control_method *
find_method(const char *name)
{
	for (const struct control_method *method = control_methods_table;
	     method->name != NULL; method++)
		if (strcmp(method->name, name) == 0)
			return method;
	return NULL;
}

static bool
is_of_type(const json_t *value, char type)
{
	if (value == NULL || json_is_null(value))
		return true;
	switch (type) {
	case 's':
		return json_is_string(value);
	case 'b':
		return json_is_boolean(value);
	default:
		return json_is_integer(value) && json_integer_value(value) >= 0;
	}
}

/* The name of a parameter that is unknown, wrong or missing; else NULL. */
static const char *
wrong_parameter(const struct control_method *method, const json_t *parameters)
{
	const struct control_parameter *known = method->parameters, *p;
	const char *name;
	json_t *value;

	for (p = known; p->name != NULL; p++) {
		value = json_object_get(parameters, p->name);
		if (!is_of_type(value, p->type) ||
		    (p->is_needed && (value == NULL || json_is_null(value))))
			return p->name;
	}
	json_object_foreach((json_t *)(uintptr_t)parameters, name, value)
	{
		for (p = known; p->name != NULL && strcmp(p->name, name) != 0;)
			p++;
		if (p->name == NULL)
			return name;
	}
	return NULL;
}

static void
answer_method(const struct control_call *call, const char *name,
    struct control_answer *answer)
{
	const struct control_method *method = find_method(name);
	const char *wrong;
	struct error err = {0};
	int rc;

	if (method == NULL) {
		answer_standard(
		    answer, SERVICE ".MethodNotFound", "method", call->method);
		return;
	}
	if (call->role < method->role) {
		(void)error_set(&err, ERROR_DENIED,
		    _("only root and members of the group %s may do this"),
		    CONTROL_ROLE_ACT_GROUP);
		control_call_fail(answer, &err);
		return;
	}
	wrong = wrong_parameter(method, call->parameters);
	if (wrong != NULL) {
		answer_standard(
		    answer, SERVICE ".InvalidParameter", "parameter", wrong);
		return;
	}
	rc = method->run(call, &answer->parameters, &answer->run, &err);
	if (rc > 0) {
		answer->ticket = answer->run;
		answer->run = 0;
	}
	if (rc < 0)
		control_call_fail(answer, &err);
}

/* org.varlink.service, which every Varlink service has. */
static void
answer_introspection(const struct control_call *call, const char *name,
    struct control_answer *answer)
{
	const char *interface;

	if (strcmp(name, "GetInfo") == 0) {
		answer->parameters = json_pack("{s:s, s:s, s:s, s:s, s:[s, s]}",
		    "vendor", "hikae", "product", "hikaed", "version",
		    HIKAE_VERSION, "url", "", "interfaces", SERVICE,
		    CONTROL_CALL_INTERFACE);
		return;
	}
	if (strcmp(name, "GetInterfaceDescription") != 0) {
		answer_standard(
		    answer, SERVICE ".MethodNotFound", "method", call->method);
		return;
	}
	interface = control_call_text(call, "interface");
	if (interface == NULL)
		answer_standard(answer, SERVICE ".InvalidParameter",
		    "parameter", "interface");
	else if (strcmp(interface, CONTROL_CALL_INTERFACE) != 0)
		answer_standard(answer, SERVICE ".InterfaceNotFound",
		    "interface", interface);
	else
		answer->parameters =
		    json_pack("{s:s}", "description", control_interface_text);
}

void
control_call_answer(
    const struct control_call *call, struct control_answer *ret_answer)
{
	const char *dot = strrchr(call->method, '.');
	size_t length = dot == NULL ? 0 : (size_t)(dot - call->method);

	*ret_answer = (struct control_answer){.error = NULL};
	if (length == strlen(CONTROL_CALL_INTERFACE) &&
	    memcmp(call->method, CONTROL_CALL_INTERFACE, length) == 0)
		answer_method(call, dot + 1, ret_answer);
	else if (length == strlen(SERVICE) &&
		 memcmp(call->method, SERVICE, length) == 0)
		answer_introspection(call, dot + 1, ret_answer);
	else
		answer_standard(ret_answer, SERVICE ".InterfaceNotFound",
		    "interface", call->method);
}
