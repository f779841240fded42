/* Evidence for an inspector: made on this host, checked anywhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/command.h"
#include "cli/library.h"
#include "cli/option.h"
#include "cli/until.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/output/evidence.h"

struct wish {
	const char *from, *to, *pack, *system, *file;
	bool has_paths;
	enum archive_pack_kind kind;
};

/* What an export needs from elsewhere. */
struct maker {
	struct cli *cli;
	struct client *client; /* NULL with --database */
	struct catalog *catalog;
	struct requirement_set *set;
	struct keyring_proof *proofs;
	size_t proof_count;
	int documents_fd;
	struct evidence_request request;
	struct file_replacement file;
	int folder_fd;
};

static int
take_proof(struct maker *maker, const json_t *item, struct error *err)
{
	struct keyring_proof *proofs = reallocarray(
	    maker->proofs, maker->proof_count + 1, sizeof(*proofs));
	struct keyring_proof *proof;

	if (proofs == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	maker->proofs = proofs;
	proof = &proofs[maker->proof_count++];
	*proof = (struct keyring_proof){BYTES_EMPTY, BYTES_EMPTY, BYTES_EMPTY};
	if (json_get_bytes(item, "text", &proof->text) != 0 ||
	    json_get_bytes(item, "authority", &proof->authority) != 0 ||
	    json_get_bytes(item, "new", &proof->new) != 0)
		return error_set(err, ERROR_PROTOCOL, "KeyStatements");
	return 0;
}

static int
ask_keys(struct maker *maker, struct error *err)
{
	json_t *reply = NULL, *item;
	size_t i;
	int rc = 0;

	if (client_call(maker->client, "KeyStatements", NULL, &reply, err) != 0)
		return -1;
	json_array_foreach(json_object_get(reply, "statements"), i, item)
	{
		if ((rc = take_proof(maker, item, err)) != 0)
			break;
	}
	json_decref(reply);
	return rc;
}

/* A signed end for what was journalled up to now. */
static int
ask_checkpoint(struct maker *maker, struct error *err)
{
	json_t *reply = NULL;

	if (client_call(maker->client, "Checkpoint", NULL, &reply, err) != 0)
		return -1;
	json_decref(reply);
	return 0;
}

/* hikaed signs; its key stays where it is. */
static int
ask_signature(void *context, const struct evidence_statement *statement,
    const struct bytes *tagmanifest, struct bytes *out, struct error *err)
{
	struct maker *maker = context;
	char root[2 * MERKLE_HASH_BYTES + 1];
	json_t *reply = NULL;
	int rc;

	bytes_format_hex(statement->root, sizeof(statement->root), root);
	if (client_call(maker->client, "EvidenceSign",
		json_pack("{s:I, s:I, s:I, s:s, s:s%}", "from",
		    (json_int_t)statement->from, "to",
		    (json_int_t)statement->to, "size",
		    (json_int_t)statement->size, "root", root, "tagmanifest",
		    (const char *)tagmanifest->data, tagmanifest->length),
		&reply, err) != 0)
		return -1;
	rc = json_get_bytes(reply, "signature", out);
	json_decref(reply);
	return rc == 0 ? 0 : error_set(err, ERROR_PROTOCOL, "EvidenceSign");
}

static int
open_daemon(struct maker *maker, struct error *err)
{
	int state_fd = -1;

	if (client_open(maker->cli, &maker->client, err) != 0 ||
	    ask_checkpoint(maker, err) != 0 || ask_keys(maker, err) != 0 ||
	    cli_open_state(maker->cli, false, &state_fd, err) != 0)
		return -1;
	/* Where there are none, nobody attached one. */
	if (file_open_below(state_fd, "evidence/documents",
		O_RDONLY | O_DIRECTORY, &maker->documents_fd, NULL) != 0)
		maker->documents_fd = -1;
	(void)close(state_fd);
	maker->request.sign = ask_signature;
	maker->request.context = maker;
	return 0;
}

static int
load_requirements(struct maker *maker, struct error *err)
{
	struct config_problems problems;
	int root_fd = -1, rc;

	if (cli_open_root(maker->cli, &root_fd, err) != 0)
		return -1;
	rc = requirement_load(root_fd, &maker->set, &problems);
	if (rc != 0)
		(void)error_set(err, ERROR_CONFIG, "%s",
		    problems.count > 0 ? problems.texts[0] : "");
	config_problems_done(&problems);
	(void)close(root_fd);
	return rc;
}

/* FILE is whole or not there. */
static int
open_target(struct maker *maker, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1)
				     : strdup(".");
	int rc = -1;

	if (folder == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (file_open_folder(folder, &maker->folder_fd, err) == 0)
		rc = file_replacement_begin(&maker->file, maker->folder_fd,
		    slash != NULL ? slash + 1 : path, 0640, err);
	free(folder);
	return rc;
}

static int
parse_period(const struct wish *wish, struct evidence_request *request,
    struct error *err)
{
	int64_t end;

	/* A day begins with its first moment and ends with its last. */
	if (until_parse(wish->from, &end, err) != 0 ||
	    until_parse(wish->to, &request->to, err) != 0)
		return -1;
	return date_parse(wish->from, &request->from, err);
}

static int export(struct maker *maker, const struct wish *wish,
    struct evidence_result *result, struct error *err)
{
	struct evidence_request *request = &maker->request;

	cli_open_zone(maker->cli);
	*request = (struct evidence_request){
	    .now = clock_wall_ms(),
	    .pack = wish->pack,
	    .system = wish->system,
	    .has_paths = wish->has_paths,
	};
	if (parse_period(wish, request, err) != 0 ||
	    (maker->cli->database == NULL && open_daemon(maker, err) != 0) ||
	    library_open_catalog(maker->cli, &maker->catalog, err) != 0 ||
	    load_requirements(maker, err) != 0 ||
	    open_target(maker, wish->file, err) != 0)
		return -1;
	request->catalog = maker->catalog;
	request->set = maker->set;
	request->folder_fd = maker->folder_fd;
	request->documents_fd = maker->documents_fd;
	request->proofs = maker->proofs;
	request->proof_count = maker->proof_count;
	if (evidence_export(request, wish->kind, maker->file.fd, result, err) !=
	    0)
		return -1;
	return file_replacement_commit(&maker->file, err);
}

static void
close_maker(struct maker *maker)
{
	file_replacement_rollback(&maker->file);
	if (maker->folder_fd >= 0)
		(void)close(maker->folder_fd);
	if (maker->documents_fd >= 0)
		(void)close(maker->documents_fd);
	for (size_t i = 0; i < maker->proof_count; i++)
		keyring_proof_done(&maker->proofs[i]);
	free(maker->proofs);
	requirement_set_free(maker->set);
	catalog_close(maker->catalog);
	client_close(maker->client);
}

static int
tell_json(struct cli *cli, const struct evidence_result *result,
    const char *file, struct error *err)
{
	char root[2 * MERKLE_HASH_BYTES + 1];
	json_t *value;
	int rc;

	bytes_format_hex(result->statement.root, MERKLE_HASH_BYTES, root);
	value = json_pack(
	    "{s:s, s:s, s:I, s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b}",
	    "file", file, "origin", result->statement.origin, "from",
	    (json_int_t)result->statement.from, "to",
	    (json_int_t)result->statement.to, "size",
	    json_of_u64(result->statement.size), "root", root, "first",
	    json_of_u64(result->first), "last", json_of_u64(result->last),
	    "files", json_of_u64(result->files), "bytes",
	    json_of_u64(result->bytes), "documents_missing",
	    json_of_u64(result->documents_missing), "is_over",
	    (int)result->is_over, "is_signed", (int)result->is_signed);
	if (value == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = print_json(&cli->print, value, err);
	json_decref(value);
	return rc;
}

static void
tell(struct cli *cli, const struct evidence_result *result,
    const struct wish *wish)
{
	struct print *print = &cli->print;
	unsigned long long files = result->files;
	unsigned long long entries = result->last - result->first + 1;

	print_line(print, PRINT_GOOD,
	    _("written: %llu files, %llu entries of the journal"), files,
	    entries);
	if (!result->is_over)
		print_line(print, PRINT_PLAIN,
		    _("   the period goes on: a later export will hold more"));
	if (wish->has_paths)
		print_line(print, PRINT_WARNING,
		    _("it holds names of files, which can hold patients' ids"));
	if (result->documents_missing > 0)
		print_line(print, PRINT_WARNING,
		    _("attached documents that could not be added: %llu"),
		    (unsigned long long)result->documents_missing);
	if (!result->is_signed)
		print_line(print, PRINT_UNKNOWN,
		    _("it is not signed: only a running hikaed can sign it"));
}

static int
status_of(const struct evidence_result *result)
{
	if (!result->is_signed)
		return CLI_UNKNOWN;
	return result->documents_missing > 0 ? CLI_WARNING : CLI_GOOD;
}

static int
make(struct cli *cli, const struct wish *wish)
{
	struct maker maker = {.cli = cli,
	    .documents_fd = -1,
	    .folder_fd = -1,
	    .file = {.fd = -1}};
	struct evidence_result result;
	struct error err = {0};
	int rc;

	if (export(&maker, wish, &result, &err) != 0) {
		rc = cli_fail(cli, &err);
		/* Nothing to show is a status of its own. */
		if (err.code == ERROR_UNAVAILABLE)
			rc = CLI_UNKNOWN;
	} else {
		rc = status_of(&result);
		if (!cli->is_json)
			tell(cli, &result, wish);
		else if (tell_json(cli, &result, wish->file, &err) != 0)
			rc = cli_fail(cli, &err);
	}
	close_maker(&maker);
	return rc;
}

static int
run_export(struct cli *cli, int argc, char **argv)
{
	struct wish wish = {.from = NULL};
	const struct option_spec specs[] = {{"from", &wish.from, NULL},
	    {"to", &wish.to, NULL}, {"pack", &wish.pack, NULL},
	    {"system", &wish.system, NULL}, {"output", &wish.file, NULL},
	    {"with-paths", NULL, &wish.has_paths}, {NULL, NULL, NULL}};
	int rc;

	/* -o as in other programs. */
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "-o") == 0)
			argv[i] = (char *)(uintptr_t) "--output";
	rc = option_parse(cli, specs, &argc, argv, 0, 0);
	if (rc != 0)
		return rc;
	if (wish.from == NULL || wish.to == NULL || wish.file == NULL)
		return cli_fail_usage(
		    cli, _("--from DATE, --to DATE and -o FILE are needed"));
	if (archive_pack_kind_parse(wish.file, &wish.kind) != 0)
		return cli_fail_usage(
		    cli, _("-o: the file's name must end in .zip or .tar"));
	return make(cli, &wish);
}

const struct command cmd_evidence_table[] = {
    {"evidence export", N_("write the evidence of a period for an inspector"),
	"--from DATE --to DATE [--pack PACK] [--system SYSTEM]\n"
	"         [--with-paths] -o FILE.zip|FILE.tar",
	N_("A BagIt bag with the state of each requirement, generations, "
	   "copies, verifications,\nfindings, media, drills, statements and "
	   "documents, and the journal's entries with their\nproofs, signed "
	   "by hikaed. Its README tells in Japanese how to check it with "
	   "sha256sum and\nminisign. A period that is over always gives the "
	   "same bytes. No names of files are in it;\n--with-paths adds them, "
	   "and with them perhaps patients' ids. With --database the bundle "
	   "is\nnot signed. Exit status 0: written; 1: without some "
	   "attached documents; 3: not signed, or\nthere is nothing signed "
	   "of that period (then no file is written)."),
	run_export},
    {NULL, NULL, NULL, NULL, NULL},
};
