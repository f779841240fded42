/* hikae drill list: which there were, and which wait. */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/drill_words.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/i18n.h"

/* How many wait for their medium. */
static size_t
print_waiting(struct cli *cli, const json_t *reply)
{
	const json_t *waiting = json_object_get(reply, "waiting");
	char system[VIEW_TEXT_BYTES], medium[VIEW_TEXT_BYTES];
	char since[VIEW_TEXT_BYTES], operator[VIEW_TEXT_BYTES];
	char place[VIEW_TEXT_BYTES];
	json_t *drill;
	size_t i;

	json_array_foreach(waiting, i, drill)
	{
		print_line(&cli->print, PRINT_UNKNOWN,
		    _("A drill of %s by %s waits for the medium %s since %s; "
		      "hikae drill cancel %s"),
		    view_text(drill, "system", system),
		    view_text(drill, "operator", operator),
		    view_text(drill, "medium", medium),
		    view_date(drill, "asked_at", since), system);
		if (view_text(drill, "place", place)[0] != '\0')
			print_line(&cli->print, PRINT_PLAIN,
			    _("  It is kept at: %s"), place);
	}
	return json_array_size(waiting);
}

static int
print_list(struct cli *cli, const json_t *reply, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Number"), true, false},
	    {_("System"), false, false},
	    {_("Generation"), false, true},
	    {_("Medium"), false, false},
	    {_("Share"), true, false},
	    {_("Took"), true, false},
	    {_("A second"), true, false},
	    {_("Ended"), false, false},
	    {_("Signed by"), false, true},
	};
	const json_t *drills = json_object_get(reply, "drills");
	struct print_table *table;
	char text[VIEW_TEXT_BYTES];
	json_t *drill;
	size_t i;

	if (print_waiting(cli, reply) > 0 && json_array_size(drills) == 0)
		return 0;
	if (json_array_size(drills) == 0) {
		(void)fprintf(
		    cli->print.out, "%s\n", _("There was no drill yet."));
		return 0;
	}
	table = print_table_new(columns, 10);
	json_array_foreach(drills, i, drill)
	{
		print_table_add_mark(table, drill_words_mark(drill, "outcome"));
		print_table_add_format(
		    table, "%d", (int)view_number(drill, "id"));
		print_table_add(table, view_text(drill, "system", text));
		print_table_add(table, view_text(drill, "generation", text));
		print_table_add(table, view_text(drill, "medium", text));
		print_table_add(
		    table, drill_words_percent(drill, "share_ppm", text));
		print_table_add(table, view_duration(drill, "total_ms", text));
		print_table_add(table, json_object_get(drill, "rate") == NULL
					   ? "-"
					   : view_size(drill, "rate", text));
		print_table_add(table, view_date(drill, "ended_at", text));
		print_table_add(table, view_text(drill, "signed_by", text));
	}
	return print_table_finish(&cli->print, table, err);
}

static int
run_list(struct cli *cli, int argc, char **argv)
{
	json_t *parameters;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 1);

	if (rc != 0)
		return rc;
	cli_open_zone(cli);
	parameters = json_object();
	ask_set_text(parameters, "system", argc > 0 ? argv[0] : NULL);
	return ask_print(cli, "Drills", parameters, print_list);
}

const struct command cmd_drill_list_table[] = {
    {"drill list", N_("list restore drills, the newest first"), "[SYSTEM]",
	NULL, run_list},
    {NULL, NULL, NULL, NULL, NULL},
};
