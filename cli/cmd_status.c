/* hikae status: does somebody have to act?  One screen of 80 by 24. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/drill_words.h"
#include "cli/option.h"
#include "cli/reach.h"
#include "cli/reasons.h"
#include "cli/view.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"

/* Drills that are told one by one. */
#define DRILLS_SHOWN 2
/* The most urgent ones, told with their next step: one less beside drills. */
#define REASONS_SHOWN 3

struct status {
	struct cli *cli;
	bool is_all; /* every reason, with its code */
	const json_t *document;
	int64_t now;
};

static const json_t *
list_of(const struct status *status, const char *key)
{
	return json_object_get(status->document, key);
}

static uint64_t
sum(const json_t *list, const char *key)
{
	uint64_t total = 0;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		total += view_number(item, key);
	}
	return total;
}

/* All is well, in numbers. */
static void
print_good(const struct status *status)
{
	const json_t *systems = list_of(status, "systems");
	const json_t *media = list_of(status, "media"), *oldest = NULL;
	char size[VIEW_TEXT_BYTES], age[VIEW_TEXT_BYTES];
	char line[4 * VIEW_TEXT_BYTES];
	int64_t instant, least = INT64_MAX;
	json_t *item, *bytes;
	size_t i;

	json_array_foreach(media, i, item)
	{
		if (view_instant(item, "oldest_read_at", &instant) &&
		    instant < least) {
			least = instant;
			oldest = item;
		}
	}
	bytes = json_pack("{s:o}", "bytes", json_of_u64(sum(media, "bytes")));
	(void)snprintf(line, sizeof(line),
	    _("Good: %d systems, %d of %d copies intact and in sight, %s; "
	      "oldest reading %s"),
	    (int)json_array_size(systems), (int)sum(systems, "copies_good"),
	    (int)sum(systems, "copies"), view_size(bytes, "bytes", size),
	    view_age(oldest, "oldest_read_at", status->now, age));
	view_line(&status->cli->print, PRINT_GOOD, line);
	json_decref(bytes);
}

/* The verdict in one sentence. */
static void
print_headline(const struct status *status)
{
	const json_t *first = json_array_get(list_of(status, "reasons"), 0);
	enum print_mark mark = view_mark(status->document, "status");
	char text[4 * VIEW_TEXT_BYTES], line[5 * VIEW_TEXT_BYTES];

	if (mark == PRINT_GOOD) {
		print_good(status);
		return;
	}
	if (first == NULL)
		(void)snprintf(text, sizeof(text), "-");
	else
		(void)reasons_describe(
		    status->document, first, text, sizeof(text));
	if (mark == PRINT_WARNING)
		(void)snprintf(line, sizeof(line), _("Attention: %s"), text);
	else if (mark == PRINT_BAD)
		(void)snprintf(line, sizeof(line), _("Act now: %s"), text);
	else
		(void)snprintf(
		    line, sizeof(line), _("Not determined: %s"), text);
	view_line(&status->cli->print, mark, line);
}

/* Whose status this is, and as of when. */
static void
print_origin(const struct status *status)
{
	const json_t *daemon = list_of(status, "daemon");
	char facility[VIEW_TEXT_BYTES], at[DATE_TEXT_BYTES];
	char line[4 * VIEW_TEXT_BYTES], hung[VIEW_TEXT_BYTES] = "";
	int64_t newest = status->now;

	if (view_text(status->document, "facility_name", facility)[0] == '\0')
		(void)view_text(status->document, "facility", facility);
	if (daemon == NULL) {
		(void)view_instant(
		    status->document, "newest_entry_at", &newest);
		(void)snprintf(line, sizeof(line),
		    _("%s  from a copy of the catalog, last entry: %s"),
		    facility, date_describe(newest, at));
	} else {
		if (view_number(daemon, "jobs_hung") > 0)
			(void)snprintf(hung, sizeof(hung), _(", %d hung"),
			    (int)view_number(daemon, "jobs_hung"));
		(void)snprintf(line, sizeof(line),
		    _("%s  %s, jobs: %d running, %d waiting%s"), facility,
		    date_describe(status->now, at),
		    (int)view_number(daemon, "jobs_running"),
		    (int)view_number(daemon, "jobs_waiting"), hung);
	}
	view_line(&status->cli->print, PRINT_PLAIN, line);
	(void)fputc('\n', status->cli->print.out);
}

