#include "cli/manifest_verify.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"
#include "lib/examine/verify.h"
#include "lib/model/manifest_reader.h"
#include "lib/os/file.h"

/* Findings that --json lists; more are counted. */
#define FINDINGS_MAX 10000

#define IGNORE_MAX 64
#define SHOWN_BYTES 256
#define BLOCK_BYTES ((size_t)1 << 20)
#define IN_FLIGHT 8

struct work {
	struct cli *cli;
	const struct manifest_verify_options *options;
	struct manifest_header header;
	struct manifest_totals totals;
	uint8_t sha256[DIGEST_SHA256_BYTES]; /* of the manifest */
	struct examine_events events;
	struct progress progress;
	bool is_names; /* names are being compared, not bytes */
	enum verdict verdict;
	int status;
	uint64_t findings, omitted;
	uint64_t bytes, bytes_read;
	enum stream_mode mode;
	json_t *list; /* with --json */
};

static int
on_progress(void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	struct work *work = context;

	(void)entries;
	(void)err;
	progress_update(&work->progress, bytes);
	return 0;
}

static void
list_finding(struct work *work, const struct examine_finding *finding)
{
	json_t *value;

	if (json_array_size(work->list) >= FINDINGS_MAX) {
		work->omitted++;
		return;
	}
	value = json_pack("{s:s,s:s,s:o,s:o,s:o}", "code",
	    finding_name(finding->code), "verdict",
	    verdict_name(finding_verdict(finding->code)), "path",
	    json_of_bytes(finding->path, finding->path_length), "expected_size",
	    json_of_u64(finding->expected_size), "actual_size",
	    json_of_u64(finding->actual_size));
	if (json_array_append_new(work->list, value) != 0)
		work->omitted++;
}

static void
print_finding(struct work *work, const struct examine_finding *finding)
{
	static const enum print_mark marks[VERDICTS] = {
	    [VERDICT_INTACT] = PRINT_WARNING,
	    [VERDICT_DAMAGED] = PRINT_BAD,
	    [VERDICT_UNDETERMINED] = PRINT_UNKNOWN,
	};
	struct bytes path = BYTES_EMPTY;

	text_append_escaped(&path, finding->path, finding->path_length);
	bytes_append_u8(&path, '\0');
	progress_clear(&work->progress);
	print_line(&work->cli->print, marks[finding_verdict(finding->code)],
	    "%s: %s", path.failed ? "…" : (const char *)path.data,
	    finding_sentence(finding->code));
	bytes_done(&path);
}

/* What reading the bytes finds as well is told once, then. */
static bool
is_told_later(const struct work *work, enum finding code)
{
	return work->is_names &&
	       (code == FINDING_MISSING || code == FINDING_TRUNCATED ||
		   code == FINDING_GROWN || code == FINDING_TYPE_CHANGED);
}

static int
on_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct work *work = context;

	(void)err;
	if (is_told_later(work, finding->code))
		return 0;
	work->findings++;
	work->verdict =
	    verdict_worse(work->verdict, finding_verdict(finding->code));
	work->status =
	    cli_worse(work->status, (int)finding_severity(finding->code));
	if (work->cli->is_json)
		list_finding(work, finding);
	else
		print_finding(work, finding);
	return 0;
}

static int
on_slice(void *context, const struct examine_slice *slice, struct error *err)
{
	struct work *work = context;

	(void)err;
	work->verdict = verdict_worse(work->verdict, slice->verdict);
	if (work->is_names)
		return 0;
	work->bytes += slice->bytes;
	work->bytes_read += slice->bytes_read;
	if (slice->bytes_read > 0 && slice->mode > work->mode)
		work->mode = slice->mode;
	return 0;
}

/* Header and totals; checked against the signature afterwards. */
static int
read_header(struct work *work, int manifest_fd, struct error *err)
{
	struct manifest_reader *reader = manifest_reader_new(manifest_fd, err);

	if (reader == NULL)
		return -1;
	work->header = *manifest_reader_header(reader);
	work->totals = *manifest_reader_totals(reader);
	manifest_reader_free(reader);
	return 0;
}

static int
read_signature(const struct manifest_verify_options *options, struct bytes *out,
    struct error *err)
{
	char *beside = NULL;
	int rc = -1;

