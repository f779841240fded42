/* What the journal says of a drill, and what its steps are worth. */
#include <stdio.h>
#include <string.h>

#include "daemon/drill_internal.h"
#include "daemon/drill_record.h"
#include "daemon/drill_scratch.h"
#include "daemon/ledger.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

const char *
drill_outcome_name(enum drill_outcome outcome)
{
	static const char *const names[] = {
	    [DRILL_PASSED] = "passed",
	    [DRILL_WARNING] = "warning",
	    [DRILL_UNDETERMINED] = "undetermined",
	    [DRILL_FAILED] = "failed",
	};

	return names[outcome];
}

/* The gravest counts, and the first reason for it. */
static void
raise_to(struct drill *drill, enum drill_outcome outcome, const char *reason)
{
	if (outcome <= drill->worst)
		return;
	drill->worst = outcome;
	(void)snprintf(drill->reason, sizeof(drill->reason), "%s", reason);
}

/* One entry in a transaction of its own; takes its reference. */
static int
append(struct service *service, json_t *entry, uint64_t *ret_seq,
    struct error *err)
{
	if (ledger_begin(service, err) != 0) {
		json_decref(entry);
		return -1;
	}
	if (ledger_append(service, entry, ret_seq, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

int
drill_record_begin(struct drill *drill, struct error *err)
{
	const struct drill_copy *copy = &drill->copy;

	return append(drill->drills->service,
	    json_pack("{s:s, s:s, s:I, s:s, s:I, s:I, s:I}", "type", "drill",
		"event", "begin", "copy", (json_int_t)copy->id, "operator",
		drill->operator, "share_ppm", (json_int_t)drill->share_ppm,
		"files_total", (json_int_t)copy->files, "bytes_total",
		(json_int_t)copy->bytes),
	    &drill->view.id, err);
}

/* What one check showed; takes the detail's reference. */
struct check {
	const char *kind, *name;
	enum drill_outcome outcome;
	const char *reason;
	json_t *detail;
};

static int
append_check(struct drill *drill, const struct check *check, struct error *err)
{
	raise_to(drill, check->outcome, check->reason);
	return append(drill->drills->service,
	    json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:o}", "type", "drill",
		"event", "check", "drill", (json_int_t)drill->view.id, "kind",
		check->kind, "name", check->name, "outcome",
		drill_outcome_name(check->outcome), "detail", check->detail),
	    NULL, err);
}

/* ---- what kept a step from its work ---- */

/* Why a job came to no good end, in a word. */
static const char *
word_of(const struct jobs_end *end)
{
	if (end->has_parser && end->parser_error.code != ERROR_NONE)
		return error_code_name(end->parser_error.code);
	if (end->outcome == JOBS_FAILED)
		return error_code_name(end->error.code);
	if (end->outcome != JOBS_DONE)
		return jobs_outcome_name(end->outcome);
	return end->has_parser ? jobs_outcome_name(end->parser) : "no-answer";
}

static void
log_failure(const struct drill *drill, const struct jobs_end *end)
{
	bool is_other = end->has_parser && end->parser_error.code != ERROR_NONE;

	log_event(LOG_LEVEL_WARNING, _("drill %llu: %s: %s"),
	    (unsigned long long)drill->view.id, drill->view.step,
	    is_other ? end->parser_error.text : end->error.text);
}

static int
fail_step(struct drill *drill, const char *kind, const struct jobs_end *end,
    struct error *err)
{
	const char *word = word_of(end);
	const struct check check = {
	    .kind = kind,
	    .name = drill->view.step,
	    .outcome = DRILL_UNDETERMINED,
	    .reason = word,
	    .detail = json_pack("{s:s}", "error", word),
	};