/* When the newest generation is from, and whether that is late. */
static void
add_newest(const struct status *status, struct print_table *table,
    const json_t *system)
{
	char age[VIEW_TEXT_BYTES], late[VIEW_TEXT_BYTES];

	(void)view_age(system, "newest_at", status->now, age);
	(void)view_text(system, "lateness", late);
	if (strcmp(late, "late") == 0)
		print_table_add_format(table, _("%s, late"), age);
	else if (strcmp(late, "late-in-grace") == 0)
		print_table_add_format(table, _("%s, due"), age);
	else
		print_table_add(table, age);
}

/* "12 days / 30 days": how old the oldest reading is, of what was promised. */
static void
add_reading(
    const struct status *status, struct print_table *table, const json_t *thing)
{
	char age[VIEW_TEXT_BYTES], promise[VIEW_TEXT_BYTES];

	(void)view_age(thing, "oldest_read_at", status->now, age);
	(void)view_duration(thing, "coverage_ms", promise);
	print_table_add_format(table, "%s / %s", age, promise);
}

static int
print_systems(const struct status *status, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("System"), false, true},
	    {_("Newest"), false, false},
	    {_("Generations"), true, false},
	    {_("Copies"), true, false},
	    {"3-2-1", false, false},
	    {_("Oldest reading / promise"), false, true},
	};
	struct print_table *table = print_table_new(columns, 7);
	char id[VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES];
	char counts[VIEW_TEXT_BYTES];
	json_t *system;
	size_t i;

	json_array_foreach(list_of(status, "systems"), i, system)
	{
		print_table_add_mark(table, view_mark(system, "status"));
		print_table_add(table, view_name(list_of(status, "systems"),
					   view_text(system, "id", id), name));
		add_newest(status, table, system);
		view_add_ratio(
		    table, system, "generations_good", "generations");
		view_add_ratio(table, system, "copies_good", "copies");
		print_table_add(table, reach_counts(system, counts));
		add_reading(status, table, system);
	}
	return print_table_finish(&status->cli->print, table, err);
}

static int
print_media(const struct status *status, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Medium"), false, true},
	    {_("State"), false, false},
	    /* TRANSLATORS: of the last 30 days, how long it was connected. */
	    {_("In reach"), true, false},
	    {_("Bytes"), true, false},
	    {_("Oldest reading / promise"), false, true},
	};
	struct print_table *table = print_table_new(columns, 6);
	char id[VIEW_TEXT_BYTES], text[VIEW_TEXT_BYTES];
	json_t *medium;
	size_t i;

	json_array_foreach(list_of(status, "media"), i, medium)
	{
		print_table_add_mark(table, view_mark(medium, "status"));
		print_table_add(table, view_name(list_of(status, "media"),
					   view_text(medium, "id", id), text));
		print_table_add(
		    table, reach_describe(medium, status->now, text));
		print_table_add(table, reach_exposure(medium, text));
		print_table_add(table, view_size(medium, "bytes", text));
		add_reading(status, table, medium);
	}
	return print_table_finish(&status->cli->print, table, err);
}

/* Add a part to a line that says what was not measured. */
static void
add_part(char *line, size_t size, const char *format, const char *text)
{
	size_t used = strlen(line);

	(void)snprintf(line + used, size - used, "%s%s%s%s",
	    used == 0 ? "" : _(", "), format, text[0] == '\0' ? "" : " ", text);
}

