/*
 * requirement: whatever the text, it loads or problems say why not; what
 * loaded names only measures that there are, of what it applies to.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "lib/model/requirement.h"

static void
check(const struct requirement *row)
{
	if (row->id == NULL || row->source == NULL || row->title == NULL ||
	    row->pack == NULL || !requirement_is_id(row->id))
		abort();
	for (size_t i = 0; i < row->check_count; i++)
		if ((int)row->checks[i].measure >= MEASURES ||
		    (row->systems == 0 &&
			measure_argument_of(row->checks[i].measure) ==
			    MEASURE_OF_SYSTEM))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct config_problems problems;
	struct requirement_set *set = NULL;
	const struct requirement *row;
	int rc = requirement_load_text("f", data, length, &set, &problems);

	if ((rc == 0) != (problems.count == 0) || (rc == 0) != (set != NULL))
		abort();
	for (size_t i = 0; set != NULL; i++) {
		row = requirement_at(set, i);
		if (row == NULL)
			break;
		check(row);
	}
	requirement_set_free(set);
	config_problems_done(&problems);
	return 0;
}
