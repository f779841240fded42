/*
 * shipped: the requirements that come with hikae, beside own_catalog.
 */
#ifndef HIKAE_TESTS_JUDGE_SHIPPED_H
#define HIKAE_TESTS_JUDGE_SHIPPED_H

#include "lib/model/requirement.h"
#include "tests/unit/store/own_catalog.h"

static struct requirement_set *set;

static int
open_shipped(void **state)
{
	struct config_problems problems;

	if (requirement_load(-1, &set, &problems) != 0)
		fail_msg("%s", problems.texts[0]);
	config_problems_done(&problems);
	return open_catalog(state);
}

static int
close_shipped(void **state)
{
	requirement_set_free(set);
	return close_catalog(state);
}

#endif