/* Law 9: what this does not speak of. */
static void
print_unmeasured(const struct status *status)
{
	const json_t *systems = list_of(status, "systems");
	char line[2048] = "", shown[2304], text[VIEW_TEXT_BYTES];
	char id[VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES], count[32];
	uint64_t unread = sum(list_of(status, "media"), "unconfirmed_bytes");
	json_t *medium;
	size_t i;

	json_array_foreach(list_of(status, "media"), i, medium)
	{
		if (strcmp(view_text(medium, "state", text), "ok") == 0)
			continue;
		add_part(line, sizeof(line),
		    view_name(list_of(status, "media"),
			view_text(medium, "id", id), name),
		    "");
	}
	if (sum(systems, "settling") > 0) {
		(void)snprintf(
		    count, sizeof(count), "%d", (int)sum(systems, "settling"));
		add_part(
		    line, sizeof(line), _("copies not recorded yet"), count);
	}
	if (unread > 0) {
		json_t *bytes = json_pack("{s:o}", "b", json_of_u64(unread));

		add_part(line, sizeof(line), _("not read again yet"),
		    view_size(bytes, "b", text));
		json_decref(bytes);
	}
	if (line[0] == '\0')
		return;
	(void)snprintf(shown, sizeof(shown), _("Not measured: %s"), line);
	view_line(&status->cli->print, PRINT_PLAIN, shown);
}

/* Law 9: what one reading stands for more than once, or was needed twice. */
static void
print_readings(const struct status *status)
{
	const json_t *media = list_of(status, "media");
	int linked = (int)sum(media, "copies_linked");
	int twice = (int)sum(media, "copies_read_twice");
	char line[1024] = "", shown[1280], count[32];

	(void)snprintf(count, sizeof(count), "%d", linked);
	if (linked > 0)
		add_part(line, sizeof(line),
		    _("copies with hard-linked files, each read once:"), count);
	(void)snprintf(count, sizeof(count), "%d", twice);
	if (twice > 0)
		add_part(line, sizeof(line),
		    _("archives read twice (zip, 7z, ISO):"), count);
	if (line[0] == '\0')
		return;
	(void)snprintf(shown, sizeof(shown), _("Readings: %s"), line);
	view_line(&status->cli->print, PRINT_PLAIN, shown);
}

/* Media that came and were read, and those that must stay. */
static void
print_removable(const struct status *status)
{
	char line[1024] = "", shown[1280], id[VIEW_TEXT_BYTES];
	char name[VIEW_TEXT_BYTES];
	json_t *medium;
	size_t i;

	json_array_foreach(list_of(status, "media"), i, medium)
	{
		if (json_is_true(json_object_get(medium, "is_removable_now")))
			add_part(line, sizeof(line),
			    view_name(list_of(status, "media"),
				view_text(medium, "id", id), name),
			    "");
	}
	if (line[0] == '\0')
		return;
	(void)snprintf(shown, sizeof(shown), _("Safe to remove: %s"), line);
	view_line(&status->cli->print, PRINT_PLAIN, shown);
}

/* "Patient records: restoring (no. 812)" */
static const char *
describe_running(const struct status *status, const json_t *drill, char *text)
{
	char id[VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES], step[VIEW_TEXT_BYTES];

	(void)snprintf(text, 4 * VIEW_TEXT_BYTES,
	    /* TRANSLATORS: a system, what its drill does, its number. */
	    _("%s: %s (no. %d)"),
	    view_name(list_of(status, "systems"),
		view_text(drill, "system", id), name),
	    drill_words_name(view_text(drill, "step", step)),
	    (int)view_number(drill, "id"));
	return text;
}

static const char *
describe_waiting(const struct status *status, const json_t *drill, char *text)
{
	char id[VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES];
	char medium[VIEW_TEXT_BYTES], place[VIEW_TEXT_BYTES];

	(void)view_name(
	    list_of(status, "systems"), view_text(drill, "system", id), name);
	(void)view_name(
	    list_of(status, "media"), view_text(drill, "medium", id), medium);
	if (view_text(drill, "place", place)[0] == '\0')
		(void)snprintf(text, 4 * VIEW_TEXT_BYTES,
		    /* TRANSLATORS: a system, and a medium. */
		    _("%s waits for %s"), name, medium);
	else
		(void)snprintf(text, 4 * VIEW_TEXT_BYTES,
		    /* TRANSLATORS: a system, a medium, where that is kept. */
		    _("%s waits for %s, kept at %s"), name, medium, place);
	return text;
}

