#include "lib/model/pattern.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

/* What a conversion gives; LITERAL and RUN give nothing. */
enum field {
	YEAR,
	SHORT_YEAR,
	MONTH,
	DAY,
	HOUR,
	MINUTE,
	SECOND,
	DAY_OF_YEAR,
	EPOCH,
	LITERAL,
	RUN,
};
#define FIELDS LITERAL

/* %s takes up to this many digits: the year 33658. */
#define EPOCH_DIGITS 12

static const struct {
	char letter;
	size_t digits;
	int64_t min, max;
} conversions[FIELDS] = {
    [YEAR] = {'Y', 4, 1, 9999},
    [SHORT_YEAR] = {'y', 2, 0, 99},
    [MONTH] = {'m', 2, 1, 12},
    [DAY] = {'d', 2, 1, 31},
    [HOUR] = {'H', 2, 0, 23},
    [MINUTE] = {'M', 2, 0, 59},
    [SECOND] = {'S', 2, 0, 59},
    [DAY_OF_YEAR] = {'j', 3, 1, 366},
    [EPOCH] = {'s', 1, 0, INT64_C(999999999999)},
};

struct item {
	enum field field;
	char literal;
};

struct pattern {
	struct item items[PATTERN_MAX_BYTES];
	size_t count;
	enum pattern_precision precision;
	bool has[FIELDS];
	char text[PATTERN_MAX_BYTES + 1];
};

/* What a name says, by conversion. */
struct fields {
	int64_t value[FIELDS];
};

static int
add_conversion(struct pattern *p, char letter, struct error *err)
{
	int field = 0;

	if (letter == '%') {
		p->items[p->count++] = (struct item){LITERAL, '%'};
		return 0;
	}
	while (field < FIELDS && conversions[field].letter != letter)
		field++;
	if (letter == '\0' || field == FIELDS)
		return error_set(err, ERROR_INPUT,
		    _("a pattern has %%Y %%m %%d %%H %%M %%S %%y %%j %%s, * "
		      "and "
		      "%%%% only"));
	if (p->has[field])
		return error_set(err, ERROR_INPUT,
		    _("%%%c stands twice in the pattern"), letter);
	p->has[field] = true;
	p->items[p->count++] = (struct item){(enum field)field, '\0'};
	return 0;
}

/* Does the set of conversions name an instant, and how exactly? */
static int
find_precision(struct pattern *p, struct error *err)
{
	const bool *has = p->has;
	bool has_year = has[YEAR] || has[SHORT_YEAR];
	bool has_day = (has[MONTH] && has[DAY]) || has[DAY_OF_YEAR];
	bool has_part = has_year || has[MONTH] || has[DAY] ||
			has[DAY_OF_YEAR] || has[HOUR] || has[MINUTE] ||
			has[SECOND];

	if (has[EPOCH] && has_part)
		return error_set(err, ERROR_INPUT,
		    _("%%s is a whole time; nothing can stand beside it"));
	if ((has[YEAR] && has[SHORT_YEAR]) ||
	    (has[DAY_OF_YEAR] && (has[MONTH] || has[DAY])))
		return error_set(err, ERROR_INPUT,
		    _("the pattern gives its year or its day in two ways"));
	if (has_part && (!has_year || !has_day))
		return error_set(err, ERROR_INPUT,
		    _("the pattern has no whole date: write year, month and "
		      "day (%%Y%%m%%d), or none of them"));
	if ((has[SECOND] && !has[MINUTE]) || (has[MINUTE] && !has[HOUR]))
		return error_set(err, ERROR_INPUT,
		    _("the pattern has minutes without hours or seconds "
		      "without minutes"));
	p->precision = has[EPOCH] || has[SECOND] ? PATTERN_SECOND
		       : has[MINUTE]		 ? PATTERN_MINUTE
		       : has[HOUR]		 ? PATTERN_HOUR
		       : has_part		 ? PATTERN_DAY
						 : PATTERN_NO_TIME;
	return 0;
}

static int
add_items(struct pattern *p, struct error *err)
{
	for (const char *at = p->text; *at != '\0'; at++) {
		if (*at == '%') {
			if (add_conversion(p, *++at, err) != 0)
				return -1;
		} else if (*at == '*') {
			p->items[p->count++] = (struct item){RUN, '\0'};
		} else {
			p->items[p->count++] = (struct item){LITERAL, *at};
		}
	}
	return find_precision(p, err);
}

