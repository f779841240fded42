#include "lib/base/quantity.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define KIB UINT64_C(1024)

struct unit {
	const char *name;
	uint64_t factor;
};

/* Largest first, so that formatting finds the shortest text. */
static const struct unit duration_units[] = {
    {"w", 7 * CLOCK_DAY_MS},
    {"d", CLOCK_DAY_MS},
    {"h", CLOCK_HOUR_MS},
    {"m", CLOCK_MINUTE_MS},
    {"s", CLOCK_SECOND_MS},
    {"ms", 1},
};

static const struct unit size_units[] = {
    {"PiB", KIB *KIB *KIB *KIB *KIB},
    {"PB", UINT64_C(1000000000000000)},
    {"TiB", KIB *KIB *KIB *KIB},
    {"TB", UINT64_C(1000000000000)},
    {"GiB", KIB *KIB *KIB},
    {"GB", UINT64_C(1000000000)},
    {"MiB", KIB *KIB},
    {"MB", UINT64_C(1000000)},
    {"KiB", KIB},
    {"kB", UINT64_C(1000)},
    {"KB", UINT64_C(1000)},
    {"B", 1},
    {"", 1},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Digits, at most one space, then one of the units; no sign, no fraction. */
static bool
parse(const char *text, const struct unit *units, size_t count, uint64_t max,
    uint64_t *ret_value)
{
	uint64_t value = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (at == text)
		return false;
	if (at[0] == ' ' && at[1] != '\0')
		at++;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(at, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(value, units[i].factor, &value) ||
		    value > max)
			return false;
		*ret_value = value;
		return true;
	}
	return false;
}

int
quantity_parse_duration(const char *text, int64_t *ret_ms, struct error *err)
{
	char shown[64];
	uint64_t value;

	if (!parse(
		text, duration_units, COUNT(duration_units), INT64_MAX, &value))
		return error_set(err, ERROR_INPUT,
		    _("\"%s\" is not a duration: write a whole number and a "
		      "unit, such as 90s, 15m, 26h, 30d or 2w"),
		    text_escape(shown, sizeof(shown), text, strlen(text)));
	*ret_ms = (int64_t)value;
	return 0;
}

int
quantity_parse_size(const char *text, uint64_t *ret_bytes, struct error *err)
{
	char shown[64];

	if (!parse(text, size_units, COUNT(size_units), UINT64_MAX, ret_bytes))
		return error_set(err, ERROR_INPUT,
		    _("\"%s\" is not a size: write a whole number and a unit, "
		      "such as 64MiB, 1GiB or 10GB"),
		    text_escape(shown, sizeof(shown), text, strlen(text)));
	return 0;
}

static const char *
format(uint64_t value, const struct unit *units, const char *zero, char *text)
{
	if (value == 0) {
		(void)snprintf(text, QUANTITY_TEXT_BYTES, "%s", zero);
		return text;
	}
	while (value % units->factor != 0)
		units++;
	(void)snprintf(text, QUANTITY_TEXT_BYTES, "%" PRIu64 "%s",
	    value / units->factor, units->name);
	return text;
}

const char *
quantity_format_duration(int64_t ms, char *text)
{
	return format((uint64_t)ms, duration_units, "0s", text);
}

const char *
quantity_format_size(uint64_t bytes, char *text)
{
	return format(bytes, size_units, "0B", text);
}

/* One unit in words; ngettext wants its texts literally. */
static void
describe_unit(uint64_t n, size_t unit, char *text, size_t size)
{
	const char *words[] = {
	    ngettext("%lu day", "%lu days", n),
	    ngettext("%lu hour", "%lu hours", n),
	    ngettext("%lu minute", "%lu minutes", n),
	    ngettext("%lu second", "%lu seconds", n),
	};

	/* A translated format: the message checker compares its arguments. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(text, size, words[unit], (unsigned long)n);
#pragma GCC diagnostic pop
}

const char *
quantity_describe_duration(int64_t ms, char *text)
{
	static const uint64_t factors[] = {
	    CLOCK_DAY_MS, CLOCK_HOUR_MS, CLOCK_MINUTE_MS, CLOCK_SECOND_MS, 1};
	uint64_t left = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	const char *sign = ms < 0 ? "-" : "";
	char first[32], second[32];
	size_t unit = 0;

	if (left > 0 && left < CLOCK_SECOND_MS) {
		(void)snprintf(
		    text, QUANTITY_TEXT_BYTES, "%s", _("under 1 second"));
		return text;
	}
	while (unit < 3 && left < factors[unit])
		unit++;
	describe_unit(left / factors[unit], unit, first, sizeof(first));
	left %= factors[unit];
	if (unit == 3 || left < factors[unit + 1]) {
		(void)snprintf(text, QUANTITY_TEXT_BYTES, "%s%s", sign, first);
		return text;
	}
	describe_unit(
	    left / factors[unit + 1], unit + 1, second, sizeof(second));
	(void)snprintf(
	    text, QUANTITY_TEXT_BYTES, "%s%s %s", sign, first, second);
	return text;
}

const char *
quantity_describe_size(uint64_t bytes, char *text)
{
	static const char *const names[] = {
	    "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	uint64_t whole = bytes, rest = 0;
	size_t unit = 0;

	for (; whole >= KIB; unit++) {
		rest = whole % KIB;
		whole /= KIB;
	}
	if (unit == 0 || whole >= 100)
		(void)snprintf(text, QUANTITY_TEXT_BYTES, "%" PRIu64 " %s",
		    whole, names[unit]);
	else
		(void)snprintf(text, QUANTITY_TEXT_BYTES,
		    "%" PRIu64 ".%" PRIu64 " %s", whole, rest * 10 / KIB,
		    names[unit]);
	return text;
}

const char *
quantity_describe_share(uint64_t ppm, char *text)
{
	if (ppm > 0 && ppm < 10000)
		(void)snprintf(
		    text, QUANTITY_TEXT_BYTES, "%s", _("less than 1 %"));
	else
		(void)snprintf(
		    text, QUANTITY_TEXT_BYTES, "%" PRIu64 " %%", ppm / 10000);
	return text;
}
