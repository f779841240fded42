#include "cli/until.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"

int
until_parse(const char *text, int64_t *ret_instant, struct error *err)
{
	int64_t first;

	if (date_parse_span(text, &first, ret_instant, err) == 0)
		return 0;
	if (err != NULL)
		err->code = ERROR_USAGE;
	return -1;
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
