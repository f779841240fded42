#include "lib/judge/suspicion.h"

#include "lib/model/finding.h"
#include "lib/store/query_finding.h"

static int
take_finding(const struct query_finding *row, void *context, struct error *err)
{
	struct suspicion_state *state = context;

	(void)err;
	state->state = SUSPICION_HINTED;
	/* The newest come first. */
	if (state->finding == 0)
		state->finding = row->id;
	state->since = row->opened_at;
	return 0;
}

int
suspicion_of_generation(struct catalog *catalog, struct catalog_at at,
    const char *generation, struct suspicion_state *ret_state,
    struct error *err)
{
	struct suspicion_state state = {
	    .state = SUSPICION_UNKNOWN, .since = QUERY_NEVER};
	const struct query_finding_filter filter = {
	    .only_open = true,
	    .code = finding_name(FINDING_SUSPICIOUS_CONTENT),
	    .generation = generation,
	};

	if (query_findings(catalog, at, &filter, take_finding, &state, err) !=
	    0)
		return -1;
	*ret_state = state;
	return 0;
}
