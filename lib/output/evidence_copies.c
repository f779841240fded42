/* generations, copies, verifications and findings. */
#include <string.h>

#include "lib/output/evidence_internal.h"
#include "lib/store/query_finding.h"

/* Whether a row belongs to the one system that was asked for. */
static bool
is_asked(const struct evidence_making *making, const char *system)
{
	return making->request->system == NULL ||
	       (system != NULL && strcmp(system, making->request->system) == 0);
}

static int
add_generation(
    const struct query_generation *generation, void *context, struct error *err)
{
	struct document_row row;

	document_row_generation(&row, generation);
	return evidence_lines_end_row(context, &row, err);
}

static int
add_copy(const struct query_copy *copy, void *context, struct error *err)
{
	struct evidence_making *making = context;
	json_t *row = NULL;

	if (document_row_copy(&making->context, copy, &row, err) != 0)
		return -1;
	return evidence_lines_add(making, row, err);
}

int
evidence_put_copies(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	const struct query_copy_filter filter = {
	    .system = making->request->system};

	if (evidence_lines_open(making, "generations", err) != 0 ||
	    query_generations(context->catalog, context->at, filter.system,
		add_generation, making, err) != 0 ||
	    evidence_lines_close(making, err) != 0)
		return -1;
	if (evidence_lines_open(making, "copies", err) != 0 ||
	    query_copies(context->catalog, context->at, &filter, add_copy,
		making, err) != 0)
		return -1;
	return evidence_lines_close(making, err);
}

static int
add_run(const struct query_run *run, void *context, struct error *err)
{
	struct evidence_making *making = context;
	struct document_row row;

	if ((run->is_ended && run->ended_at < making->request->from) ||
	    (run->system != NULL && !is_asked(making, run->system)))
		return 0;
	document_row_begin(&row);
	document_row_number(&row, "id", run->id);
	document_row_text(&row, "trigger", run->trigger);
	document_row_text(&row, "level", run->level);
	document_row_text(&row, "system", run->system);
	document_row_text(&row, "medium", run->medium);
	document_row_text(&row, "source", run->source);
	document_row_text(&row, "generation", run->generation);
	if (run->copy != 0)
		document_row_number(&row, "copy", run->copy);
	document_row_instant(&row, "began_at", run->began_at);
	document_row_flag(&row, "is_ended", run->is_ended);
	if (run->is_ended) {
		document_row_instant(&row, "ended_at", run->ended_at);
		document_row_text(&row, "outcome", run->outcome);
		document_row_text(&row, "canary", run->canary);
		document_row_number(&row, "bytes", run->bytes);
		document_row_number(&row, "bytes_read", run->bytes_read);
		document_row_number(&row, "intact", run->intact);
		document_row_number(&row, "damaged", run->damaged);
		document_row_number(&row, "undetermined", run->undetermined);
	}
	return evidence_lines_end_row(making, &row, err);
}

int
evidence_put_verifications(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	const struct query_run_filter filter = {.limit = 0};

	if (evidence_lines_open(making, "verifications", err) != 0 ||
	    query_runs(context->catalog, context->at, &filter, add_run, making,
		err) != 0)
		return -1;
	return evidence_lines_close(making, err);
}

/* Those that were open at some time of the period. */
static int
add_finding(
    const struct query_finding *finding, void *context, struct error *err)
{
	struct evidence_making *making = context;
	json_t *row = NULL;

	if ((!finding->is_open && finding->last_at < making->request->from) ||
	    (finding->system != NULL && !is_asked(making, finding->system)))
		return 0;
	if (document_row_finding(&making->context, finding, &row, err) != 0)
		return -1;
	return evidence_lines_add(making, row, err);
}

int
evidence_put_findings(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;

	if (evidence_lines_open(making, "findings", err) != 0 ||
	    query_findings(context->catalog, context->at, NULL, add_finding,
		making, err) != 0)
		return -1;
	return evidence_lines_close(making, err);
}
