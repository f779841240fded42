/* hikae show: one generation, copy, finding or run in full. */
#include <inttypes.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/contents.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/judge/reason.h"
#include "lib/judge/suspicion.h"

enum form {
	TEXT,
	WORD,
	NUMBER,
	SIZE,
	DATE,
	SEALED,
	FAULT, /* an errno */
};

/* A line of a thing; members that are not there are left out. */
struct line {
	const char *key, *label; /* N_ */
	enum form form;
};

static const struct line copy_lines[] = {
    {"generation", N_("Generation"), TEXT},
    {"system", N_("System"), TEXT},
    {"medium", N_("Medium"), TEXT},
    {"source", N_("Source"), TEXT},
    {"name", N_("Name"), TEXT},
    {"layout", N_("Layout"), TEXT},
    {"state", N_("State"), WORD},
    {"reason", N_("Reason"), TEXT},
    {"verdict", N_("Verdict"), WORD},
    {"taken_at", N_("Taken"), DATE},
    {"captured_at", N_("Recorded"), DATE},
    {"oldest_read_at", N_("Oldest reading"), DATE},
    {"files", N_("Files"), NUMBER},
    {"bytes", N_("Bytes"), SIZE},
    {"unconfirmed_bytes", N_("Not read again"), SIZE},
    {"unread", N_("Files not readable"), NUMBER},
    {"encryption", N_("Files encrypted"), SEALED},
    {"slices", N_("Slices"), NUMBER},
    {"slices_intact", N_("- intact"), NUMBER},
    {"slices_damaged", N_("- damaged"), NUMBER},
    {"slices_undetermined", N_("- undetermined"), NUMBER},
    {"content", N_("Content digest"), TEXT},
    {NULL, NULL, TEXT},
};

static const struct line finding_lines[] = {
    {"code", N_("Code"), TEXT},
    {"verdict", N_("Verdict"), WORD},
    {"severity", N_("Severity"), WORD},
    {"generation", N_("Generation"), TEXT},
    {"system", N_("System"), TEXT},
    {"medium", N_("Medium"), TEXT},
    {"source", N_("Source"), TEXT},
    {"copy", N_("Copy"), NUMBER},
    {"slice", N_("Slice"), NUMBER},
    {"name", N_("File"), TEXT},
    {"times", N_("Found so often"), NUMBER},
    {"opened_at", N_("Found"), DATE},
    {"last_at", N_("Last change"), DATE},
    {"closed_because", N_("Closed because"), TEXT},
    {"by", N_("Accepted by"), TEXT},
    {"note", N_("Reason"), TEXT},
    {NULL, NULL, TEXT},
};

/* Of what a finding tells: the disk of hikae's own state. */
static const struct line room_lines[] = {
    {"free_bytes", N_("Free"), SIZE},
    {"reserve_bytes", N_("- should be left"), SIZE},
    {"free_files", N_("Free files (inodes)"), NUMBER},
    {"reserve_files", N_("- should be left"), NUMBER},
    {NULL, NULL, TEXT},
};

/* The same, of a file: where a reading failed, or which sizes differ. */
static const struct line unread_lines[] = {
    {"offset", N_("Not readable from byte"), NUMBER},
    {"errno", N_("System error"), FAULT},
    {NULL, NULL, TEXT},
};
static const struct line size_lines[] = {
    {"expected", N_("Recorded size in bytes"), NUMBER},
    {"actual", N_("- found"), NUMBER},
    {NULL, NULL, TEXT},
};
/* ... and what a living tree lost. */
static const struct line lost_lines[] = {
    {"gone", N_("Files gone"), NUMBER},
    {"emptied", N_("Files emptied, or nearly"), NUMBER},
    {"older", N_("Files older than before"), NUMBER},
    {"expired", N_("Gone by retention, no loss"), NUMBER},
    {"lost_usual", N_("Usual at a capture"), NUMBER},
    {NULL, NULL, TEXT},
};

/* ... and which backups are all the same. */
static const struct line unchanged_lines[] = {
    {"same", N_("Backups with the same data"), NUMBER},
    {"since_at", N_("- the first of them"), DATE},
    {"until_at", N_("- the newest of them"), DATE},
    {NULL, NULL, TEXT},
};

