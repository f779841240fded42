#include "cli/setup.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"

void
setup_done(struct setup *setup)
{
	bytes_done(&setup->facility);
	bytes_done(&setup->unused);
	bytes_done(&setup->media_text);
	bytes_done(&setup->source_text);
	for (size_t i = 0; i < setup->system_count; i++)
		bytes_done(&setup->systems[i].text);
}

/* A comment, wrapped by nobody: editors do that. */
static void
append_comment(struct bytes *out, const char *text)
{
	bytes_append_format(out, "# %s\n", text);
}

static bool
has_line(const struct bytes *text, const char *line)
{
	return text->length > 0 &&
	       memmem(text->data, text->length, line, strlen(line)) != NULL;
}

/* Each key is explained once; systems have texts of their own. */
static void
explain(const struct setup *setup, struct bytes *out, const char *help)
{
	if (!has_line(out, help) && !has_line(&setup->systems[0].text, help))
		append_comment(out, help);
}

void
setup_append_key(const struct setup *setup, struct bytes *out, const char *kind,
    const char *key, const char *value)
{
	for (int i = 0; i < CONFIG_SECTIONS; i++) {
		const struct config_key *known;

		if (strcmp(config_section_name((enum config_section)i), kind) !=
		    0)
			continue;
		known = config_key_find((enum config_section)i, key);
		if (known != NULL)
			explain(setup, out, _(known->help));
	}
	bytes_append_format(out, "%s = %s\n", key, value);
}

int
setup_ask_key(struct setup *setup, const struct dialogue_question *question,
    struct bytes *out, char answer[DIALOGUE_ANSWER_BYTES], struct error *err)
{
	if (dialogue_ask(setup->dialogue, question, answer, err) != 0)
		return -1;
	if (answer[0] != '\0')
		setup_append_key(
		    setup, out, question->kind, question->key, answer);
	return 0;
}

int
setup_ask_yes(struct setup *setup, const struct dialogue_question *question,
    bool *ret_is_yes, struct error *err)
{
	char answer[DIALOGUE_ANSWER_BYTES];

	if (dialogue_ask(setup->dialogue, question, answer, err) != 0)
		return -1;
	*ret_is_yes = strcmp(answer, "yes") == 0;
	return 0;
}

/* What a file's sections say, as an answer would be. */
static void
list_sections(const struct setup *setup, const char *of,
    bool (*is_known)(const struct setup *, const char *), struct bytes *out)
{
	const char *id;

	for (size_t i = 0;
	     (id = dialogue_section_at(setup->dialogue, of, i)) != NULL; i++)
		if (!is_known(setup, id))
			bytes_append_format(
			    out, "%s%s", out->length > 0 ? "," : "", id);
	bytes_append_u8(out, '\0');
}

static int
take_id(
    struct setup_ids *ids, const char *text, size_t length, struct error *err)
{
	char *id = ids->items[ids->count];

	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (ids->count + 1 == SETUP_MEDIA_MAX)
		return error_set(err, ERROR_LIMIT, _("these are too many"));
	(void)snprintf(id, CONFIG_ID_BYTES, "%.*s", (int)length, text);
	if (length >= CONFIG_ID_BYTES || !config_value_is_id(id))
		return error_set(err, ERROR_INPUT,
		    _("an id is lower-case letters, digits and hyphens, a "
		      "letter first, at most %d"),
		    CONFIG_ID_BYTES - 1);
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->items[i], id) == 0)
			return error_set(
			    err, ERROR_INPUT, _("%s stands there twice"), id);
	ids->count++;
	return 0;
}

static int
parse_ids(const struct setup *setup, const char *text,
    bool (*is_known)(const struct setup *, const char *), struct setup_ids *ret,
    struct error *err)
{
	ret->count = 0;
	for (;;) {
		size_t length;

		text += strspn(text, " ,");
		length = strcspn(text, ",");
		if (length == 0)
			return 0;
		if (take_id(ret, text, length, err) != 0)
			return -1;
		if (is_known(setup, ret->items[ret->count - 1]))
			return error_set(err, ERROR_INPUT,
			    _("%s was asked for before"),
			    ret->items[ret->count - 1]);
		text += length;
	}
}

int
setup_ask_ids(struct setup *setup, const struct dialogue_question *question,
    const char *of, bool (*is_known)(const struct setup *, const char *),
    struct setup_ids *ret, struct error *err)
{
	struct dialogue_question asked = *question;
	struct bytes sections = BYTES_EMPTY;
	char answer[DIALOGUE_ANSWER_BYTES];
	struct error reason = {0};
	int rc = -1;

