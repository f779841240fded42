#include "lib/model/measure.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_MAX INT64_C(36600)

_Static_assert(MEASURE_TEXT_BYTES >= QUANTITY_TEXT_BYTES,
    "a duration must fit where a value fits");

#define SYSTEM MEASURE_OF_SYSTEM
#define FACILITY MEASURE_OF_FACILITY
#define COUNT MEASURE_COUNT
#define FLAG MEASURE_FLAG

static const struct {
	const char *name;
	enum measure_argument argument;
	enum measure_unit unit;
	const char *title, *help;
} measures[MEASURES] = {
    [MEASURE_GENERATIONS] = {"generations", SYSTEM, COUNT,
	N_("good generations"),
	N_("Generations of which at least one copy is intact.")},
    [MEASURE_GENERATION_AGE] = {"generation_age", SYSTEM, MEASURE_DURATION,
	N_("age of the newest good generation"),
	N_("Time since the newest generation of which a copy is intact.")},
    [MEASURE_ONSITE_AGE] = {"onsite_age", SYSTEM, MEASURE_DURATION,
	N_("age of the newest good generation on site"),
	N_("Time since the newest generation of which an intact copy is in "
	   "sight on a medium that is not kept off-site.")},
    [MEASURE_SCHEDULE_KEPT] = {"schedule_kept", SYSTEM, FLAG,
	N_("schedule kept"),
	N_("Whether the newest generation came within interval and grace, "
	   "and generations_min good ones are there, as configured.")},
    [MEASURE_RETENTION_SPAN] = {"retention_span", SYSTEM, MEASURE_DAYS,
	N_("reach back in time"),
	N_("Days from the oldest good generation to now. A generation may "
	   "hold records much older than itself.")},
    [MEASURE_GENERATIONS_PROTECTED_FROM] = {"generations_protected_from",
	SYSTEM, COUNT, N_("generations protected from number"),
	N_("The number, counted from the newest as 1, from which on every "
	   "generation has a copy that is write-protected or offline.")},
    [MEASURE_OLD_FULLS_PROTECTED] = {"old_fulls_protected", SYSTEM, FLAG,
	N_("older full backups protected"),
	N_("Whether every generation from the week before last and earlier "
	   "has a copy that is write-protected or offline (for a full "
	   "backup each week).")},
    [MEASURE_COPIES] = {"copies", SYSTEM, COUNT, N_("copies"),
	N_("Intact copies of the newest good generation, on different "
	   "physical devices; production does not count.")},
    [MEASURE_COPIES_WITH_PRODUCTION] = {"copies_with_production", SYSTEM, COUNT,
	N_("copies, production included"),
	N_("Copies as above, and the data in production as one more.")},
    [MEASURE_DEVICES] = {"devices", SYSTEM, COUNT, N_("devices"),
	N_("Different physical devices that hold an intact copy of the "
	   "newest good generation.")},
    [MEASURE_MEDIA_KINDS] = {"media_kinds", SYSTEM, COUNT, N_("kinds of media"),
	N_("Different kinds of media (disk, NAS, tape, ...) that hold an "
	   "intact copy; two kinds on one device are one.")},
    [MEASURE_METHODS] = {"methods", SYSTEM, COUNT, N_("backup methods"),
	N_("Different ways of keeping backups: combinations of kind of "
	   "medium, layout and offline mode that hold a good "
	   "generation.")},
    [MEASURE_ONLINE_COPIES] = {"online_copies", SYSTEM, COUNT,
	N_("copies always connected"),
	N_("Intact copies of the newest good generation on media that are "
	   "always connected (offline = none), on different physical "
	   "devices.")},
    [MEASURE_OFFSITE_COPIES] = {"offsite_copies", SYSTEM, COUNT,
	N_("copies off-site"),
	N_("Intact copies on media that are kept in another building.")},
    [MEASURE_OFFLINE_OR_OFFSITE_COPIES] = {"offline_or_offsite_copies", SYSTEM,
	COUNT, N_("copies off-site or out of reach"),
	N_("Intact copies that are off-site, or offline with evidence that "
	   "is not stale.")},
    [MEASURE_ENCRYPTED_COPIES] = {"encrypted_copies", SYSTEM, COUNT,
	N_("encrypted copies"),
	N_("Copies that were observed to lie encrypted, by device or by "
	   "content.")},
    [MEASURE_UNENCRYPTED_COPIES] = {"unencrypted_copies", SYSTEM, COUNT,
	N_("copies not encrypted"),
	N_("Copies of any generation that were observed to lie readable "
	   "without a key, whatever state they are in.")},
    [MEASURE_OFFLINE_COPIES] = {"offline_copies", SYSTEM, COUNT,
	N_("copies out of reach"),
	N_("Intact copies of any generation that is within its retention, "
	   "in an accepted offline mode with evidence that is not stale.")},
    [MEASURE_DETACHED_COPIES] = {"detached_copies", SYSTEM, COUNT,
	N_("copies unplugged"),
	N_("Copies out of reach on media that are unplugged (mode "
	   "detached).")},
    [MEASURE_PARTITION_COPIES] = {"partition_copies", SYSTEM, COUNT,
	N_("copies in a separate network"),
	N_("Copies out of reach by a physical or logical division of the "
	   "network (mode network-partition).")},
    [MEASURE_APPENDONLY_COPIES] = {"appendonly_copies", SYSTEM, COUNT,
	N_("copies that cannot be changed"),
	N_("Copies in a place that refuses to change what it holds (mode "
	   "append-only).")},
    [MEASURE_WINDOW_COPIES] = {"window_copies", SYSTEM, COUNT,
	N_("copies connected for transfer only"),
	N_("Copies on media that are in reach during the transfer only "
	   "(mode connect-window).")},
    [MEASURE_CLOUD_ISOLATED_COPIES] = {"cloud_isolated_copies", SYSTEM, COUNT,
	N_("copies in an isolated cloud area"),
	N_("Copies in a logically isolated area of a cloud service (mode "
	   "cloud-isolated).")},
    [MEASURE_IMMUTABLE_COPIES] = {"immutable_copies", SYSTEM, COUNT,
	N_("write-protected copies"),
	N_("Intact copies whose write protection was measured: a read-only "
	   "device, every file immutable, or a probe that was refused.")},
    [MEASURE_OFFLINE_EXPOSURE] = {"offline_exposure", SYSTEM, MEASURE_SHARE,
	N_("exposure of offline media"),
	N_("Of the last 30 days, how long the least exposed offline medium "
	   "of the system was attached or in reach.")},
    [MEASURE_COVERAGE_AGE] = {"coverage_age", SYSTEM, MEASURE_DURATION,
	N_("age of the oldest reading"),
	N_("Time since the byte that was not read for the longest time was "
	   "read.")},
    [MEASURE_COVERAGE_OVERDUE] = {"coverage_overdue", SYSTEM, COUNT,
	N_("media behind their promise"),
	N_("Media on which bytes were not read again within the coverage "
	   "that is configured.")},
    [MEASURE_VERIFICATION_ERRORS] = {"verification_errors", SYSTEM, COUNT,
	N_("copies not found intact"),
	N_("Copies that the last readings found damaged, or of which it "
	   "could not be determined; not known while copies have not been "
	   "read again as a whole within their promise.")},
    [MEASURE_OPEN_DAMAGE] = {"open_damage", SYSTEM, COUNT, N_("open damage"),
	N_("Open findings of damage.")},
    [MEASURE_SUSPICIOUS] = {"suspicious", SYSTEM, COUNT,
	N_("suspicious generations"),
	N_("Generations with an open finding of suspicious content.")},
    [MEASURE_DRILL_AGE] = {"drill_age", SYSTEM, MEASURE_DAYS,
	N_("days since the last drill"),
	N_("Days since the last restore drill that succeeded and was signed "
	   "off.")},
    [MEASURE_DRILLS_SIGNED] = {"drills_signed", SYSTEM, COUNT,
	N_("drills signed off"),
	N_("Restore drills of the last 366 days that were signed off.")},
    [MEASURE_RESTORE_ORDER] = {"restore_order", SYSTEM, FLAG,
	N_("restore order set"),
	N_("Whether the system has a place in the configured order of "
	   "recovery.")},
    [MEASURE_MEDIA_LOG] = {"media_log", FACILITY, FLAG,
	N_("log of media handling"),
	N_("Whether every event of media (attach, detach, check-out, "
	   "check-in) is in the journal, and the journal is whole.")},
    [MEASURE_MEDIA_OVERDUE] = {"media_overdue", FACILITY, COUNT,
	N_("overdue media"),
	N_("Media that should have been returned or shown by now, those "
	   "never shown included.")},
    [MEASURE_ALL_CONNECTED] = {"all_connected", FACILITY, FLAG,
	N_("all backups connected at once"),
	N_("Whether, at some time of the last 30 days, all media were "
	   "attached or in reach at the same time.")},
    [MEASURE_JOURNAL_INTACT] = {"journal_intact", FACILITY, FLAG,
	N_("journal whole"),
	N_("Whether the journal proves to be whole: its tree agrees with "
	   "its signed heads.")},
};