static const struct line run_lines[] = {
    {"trigger", N_("Trigger"), WORD},
    {"level", N_("Level"), WORD},
    {"system", N_("System"), TEXT},
    {"medium", N_("Medium"), TEXT},
    {"source", N_("Source"), TEXT},
    {"generation", N_("Generation"), TEXT},
    {"began_at", N_("Began"), DATE},
    {"ended_at", N_("Ended"), DATE},
    {"outcome", N_("Outcome"), WORD},
    {"canary", N_("Self-test"), WORD},
    {"bytes", N_("Bytes"), SIZE},
    {"bytes_read", N_("Bytes read"), SIZE},
    {"intact", N_("Slices intact"), NUMBER},
    {"damaged", N_("Slices damaged"), NUMBER},
    {"undetermined", N_("Slices undetermined"), NUMBER},
    {NULL, NULL, TEXT},
};

/* How many of how many, and what the others are. */
static void
add_sealed(struct print_table *table, const json_t *counts)
{
	uint64_t unknown =
	    view_number(counts, "unclear") + view_number(counts, "unseen");

	print_table_add_format(table,
	    _("%llu of %llu (not encrypted: %llu, not known: %llu, empty, "
	      "checksums or signatures: %llu)"),
	    (unsigned long long)view_number(counts, "encrypted"),
	    (unsigned long long)view_number(counts, "files"),
	    (unsigned long long)view_number(counts, "plain"),
	    (unsigned long long)unknown,
	    (unsigned long long)view_number(counts, "aside"));
}

/* "EIO (Input/output error)". */
static void
add_fault(struct print_table *table, int os_errno)
{
	const char *name = strerrorname_np(os_errno);

	print_table_add_format(
	    table, "%s (%s)", name != NULL ? name : "?", strerror(os_errno));
}

static void
add_value(
    struct print_table *table, const json_t *thing, const struct line *line)
{
	char text[VIEW_TEXT_BYTES];

	switch (line->form) {
	case TEXT:
		print_table_add(table, view_text(thing, line->key, text));
		break;
	case WORD:
		print_table_add(table, view_word(thing, line->key, text));
		break;
	case NUMBER:
		print_table_add_format(table, "%llu",
		    (unsigned long long)view_number(thing, line->key));
		break;
	case SIZE:
		print_table_add(table, view_size(thing, line->key, text));
		break;
	case DATE:
		print_table_add(table, view_date(thing, line->key, text));
		break;
	case SEALED:
		add_sealed(table, json_object_get(thing, line->key));
		break;
	case FAULT:
		add_fault(table, (int)view_number(thing, line->key));
		break;
	}
}

static int
print_lines(struct cli *cli, const json_t *thing, const struct line *lines,
    struct error *err)
{
	static const struct print_column columns[] = {
	    {"", false, false}, {"", false, false}};
	struct print_table *table = print_table_new(columns, 2);

	for (; lines->key != NULL; lines++) {
		if (json_object_get(thing, lines->key) == NULL)
			continue;
		print_table_add(table, _(lines->label));
		add_value(table, thing, lines);
	}
	return print_table_finish(&cli->print, table, err);
}

static int
print_slices(struct cli *cli, const json_t *copy, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Slice"), true, false},
	    {_("Bytes"), true, false},
	    {_("Basis"), false, false},
	    {_("How"), false, true},
	    {_("Read"), false, false},
	};
	const json_t *slices = json_object_get(copy, "slices_read");
	struct print_table *table;
	char text[VIEW_TEXT_BYTES];
	json_t *slice;
	size_t i;

	if (json_array_size(slices) == 0)
		return 0;
	(void)fputc('\n', cli->print.out);
	table = print_table_new(columns, 6);
	json_array_foreach(slices, i, slice)
	{
		print_table_add_mark(table, view_mark(slice, "verdict"));
		view_add_number(table, slice, "slice");
		print_table_add(table, view_size(slice, "bytes", text));
		print_table_add(table, view_word(slice, "basis", text));
		print_table_add(table, view_word(slice, "mode", text));
		print_table_add(table, view_date(slice, "read_at", text));
	}
	return print_table_finish(&cli->print, table, err);
}

