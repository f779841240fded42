/* hikae media list, show, release: where media are, and may they be removed? */
#include <poll.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/output/media_words.h"

/* How long a release is waited for, and how often it is looked, ms. */
#define RELEASE_MS (30 * CLOCK_SECOND_MS)
#define LOOK_MS 200

static bool
is_set(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

/* hikae should have mounted it, and could not. */
static bool
is_mount_failed(const json_t *medium)
{
	char reason[VIEW_TEXT_BYTES];

	return strncmp(view_text(medium, "reason", reason), "mount-", 6) == 0;
}

static bool
is_connected(const json_t *medium)
{
	char state[VIEW_TEXT_BYTES];

	(void)view_text(medium, "state", state);
	return strcmp(state, "mounted") == 0 ||
	       strcmp(state, "attached") == 0 || strcmp(state, "hung") == 0;
}

/* What the state means by itself; hikae status judges more. */
static enum print_mark
mark_of(const json_t *medium)
{
	char state[VIEW_TEXT_BYTES], offline[VIEW_TEXT_BYTES];

	(void)view_text(medium, "state", state);
	if (is_set(medium, "is_retired") && strcmp(state, "wrong-medium") != 0)
		return is_connected(medium) ? PRINT_WARNING : PRINT_GOOD;
	if (is_mount_failed(medium))
		return PRINT_WARNING;
	if (strcmp(state, "mounted") == 0 || strcmp(state, "attached") == 0)
		return PRINT_GOOD;
	if (strcmp(state, "absent") == 0)
		return view_text(medium, "offline", offline)[0] != '\0'
			   ? PRINT_GOOD
			   : PRINT_UNKNOWN;
	return strcmp(state, "wrong-medium") == 0 ? PRINT_BAD : PRINT_UNKNOWN;
}

static int
status_of(const json_t *medium)
{
	static const int statuses[PRINT_MARKS] = {
	    CLI_GOOD, CLI_GOOD, CLI_WARNING, CLI_BAD, CLI_UNKNOWN};

	return statuses[mark_of(medium)];
}

/* May it be pulled out? */
static const char *
removal_of(const json_t *medium)
{
	if (json_object_get(medium, "phase") == NULL)
		return "";
	if (is_set(medium, "is_removable_now"))
		return _("safe to remove");
	/* Elsewhere, jobs wait to find that it is not there. */
	return is_connected(medium) && view_number(medium, "jobs") > 0
		   ? _("being read")
		   : "";
}

/* How it stands, in a few words; text has VIEW_TEXT_BYTES. */
static const char *
state_of(const json_t *medium, char *text)
{
	char state[VIEW_TEXT_BYTES];

	if (is_set(medium, "is_retired") && !is_connected(medium))
		return _("out of service");
	if (is_mount_failed(medium))
		return media_words_reason(view_text(medium, "reason", text));
	(void)view_text(medium, "state", state);
	(void)snprintf(text, VIEW_TEXT_BYTES,
	    is_set(medium, "is_retired") ? _("%s; out of service") : "%s",
	    media_words_state(state));
	return text;
}

static void
add_medium(struct print_table *table, const json_t *medium, int64_t now)
{
	char text[VIEW_TEXT_BYTES], holder[VIEW_TEXT_BYTES];
	const json_t *custody = json_object_get(medium, "custody");

	print_table_add_mark(table, mark_of(medium));
	print_table_add(table, view_text(medium, "id", text));
	print_table_add(table, state_of(medium, text));
	print_table_add(table, view_age(medium, "since", now, text));
	print_table_add(table, removal_of(medium));
	print_table_add(table, view_age(medium, "oldest_read_at", now, text));
	if (custody != NULL)
		print_table_add_format(table, "%s, %s",
		    view_text(custody, "holder", holder),
		    view_text(custody, "place", text));
	else
		print_table_add(table, view_text(medium, "location", text));
}

static int
print_list(struct cli *cli, const json_t *media, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Medium"), false, false},
	    {_("State"), false, false},
	    {_("Since"), false, false},
	    {_("Removal"), false, false},
	    {_("Oldest reading"), false, false},
	    {_("Where"), false, true},
	};
	int64_t now = clock_wall_ms();
	struct print_table *table;
	json_t *medium;
	size_t i;

	if (json_array_size(media) == 0) {
		(void)fprintf(
		    cli->print.out, "%s\n", _("No medium is configured."));
		return 0;
	}
	table = print_table_new(columns, 7);
	json_array_foreach(media, i, medium)
	{
		add_medium(table, medium, now);
	}
	return print_table_finish(&cli->print, table, err);
}