static const struct {
	const char *name, *refusal;
} units[] = {
    [MEASURE_COUNT] = {"count", N_("a whole number is wanted, such as 3")},
    [MEASURE_DURATION] = {"duration",
	N_("a number with its unit is wanted, such as 26h or 30d")},
    [MEASURE_DAYS] = {"days", N_("a number of days is wanted, such as 92d")},
    [MEASURE_SHARE] = {"share", N_("percent is wanted, such as 10%")},
    [MEASURE_FLAG] = {"flag", N_("yes or no is wanted")},
};

const char *
measure_name(enum measure measure)
{
	return measures[measure].name;
}

int
measure_parse(const char *name, enum measure *ret_measure)
{
	for (int i = 0; i < MEASURES; i++) {
		if (strcmp(name, measures[i].name) != 0)
			continue;
		*ret_measure = (enum measure)i;
		return 0;
	}
	return -1;
}

enum measure_argument
measure_argument_of(enum measure measure)
{
	return measures[measure].argument;
}

enum measure_unit
measure_unit_of(enum measure measure)
{
	return measures[measure].unit;
}

const char *
measure_argument_name(enum measure_argument argument)
{
	return argument == MEASURE_OF_SYSTEM ? "system" : "facility";
}

const char *
measure_unit_name(enum measure_unit unit)
{
	return units[unit].name;
}

