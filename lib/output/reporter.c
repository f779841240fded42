#include "lib/output/reporter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/spawn.h"
#include "lib/output/document_draw.h"
#include "lib/output/evidence.h"
#include "lib/output/report.h"
#include "lib/output/reporter_records.h"
#include "lib/store/journal.h"
#include "lib/worker/report_message.h"

#define STATE "var/lib/hikae"
#define DOCUMENTS STATE "/evidence/documents"
/* Catalog, what is written to, and one document of a bundle at a time. */
#define FILES 32
#define CHUNK_BYTES ((size_t)64 * 1024)
/* A configuration with all its keys, of any facility. */
#define CONFIG_BYTES_MAX ((size_t)16 * 1024 * 1024)

struct reporter {
	struct report_order order;
	json_t *parameters;
	struct config *config; /* NULL: a bundle has ids, and no names */
	struct requirement_texts today; /* files of requirements of now */
	struct keyring_proof *proofs;
	size_t proof_count;
	int documents_fd;
	struct catalog *catalog;
	struct report_answer done;
};

static const char *
text_of(const struct reporter *reporter, const char *name)
{
	return json_string_value(json_object_get(reporter->parameters, name));
}

/* Without one, an instant that no clock shows. */
static int64_t
instant_of(const struct reporter *reporter, const char *name, int64_t none)
{
	const json_t *value = json_object_get(reporter->parameters, name);

	return json_is_integer(value) ? json_integer_value(value) : none;
}

/* What is read before the sandbox is entered. */

/* For names: what hikaed has in force, not what the files say by now. */
static int
load_config(struct reporter *reporter, struct error *err)
{
	const int fd = reporter->order.config_fd;
	struct config_problems problems = {.count = 0};
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	if (fd < 0)
		return 0;
	if (lseek(fd, 0, SEEK_SET) != 0)
		(void)!error_set_errno(
		    err, errno, _("cannot read a temporary file"));
	else
		rc = file_read_whole(fd, CONFIG_BYTES_MAX, &text, err);
	if (rc == 0 && config_load_text("hikaed", text.data, text.length,
			   &reporter->config, &problems) != 0)
		rc = error_set(err, ERROR_CONFIG, "%s",
		    problems.count > 0 ? problems.texts[0] : "");
	config_problems_done(&problems);
	bytes_done(&text);
	return rc;
}

