#include "lib/model/config_notify.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

static const struct {
	const char *name;
	unsigned int event;
} events[] = {
    {"bad", CONFIG_EVENT_BAD},
    {"undetermined", CONFIG_EVENT_UNDETERMINED},
    {"warning", CONFIG_EVENT_WARNING},
    {"recovered", CONFIG_EVENT_RECOVERED},
    {"none", 0},
};
#define EVENTS (sizeof(events) / sizeof(events[0]))

/* Its place in the table, or EVENTS. */
static size_t
find_event(const char *name)
{
	size_t i = 0;

	while (i < EVENTS && strcmp(events[i].name, name) != 0)
		i++;
	return i;
}

unsigned int
config_notify_events(const struct config_notify *notify)
{
	unsigned int mask = 0;

	for (size_t i = 0; i < notify->event_names.count; i++) {
		size_t at = find_event(notify->event_names.items[i]);

		if (at < EVENTS)
			mask |= events[at].event;
	}
	return mask;
}

/*
 * It becomes a line of a mail's head: no space, no control, nothing that ends
 * an address (RFC 5322 section 3.4.1; RFC 6531 addresses are not taken).
 */
static bool
is_address(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~' ||
		    strchr("<>,;:\\\"()[]", text[i]) != NULL)
			return false;
	return length > 0 && length <= 254 && text[0] != '-';
}

static void
check_addresses(struct config_drafts *drafts, const struct config_draft *draft)
{
	const struct config_notify *notify = &draft->data.notify;
	char shown[128];

	for (size_t i = 0; i < notify->to.count; i++)
		if (!is_address(notify->to.items[i]))
			config_drafts_report(drafts,
			    config_draft_place(draft, "to"),
			    _("to: \"%s\" is no mail address"),
			    text_escape(shown, sizeof(shown),
				notify->to.items[i],
				strlen(notify->to.items[i])));
	if (notify->from != NULL && notify->from[0] != '\0' &&
	    !is_address(notify->from))
		config_drafts_report(drafts, config_draft_place(draft, "from"),
		    _("from: \"%s\" is no mail address"),
		    text_escape(shown, sizeof(shown), notify->from,
			strlen(notify->from)));
}

static void
check_events(struct config_drafts *drafts, const struct config_draft *draft)
{
	const struct config_list *names = &draft->data.notify.event_names;
	char shown[128];

	for (size_t i = 0; i < names->count; i++)
		if (find_event(names->items[i]) == EVENTS)
			config_drafts_report(drafts,
			    config_draft_place(draft, "events"),
			    _("events: \"%s\" is none of bad, undetermined, "
			      "warning, recovered and none"),
			    text_escape(shown, sizeof(shown), names->items[i],
				strlen(names->items[i])));
}

static bool
has_section(const struct config_drafts *drafts, const char *id)
{
	for (size_t i = 0; i < drafts->count; i++)
		if (drafts->items[i]->section == CONFIG_NOTIFY &&
		    strcmp(drafts->items[i]->data.id, id) == 0 &&
		    drafts->items[i]->data.notify.method !=
			CONFIG_METHOD_HEARTBEAT)
			return true;
	return false;
}

static void
check_escalation(struct config_drafts *drafts, const struct config_draft *draft)
{
	const struct config_notify *notify = &draft->data.notify;
	const bool has_target =
	    notify->escalate_to != NULL && notify->escalate_to[0] != '\0';

	if (has_target && (strcmp(notify->escalate_to, notify->id) == 0 ||
			      !has_section(drafts, notify->escalate_to)))
		config_drafts_report(drafts,
		    config_draft_place(draft, "escalate_to"),
		    _("escalate_to: it must be the ID of another [notify] "
		      "section with mail or command"));
	if (has_target != (notify->escalate_ms > 0))
		config_drafts_report(drafts, draft->place,
		    _("escalate_after and escalate_to belong together: set "
		      "both, or none"));
}

void
config_notify_check(
    struct config_drafts *drafts, const struct config_draft *draft)
{
	const struct config_notify *notify = &draft->data.notify;

	if (notify->method == CONFIG_METHOD_MAIL && notify->to.count == 0)
		config_drafts_report(drafts, config_draft_place(draft, "to"),
		    _("to: a mail needs an address"));
	if (notify->method == CONFIG_METHOD_COMMAND &&
	    notify->command != NULL && notify->command[0] != '/')
		config_drafts_report(drafts,
		    config_draft_place(draft, "command"),
		    _("command: the path of a program is needed"));
	check_addresses(drafts, draft);
	check_events(drafts, draft);
	check_escalation(drafts, draft);
}