static int
run_list(struct cli *cli, int argc, char **argv)
{
	json_t *reply = NULL, *media, *medium;
	struct error err = {0};
	size_t i;
	int status;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	if (ask(cli, "Media", NULL, &reply, &err) != 0)
		return cli_fail(cli, &err);
	media = json_object_get(reply, "media");
	/* Nothing to look at is not good. */
	status = json_array_size(media) == 0 ? CLI_UNKNOWN : CLI_GOOD;
	json_array_foreach(media, i, medium)
	{
		status = cli_worse(status, status_of(medium));
	}
	if ((cli->is_json ? print_json(&cli->print, reply, &err)
			  : print_list(cli, media, &err)) != 0)
		status = cli_fail(cli, &err);
	json_decref(reply);
	return status;
}

/* One "label  value" row, where there is a value. */
static void
add_row(struct print_table *table, const char *label, const char *value)
{
	if (value[0] == '\0')
		return;
	print_table_add(table, label);
	print_table_add(table, value);
}

static void
add_dates(struct print_table *table, const json_t *medium)
{
	static const struct {
		const char *key, *label;
	} dates[] = {
	    {"since", N_("State since")},
	    {"attached_at", N_("In reach since")},
	    {"seen_at", N_("Last seen")},
	    {"retired_at", N_("Retired")},
	    {"newest_at", N_("Newest generation")},
	    {"oldest_read_at", N_("Oldest reading")},
	};
	char text[VIEW_TEXT_BYTES];

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		if (json_object_get(medium, dates[i].key) != NULL)
			add_row(table, _(dates[i].label),
			    view_date(medium, dates[i].key, text));
}

static void
add_texts(struct print_table *table, const json_t *medium)
{
	static const struct {
		const char *key, *label;
		const char *(*word)(const char *); /* NULL: as it is */
	} texts[] = {
	    {"name", N_("Name"), NULL},
	    {"kind", N_("Kind"), media_words_kind},
	    {"offline", N_("Offline by"), media_words_offline},
	    {"location", N_("Location"), NULL},
	    {"filesystem", N_("File system"), NULL},
	    {"uuid", N_("UUID"), NULL},
	    {"serial", N_("Serial number"), NULL},
	    {"disks", N_("Physical disks"), media_words_disks},
	    {"transport", N_("Connected by"), NULL},
	    {"encrypted", N_("Encryption"), media_words_encryption},
	    {"stamp", N_("Stamp"), NULL},
	};
	char text[VIEW_TEXT_BYTES];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		(void)view_text(medium, texts[i].key, text);
		if (text[0] != '\0')
			add_row(table, _(texts[i].label),
			    texts[i].word == NULL ? text : texts[i].word(text));
	}
}

static void
add_custody(struct print_table *table, const json_t *medium)
{
	const json_t *custody = json_object_get(medium, "custody");
	char holder[VIEW_TEXT_BYTES], place[VIEW_TEXT_BYTES];
	char until[VIEW_TEXT_BYTES];

	if (custody == NULL)
		return;
	print_table_add(table, _("Checked out to"));
	if (json_object_get(custody, "until") == NULL)
		print_table_add_format(table, "%s, %s",
		    view_text(custody, "holder", holder),
		    view_text(custody, "place", place));
	else
		print_table_add_format(table, _("%s, %s, until %s"),
		    view_text(custody, "holder", holder),
		    view_text(custody, "place", place),
		    view_date(custody, "until", until));
}

