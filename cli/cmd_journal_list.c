/* hikae journal list and journal checkpoint: what the journal holds. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/target.h"
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

/* FILE and FILE.minisig: the signature first, since FILE says that it is. */
static int
keep_note(const char *path, const json_t *reply, struct error *err)
{
	struct bytes note = BYTES_EMPTY, signature = BYTES_EMPTY;
	struct bytes name = BYTES_EMPTY;
	int rc = -1;

	bytes_append_format(&name, "%s.minisig", path);
	bytes_append_u8(&name, 0);
	if (json_get_bytes(reply, "note", &note) != 0 ||
	    json_get_bytes(reply, "minisig", &signature) != 0)
		(void)error_set(err, ERROR_PROTOCOL, _("an empty reply"));
	else if (bytes_check(&name, err) == 0 &&
		 target_write((const char *)name.data, signature.data,
		     signature.length, err) == 0)
		rc = target_write(path, note.data, note.length, err);
	bytes_done(&note);
	bytes_done(&signature);
	bytes_done(&name);
	return rc == 0 ? 0 : error_prefix(err, "%s", path);
}

static int
run_checkpoint(struct cli *cli, int argc, char **argv)
{
	const char *path = NULL;
	const struct option_spec specs[] = {
	    {"output", &path, NULL}, {NULL, NULL, NULL}};
	char output_option[] = "--output";
	json_t *reply = NULL;
	struct error err = {0};
	int rc;

	/* As in other programs. */
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "-o") == 0)
			argv[i] = output_option;
	rc = option_parse(cli, specs, &argc, argv, 0, 0);
	if (rc != 0)
		return rc;
	if (path == NULL)
		return ask_print(cli, "Checkpoint", NULL, print_note);
	if (ask(cli, "Checkpoint", NULL, &reply, &err) != 0 ||
	    keep_note(path, reply, &err) != 0)
		rc = cli_fail(cli, &err);
	json_decref(reply);
	return rc;
}

const struct command cmd_journal_list_table[] = {
    {"journal list", N_("list journal entries"), "[--from N] [--limit N]", NULL,
	run_journal_list},
    {"journal checkpoint", N_("sign the journal and print the signed head"),
	"[-o FILE]",
	N_("Keep it on paper or elsewhere: with it anybody can prove that the "
	   "journal was\nnot rewritten since. With -o it is written to FILE, "
	   "and beside it FILE.minisig, for\nwhoever has minisign and the "
	   "daemon's public key, and nothing else."),
	run_checkpoint},
    {NULL, NULL, NULL, NULL, NULL},
};