/* All statements about keys; they end where there is none. */
static int
load_proofs(struct reporter *reporter, int state_fd, struct error *err)
{
	reporter->proofs =
	    calloc(KEYRING_STATEMENTS_MAX, sizeof(*reporter->proofs));
	if (reporter->proofs == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	while (reporter->proof_count < KEYRING_STATEMENTS_MAX) {
		struct keyring_proof *proof =
		    &reporter->proofs[reporter->proof_count];
		struct error why = {0};

		*proof = (struct keyring_proof){
		    BYTES_EMPTY, BYTES_EMPTY, BYTES_EMPTY};
		if (keyring_proof_read(state_fd,
			(unsigned)reporter->proof_count + 1, proof,
			&why) != 0) {
			keyring_proof_done(proof);
			if (why.code == ERROR_NOT_FOUND)
				return 0;
			*err = why;
			return -1;
		}
		reporter->proof_count++;
	}
	return 0;
}

static int
load_evidence(struct reporter *reporter, int root_fd, struct error *err)
{
	int state_fd = -1, rc;

	if (file_open_below(
		root_fd, STATE, O_RDONLY | O_DIRECTORY, &state_fd, err) != 0)
		return -1;
	rc = load_proofs(reporter, state_fd, err);
	(void)close(state_fd);
	/* Where there is no folder, nobody attached one. */
	if (rc == 0 &&
	    file_open_below(root_fd, DOCUMENTS, O_RDONLY | O_DIRECTORY,
		&reporter->documents_fd, NULL) != 0)
		reporter->documents_fd = -1;
	return rc;
}

static int
load(struct reporter *reporter, struct error *err)
{
	const struct catalog_options options = {.mode = CATALOG_READ};
	const struct report_order *order = &reporter->order;
	int root_fd = -1, rc = -1;

	reporter->parameters =
	    json_parse(order->parameters, strlen(order->parameters), err);
	if (reporter->parameters == NULL ||
	    file_open_folder(order->root, &root_fd, err) != 0)
		return -1;
	if (load_config(reporter, err) == 0 &&
	    date_zone_open(order->zone, err) == 0 &&
	    requirement_texts_read(root_fd, &reporter->today, err) == 0 &&
	    (order->kind != REPORT_EVIDENCE ||
		load_evidence(reporter, root_fd, err) == 0))
		rc = catalog_open(
		    order->catalog, &options, &reporter->catalog, err);
	(void)close(root_fd);
	return rc;
}

/* Load now what the C library loads on first use. */
static void
warm_up(const char *language)
{
	struct i18n_reader reader;

	(void)strerror(ENOENT);
	(void)_("out of memory");
	if (language == NULL)
		return;
	i18n_speak(language, &reader);
	(void)_("out of memory");
	i18n_return(&reader);
}

/* In which a page is: a bundle's in Japanese, whoever asks. */
static const char *
language_of(const struct reporter *reporter)
{
	return reporter->order.kind == REPORT_EVIDENCE
		   ? "ja"
		   : text_of(reporter, "language");
}

static int
restrict_itself(struct reporter *reporter, struct error *err)
{
	struct sandbox_policy policy = {
	    .root_fd = reporter->documents_fd,
	    .limits = reporter->order.limits,
	    .best_effort = reporter->order.best_effort,
	};

	policy.limits.open_files = FILES;
	warm_up(language_of(reporter));
	/* A file that may not grow is an error, not an end. */
	(void)signal(SIGXFSZ, SIG_IGN);
	return sandbox_enter(&policy, &reporter->done.done.sandbox, err);
}

static int
write_document(struct reporter *reporter, struct error *err)
{
	struct report_done *done = &reporter->done.done;
	const struct document_request request = {
	    .name = reporter->order.name,
	    .parameters = reporter->parameters,
	    .catalog = reporter->catalog,
	    .config = reporter->config,
	    .today = &reporter->today,
	    .root_fd = -1,
	    .limit_max = reporter->order.rows_max,
	    .known = &done->known,
	};
	struct bytes text = BYTES_EMPTY;
	json_t *document = NULL;
	int rc = -1;

	done->known = reporter->order.known;
	if (catalog_begin(reporter->catalog, err) != 0)
		return -1;
	if (document_draw(&request, &document, err) == 0 &&
	    json_append_canonical(document, &text, err) == 0)
		rc = file_write_all(
		    reporter->order.out_fd, text.data, text.length, err);
	catalog_rollback(reporter->catalog);
	json_decref(document);
	bytes_done(&text);
	return rc;
}

static int
draw_page(struct reporter *reporter, struct bytes *page, bool *ret_is_empty,
    struct error *err)
{
	struct report_request request = {
	    .catalog = reporter->catalog,
	    .now = clock_wall_ms(),
	    .from = instant_of(reporter, "from", INT64_MIN),
	    .config = reporter->config,
	};
	struct basis basis;
	int64_t to = instant_of(reporter, "to", request.now);
	int rc;

	if (request.from >= request.now)
		return error_set(
		    err, ERROR_USAGE, _("the period has not begun yet"));
	if (to < request.now)
		request.now = to;
	if (request.from >= request.now)
		return error_set(
		    err, ERROR_USAGE, _("the period ends before it begins"));
	if (journal_seq_known(
		reporter->catalog, request.now, &request.at, err) != 0 ||
	    basis_read(reporter->catalog, request.at, &reporter->today, true,
		&basis, err) != 0)
		return -1;
	request.basis = &basis;
	rc = report_write(&request, page, ret_is_empty, err);
	basis_done(&basis);
	return rc;
}

static int
write_page(struct reporter *reporter, struct error *err)
{
	const char *language = language_of(reporter);
	struct bytes page = BYTES_EMPTY;
	struct i18n_reader reader;
	bool is_empty = false;
	int rc = -1;

	if (catalog_begin(reporter->catalog, err) != 0)
		return -1;
	if (language != NULL)
		i18n_speak(language, &reader);
	if (draw_page(reporter, &page, &is_empty, err) == 0)
		rc = file_write_all(
		    reporter->order.out_fd, page.data, page.length, err);
	if (language != NULL)
		i18n_return(&reader);
	catalog_rollback(reporter->catalog);
	bytes_done(&page);
	(void)snprintf(reporter->done.done.facts,
	    sizeof(reporter->done.done.facts), "{\"is_empty\":%s}",
	    is_empty ? "true" : "false");
	return rc;
}

/* hikaed signs; its key stays where it is. */
static int
ask_signature(void *context, const struct evidence_statement *statement,
    const struct bytes *tagmanifest, struct bytes *out, struct error *err)
{
	struct report_answer answer = {.kind = REPORT_ANSWER_SEAL};
	struct report_seal *seal = &answer.seal;

	(void)context;
	if (tagmanifest->length >= sizeof(seal->list))
		return error_set(
		    err, ERROR_LIMIT, _("a list of files is too long"));
	seal->from = statement->from;
	seal->to = statement->to;
	seal->size = statement->size;
	memcpy(seal->root, statement->root, sizeof(seal->root));
	memcpy(seal->list, tagmanifest->data, tagmanifest->length);
	if (report_message_send_answer(SPAWN_WIRE_FD, &answer, err) != 0)
		return -1;
	return report_message_receive_signature(SPAWN_WIRE_FD, out, err);
}

static int
ask_head(void *context, uint64_t size, struct bytes *out, struct error *err)
{
	const struct report_answer answer = {
	    .kind = REPORT_ANSWER_HEAD, .head = size};

	(void)context;
	if (report_message_send_answer(SPAWN_WIRE_FD, &answer, err) != 0)
		return -1;
	return report_message_receive_signature(SPAWN_WIRE_FD, out, err);
}

static int
tell_facts(struct reporter *reporter, const struct evidence_result *result,
    struct error *err)
{
	struct report_done *done = &reporter->done.done;
	struct bytes text = BYTES_EMPTY;
	json_t *facts = NULL;
	int rc = -1;

	if (evidence_describe(result, &facts, err) == 0 &&
	    json_append_canonical(facts, &text, err) == 0) {
		if (text.length < sizeof(done->facts)) {
			memcpy(done->facts, text.data, text.length);
			rc = 0;
		} else {
			(void)error_set(err, ERROR_INTERNAL, "facts");
		}
	}
	json_decref(facts);
	bytes_done(&text);
	return rc;
}

static int
write_evidence(struct reporter *reporter, struct error *err)
{
	const struct evidence_request request = {
	    .catalog = reporter->catalog,
	    .from = instant_of(reporter, "from", 0),
	    .to = instant_of(reporter, "to", 0),
	    .now = clock_wall_ms(),
	    .today = &reporter->today,
	    .pack = text_of(reporter, "pack"),
	    .system = text_of(reporter, "system"),
	    .has_paths = json_is_true(
		json_object_get(reporter->parameters, "with_paths")),
	    .spill_fd = reporter->order.spill_fd,
	    .documents_fd = reporter->documents_fd,
	    .proofs = reporter->proofs,
	    .proof_count = reporter->proof_count,
	    .sign = ask_signature,
	    .sign_head = ask_head,
	};
	struct evidence_result result;
	const char *kind_name = text_of(reporter, "kind");
	enum archive_pack_kind kind;
	char name[16];

	(void)snprintf(
	    name, sizeof(name), "x.%s", kind_name == NULL ? "" : kind_name);
	if (archive_pack_kind_parse(name, &kind) != 0)
		return error_set(err, ERROR_USAGE, "kind");
	if (evidence_export(
		&request, kind, reporter->order.out_fd, &result, err) != 0)
		return -1;
	return tell_facts(reporter, &result, err);
}

/* The bytes as they stand in the descriptor now. */
static int
digest(struct reporter *reporter, struct error *err)
{
	struct report_done *done = &reporter->done.done;
	struct digest_sha256 digest;
	uint8_t *chunk = malloc(CHUNK_BYTES);
	ssize_t got = -1;

	if (chunk == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	digest_sha256_init(&digest);
	for (;;) {
		got = pread(reporter->order.out_fd, chunk, CHUNK_BYTES,
		    (off_t)done->bytes);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		digest_sha256_update(&digest, chunk, (size_t)got);
		done->bytes += (uint64_t)got;
	}
	free(chunk);
	if (got < 0)
		return error_set_errno(
		    err, errno, _("cannot read a temporary file"));
	digest_sha256_final(&digest, done->sha256);
	return 0;
}

static int
run(struct reporter *reporter, struct error *err)
{
	static int (*const writers[REPORT_KINDS])(
	    struct reporter *, struct error *) = {
	    [REPORT_DOCUMENT] = write_document,
	    [REPORT_PAGE] = write_page,
	    [REPORT_EVIDENCE] = write_evidence,
	};

	if (reporter->order.kind == REPORT_RECORDS)
		return reporter_records_run(
		    &reporter->order, &reporter->done.done, err);
	if (load(reporter, err) != 0 || restrict_itself(reporter, err) != 0 ||
	    writers[reporter->order.kind](reporter, err) != 0)
		return -1;
	return digest(reporter, err);
}

static void
clean_up(struct reporter *reporter)
{
	catalog_close(reporter->catalog);
	for (size_t i = 0; i < reporter->proof_count; i++)
		keyring_proof_done(&reporter->proofs[i]);
	free(reporter->proofs);
	requirement_texts_done(&reporter->today);
	config_free(reporter->config);
	json_decref(reporter->parameters);
	if (reporter->documents_fd >= 0)
		(void)close(reporter->documents_fd);
	if (reporter->order.out_fd >= 0)
		(void)close(reporter->order.out_fd);
	if (reporter->order.spill_fd >= 0)
		(void)close(reporter->order.spill_fd);
	if (reporter->order.config_fd >= 0)
		(void)close(reporter->order.config_fd);
	free(reporter);
}

int
reporter_main(void)
{
	struct reporter *reporter = calloc(1, sizeof(*reporter));
	struct report_answer failed = {.kind = REPORT_ANSWER_FAILED};
	struct error err = {0};
	bool is_done;
	int rc;

	if (reporter == NULL)
		return EXIT_FAILURE;
	reporter->documents_fd = -1;
	reporter->done.kind = REPORT_ANSWER_DONE;
	is_done = report_message_receive_order(
		      SPAWN_WIRE_FD, &reporter->order, &err) == 0 &&
		  run(reporter, &err) == 0;
	failed.failed = err;
	rc = report_message_send_answer(
	    SPAWN_WIRE_FD, is_done ? &reporter->done : &failed, &err);
	clean_up(reporter);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