static void
add_protections(struct print_table *table, const json_t *medium)
{
	char method[VIEW_TEXT_BYTES], result[VIEW_TEXT_BYTES];
	char reason[VIEW_TEXT_BYTES];
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(medium, "protections"), i, one)
	{
		(void)view_text(one, "reason", reason);
		print_table_add(table, _("Write protection"));
		print_table_add_format(table, _("%s: %s%s%s"),
		    media_words_method(view_text(one, "method", method)),
		    media_words_protection(view_text(one, "result", result)),
		    reason[0] != '\0' ? _(", ") : "",
		    media_words_reason(reason));
	}
}

static int
print_facts(struct cli *cli, const json_t *medium, struct error *err)
{
	static const struct print_column columns[] = {
	    {"", false, false}, {"", false, false}};
	struct print_table *table = print_table_new(columns, 2);
	char text[VIEW_TEXT_BYTES], reason[VIEW_TEXT_BYTES];

	(void)view_text(medium, "state", text);
	(void)view_text(medium, "reason", reason);
	print_table_add(table, _("State"));
	print_table_add_format(table, "%s%s%s", media_words_state(text),
	    reason[0] != '\0' ? ": " : "", media_words_reason(reason));
	add_row(table, _("Removal"), removal_of(medium));
	add_texts(table, medium);
	add_custody(table, medium);
	add_protections(table, medium);
	add_dates(table, medium);
	print_table_add(table, _("In reach, last 30 days"));
	print_table_add(table, view_duration(medium, "exposure_ms", text));
	print_table_add(table, _("Copies"));
	print_table_add_format(table, "%d", (int)view_number(medium, "copies"));
	return print_table_finish(&cli->print, table, err);
}

/* Who did what with it, and how it came and went. */
static int
print_past(struct cli *cli, const json_t *reply, struct error *err)
{
	const struct print_column columns[] = {
	    {_("When"), false, false},
	    {_("Event"), false, false},
	    {_("By"), false, true},
	    {_("What"), false, true},
	};
	struct print_table *table = print_table_new(columns, 4);
	char text[VIEW_TEXT_BYTES], other[VIEW_TEXT_BYTES];
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(reply, "events"), i, item)
	{
		print_table_add(table, view_date(item, "at", text));
		print_table_add(
		    table, media_words_event(view_text(item, "event", text)));
		print_table_add(table, view_text(item, "by", text));
		if (view_text(item, "holder", text)[0] != '\0' ||
		    view_text(item, "place", other)[0] != '\0')
			print_table_add_format(table, "%s %s", text,
			    view_text(item, "place", other));
		else
			print_table_add(table,
			    media_words_event(view_text(item, "result", text)));
	}
	json_array_foreach(json_object_get(reply, "history"), i, item)
	{
		print_table_add(table, view_date(item, "since", text));
		print_table_add(
		    table, media_words_state(view_text(item, "state", text)));
		print_table_add(table, "");
		print_table_add(
		    table, media_words_reason(view_text(item, "reason", text)));
	}
	return print_table_finish(&cli->print, table, err);
}

static int
print_show(struct cli *cli, const json_t *reply, struct error *err)
{
	const json_t *medium = json_object_get(reply, "medium");
	char text[VIEW_TEXT_BYTES], line[4 * VIEW_TEXT_BYTES];
	const char *advice;

	print_line(&cli->print, mark_of(medium), _("Medium %s"),
	    view_text(medium, "id", text));
	advice = media_words_advice(view_text(medium, "reason", text));
	if (advice != NULL) {
		/* TRANSLATORS: the next step, below what is wrong. */
		(void)snprintf(line, sizeof(line), _("  -> %s"), advice);
		view_line(&cli->print, PRINT_PLAIN, line);
	}
	if (print_facts(cli, medium, err) != 0)
		return -1;
	(void)fputc('\n', cli->print.out);
	return print_past(cli, reply, err);
}

