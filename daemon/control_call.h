/*
 * control_call: one call of a method, and its answer.
 *
 * Uses: service, control_role.
 *
 * The methods stand in one table (control_methods.c); their parameters are
 * checked by it before a method runs.
 */
#ifndef HIKAE_DAEMON_CONTROL_CALL_H
#define HIKAE_DAEMON_CONTROL_CALL_H

#include "daemon/control_role.h"
#include "daemon/runs.h"
#include "daemon/service.h"

#define CONTROL_CALL_INTERFACE "io.hikae.Control"
#define CONTROL_CALL_PARAMETERS_MAX 10
/* Rows that one reply may hold, whatever is asked. */
#define CONTROL_CALL_ROWS_MAX 5000

struct control_call {
	struct service *service;
	enum control_role role;
	uid_t uid;		  /* who asks, as the kernel says */
	const char *method;	  /* qualified */
	const json_t *parameters; /* an object, or NULL */
	bool has_more;		  /* the caller takes several replies */
};

struct control_answer {
	const char *error;  /* name, static; NULL: a reply */
	json_t *parameters; /* the caller's; NULL: none */
	/* More replies follow, until this run ends; 0: that was all. */
	uint64_t run;
	/* Nothing yet: a child draws it (documents.h); 0: this is the answer.
	 */
	uint64_t ticket;
};

/* Answer a call; never fails, since what went wrong is an answer. */
void control_call_answer(
    const struct control_call *call, struct control_answer *ret_answer);

/* What is told of a run while it goes on; NULL without memory. */
json_t *control_call_describe_run(const struct runs_view *view);

/* Parameters that are left out are NULL, 0 and false. */
const char *control_call_text(
    const struct control_call *call, const char *name);
uint64_t control_call_number(const struct control_call *call, const char *name);
bool control_call_flag(const struct control_call *call, const char *name);

/*
 * Run a method that is a document (output/document_draw) by its name: at once,
 * or in a child where it is heavy.  As control_method.run.
 */
int control_call_document(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;

/* An error as an answer. */
void control_call_fail(
    struct control_answer *ret_answer, const struct error *err);

/* The table, for the interface's test. */
struct control_parameter {
	const char *name;
	char type; /* 's'tring, 'i'nteger (0 and more), 'b'oolean */
	bool is_needed;
};

struct control_method {
	const char *name; /* without the interface */
	enum control_role role;
	/*
	 * 0 with *ret_reply, and *ret_run as in control_answer; 1 with a ticket
	 * in *ret_run: the answer comes later; -1.
	 */
	int (*run)(const struct control_call *call, json_t **ret_reply,
	    uint64_t *ret_run, struct error *err);
	/* Up to the first without a name. */
	struct control_parameter parameters[CONTROL_CALL_PARAMETERS_MAX];
};

/* Ends in an entry without a name. */
extern const struct control_method control_methods_table[];

/* The description in the Varlink interface definition language. */
extern const char control_interface_text[];

#endif