/* One line, however many there are; whether there are any. */
static bool
print_drills(const struct status *status)
{
	static const struct {
		const char *key;
		const char *(*describe)(
		    const struct status *, const json_t *, char *);
	} kinds[] = {
	    {"running", describe_running}, {"waiting", describe_waiting}};
	const json_t *drills = list_of(status, "drills");
	char line[2048] = "", shown[2304], text[4 * VIEW_TEXT_BYTES];
	size_t i, count = 0;
	json_t *drill;

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		json_array_foreach(
		    json_object_get(drills, kinds[k].key), i, drill)
		{
			if (count++ < DRILLS_SHOWN)
				add_part(line, sizeof(line),
				    kinds[k].describe(status, drill, text), "");
		}
	if (count == 0)
		return false;
	if (count > DRILLS_SHOWN) {
		(void)snprintf(
		    text, sizeof(text), "%d", (int)(count - DRILLS_SHOWN));
		add_part(line, sizeof(line), _("others"), text);
	}
	(void)snprintf(shown, sizeof(shown), _("Drills: %s"), line);
	view_line(&status->cli->print, PRINT_PLAIN, shown);
	return true;
}

static int
print_status(const struct status *status, struct error *err)
{
	bool has_drills;

	print_headline(status);
	print_origin(status);
	if (json_array_size(list_of(status, "systems")) > 0 &&
	    print_systems(status, err) != 0)
		return -1;
	(void)fputc('\n', status->cli->print.out);
	if (json_array_size(list_of(status, "media")) > 0 &&
	    print_media(status, err) != 0)
		return -1;
	print_unmeasured(status);
	print_readings(status);
	print_removable(status);
	has_drills = print_drills(status);
	reasons_print(&status->cli->print, status->document,
	    status->is_all ? REASONS_ALL
	    : has_drills   ? REASONS_SHOWN - 1
			   : REASONS_SHOWN);
	return 0;
}

static int
run_status(struct cli *cli, int argc, char **argv)
{
	struct status status = {.cli = cli};
	const struct option_spec specs[] = {
	    {"all", NULL, &status.is_all}, {NULL, NULL, NULL}};
	json_t *document = NULL;
	struct error err = {0};
	uint64_t code = CLI_UNKNOWN;
	int rc = option_parse(cli, specs, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	if (ask(cli, "Status", NULL, &document, &err) != 0) {
		rc = cli_fail(cli, &err);
		/* Not to know is a status of its own. */
		return err.code == ERROR_UNAVAILABLE ? CLI_UNKNOWN : rc;
	}
	status.document = document;
	(void)view_instant(document, "at", &status.now);
	if (cli->is_json)
		rc = print_json(&cli->print, document, &err);
	else
		rc = print_status(&status, &err);
	if (rc != 0)
		rc = cli_fail(cli, &err);
	else if (json_get_u64(document, "exit", &code) != 0 ||
		 code > CLI_UNKNOWN)
		rc = CLI_UNKNOWN;
	else
		rc = (int)code;
	json_decref(document);
	return rc;
}

const struct command cmd_status_table[] = {
    {"status", N_("tell in one screen whether somebody has to act"), "[--all]",
	N_("The first line is the verdict; below are systems, media and the "
	   "most urgent\nproblems with the next step. Generations and copies: "
	   "good ones of all. 3-2-1: of\nthe newest good generation, copies on "
	   "different disks with production, kinds of\nmedia, and copies "
	   "off-site or out of reach; ? where there may be more. In reach:\n"
	   "of the last 30 days, how long an offline medium was connected. "
	   "Exit status: 0\ngood, 1 warning, 2 bad, 3 not determined (also "
	   "where hikaed does not answer).\n--all shows every problem, with "
	   "its code for hikae ack.\nWith --database FILE a rescued "
	   "catalog is judged, without a daemon."),
	run_status},
    {NULL, NULL, NULL, NULL, NULL},
};
