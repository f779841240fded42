#include "cli/until.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"

/* "2026-06-29" */
#define DAY_BYTES 10

int
until_parse(const char *text, int64_t *ret_instant, struct error *err)
{
	char shown[64], whole[32];
	bool is_day = strlen(text) == DAY_BYTES;
	int64_t instant;

	(void)snprintf(
	    whole, sizeof(whole), "%s%s", text, is_day ? " 23:59:59" : "");
	if (strlen(text) >= sizeof(whole) - DAY_BYTES ||
	    date_parse(whole, &instant, NULL) != 0)
		return error_set(err, ERROR_USAGE,
		    _("\"%s\" is no date or time; write 2026-06-29 or "
		      "\"2026-06-29 12:00\""),
		    text_escape(shown, sizeof(shown), text, strlen(text)));
	*ret_instant = instant + (is_day ? 999 : 0);
	return 0;
}

int
until_parse_ahead(const char *text, int64_t *ret_instant, struct error *err)
{
	char shown[64];
	int64_t span;

	if (quantity_parse_duration(text, &span, NULL) == 0) {
		*ret_instant = clock_wall_ms() + span;
		return 0;
	}
	if (until_parse(text, ret_instant, NULL) == 0)
		return 0;
	return error_set(err, ERROR_USAGE,
	    _("--until: \"%s\" is no date, time or duration; write "
	      "2026-06-29, \"2026-06-29 12:00\" or 365d"),
	    text_escape(shown, sizeof(shown), text, strlen(text)));
}
