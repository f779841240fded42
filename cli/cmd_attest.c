/* hikae attest: what a named person states, with a document beside it. */
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/until.h"
#include "cli/view.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"

/* A document's bytes in one message, and at most. */
#define PIECE_BYTES ((size_t)36 * 1024)
#define DOCUMENT_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct wish {
	const char *by, *until, *note, *document, *document_kind, *withdraw;
	bool is_list;
};

static int
print_list(struct cli *cli, const json_t *reply, struct error *err)
{
	const struct print_column columns[] = {
	    {_("Number"), true, false},
	    {_("Requirement"), false, false},
	    {_("Stated by"), false, true},
	    {_("Until"), false, false},
	    {_("In force"), false, false},
	    {_("Document"), false, false},
	    {_("Note"), false, true},
	};
	struct print_table *table = print_table_new(columns, 7);
	char text[VIEW_TEXT_BYTES];
	json_t *item;
	size_t i;

	if (json_array_size(json_object_get(reply, "attestations")) == 0) {
		print_table_free(table);
		(void)fprintf(
		    cli->print.out, "%s\n", _("Nobody has stated anything."));
		return 0;
	}
	json_array_foreach(json_object_get(reply, "attestations"), i, item)
	{
		bool is_in_force =
		    json_is_true(json_object_get(item, "is_in_force"));

		print_table_add_format(
		    table, "%d", (int)view_number(item, "id"));
		print_table_add(table, view_text(item, "requirement", text));
		print_table_add(table, view_text(item, "by", text));
		print_table_add(table, view_date(item, "until", text));
		print_table_add(table, is_in_force ? _("yes") : _("ended"));
		print_table_add(table, view_text(item, "document_kind", text));
		print_table_add(table, view_text(item, "note", text));
	}
	return print_table_finish(&cli->print, table, err);
}

/* Send the document piece by piece. */
static int
send_document(
    struct client *client, const struct bytes *content, struct error *err)
{
	for (size_t at = 0; at < content->length; at += PIECE_BYTES) {
		size_t left = content->length - at;
		struct bytes text = BYTES_EMPTY;
		json_t *parameters, *reply = NULL;
		int rc;

		bytes_append_base64(&text, content->data + at,
		    left < PIECE_BYTES ? left : PIECE_BYTES);
		parameters =
		    json_pack("{s:s%, s:I}", "data", (const char *)text.data,
			text.length, "offset", (json_int_t)at);
		bytes_done(&text);
		if (parameters == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		rc = client_call(client, "Document", parameters, &reply, err);
		json_decref(reply);
		if (rc != 0)
			return -1;
	}
	return 0;
}

/* The document of --document: sent, and named in the parameters. */
static int
add_document(struct client *client, const struct wish *wish, json_t *parameters,
    struct error *err)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1];
	struct bytes content = BYTES_EMPTY;
	int rc = -1;

	if (wish->document == NULL)
		return 0;
	if (cli_read_file(wish->document, DOCUMENT_BYTES_MAX, &content, err) !=
	    0)
		goto out;
	if (content.length == 0) {
		(void)error_set(err, ERROR_INPUT, _("the document is empty"));
		goto out;
	}
	if (send_document(client, &content, err) != 0)
		goto out;
	digest_sha256_of(content.data, content.length, digest);
	bytes_format_hex(digest, sizeof(digest), hex);
	ask_set_text(parameters, "document_kind", wish->document_kind);
	ask_set_text(parameters, "document_sha256", hex);
	rc = 0;
out:
	bytes_done(&content);
	return rc;
}

static int
tell(struct cli *cli, const json_t *reply, const char *sentence)
{
	struct error err = {0};

	if (!cli->is_json)
		(void)fprintf(cli->print.out, "%s\n", sentence);
	else if (print_json(&cli->print, reply, &err) != 0)
		return cli_fail(cli, &err);
	return CLI_GOOD;
}

/* Who states something about an earlier edition may have meant the new one. */
static void
warn_superseded(struct cli *cli, const char *requirement)
{
	json_t *parameters = json_object(), *document = NULL;
	const json_t *rule;
	char successor[VIEW_TEXT_BYTES];
	struct error none = {0};

	ask_set_text(parameters, "requirement", requirement);
	if (cli->is_json ||
	    ask(cli, "Compliance", parameters, &document, &none) != 0)
		goto out;
	rule = json_array_get(json_object_get(document, "requirements"), 0);
	if (!json_is_true(json_object_get(rule, "is_superseded")))
		goto out;
	if (view_text(rule, "superseded_by", successor)[0] != '\0')
		print_line(&cli->print, PRINT_WARNING,
		    _("%s is an earlier edition, which does not count any "
		      "more; now: %s"),
		    requirement, successor);
	else
		print_line(&cli->print, PRINT_WARNING,
		    _("%s is an earlier edition, which does not count any "
		      "more"),
		    requirement);
out:
	json_decref(document);
}