	if (options->signature == NULL &&
	    asprintf(&beside, "%s.minisig", options->manifest) < 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = cli_read_file(beside != NULL ? beside : options->signature,
	    SIGNATURE_FILE_BYTES_MAX, out, err);
	free(beside);
	return rc;
}

static int
check_signature(struct work *work, int manifest_fd, struct error *err)
{
	const struct trust *trust = work->options->trust;
	const struct signature_keys keys = {trust->keys, trust->count};
	struct manifest_signature signature = {NULL, 0, NULL};
	struct bytes file = BYTES_EMPTY, comment = BYTES_EMPTY;
	int rc = -1;

	manifest_trusted_comment(&work->header, &comment);
	bytes_append_u8(&comment, '\0');
	if (bytes_check(&comment, err) != 0 ||
	    read_signature(work->options, &file, err) != 0)
		goto out;
	signature.text = (const char *)file.data;
	signature.length = file.length;
	signature.trusted_comment = (const char *)comment.data;
	rc = manifest_verify_signature(
	    manifest_fd, &keys, &signature, work->sha256, err);
out:
	bytes_done(&file);
	bytes_done(&comment);
	return rc;
}

/* The copy: a folder, or one file in its folder. */
static int
open_copy(struct verify_options *verify, const char *path, char *folder,
    struct error *err)
{
	char shown[SHOWN_BYTES];
	struct stat st;
	int fd = -1;

	(void)text_escape(shown, sizeof(shown), path, strlen(path));
	if (stat(path, &st) != 0)
		return error_set_errno(err, errno, "%s", shown);
	verify->is_file = S_ISREG(st.st_mode);
	if (strlen(path) >= PATH_MAX)
		return error_set_errno(err, ENAMETOOLONG, "%s", shown);
	(void)snprintf(folder, PATH_MAX, "%s", path);
	/* Both may change their argument: the name first, from `path`. */
	verify->locator = "";
	if (verify->is_file)
		verify->locator =
		    strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	if (file_open_folder(
		verify->is_file ? dirname(folder) : folder, &fd, err) != 0)
		return error_prefix(err, "%s", shown);
	verify->root_fd = fd;
	return 0;
}

/* Split at commas, in place. */
static void
split_ignore(char *text, const char *patterns[IGNORE_MAX], size_t *ret_count)
{
	char *rest = NULL;

	for (char *word = strtok_r(text, ",", &rest);
	     word != NULL && *ret_count < IGNORE_MAX;
	     word = strtok_r(NULL, ",", &rest))
		patterns[(*ret_count)++] = word;
}

static int
open_spill(int *ret_fd, struct error *err)
{
	const char *folder = getenv("TMPDIR");
	int folder_fd = -1, rc;

	if (folder == NULL || folder[0] == '\0')
		folder = "/tmp";
	if (file_open_folder(folder, &folder_fd, err) != 0)
		return error_prefix(err, "%s", folder);
	rc = file_temporary(folder_fd, ret_fd, err);
	(void)close(folder_fd);
	return rc;
}

static int
compare(
    struct work *work, const struct verify_options *verify, struct error *err)
{
	struct verify_range all = {0, work->totals.slices - 1};
	int rc;

	work->is_names = true;
	if (verify_names(verify, err) != 0)
		return -1;
	work->is_names = false;
	/* Nothing to compare with is no success (law 1). */
	if (work->totals.slices == 0 || work->totals.entries == 0) {
		work->verdict =
		    verdict_worse(work->verdict, VERDICT_UNDETERMINED);
		return 0;
	}
	progress_init(&work->progress, 0, work->totals.bytes);
	rc = verify_slices(verify, &all, 1, err);
	progress_done(&work->progress);
	return rc;
}

/* Open everything, compare, close everything. */
static int
run(struct work *work, int manifest_fd, struct error *err)
{
	const char *patterns[IGNORE_MAX];
	char folder[PATH_MAX], *ignore = NULL;
	struct verify_options verify = {
	    .root_fd = -1,
	    .manifest_fd = manifest_fd,
	    .spill_fd = -1,
	    .not_before = INT64_MAX,
	    .stream = {BLOCK_BYTES, IN_FLIGHT, true},
	    .ignore = {.patterns = patterns},
	    .events = &work->events,
	};
	int rc = -1;

	if (work->options->ignore != NULL) {
		ignore = strdup(work->options->ignore);
		if (ignore == NULL) {
			(void)error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
			goto out;
		}
		split_ignore(ignore, patterns, &verify.ignore.count);
	}
	if (open_copy(&verify, work->options->path, folder, err) == 0 &&
	    open_spill(&verify.spill_fd, err) == 0)
		rc = compare(work, &verify, err);
out:
	if (verify.root_fd >= 0)
		(void)close(verify.root_fd);
	if (verify.spill_fd >= 0)
		(void)close(verify.spill_fd);
	free(ignore);
	return rc;
}

/* How the bytes were asked for; the kernel may have had them in memory. */
static const char *
describe_mode(enum stream_mode mode)
{
	switch (mode) {
	case STREAM_DIRECT:
		return _("read past this host's cache");
	case STREAM_DROPPED:
		return _("read after this host's cache was dropped");
	case STREAM_CACHED:
		return _("possibly read from this host's cache");
	}
	return "";
}

static const char *
mode_name(enum stream_mode mode)
{
	switch (mode) {
	case STREAM_DIRECT:
		return "direct";
	case STREAM_DROPPED:
		return "dropped";
	case STREAM_CACHED:
		return "cache-possible";
	}
	return "";
}

static int
tell_json(struct work *work, struct error *err)
{
	char hex[2 * DIGEST_SHA256_BYTES + 1];
	json_t *value;
	int rc;

	bytes_format_hex(work->sha256, sizeof(work->sha256), hex);
	value = json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:s,s:O,s:o}",
	    "verdict", verdict_name(work->verdict), "generation",
	    work->header.generation, "medium", work->header.medium,
	    "manifest_sha256", hex, "entries",
	    json_of_u64(work->totals.entries), "bytes",
	    json_of_u64(work->bytes), "bytes_total",
	    json_of_u64(work->totals.bytes), "bytes_read",
	    json_of_u64(work->bytes_read), "mode", mode_name(work->mode),
	    "findings", work->list, "omitted", json_of_u64(work->omitted));
	if (value == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = print_json(&work->cli->print, value, err);
	json_decref(value);
	return rc;
}

