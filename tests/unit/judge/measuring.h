/*
 * measuring: a journal in a folder, and measures taken of it.
 */
#ifndef HIKAE_TESTS_JUDGE_MEASURING_H
#define HIKAE_TESTS_JUDGE_MEASURING_H

#include "lib/base/clock.h"
#include "lib/judge/measure.h"
#include "lib/judge/suspicion.h"
#include "tests/unit/judge/history_play.h"
#include "tests/unit/store/own_catalog.h"

static struct measure_context *context;
__attribute__((unused)) static struct signature_secret secret;

__attribute__((unused)) static int
teardown(void **state)
{
	measure_close(context);
	context = NULL;
	return close_catalog(state);
}

__attribute__((unused)) static void
take_all(struct catalog_at at, int64_t now)
{
	measure_close(context);
	context = NULL;
	if (measure_open(catalog, at, now, &context, &err) != 0)
		fail_msg("%s", err.text);
}

__attribute__((unused)) static struct measure_value
take(const char *name)
{
	struct measure_value value;
	enum measure measure = MEASURE_COPIES;

	assert_int_equal(measure_parse(name, &measure), 0);
	if (measure_take(context, measure,
		measure_argument_of(measure) == MEASURE_OF_SYSTEM ? "ehr"
								  : NULL,
		&value, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	for (size_t i = 1; i < value.evidence_count; i++)
		assert_true(value.evidence[i - 1] < value.evidence[i]);
	if (value.reason[0] != '\0' && measure_sentence(value.reason) == NULL)
		fail_msg("%s has no sentence", value.reason);
	return value;
}

/* "2", "?1-3 disks-unknown", "none no-drill" */
__attribute__((unused)) static void
assert_measure(const char *about, const char *name, const char *expected)
{
	struct measure_value value = take(name);
	char text[512], number[MEASURE_TEXT_BYTES], most[MEASURE_TEXT_BYTES];
	enum measure measure = MEASURE_COPIES;

	assert_int_equal(measure_parse(name, &measure), 0);
	(void)measure_format_value(measure, value.least, number);
	(void)measure_format_value(measure, value.most, most);
	if (value.state == MEASURE_NONE)
		(void)snprintf(text, sizeof(text), "none");
	else if (value.state == MEASURE_KNOWN)
		(void)snprintf(text, sizeof(text), "%s", number);
	else if (value.most == INT64_MAX)
		(void)snprintf(text, sizeof(text), "?%s-", number);
	else
		(void)snprintf(text, sizeof(text), "?%s-%s", number, most);
	if (value.reason[0] != '\0')
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    " %s", value.reason);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s is %s, not %s", about, name, text, expected);
}

struct expected {
	const char *name, *value;
};

__attribute__((unused)) static void
assert_measures(
    const char *about, const struct expected *expected, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_measure(about, expected[i].name, expected[i].value);
}

#define ASSERT_MEASURES(about, expected) \
	assert_measures(about, expected, sizeof(expected) / sizeof(*(expected)))

#endif
