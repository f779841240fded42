/* What the programs of a drill showed. */
#include <string.h>

#include "daemon/drill_entry.h"
#include "daemon/drill_record.h"

/*
 * A warning is meant only where a result says what it is about: 1 is also what
 * an interpreter ends with that gave up.
 */
static enum drill_outcome
outcome_of(const struct reply_program *program, bool has_result)
{
	const enum drill_outcome outcomes[] = {DRILL_PASSED,
	    has_result ? DRILL_WARNING : DRILL_UNDETERMINED, DRILL_FAILED,
	    DRILL_UNDETERMINED};

	if (program->end == REPLY_PROGRAM_EXITED && program->status >= 0 &&
	    program->status <= 3)
		return outcomes[program->status];
	return DRILL_UNDETERMINED;
}

/* Of the program's own result, what a journal may hold. */
static void
add_result(json_t *detail, const json_t *result)
{
	const char *key;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)result, key, value)
	{
		size_t length = strlen(key);
		bool is_short =
		    json_is_string(value) && json_string_length(value) <= 64;

		if (length == 0 || length > 64 ||
		    strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") !=
			length ||
		    json_object_get(detail, key) != NULL)
			continue;
		if ((json_is_integer(value) &&
			json_integer_value(value) <= JSON_INTEGER_MAX &&
			json_integer_value(value) >= -JSON_INTEGER_MAX) ||
		    json_is_boolean(value) ||
		    (is_short && json_string_length(value) > 0 &&
			strspn(json_string_value(value),
			    "abcdefghijklmnopqrstuvwxyz0123456789-") ==
			    json_string_length(value) &&
			strchr("abcdefghijklmnopqrstuvwxyz",
			    json_string_value(value)[0]) != NULL))
			(void)json_object_set(
			    detail, key, (json_t *)(uintptr_t)value);
	}
}

/* Law 1: what was to be run and was not is no silence. */
int
drill_record_refused(struct drill *drill, struct error *err)
{
	const struct drill_program *program =
	    &drill->programs[drill->program_at];
	const struct drill_check check = {
	    .kind = "program",
	    .name = program->name,
	    .reason = program->refused,
	    .outcome = DRILL_UNDETERMINED,
	    .detail = json_pack("{s:s}", "reason", program->refused),
	};

	return drill_entry_check(drill, &check, err);
}

/*
 * Law 1: what it meant to say is not known, and may not have been its own,
 * since what a dump runs can write there as well.
 */
static void
judge_odd_result(struct drill_check *check)
{
	if (check->outcome < DRILL_UNDETERMINED)
		check->outcome = DRILL_UNDETERMINED;
	check->reason = "result-malformed";
	(void)json_object_set_new(
	    check->detail, "reason", json_string(check->reason));
}

/* One that knows of them and asked none is no good one, and says why itself. */
static void
note_assertions(struct drill *drill, enum drill_outcome outcome)
{
	const json_t *asked =
	    json_object_get(drill->program_result, "assertions");
	struct drill_assertions *file =
	    drill_assertions_of(drill, &drill->programs[drill->program_at]);

	if (file != NULL && json_is_integer(asked) &&
	    (json_integer_value(asked) > 0 || outcome >= DRILL_UNDETERMINED))
		file->is_asked = true;
}

int
drill_record_program(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	const struct reply_program *program = &drill->program;
	struct drill_check check = {
	    .kind = "program",
	    .name = drill->programs[drill->program_at].name,
	    .reason = "program-not-run",
	    .outcome = DRILL_UNDETERMINED,
	};

	if (end->outcome != JOBS_DONE || !drill->is_told) {
		drill_entry_log(drill, end);
		check.detail =
		    json_pack("{s:s}", "error", drill_entry_word(end));
		return drill_entry_check(drill, &check, err);
	}
	check.outcome = outcome_of(program, drill->program_result != NULL);
	check.reason = program->end == REPLY_PROGRAM_EXITED
			   ? check.name
			   : reply_drill_end_name(program->end);
	check.detail = json_pack("{s:s, s:I, s:I, s:I, s:b, s:b, s:b, s:b}",
	    "end", reply_drill_end_name(program->end), "status",
	    (json_int_t)program->status, "took_ms",
	    (json_int_t)program->took_ms, "output_bytes",
	    (json_int_t)program->output_bytes, "has_namespaces",
	    (int)program->has_namespaces, "has_landlock",
	    (int)program->has_landlock, "has_seccomp",
	    (int)program->has_seccomp, "is_apart", drill->socket_path != NULL);
	if (drill->program_result != NULL)
		add_result(check.detail, drill->program_result);
	else if (drill->is_result_odd && program->end == REPLY_PROGRAM_EXITED)
		judge_odd_result(&check);
	else if (program->end == REPLY_PROGRAM_EXITED && program->status == 1)
		(void)json_object_set_new(
		    check.detail, "reason", json_string("no-result"));
	note_assertions(drill, check.outcome);
	json_decref(drill->program_result);
	drill->program_result = NULL;
	return drill_entry_check(drill, &check, err);
}
