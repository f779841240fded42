#include "lib/output/recover_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"

const char *
recover_words_newer(
    const struct recover_system *system, char text[RECOVER_WORDS_BYTES])
{
	const struct {
		uint64_t count;
		const char *word;
	} reasons[] = {
	    {system->later, _("made or recorded later")},
	    {system->damaged, _("damaged or missing")},
	    {system->retired, _("intact, on media out of service")},
	    {system->undetermined, _("not determined")},
	    {system->suspicious, _("suspicious")},
	    {system->misdated, _("dated in the future")},
	};
	size_t used = 0;

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].count == 0)
			continue;
		(void)snprintf(text + used, RECOVER_WORDS_BYTES - used,
		    "%s%s %" PRIu64, used == 0 ? "" : ", ", reasons[i].word,
		    reasons[i].count);
		used = strlen(text);
	}
	return used == 0 ? NULL : text;
}

const char *
recover_words_holder(
    const struct recover_copy *copy, char text[2 * RECOVER_WORDS_BYTES])
{
	char until[DATE_TEXT_BYTES];

	if (copy->holder[0] == '\0')
		return NULL;
	if (copy->until == QUERY_NEVER)
		(void)snprintf(text, (size_t)2 * RECOVER_WORDS_BYTES, "%s (%s)",
		    copy->holder, copy->place);
	else
		(void)snprintf(text, (size_t)2 * RECOVER_WORDS_BYTES,
		    _("%s (%s), until %s"), copy->holder, copy->place,
		    date_describe(copy->until, until));
	return text;
}