int
pattern_compile(
    const char *text, struct pattern **ret_pattern, struct error *err)
{
	size_t length = strlen(text);
	struct pattern *p;

	if (length == 0 || length > PATTERN_MAX_BYTES ||
	    strchr(text, '/') != NULL)
		return error_set(err, ERROR_INPUT,
		    _("a pattern is 1 to %d bytes, without \"/\""),
		    PATTERN_MAX_BYTES);
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	memcpy(p->text, text, length + 1);
	if (add_items(p, err) != 0) {
		pattern_free(p);
		return -1;
	}
	*ret_pattern = p;
	return 0;
}

void
pattern_free(struct pattern *pattern)
{
	free(pattern);
}

const char *
pattern_text(const struct pattern *pattern)
{
	return pattern->text;
}

enum pattern_precision
pattern_precision(const struct pattern *pattern)
{
	return pattern->precision;
}

/* The bytes that one item takes at the name's beginning; false: no fit. */
static bool
take(const struct item *item, const char *name, size_t left, size_t *ret_bytes,
    struct fields *fields)
{
	int64_t value = 0;
	size_t n = 0, most;

	if (item->field == LITERAL) {
		*ret_bytes = 1;
		return left > 0 && name[0] == item->literal;
	}
	most = item->field == EPOCH ? EPOCH_DIGITS
				    : conversions[item->field].digits;
	for (; n < most && n < left && name[n] >= '0' && name[n] <= '9'; n++)
		value = value * 10 + (name[n] - '0');
	fields->value[item->field] = value;
	*ret_bytes = n;
	return n >= conversions[item->field].digits &&
	       value >= conversions[item->field].min &&
	       value <= conversions[item->field].max;
}

/*
 * Where an item does not fit, only the last run grows: an earlier one need
 * not, since what stands between the two fitted as early as it could.  So the
 * time is bounded by pattern length times name length, whatever the name.
 */
static bool
fits(const struct pattern *p, const char *name, size_t length,
    struct fields *fields)
{
	size_t item = 0, at = 0, after_run = SIZE_MAX, run_end = 0, n;

	while (item < p->count || at < length) {
		if (item < p->count && p->items[item].field == RUN) {
			after_run = ++item;
			run_end = at;
		} else if (item < p->count && take(&p->items[item], name + at,
						  length - at, &n, fields)) {
			item++;
			at += n;
		} else if (after_run != SIZE_MAX && run_end < length) {
			item = after_run;
			at = ++run_end;
		} else {
			return false;
		}
	}
	return true;
}

static int
instant_of(const struct pattern *p, const struct fields *fields,
    int64_t *ret_ms, struct error *err)
{
	const int64_t *value = fields->value;
	int64_t year = p->has[YEAR]		? value[YEAR]
		       : value[SHORT_YEAR] < 69 ? 2000 + value[SHORT_YEAR]
						: 1900 + value[SHORT_YEAR];
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	static const int lengths[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t day = value[DAY];
	int month = (int)value[MONTH];
	struct date date;
	enum date_fit fit;

	if (p->has[DAY_OF_YEAR]) {
		day = value[DAY_OF_YEAR];
		for (month = 1; month < 12; month++) {
			int length = lengths[month - 1] +
				     (month == 2 && is_leap ? 1 : 0);

			if (day <= length)
				break;
			day -= length;
		}
	}
	date = (struct date){.year = (int)year,
	    .month = month,
	    .day = (int)day,
	    .hour = (int)value[HOUR],
	    .minute = (int)value[MINUTE],
	    .second = (int)value[SECOND]};
	if (date_of_local(&date, ret_ms, &fit) != 0)
		return error_set(err, ERROR_INPUT,
		    _("the name fits the pattern, but there is no such day"));
	return 1;
}

int
pattern_match(const struct pattern *pattern, const char *name, size_t length,
    int64_t *ret_ms, struct error *err)
{
	struct fields fields = {{0}};

	if (!fits(pattern, name, length, &fields))
		return 0;
	if (pattern->precision == PATTERN_NO_TIME) {
		*ret_ms = 0;
		return 1;
	}
	if (pattern->has[EPOCH]) {
		*ret_ms = fields.value[EPOCH] * CLOCK_SECOND_MS;
		return 1;
	}
	return instant_of(pattern, &fields, ret_ms, err);
}