/* How two copies differ, with the files that the finding names. */
static void
print_differences(struct cli *cli, const json_t *finding)
{
	static const struct {
		const char *kind, *mark;
	} marks[] = {{"only-other", "-"}, {"only-here", "+"}, {"differs", "!"}};
	const json_t *detail = json_object_get(finding, "detail");
	const json_t *files = json_object_get(finding, "files");
	uint64_t named = json_array_size(files), all;
	char text[VIEW_TEXT_BYTES];
	json_t *file;
	size_t i;

	if (json_object_get(detail, "differing") == NULL)
		return;
	all = view_number(detail, "only_other") +
	      view_number(detail, "only_here") +
	      view_number(detail, "differing");
	(void)fputc('\n', cli->print.out);
	(void)fprintf(cli->print.out,
	    _("Compared with copy %" PRIu64 ". Equal: %" PRIu64
	      ", only there (-): %" PRIu64 ", only here (+): %" PRIu64
	      ", different (!): %" PRIu64 "\n"),
	    view_number(detail, "other"), view_number(detail, "equal"),
	    view_number(detail, "only_other"), view_number(detail, "only_here"),
	    view_number(detail, "differing"));
	json_array_foreach(files, i, file)
	{
		const char *kind =
		    json_string_value(json_object_get(file, "kind"));

		for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
			if (kind != NULL && strcmp(kind, marks[m].kind) == 0)
				(void)fprintf(cli->print.out, "%s %s\n",
				    marks[m].mark,
				    view_text(file, "name", text));
	}
	if (all > named)
		(void)fprintf(cli->print.out,
		    _("and %" PRIu64 " more: hikae diff %" PRIu64 " %" PRIu64
		      "\n"),
		    all - named, view_number(detail, "other"),
		    view_number(finding, "copy"));
}

/* A number of a hint: "83.5 %", "12", "1.5 GiB". */
static const char *
describe_number(const json_t *detail, const char *key, enum suspicion_hint hint,
    char text[VIEW_TEXT_BYTES])
{
	uint64_t number = view_number(detail, key);

	if (json_object_get(detail, key) == NULL)
		(void)snprintf(text, VIEW_TEXT_BYTES, "-");
	else if (suspicion_hint_is_share(hint))
		(void)snprintf(text, VIEW_TEXT_BYTES,
		    "%" PRIu64 ".%" PRIu64 " %%", number / 10, number % 10);
	else if (hint == SUSPICION_BYTES)
		(void)view_size(detail, key, text);
	else
		(void)snprintf(text, VIEW_TEXT_BYTES, "%" PRIu64, number);
	return text;
}

/* What hints at ransomware, each with what is usual, and what to go back to. */
static int
print_hints(struct cli *cli, const json_t *finding, struct error *err)
{
	const struct print_column columns[] = {
	    {_("Hint"), false, true},
	    {_("Here"), true, false},
	    {_("Usual"), true, false},
	};
	const json_t *detail = json_object_get(finding, "detail");
	struct print_table *table;
	char text[VIEW_TEXT_BYTES], key[64];

	if (json_object_get(detail, "baseline") == NULL)
		return 0;
	(void)fputc('\n', cli->print.out);
	table = print_table_new(columns, 3);
	for (int i = 0; i < SUSPICION_HINTS; i++) {
		enum suspicion_hint hint = (enum suspicion_hint)i;
		const char *name = suspicion_hint_name(hint);

		if (json_object_get(detail, name) == NULL)
			continue;
		(void)snprintf(key, sizeof(key), "%s_usual", name);
		print_table_add(table, suspicion_hint_title(hint));
		print_table_add(
		    table, describe_number(detail, name, hint, text));
		print_table_add(
		    table, describe_number(detail, key, hint, text));
	}
	if (print_table_finish(&cli->print, table, err) != 0)
		return -1;
	(void)fprintf(cli->print.out,
	    _("Compared with %" PRIu64 " earlier captures of the same "
	      "source.\n"),
	    view_number(detail, "baseline"));
	if (view_text(finding, "last_clean", text)[0] != '\0')
		(void)fprintf(cli->print.out,
		    _("The last generation without such a hint: %s\n"), text);
	else
		(void)fputs(_("No earlier generation is known to be intact, "
			      "looked at and without such a hint.\n"),
		    cli->print.out);
	return 0;
}

/* The numbers that a finding has, where no sentence tells them. */
static int
print_detail(struct cli *cli, const json_t *detail, struct error *err)
{
	const struct line *lines = room_lines;

	if (json_object_get(detail, "format") != NULL)
		return 0;
	if (json_object_get(detail, "errno") != NULL)
		lines = unread_lines;
	else if (json_object_get(detail, "actual") != NULL)
		lines = size_lines;
	else if (json_object_get(detail, "since_version") != NULL)
		lines = lost_lines;
	else if (json_object_get(detail, "same") != NULL)
		lines = unchanged_lines;
	return print_lines(cli, detail, lines, err);
}