	list_sections(setup, of, is_known, &sections);
	if (bytes_check(&sections, err) != 0)
		goto out;
	asked.standard = (const char *)sections.data;
	for (;;) {
		if (dialogue_ask(setup->dialogue, &asked, answer, err) != 0)
			goto out;
		if (parse_ids(setup, answer, is_known, ret, &reason) == 0)
			break;
		if (dialogue_refuse(setup->dialogue, &reason, err) != 0)
			goto out;
	}
	rc = 0;
out:
	bytes_done(&sections);
	return rc;
}

/* An id of what the name has in ASCII, else what is given. */
static void
propose_id(const char *name, const char *otherwise, char id[CONFIG_ID_BYTES])
{
	size_t length = 0;

	for (; *name != '\0' && length < 24; name++) {
		char c = *name;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') ||
		    (length > 0 && c >= '0' && c <= '9'))
			id[length++] = c;
		else if (length > 0 && id[length - 1] != '-')
			id[length++] = '-';
	}
	while (length > 0 && id[length - 1] == '-')
		length--;
	id[length] = '\0';
	if (length < 3)
		(void)snprintf(id, CONFIG_ID_BYTES, "%.32s", otherwise);
}

#define FACILITY(name) .kind = "facility", .id = "", .key = name

int
setup_ask_facility(struct setup *setup, struct error *err)
{
	char answer[DIALOGUE_ANSWER_BYTES], word[DIALOGUE_ANSWER_BYTES];
	char id[CONFIG_ID_BYTES];
	const struct dialogue_question name = {FACILITY("name"),
	    .text = _("Full name of the facility, as in reports")};
	const struct dialogue_question kind = {
	    FACILITY("kind"), .text = _("What is it?"), .standard = "hospital"};
	const struct dialogue_question fees = {FACILITY("fees"),
	    .text = _("Fee classes that were notified, separated by commas "
		      "(record-management-1, electronic-information-1, ...; "
		      "empty: none)"),
	    .standard = ""};
	struct dialogue_question short_name = {FACILITY("id"),
	    .text = _("Short name in letters, for keys and file names; it "
		      "stays for good"),
	    .standard = id};
	struct dialogue_question beds = {FACILITY("beds"),
	    .text = _("Licensed beds (unknown is allowed)"),
	    .standard = "unknown"};
	struct bytes *out = &setup->facility;

	bytes_append_text(out, "[facility]\n");
	if (setup_ask_key(setup, &name, out, answer, err) != 0)
		return -1;
	if (setup_ask_key(setup, &kind, out, word, err) != 0)
		return -1;
	propose_id(answer, word, id);
	if (!dialogue_is_person(setup->dialogue))
		short_name.standard = NULL;
	if (setup_ask_key(setup, &short_name, out, answer, err) != 0)
		return -1;
	(void)snprintf(
	    setup->facility_id, sizeof(setup->facility_id), "%.32s", answer);
	if (setup_ask_key(setup, &beds, out, answer, err) != 0)
		return -1;
	if (setup_ask_key(setup, &fees, out, answer, err) != 0)
		return -1;
	/* Mail is in the language of who sets up, whatever hikaed's is. */
	if (strcmp(_("en"), "ja") == 0)
		setup_append_key(setup, out, "facility", "language", "ja");
	return 0;
}

static const struct {
	const char *kind, *question, *name, *interval;
} usual[] = {
    {"ehr", N_("Do you use electronic patient records?"),
	N_("Electronic patient records"), "24h"},
    {"order", N_("Do you use an order entry system?"), N_("Order entry"),
	"24h"},
    {"receipt", N_("Do you use a claims computer?"), N_("Claims computer"),
	"24h"},
    {"imaging", N_("Do you use a system for medical images (PACS)?"),
	N_("Medical images (PACS)"), "none"},
};
#define USUAL (sizeof(usual) / sizeof(usual[0]))

static bool
is_usual(const struct setup *setup, const char *id)
{
	(void)setup;
	for (size_t i = 0; i < USUAL; i++)
		if (strcmp(usual[i].kind, id) == 0)
			return true;
	return false;
}

/* Of a system that is not one of the usual ones, its id and a day. */
static const char *
usual_name(size_t index, const char *id)
{
	return index < USUAL ? _(usual[index].name) : id;
}

static const char *
usual_interval(size_t index)
{
	return index < USUAL ? usual[index].interval : "24h";
}