static int
run_show(struct cli *cli, int argc, char **argv)
{
	json_t *reply = NULL, *parameters = json_object();
	struct error err = {0};
	int status;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 1, 1);

	if (rc != 0) {
		json_decref(parameters);
		return rc;
	}
	ask_set_text(parameters, "medium", argv[0]);
	if (ask(cli, "MediaShow", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	status = status_of(json_object_get(reply, "medium"));
	if ((cli->is_json ? print_json(&cli->print, reply, &err)
			  : print_show(cli, reply, &err)) != 0)
		status = cli_fail(cli, &err);
	json_decref(reply);
	return status;
}

/* Wait until nothing holds the medium; *ret_medium is how it stands then. */
static int
wait_for_release(
    struct cli *cli, const char *id, json_t **ret_medium, struct error *err)
{
	int64_t until = clock_monotonic_ms() + RELEASE_MS;

	for (;;) {
		json_t *reply = NULL;

		if (ask(cli, "MediaShow", json_pack("{s:s}", "medium", id),
			&reply, err) != 0)
			return -1;
		*ret_medium = json_incref(json_object_get(reply, "medium"));
		json_decref(reply);
		if (is_set(*ret_medium, "is_removable_now") ||
		    clock_monotonic_ms() >= until)
			return 0;
		json_decref(*ret_medium);
		(void)!poll(NULL, 0, LOOK_MS);
	}
}

static int
print_released(struct cli *cli, const json_t *medium, struct error *err)
{
	char id[VIEW_TEXT_BYTES], state[VIEW_TEXT_BYTES];
	bool is_free = is_set(medium, "is_removable_now");

	if (cli->is_json)
		return print_json(&cli->print, medium, err);
	(void)view_text(medium, "id", id);
	(void)view_text(medium, "state", state);
	if (is_free && strcmp(state, "attached") == 0)
		print_line(&cli->print, PRINT_GOOD,
		    _("%s is not mounted, and nothing of hikae holds it: "
		      "remove it."),
		    id);
	else if (is_free)
		print_line(&cli->print, PRINT_GOOD,
		    _("Nothing of hikae holds %s: unmount it, then remove it."),
		    id);
	else
		print_line(&cli->print, PRINT_UNKNOWN,
		    _("%s is still held; a process that hangs in the kernel "
		      "ends when the medium answers."),
		    id);
	return 0;
}

static int
run_release(struct cli *cli, int argc, char **argv)
{
	json_t *reply = NULL, *medium = NULL, *parameters = json_object();
	struct error err = {0};
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 1, 1);

	if (rc != 0) {
		json_decref(parameters);
		return rc;
	}
	ask_set_text(parameters, "medium", argv[0]);
	if (ask(cli, "MediaRelease", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	json_decref(reply);
	if (wait_for_release(cli, argv[0], &medium, &err) != 0)
		return cli_fail(cli, &err);
	rc = is_set(medium, "is_removable_now") ? CLI_GOOD : CLI_UNKNOWN;
	if (print_released(cli, medium, &err) != 0)
		rc = cli_fail(cli, &err);
	json_decref(medium);
	return rc;
}

const struct command cmd_media_table[] = {
    {"media list", N_("list the media: state, removal, who has them"), "",
	N_("Exit status: 0; 1 where hikae cannot mount one, or one out of "
	   "service is still\nconnected; 2 where a wrong medium is mounted; 3 "
	   "where one is not there that\nshould be, does not answer, or "
	   "nothing can be told."),
	run_list},
    {"media show", N_("show one medium with its past"), "MEDIUM", NULL,
	run_show},
    {"media release", N_("let go of a medium, so that it can be unmounted"),
	"MEDIUM",
	N_("What is being read there is cancelled, and nothing is begun until "
	   "it was unmounted\nor a scan or verification is asked for; what "
	   "hikae mounts itself, until it was\nremoved. Exit status 3: "
	   "something still holds it; 75: it is not connected."),
	run_release},
    {NULL, NULL, NULL, NULL, NULL},
};