/* How to see which files a living tree lost. */
static void
print_lost(struct cli *cli, const json_t *finding)
{
	const json_t *detail = json_object_get(finding, "detail");
	uint64_t copy = view_number(finding, "copy");

	if (json_object_get(detail, "since_version") == NULL)
		return;
	/* TRANSLATORS: a command. */
	(void)fprintf(cli->print.out,
	    _("Which: hikae diff %" PRIu64 "/%" PRIu64 " %" PRIu64 "/%" PRIu64
	      "\n"),
	    copy, view_number(detail, "since_version"), copy,
	    view_number(detail, "version"));
}

/* What is wrong and what to do, of one finding. */
static void
explain(struct cli *cli, const json_t *finding)
{
	char code[VIEW_TEXT_BYTES];
	const char *sentence;

	sentence = reason_sentence(view_text(finding, "code", code));
	if (sentence == NULL)
		return;
	(void)fprintf(cli->print.out, "\n%s\n", sentence);
	/* TRANSLATORS: the next step, below what is wrong. */
	(void)fprintf(cli->print.out, _("  -> %s"), reason_advice(code));
	(void)fputc('\n', cli->print.out);
}

static int
print_findings(struct cli *cli, const json_t *thing, struct error *err)
{
	json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(thing, "findings"), i, finding)
	{
		(void)fputc('\n', cli->print.out);
		print_line(&cli->print, view_mark(finding, "severity"),
		    _("Finding %d"), (int)view_number(finding, "id"));
		if (print_lines(cli, finding, finding_lines, err) != 0)
			return -1;
	}
	return 0;
}

static int
print_copy(struct cli *cli, const json_t *copy, struct error *err)
{
	print_line(&cli->print, view_mark(copy, "verdict"), _("Copy %d"),
	    (int)view_number(copy, "id"));
	if (print_lines(cli, copy, copy_lines, err) != 0 ||
	    print_slices(cli, copy, err) != 0)
		return -1;
	contents_print(cli, copy);
	return print_findings(cli, copy, err);
}

/* One of what document_show tells. */
static int
print_thing(struct cli *cli, const json_t *reply, struct error *err)
{
	const json_t *thing = json_object_get(reply, "copy");
	json_t *copy;
	size_t i;

	if (thing != NULL)
		return print_copy(cli, thing, err);
	if ((thing = json_object_get(reply, "finding")) != NULL) {
		if (print_lines(cli, thing, finding_lines, err) != 0 ||
		    print_detail(cli, json_object_get(thing, "detail"), err) !=
			0 ||
		    print_hints(cli, thing, err) != 0)
			return -1;
		print_lost(cli, thing);
		print_differences(cli, thing);
		contents_print_fault(cli, thing);
		explain(cli, thing);
		return 0;
	}
	if ((thing = json_object_get(reply, "run")) != NULL)
		return print_lines(cli, thing, run_lines, err);
	json_array_foreach(json_object_get(reply, "copies"), i, copy)
	{
		if (i > 0)
			(void)fputc('\n', cli->print.out);
		if (print_copy(cli, copy, err) != 0)
			return -1;
	}
	return print_findings(cli, reply, err);
}

static int
run_show(struct cli *cli, int argc, char **argv)
{
	static const struct option_spec specs[] = {{NULL, NULL, NULL}};
	json_t *parameters, *reply = NULL;
	struct error err = {0};
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	parameters = json_object();
	ask_set_text(parameters, "what", argv[0]);
	if (ask(cli, "Show", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	if ((cli->is_json ? print_json(&cli->print, reply, &err)
			  : print_thing(cli, reply, &err)) != 0)
		rc = cli_fail(cli, &err);
	json_decref(reply);
	return rc;
}

const struct command cmd_show_table[] = {
    {"show", N_("tell everything about one thing"),
	"GENERATION|COPY|FINDING|RUN",
	N_("A generation by its id (ehr@20261121T020000+0900), the others by "
	   "their numbers."),
	run_show},
    {NULL, NULL, NULL, NULL, NULL},
};