static int
add_system(struct setup *setup, const char *id, const char *kind,
    size_t usual_index, struct error *err)
{
	struct setup_system *system = &setup->systems[setup->system_count];
	char answer[DIALOGUE_ANSWER_BYTES];
	const struct dialogue_question name = {.kind = "system",
	    .id = id,
	    .key = "name",
	    .text = _("  Its name in reports"),
	    .standard = usual_name(usual_index, id)};
	const struct dialogue_question interval = {.kind = "system",
	    .id = id,
	    .key = "interval",
	    .text = _("  A backup every (24h, 7d; none: no fixed time)"),
	    .standard = usual_interval(usual_index)};

	if (setup->system_count == SETUP_SYSTEMS_MAX)
		return error_set(err, ERROR_LIMIT, _("these are too many"));
	setup->system_count++;
	(void)snprintf(system->id, sizeof(system->id), "%s", id);
	(void)snprintf(system->kind, sizeof(system->kind), "%s", kind);
	bytes_append_format(
	    &system->text, "[system %s]\nkind = %s\n", id, kind);
	if (setup_ask_key(setup, &name, &system->text, system->name, err) != 0)
		return -1;
	if (system->name[0] == '\0')
		(void)snprintf(system->name, sizeof(system->name), "%s", id);
	return setup_ask_key(setup, &interval, &system->text, answer, err);
}

static int
ask_others(struct setup *setup, struct error *err)
{
	const struct dialogue_question which = {.kind = "systems",
	    .id = "",
	    .key = "other",
	    .text = _("Other systems whose data must not be lost "
		      "(laboratory, pharmacy, ...): ids, separated by "
		      "commas; empty: none")};
	struct setup_ids ids;

	if (setup_ask_ids(setup, &which, "system", is_usual, &ids, err) != 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++) {
		const struct dialogue_question kind = {.kind = "system",
		    .id = ids.items[i],
		    .key = "kind",
		    .text = ids.items[i],
		    .standard = "other"};
		char answer[DIALOGUE_ANSWER_BYTES];

		if (dialogue_ask(setup->dialogue, &kind, answer, err) != 0 ||
		    add_system(setup, ids.items[i], answer, USUAL, err) != 0)
			return -1;
	}
	return 0;
}

/* Every kind must be answered, in a file too: nothing is left out unsaid. */
int
setup_ask_systems(struct setup *setup, struct error *err)
{
	dialogue_say(setup->dialogue, "\n%s",
	    _("Systems: all that are used, also where there is no backup."));
	for (size_t i = 0; i < USUAL; i++) {
		const struct dialogue_question used = {.kind = "system",
		    .id = usual[i].kind,
		    .key = "used",
		    .text = _(usual[i].question),
		    .is_yes_no = true};
		bool is_used;

		if (setup_ask_yes(setup, &used, &is_used, err) != 0)
			return -1;
		if (!is_used)
			bytes_append_format(&setup->unused, "%s%s",
			    setup->unused.length > 0 ? ", " : "",
			    usual[i].kind);
		else if (add_system(
			     setup, usual[i].kind, usual[i].kind, i, err) != 0)
			return -1;
	}
	return ask_others(setup, err);
}

int
setup_ask(struct setup *setup, struct error *err)
{
	if (setup_ask_facility(setup, err) != 0 ||
	    setup_ask_systems(setup, err) != 0 ||
	    setup_ask_media(setup, err) != 0 ||
	    setup_ask_sources(setup, err) != 0)
		return -1;
	return 0;
}

static void
append_heading(struct bytes *out, enum config_section section)
{
	bytes_append_text(out, "\n");
	append_comment(out, _(config_section_help(section)));
	bytes_append_text(out, "\n");
}

void
setup_print(const struct setup *setup, struct bytes *out)
{
	char date[DATE_TEXT_BYTES];

	bytes_append_format(out, "# %s\n# %s\n\n",
	    _("Written by hikae setup. It can be edited; man hikae.conf "
	      "explains every key."),
	    _("Afterwards: hikae config check, then hikae reload."));
	bytes_append(out, setup->facility.data, setup->facility.length);
	append_heading(out, CONFIG_SYSTEM);
	if (setup->unused.length > 0)
		bytes_append_format(out, "# %s: %.*s (%s)\n\n",
		    _("Not used in this facility, it was said"),
		    (int)setup->unused.length, (const char *)setup->unused.data,
		    date_format_plain(clock_wall_ms(), date));
	for (size_t i = 0; i < setup->system_count; i++) {
		const struct setup_system *system = &setup->systems[i];

		bytes_append(out, system->text.data, system->text.length);
		if (!system->has_source)
			append_comment(out,
			    _("No backup of it is known. It shows as missing "
			      "until it has a [source]."));
		bytes_append_text(out, "\n");
	}
	append_heading(out, CONFIG_MEDIUM);
	bytes_append(out, setup->media_text.data, setup->media_text.length);
	append_heading(out, CONFIG_SOURCE);
	bytes_append(out, setup->source_text.data, setup->source_text.length);
}
