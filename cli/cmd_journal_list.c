/* hikae journal list and journal checkpoint: what the journal holds. */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/i18n.h"

/* seq, date, type, and the rest of the entry as it was written. */
static int
print_entries(struct cli *cli, const json_t *reply, struct error *err)
{
	struct bytes line = BYTES_EMPTY;
	char date[VIEW_TEXT_BYTES], type[VIEW_TEXT_BYTES];
	json_t *entry;
	int rc = 0;
	size_t i;

	json_array_foreach(json_object_get(reply, "entries"), i, entry)
	{
		uint64_t seq = view_number(entry, "seq");

		(void)view_date(entry, "at", date);
		(void)view_text(entry, "type", type);
		(void)json_object_del(entry, "seq");
		(void)json_object_del(entry, "at");
		(void)json_object_del(entry, "type");
		(void)json_object_del(entry, "v");
		bytes_clear(&line);
		if (json_append_canonical(entry, &line, err) != 0) {
			rc = -1;
			break;
		}
		bytes_append_u8(&line, 0);
		if (bytes_check(&line, err) != 0) {
			rc = -1;
			break;
		}
		(void)fprintf(cli->print.out, "%6llu  %s  %s %s\n",
		    (unsigned long long)seq, date, type,
		    (const char *)line.data);
	}
	bytes_done(&line);
	if (rc == 0 && json_is_true(json_object_get(reply, "is_cut")))
		(void)fprintf(cli->print.out,
		    _("There are more: --from N begins later.\n"));
	return rc;
}

static int
run_journal_list(struct cli *cli, int argc, char **argv)
{
	const char *from = NULL, *limit = NULL;
	const struct option_spec specs[] = {
	    {"from", &from, NULL},
	    {"limit", &limit, NULL},
	    {NULL, NULL, NULL},
	};
	json_t *parameters;
	struct error err = {0};
	uint64_t first = 0, most = 100;
	int rc = option_parse(cli, specs, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	if ((from != NULL && ask_parse_number(from, &first, &err) != 0) ||
	    (limit != NULL && ask_parse_number(limit, &most, &err) != 0))
		return cli_fail(cli, &err);
	parameters = json_pack(
	    "{s:I, s:I}", "from", (json_int_t)first, "limit", (json_int_t)most);
	return ask_print(cli, "JournalList", parameters, print_entries);
}

static int
print_note(struct cli *cli, const json_t *reply, struct error *err)
{
	const char *note = json_string_value(json_object_get(reply, "note"));

	if (note == NULL)
		return error_set(err, ERROR_PROTOCOL, _("an empty reply"));
	(void)fputs(note, cli->print.out);
	return 0;
}

static int
run_checkpoint(struct cli *cli, int argc, char **argv)
{
	static const struct option_spec specs[] = {{NULL, NULL, NULL}};
	int rc = option_parse(cli, specs, &argc, argv, 0, 0);

	return rc != 0 ? rc : ask_print(cli, "Checkpoint", NULL, print_note);
}

const struct command cmd_journal_list_table[] = {
    {"journal list", N_("list journal entries"), "[--from N] [--limit N]", NULL,
	run_journal_list},
    {"journal checkpoint", N_("sign the journal and print the signed head"), "",
	N_("Keep it on paper or elsewhere: with it anybody can prove that the "
	   "journal was\nnot rewritten since."),
	run_checkpoint},
    {NULL, NULL, NULL, NULL, NULL},
};