const char *
measure_title(enum measure measure)
{
	return _(measures[measure].title);
}

const char *
measure_help(enum measure measure)
{
	return _(measures[measure].help);
}

/* Digits, then exactly the unit; 0 or -1. */
static int
parse_number(const char *text, const char *unit, int64_t max, int64_t *ret)
{
	char *end;
	long long number;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || strcmp(end, unit) != 0 || number > max)
		return -1;
	*ret = number;
	return 0;
}

static int
parse_flag(const char *text, int64_t *ret)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return -1;
	*ret = text[0] == 'y';
	return 0;
}

int
measure_parse_value(enum measure measure, const char *text, int64_t *ret_number,
    struct error *err)
{
	enum measure_unit unit = measures[measure].unit;
	int rc = -1;

	switch (unit) {
	case MEASURE_COUNT:
		rc = parse_number(text, "", INT32_MAX, ret_number);
		break;
	case MEASURE_DURATION:
		rc = quantity_parse_duration(text, ret_number, NULL);
		break;
	case MEASURE_DAYS:
		rc = parse_number(text, "d", DAYS_MAX, ret_number);
		break;
	case MEASURE_SHARE:
		rc = parse_number(text, "%", 100, ret_number);
		break;
	case MEASURE_FLAG:
		rc = parse_flag(text, ret_number);
		break;
	}
	if (rc != 0)
		return error_set(
		    err, ERROR_INPUT, "%s", _(units[unit].refusal));
	return 0;
}

const char *
measure_format_value(enum measure measure, int64_t number, char *text)
{
	switch (measures[measure].unit) {
	case MEASURE_COUNT:
		(void)snprintf(text, MEASURE_TEXT_BYTES, "%" PRId64, number);
		break;
	case MEASURE_DURATION:
		return quantity_format_duration(number, text);
	case MEASURE_DAYS:
		(void)snprintf(
		    text, MEASURE_TEXT_BYTES, "%" PRId64 "d", number);
		break;
	case MEASURE_SHARE:
		(void)snprintf(
		    text, MEASURE_TEXT_BYTES, "%" PRId64 "%%", number);
		break;
	case MEASURE_FLAG:
		(void)snprintf(
		    text, MEASURE_TEXT_BYTES, "%s", number != 0 ? "yes" : "no");
		break;
	}
	return text;
}

const char *
measure_describe_value(enum measure measure, int64_t number, char *text)
{
	switch (measures[measure].unit) {
	case MEASURE_DURATION:
		return quantity_describe_duration(number, text);
	case MEASURE_DAYS:
		return quantity_describe_duration(number * DAY_MS, text);
	case MEASURE_FLAG:
		(void)snprintf(text, MEASURE_TEXT_BYTES, "%s",
		    number != 0 ? _("yes") : _("no"));
		return text;
	case MEASURE_COUNT:
	case MEASURE_SHARE:
		break;
	}
	return measure_format_value(measure, number, text);
}
