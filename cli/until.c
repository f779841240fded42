#include "cli/until.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
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