static void
tell(struct work *work)
{
	static const enum print_mark marks[VERDICTS] = {
	    [VERDICT_INTACT] = PRINT_GOOD,
	    [VERDICT_DAMAGED] = PRINT_BAD,
	    [VERDICT_UNDETERMINED] = PRINT_UNKNOWN,
	};
	struct print *print = &work->cli->print;
	char done[QUANTITY_TEXT_BYTES], all[QUANTITY_TEXT_BYTES];

	print_line(print,
	    work->status == CLI_WARNING ? PRINT_WARNING : marks[work->verdict],
	    _("%s (recorded on %s): %s"), work->header.generation,
	    work->header.medium, verdict_word(work->verdict));
	print_line(print, PRINT_PLAIN,
	    _("   compared %s of %s; entries: %llu, findings: %llu; %s"),
	    quantity_describe_size(work->bytes, done),
	    quantity_describe_size(work->totals.bytes, all),
	    (unsigned long long)work->totals.entries,
	    (unsigned long long)work->findings, describe_mode(work->mode));
}

/* A manifest that nobody proves is a finding; other errors are errors. */
static int
tell_unsigned(struct work *work, const struct error *err)
{
	json_t *value;
	int status = (int)finding_severity(FINDING_SIGNATURE_INVALID);

	if (err->code != ERROR_SIGNATURE && err->code != ERROR_NOT_FOUND)
		return cli_fail(work->cli, err);
	/* A file that is missing has an errno; a key that is not ours has
	 * none. */
	if (err->os_errno != 0)
		return cli_fail(work->cli, err);
	if (!work->cli->is_json) {
		print_line(&work->cli->print, PRINT_BAD, "%s",
		    finding_sentence(FINDING_SIGNATURE_INVALID));
		print_line(&work->cli->print, PRINT_PLAIN, "   %s", err->text);
		return status;
	}
	value = json_pack("{s:s,s:[{s:s,s:s}]}", "verdict",
	    verdict_name(VERDICT_UNDETERMINED), "findings", "code",
	    finding_name(FINDING_SIGNATURE_INVALID), "text", err->text);
	if (value == NULL || print_json(&work->cli->print, value, NULL) != 0)
		status = cli_fail_memory(work->cli);
	json_decref(value);
	return status;
}

/* The manifest is open: prove it, compare, tell. */
static int
verify(struct work *work, int manifest_fd)
{
	struct error err;

	if (read_header(work, manifest_fd, &err) != 0)
		return cli_fail(work->cli, &err);
	if (check_signature(work, manifest_fd, &err) != 0)
		return tell_unsigned(work, &err);
	if (run(work, manifest_fd, &err) != 0)
		return cli_fail(work->cli, &err);
	work->status =
	    cli_worse(work->status, (int)verdict_exit_of(work->verdict));
	if (!work->cli->is_json)
		tell(work);
	else if (tell_json(work, &err) != 0)
		return cli_fail(work->cli, &err);
	return work->status;
}

int
manifest_verify(struct cli *cli, const struct manifest_verify_options *options)
{
	struct work work = {
	    .cli = cli,
	    .options = options,
	    .verdict = VERDICT_INTACT,
	    .list = json_array(),
	};
	struct error err;
	int manifest_fd = -1, status;

	work.events = (struct examine_events){
	    .context = &work,
	    .progress = on_progress,
	    .finding = on_finding,
	    .slice = on_slice,
	};
	if (cli_open_file(options->manifest, &manifest_fd, &err) != 0)
		status = cli_fail(cli, &err);
	else
		status = verify(&work, manifest_fd);
	if (manifest_fd >= 0)
		(void)close(manifest_fd);
	json_decref(work.list);
	return status;
}