	log_failure(drill, end);
	return append_check(drill, &check, err);
}

int
drill_record_make(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	if (end->outcome == JOBS_DONE && drill->scratch_fd >= 0)
		return 0;
	log_failure(drill, end);
	if (end->error.code == ERROR_USAGE) {
		/* Nothing was begun there, and nobody is to look for it. */
		drill_scratch_forget(drill);
		raise_to(drill, DRILL_UNDETERMINED, "target-on-medium");
	}
	raise_to(drill, DRILL_UNDETERMINED, "no-scratch");
	(void)err;
	return -1;
}

int
drill_record_plan(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	struct jobs_end full = {.outcome = JOBS_FAILED};

	if (end->outcome != JOBS_DONE || !drill->is_told) {
		(void)!fail_step(drill, "restore", end, err);
		return -1;
	}
	drill->view.bytes_total = drill->plan.bytes;
	if (drill_scratch_check(drill, drill->plan.bytes, &full.error) == 0)
		return 0;
	(void)!fail_step(drill, "restore", &full, err);
	return -1;
}

static int
commit_findings(struct drill *drill, struct error *err)
{
	struct service *service = drill->drills->service;
	int rc = -1;

	if (drill->findings.count == 0)
		return 0;
	if (ledger_begin(service, err) == 0 &&
	    gathering_commit(&drill->findings, service, drill->copy.id,
		drill->copy.manifest, -1, err) == 0 &&
	    ledger_commit(service, err) == 0)
		rc = 0;
	else
		ledger_rollback(service);
	gathering_clear(&drill->findings);
	return rc;
}

/* What was found on the medium is found there, whatever else happens. */
int
drill_record_restore(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	if (commit_findings(drill, err) != 0)
		return -1;
	if (end->outcome == JOBS_DONE && end->parser == JOBS_DONE &&
	    drill->is_restored)
		return 0;
	(void)!fail_step(drill, "restore", end, err);
	return -1;
}

/* ---- what the restored files say ---- */

int
drill_record_inspected(struct drill *drill,
    const struct contents_result *result, struct error *err)
{
	static const enum drill_outcome outcomes[] = {
	    [INSPECT_SOUND] = DRILL_PASSED,
	    [INSPECT_NOTE] = DRILL_PASSED,
	    [INSPECT_WARNING] = DRILL_WARNING,
	    [INSPECT_UNDETERMINED] = DRILL_UNDETERMINED,
	    [INSPECT_BROKEN] = DRILL_FAILED,
	};
	struct check check = {.kind = "inspect"};

	if (result->format >= INSPECT_FORMATS) {
		drill->no_format = result->files;
		drill->skipped = result->skipped;
		return 0;
	}
	check.name = inspect_format_name((enum inspect_format)result->format);
	check.outcome = outcomes[contents_worst(result)];
	check.reason =
	    result->has_code ? inspect_code_name(result->code) : check.name;
	check.detail = json_pack("{s:I, s:I}", "files",
	    (json_int_t)result->files, "bytes", (json_int_t)result->bytes);
	for (int i = INSPECT_NOTE; i <= INSPECT_BROKEN; i++)
		if (result->severities[i] > 0)
			(void)json_object_set_new(check.detail,
			    inspect_severity_name((enum inspect_severity)i),
			    json_integer((json_int_t)result->severities[i]));
	if (result->has_code)
		(void)json_object_set_new(
		    check.detail, "code", json_string(check.reason));
	for (size_t i = 0; i < result->count_count; i++)
		if (json_object_get(check.detail, result->counts[i].name) ==
		    NULL)
			(void)json_object_set_new(check.detail,
			    result->counts[i].name,
			    json_integer((json_int_t)result->counts[i].value));
	drill->inspected += result->files;
	return append_check(drill, &check, err);
}

/* Zero files looked into is a failure to look (law 1). */
int
drill_record_inspect_end(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	struct check check = {
	    .kind = "inspect",
	    .name = "none",
	    .outcome = DRILL_WARNING,
	    .reason = "nothing-inspected",
	};

	if (end->outcome != JOBS_DONE)
		return fail_step(drill, "inspect", end, err);
	if (drill->inspected > 0)
		return 0;
	check.detail =
	    json_pack("{s:I}", "files", (json_int_t)drill->plan.files);
	return append_check(drill, &check, err);
}

/* ---- programs ---- */

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
	const struct check check = {
	    .kind = "program",
	    .name = program->name,
	    .reason = program->refused,
	    .outcome = DRILL_UNDETERMINED,
	    .detail = json_pack("{s:s}", "reason", program->refused),
	};

	return append_check(drill, &check, err);
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
	struct check check = {
	    .kind = "program",
	    .name = drill->programs[drill->program_at].name,
	    .reason = "program-not-run",
	    .outcome = DRILL_UNDETERMINED,
	};

