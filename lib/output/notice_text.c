#include "lib/output/notice_text.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/judge/reason.h"

/* Problems of one part that are told each; the rest is counted. */
#define ITEMS_MAX 30
#define SUBJECT_BYTES 240
#define LINE_BYTES 600

/* An allocated text of the bytes, cut between characters; NULL. */
static char *
make_text(struct bytes *bytes, size_t max)
{
	size_t length = bytes->length < max ? bytes->length : max;
	char *text;

	while (length < bytes->length && length > 0 &&
	       (bytes->data[length] & 0xc0) == 0x80)
		length--;
	text =
	    bytes->failed ? NULL : strndup((const char *)bytes->data, length);
	bytes_done(bytes);
	return text;
}

static const char *
name_of_system(const struct config *config, const char *id)
{
	const struct config_system *system = config_find_system(config, id);

	return system == NULL ? id : system->name;
}

static const char *
name_of_medium(const struct config *config, const char *id)
{
	const struct config_medium *medium = config_find_medium(config, id);

	return medium == NULL ? id : medium->name;
}

/* "Health record (NAS): damaged copies (2)" */
static const char *
describe(const struct notice_page *page, const struct notice_item *item,
    char text[LINE_BYTES])
{
	const char *title = reason_title(item->key.code);
	const char *system = name_of_system(page->config, item->key.system);
	const char *medium = name_of_medium(page->config, item->key.medium);
	char about[LINE_BYTES / 2] = "", count[32] = "";

	if (system[0] != '\0' && medium[0] != '\0')
		(void)snprintf(
		    about, sizeof(about), _("%s (%s)"), system, medium);
	else
		(void)snprintf(about, sizeof(about), "%s",
		    system[0] != '\0' ? system : medium);
	if (item->count > 1)
		(void)snprintf(
		    count, sizeof(count), _(" (%d)"), (int)item->count);
	(void)snprintf(text, LINE_BYTES, "%s%s%s%s", about,
	    about[0] != '\0' ? ": " : "",
	    title == NULL ? item->key.code : title, count);
	return text;
}

/* What a subject may name: the news, where there is any. */
static bool
is_named(const struct notice_plan *plan, const struct notice_item *item)
{
	if (plan->has_new)
		return item->part == NOTICE_NEW;
	return item->part != NOTICE_ENDED || item->is_passed;
}

/* The worst of these, and how many there are; facts come worst first. */
static const struct notice_item *
worst_of(const struct notice_plan *plan, int *ret_count)
{
	const struct notice_item *worst = NULL;

	*ret_count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		const struct notice_item *item = &plan->items[i];

		if (!is_named(plan, item))
			continue;
		++*ret_count;
		if (worst == NULL ||
		    (item->severity != worst->severity &&
			verdict_exit_worse(item->severity, worst->severity) ==
			    item->severity))
			worst = item;
	}
	return worst;
}

static const char *
word_of(enum verdict_exit state)
{
	switch (state) {
	case VERDICT_EXIT_GOOD:
		return _("Good");
	case VERDICT_EXIT_WARNING:
		return _("Attention");
	case VERDICT_EXIT_BAD:
		return _("Act now");
	case VERDICT_EXIT_UNDETERMINED:
		break;
	}
	return _("Not determined");
}

static const char *
kind_of(const char *event)
{
	static const struct {
		const char *event, *words;
	} kinds[] = {
	    {"repeat", N_("still")},
	    {"recovered", N_("ended")},
	    {"escalated", N_("nobody acknowledged it")},
	    {"digest", N_("daily digest")},
	    {"test", N_("a test")},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].event, event) == 0)
			return _(kinds[i].words);
	return "";
}

static void
append_subject(struct bytes *out, const struct notice_page *page)
{
	const char *kind = kind_of(page->event);
	const struct notice_item *worst;
	char line[LINE_BYTES];
	int count;

	worst = worst_of(page->plan, &count);

	bytes_append_format(out, _("%s: %s"), word_of(page->state),
	    worst == NULL ? _("the backups of this facility")
			  : describe(page, worst, line));
	if (count > 1)
		bytes_append_format(out, _(" and %d more"), count - 1);
	if (kind[0] != '\0')
		bytes_append_format(out, _(" [%s]"), kind);
	bytes_append_format(out, " - %s", page->config->facility.name);
}

