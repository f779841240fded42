/*
 * judged: a catalog made anew for each test, and how health judges it.
 */
#ifndef HIKAE_TESTS_JUDGE_JUDGED_H
#define HIKAE_TESTS_JUDGE_JUDGED_H

#include "lib/judge/health.h"
#include "tests/unit/judge/clinic.h"
#include "tests/unit/store/own_catalog.h"

/* A test with the catalog. */
#define TEST(f) CATALOG_TEST(f)

__attribute__((unused)) static const char *
or_dash(const char *text)
{
	return text[0] == '\0' ? "-" : text;
}

/* "STATUS\n" and "CODE SYSTEM MEDIUM SOURCE: SEVERITY COUNT\n" each. */
__attribute__((unused)) static void
describe(const struct health *health, char *text, size_t size)
{
	size_t used = (size_t)snprintf(
	    text, size, "%s\n", verdict_exit_name(health->status));

	for (size_t i = 0; i < health->reason_count && used < size; i++) {
		const struct health_reason *r = &health->reasons[i];

		used += (size_t)snprintf(text + used, size - used,
		    "%s %s %s %s: %s %d\n", r->code, or_dash(r->system),
		    or_dash(r->medium), or_dash(r->source),
		    verdict_exit_name(r->severity), (int)r->count);
	}
}

__attribute__((unused)) static struct health *
judge(int64_t now)
{
	struct health *health = NULL;

	if (health_judge(catalog, CATALOG_NOW, now, &health, &err) != 0)
		fail_msg("%s", err.text);
	return health;
}

__attribute__((unused)) static void
assert_health(int64_t now, const char *expected)
{
	struct health *health = judge(now);
	char text[4096];

	describe(health, text, sizeof(text));
	assert_string_equal(text, expected);
	health_free(health);
}

#endif