static int
make(struct cli *cli, const char *requirement, const struct wish *wish)
{
	json_t *parameters = json_object(), *reply = NULL;
	struct client *client = NULL;
	struct error err = {0};
	char date[DATE_TEXT_BYTES], sentence[4 * DATE_TEXT_BYTES];
	int64_t until;
	int rc = CLI_GOOD;

	if (until_parse_ahead(wish->until, &until, &err) != 0 ||
	    client_open(cli, &client, &err) != 0)
		goto fail;
	ask_set_text(parameters, "requirement", requirement);
	ask_set_text(parameters, "by", wish->by);
	ask_set_text(parameters, "note", wish->note);
	(void)json_object_set_new(
	    parameters, "until", json_integer(until < 0 ? 0 : until));
	if (add_document(client, wish, parameters, &err) != 0)
		goto fail;
	if (client_call(
		client, "Attest", json_incref(parameters), &reply, &err) != 0)
		goto fail;
	(void)snprintf(sentence, sizeof(sentence),
	    _("Recorded in the journal. It counts until %s."),
	    date_describe(until, date));
	rc = tell(cli, reply, sentence);
	warn_superseded(cli, requirement);
	goto out;
fail:
	rc = cli_fail(cli, &err);
out:
	client_close(client);
	json_decref(parameters);
	json_decref(reply);
	return rc;
}

static int
print_withdrawn(struct cli *cli, const json_t *reply, struct error *err)
{
	(void)reply;
	(void)err;
	(void)fprintf(
	    cli->print.out, "%s\n", _("Recorded: the statement is withdrawn."));
	return 0;
}

static int
withdraw(struct cli *cli, const struct wish *wish)
{
	json_t *parameters;
	struct error err = {0};
	uint64_t id;

	if (ask_parse_number(wish->withdraw, &id, &err) != 0)
		return cli_fail(cli, &err);
	parameters = json_pack("{s:I}", "attestation", (json_int_t)id);
	ask_set_text(parameters, "by", wish->by);
	ask_set_text(parameters, "note", wish->note);
	return ask_print(cli, "Withdraw", parameters, print_withdrawn);
}

static int
list(struct cli *cli, const char *requirement)
{
	json_t *parameters = json_object();

	cli_open_zone(cli);
	ask_set_text(parameters, "requirement", requirement);
	return ask_print(cli, "Attestations", parameters, print_list);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct wish wish = {.by = NULL};
	const struct option_spec specs[] = {{"by", &wish.by, NULL},
	    {"until", &wish.until, NULL}, {"note", &wish.note, NULL},
	    {"document", &wish.document, NULL},
	    {"document-kind", &wish.document_kind, NULL},
	    {"withdraw", &wish.withdraw, NULL}, {"list", NULL, &wish.is_list},
	    {NULL, NULL, NULL}};
	int rc = option_parse(cli, specs, &argc, argv, 0, 1);

	if (rc != 0)
		return rc;
	if (wish.is_list)
		return list(cli, argc == 1 ? argv[0] : NULL);
	if (cli->database != NULL)
		return cli_fail_usage(cli,
		    _("this needs hikaed and does not work with --database"));
	if (wish.by == NULL)
		return cli_fail_usage(
		    cli, _("--by NAME is missing: who states it"));
	if (wish.withdraw != NULL)
		return withdraw(cli, &wish);
	if (argc == 0)
		return cli_fail_usage(cli, _("the requirement is missing"));
	if (wish.until == NULL)
		return cli_fail_usage(
		    cli, _("--until DATE is missing: how long it holds"));
	if ((wish.document == NULL) != (wish.document_kind == NULL))
		return cli_fail_usage(
		    cli, _("--document and --document-kind belong together"));
	cli_open_zone(cli);
	return make(cli, argv[0], &wish);
}

const struct command cmd_attest_table[] = {
    {"attest", N_("state what cannot be measured, or list what was stated"),
	"REQUIREMENT --by NAME --until DATE|365d [--note TEXT]\n"
	"         [--document FILE --document-kind KIND]\n"
	"       hikae attest --list [REQUIREMENT]\n"
	"       hikae attest --withdraw NUMBER --by NAME [--note TEXT]",
	N_("A named person states what a requirement asks of people (hikae "
	   "compliance tells what),\nuntil a day, or for so long (365d). A "
	   "document is kept in the state under its SHA-256;\nthe journal has "
	   "digest and kind, never the file's name. KIND: contract-excerpt,\n"
	   "in-house-rule, restore-procedure, bcp, contact-chart, sds. The "
	   "REQUIREMENT\noffline-MEDIUM states that an offline medium still is "
	   "where it belongs. Do not write\nnames of patients: the journal "
	   "goes to inspectors."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