static void
append_item(struct bytes *out, const struct notice_page *page,
    const struct notice_item *item)
{
	const char *sentence = reason_sentence(item->key.code);
	const char *title = reason_title(item->key.code);
	const char *advice = reason_advice(item->key.code);
	char line[LINE_BYTES], date[DATE_TEXT_BYTES];

	bytes_append_format(out, "- %s: %s\n", word_of(item->severity),
	    describe(page, item, line));
	if (item->is_passed)
		bytes_append_format(out,
		    _("  noticed %s, and gone before this was sent\n"),
		    date_describe(item->seen_at, date));
	if (item->part == NOTICE_ENDED)
		return;
	bytes_append_format(
	    out, _("  noticed %s\n"), date_describe(item->seen_at, date));
	if (item->by[0] != '\0')
		bytes_append_format(out, _("  acknowledged by %s until %s\n"),
		    item->by, date_describe(item->until, date));
	/* A finding's title is its sentence. */
	if (sentence != NULL && title != NULL && strcmp(title, sentence) != 0)
		bytes_append_format(out, "  %s\n", sentence);
	if (advice != NULL)
		bytes_append_format(out, _("  -> %s\n"), advice);
}

/* The items of a part below its heading; nothing where there is none. */
static void
append_part(struct bytes *out, const struct notice_page *page,
    const char *heading, unsigned int parts)
{
	size_t count = 0;

	for (size_t i = 0; i < page->plan->count; i++) {
		const struct notice_item *item = &page->plan->items[i];

		if ((parts & (1u << item->part)) == 0 ||
		    (item->part == NOTICE_ENDED && !item->is_told))
			continue;
		if (count == 0)
			bytes_append_format(out, "\n%s\n", heading);
		if (count++ < ITEMS_MAX)
			append_item(out, page, item);
	}
	if (count > ITEMS_MAX)
		bytes_append_format(
		    out, _("and %d more\n"), (int)(count - ITEMS_MAX));
}

static void
append_systems(struct bytes *out, const struct notice_page *page)
{
	const struct health *health = page->health;
	char date[DATE_TEXT_BYTES];

	if (health->system_count > 0)
		bytes_append_format(out, "\n%s\n", _("Systems"));
	for (size_t i = 0; i < health->system_count; i++) {
		const struct health_system *system = &health->systems[i];

		bytes_append_format(out,
		    _("- %s: %s; newest generation %s; generations %d good of "
		      "%d; copies %d good of %d\n"),
		    name_of_system(page->config, system->id),
		    word_of(system->status),
		    system->newest_at == QUERY_NEVER
			? _("none")
			: date_describe(system->newest_at, date),
		    (int)system->generations_good, (int)system->generations,
		    (int)system->copies_good, (int)system->copies);
	}
	if (health->run.id != 0)
		bytes_append_format(out, _("Last verification: %s\n"),
		    date_describe(health->run.ended_at, date));
}

static void
append_head(struct bytes *out, const struct notice_page *page)
{
	char date[DATE_TEXT_BYTES];

	if (strcmp(page->event, "test") == 0)
		bytes_append_format(out, "%s\n\n",
		    _("This is a test: whoever reads it would have been told "
		      "of a problem."));
	bytes_append_format(out, _("%s: state of the backups, %s\n%s\n"),
	    word_of(page->state), date_describe(page->health->now, date),
	    page->config->facility.name);
}

static void
append_end(struct bytes *out, const struct notice_page *page)
{
	if (page->dropped > 0)
		bytes_append_format(out,
		    _("\n%d earlier notifications could not be delivered and "
		      "were dropped.\n"),
		    (int)page->dropped);
	bytes_append_format(out,
	    _("\nhikae status, on %s, shows everything. To say that you take "
	      "care of it: hikae ack.\n"),
	    page->host);
}

int
notice_text_make(const struct notice_page *page, char **ret_subject,
    char **ret_text, struct error *err)
{
	struct bytes subject = BYTES_EMPTY, text = BYTES_EMPTY;

	append_subject(&subject, page);
	append_head(&text, page);
	append_part(&text, page, _("New"), 1u << NOTICE_NEW);
	append_part(&text, page, _("Ended"), 1u << NOTICE_ENDED);
	append_part(&text, page, _("Still there"),
	    1u << NOTICE_AGAIN | 1u << NOTICE_STANDING);
	if (strcmp(page->event, "digest") == 0)
		append_systems(&text, page);
	append_end(&text, page);
	*ret_subject = make_text(&subject, SUBJECT_BYTES);
	*ret_text = make_text(&text, NOTICE_TEXT_MAX);
	if (*ret_subject == NULL || *ret_text == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

int
notice_text_pass_on(const char *channel, const char *said,
    const struct outbox_notice *notice, char **ret_subject, char **ret_text,
    struct error *err)
{
	struct bytes subject = BYTES_EMPTY, text = BYTES_EMPTY;

	bytes_append_format(
	    &subject, _("%s [passed on from %s]"), notice->subject, channel);
	bytes_append_format(&text,
	    _("This notification could not be delivered to \"%s\", in %d "
	      "attempts: %s\n\n"),
	    channel, (int)notice->attempts, said);
	bytes_append_text(&text, notice->text);
	*ret_subject = make_text(&subject, 2 * SUBJECT_BYTES);
	*ret_text = make_text(&text, NOTICE_TEXT_MAX);
	if (*ret_subject == NULL || *ret_text == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}