	if (end->outcome != JOBS_DONE || !drill->is_told) {
		log_failure(drill, end);
		check.detail = json_pack("{s:s}", "error", word_of(end));
		return append_check(drill, &check, err);
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
	else if (program->end == REPLY_PROGRAM_EXITED && program->status == 1)
		(void)json_object_set_new(
		    check.detail, "reason", json_string("no-result"));
	note_assertions(drill, check.outcome);
	json_decref(drill->program_result);
	drill->program_result = NULL;
	return append_check(drill, &check, err);
}

/* ---- every byte ---- */

static void
judge_bytes(const struct drill *drill, struct check *check)
{
	const struct prove_result *proved = &drill->proved;
	const struct restore_counts *counts = &drill->restored.counts;
	const struct restore_stream_result *sent = &drill->sent.result;
	const struct {
		bool holds;
		enum drill_outcome outcome;
		const char *reason;
	} rules[] = {
	    {proved->differing > 0, DRILL_FAILED, "bytes-differ"},
	    {proved->extra > 0, DRILL_FAILED, "files-appeared"},
	    {sent->differing > 0, DRILL_FAILED, "medium-damaged"},
	    {drill->restored.is_archive &&
		    drill->restored.state == PARSE_DAMAGED,
		DRILL_FAILED, "archive-damaged"},
	    {proved->missing > counts->unresolved + sent->unread, DRILL_FAILED,
		"files-missing"},
	    {proved->missing_links > counts->refused_links + sent->unread,
		DRILL_FAILED, "links-missing"},
	    {!drill->restored.is_whole, DRILL_UNDETERMINED, "cut-off"},
	    {proved->missing > 0, DRILL_UNDETERMINED, "files-missing"},
	    {proved->unproved > 0, DRILL_UNDETERMINED, "no-digest"},
	    {proved->files == 0, DRILL_UNDETERMINED, "nothing-restored"},
	    {counts->refused_links + counts->refused_paths +
			counts->refused_special >
		    0,
		DRILL_WARNING, "refused"},
	    {drill->copy.is_undecoded, DRILL_WARNING, "not-decoded"},
	};

	check->outcome = DRILL_PASSED;
	check->reason = "";
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].holds) {
			check->outcome = rules[i].outcome;
			check->reason = rules[i].reason;
			return;
		}
}

int
drill_record_prove(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	const struct prove_result *proved = &drill->proved;
	const struct restore_counts *counts = &drill->restored.counts;
	struct check check = {.kind = "restore", .name = "bytes"};

	if (end->outcome != JOBS_DONE || !drill->is_told)
		return fail_step(drill, "restore", end, err);
	judge_bytes(drill, &check);
	check.detail = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I,"
				 " s:I, s:I, s:I, s:I, s:I}",
	    "files", (json_int_t)proved->files, "bytes",
	    (json_int_t)proved->bytes, "links", (json_int_t)counts->links,
	    "differing", (json_int_t)proved->differing, "missing",
	    (json_int_t)proved->missing, "extra", (json_int_t)proved->extra,
	    "unproved", (json_int_t)proved->unproved, "refused_links",
	    (json_int_t)counts->refused_links, "refused_special",
	    (json_int_t)counts->refused_special, "refused_paths",
	    (json_int_t)counts->refused_paths, "of_files",
	    (json_int_t)drill->plan.files_total, "of_bytes",
	    (json_int_t)drill->plan.bytes_total, "no_format",
	    (json_int_t)drill->no_format, "skipped",
	    (json_int_t)drill->skipped);
	if (check.reason[0] != '\0')
		(void)json_object_set_new(
		    check.detail, "reason", json_string(check.reason));
	drill->view.files = proved->files;
	drill->view.bytes = proved->bytes;
	return append_check(drill, &check, err);
}

/* ---- the end ---- */

static json_t *
end_of(uint64_t drill, const char *outcome, const char *reason)
{
	json_t *entry = json_pack("{s:s, s:s, s:I, s:s}", "type", "drill",
	    "event", "end", "drill", (json_int_t)drill, "outcome", outcome);

	if (reason[0] != '\0')
		(void)json_object_set_new(entry, "reason", json_string(reason));
	return entry;
}

static void
set_numbers(json_t *entry, const struct drill_view *view)
{
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
	    {"files", view->files},
	    {"bytes", view->bytes},
	    {"medium_ms", (uint64_t)view->medium_ms},
	    {"restore_ms", (uint64_t)view->restore_ms},
	    {"check_ms", (uint64_t)view->check_ms},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)json_object_set_new(entry, numbers[i].name,
		    json_integer((json_int_t)numbers[i].value));
}

int
drill_record_end(struct drill *drill, const char *outcome, struct error *err)
{
	json_t *entry = end_of(drill->view.id, outcome, drill->reason);

	set_numbers(entry, &drill->view);
	return append(drill->drills->service, entry, NULL, err);
}
