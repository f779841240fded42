#include "lib/output/reporter_records.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/judge/records.h"
#include "lib/os/file.h"
#include "lib/store/catalog_audit.h"

#define STATE "var/lib/hikae"
#define SCRATCH STATE "/" FILE_TEMPORARY_PREFIX "replay"
/* The catalog, its log and index, the scratch, one manifest on its way. */
#define FILES 48
/* The rows of a larger catalog are replayed into a file. */
#define IN_MEMORY_BYTES ((off_t)16 * 1024 * 1024)

struct reporter {
	const struct report_order *order;
	struct signature_public keys[KEYRING_PUBLICS_MAX];
	char origin[NOTE_NAME_BYTES];
	bool is_whole;
	struct records_request request;
	int state_fd, manifests_fd;
	bool is_damaged; /* the catalog, so that it cannot be opened */
};

static int
take_keys(struct reporter *reporter, const json_t *keys, struct error *err)
{
	size_t count = json_array_size(keys);

	if (count == 0 || count > KEYRING_PUBLICS_MAX)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(keys, i));

		if (text == NULL)
			return error_set(
			    err, ERROR_PROTOCOL, _("malformed job"));
		if (signature_public_decode(
			text, strlen(text), &reporter->keys[i], err) != 0)
			return -1;
	}
	reporter->request.since.key_count = count;
	return 0;
}

static int
take_parameters(struct reporter *reporter, struct error *err)
{
	const char *text = reporter->order->parameters, *origin;
	json_t *parameters = json_parse(text, strlen(text), err);
	int rc = -1;

	if (parameters == NULL)
		return -1;
	if (json_get_bool(parameters, "is_whole", &reporter->is_whole) != 0 ||
	    json_get_bool(parameters, "is_all", &reporter->request.is_all) !=
		0 ||
	    json_get_text(parameters, "origin", &origin) != 0 ||
	    strlen(origin) >= sizeof(reporter->origin)) {
		(void)error_set(err, ERROR_PROTOCOL, _("malformed job"));
	} else {
		(void)snprintf(
		    reporter->origin, sizeof(reporter->origin), "%s", origin);
		rc = take_keys(
		    reporter, json_object_get(parameters, "keys"), err);
	}
	json_decref(parameters);
	return rc;
}

/* A catalog that cannot be opened is what was looked for. */
static int
open_catalog(struct reporter *reporter, struct error *err)
{
	const struct catalog_options options = {.mode = CATALOG_READ};
	const char *path = reporter->order->catalog;
	char scratch[PATH_MAX + sizeof(SCRATCH) + 1];
	struct stat st;

	if (catalog_open(path, &options, &reporter->request.catalog, err) !=
	    0) {
		reporter->is_damaged = err->code == ERROR_INPUT;
		return reporter->is_damaged ? 0 : -1;
	}
	if (!reporter->is_whole)
		return 0;
	if (stat(path, &st) != 0)
		return error_set_errno(
		    err, errno, _("cannot open the catalog"));
	reporter->request.catalog_bytes = (uint64_t)st.st_size;
	(void)snprintf(
	    scratch, sizeof(scratch), "%s/" SCRATCH, reporter->order->root);
	return catalog_scratch_open(
	    st.st_size > IN_MEMORY_BYTES ? scratch : NULL,
	    &reporter->request.scratch, err);
}

/* Without a folder of manifests, all of them are missing. */
static int
open_folders(struct reporter *reporter, struct error *err)
{
	int root_fd = -1, rc;

	if (file_open_folder(reporter->order->root, &root_fd, err) != 0)
		return -1;
	rc = file_open_below(
	    root_fd, STATE, O_RDONLY | O_DIRECTORY, &reporter->state_fd, err);
	(void)close(root_fd);
	if (rc != 0)
		return -1;
	if (file_open_below(reporter->state_fd, "manifests",
		O_RDONLY | O_DIRECTORY, &reporter->manifests_fd, NULL) != 0)
		reporter->manifests_fd = -1;
	reporter->request.state_fd = reporter->state_fd;
	return 0;
}

static int
restrict_itself(const struct reporter *reporter,
    struct sandbox_report *ret_report, struct error *err)
{
	struct sandbox_policy policy = {
	    .root_fd = reporter->manifests_fd,
	    .limits = reporter->order->limits,
	    .best_effort = reporter->order->best_effort,
	};

	policy.limits.open_files = FILES;
	/* Load now what the C library loads on first use. */
	(void)strerror(ENOENT);
	(void)_("out of memory");
	/* A file that may not grow is an error, not an end. */
	(void)signal(SIGXFSZ, SIG_IGN);
	return sandbox_enter(&policy, ret_report, err);
}

static int
look(struct reporter *reporter, struct records *ret_records,
    struct report_done *ret_done, struct error *err)
{
	struct records_request *request = &reporter->request;
	int rc;

	if (reporter->is_damaged) {
		*ret_records =
		    (struct records){.is_whole = true, .is_damaged = true};
		return 0;
	}
	request->since.keys = reporter->keys;
	request->since.origin = reporter->origin;
	request->since.known = &reporter->order->known;
	request->now = clock_wall_ms();
	if (catalog_begin(request->catalog, err) != 0)
		return -1;
	rc = records_look(request, ret_records, &ret_done->known, err);
	catalog_rollback(request->catalog);
	return rc;
}

static int
write_out(const struct reporter *reporter, const struct records *records,
    struct error *err)
{
	json_t *value = records_format(records);
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	if (json_append_canonical(value, &text, err) == 0)
		rc = file_write_all(
		    reporter->order->out_fd, text.data, text.length, err);
	json_decref(value);
	bytes_done(&text);
	return rc;
}

int
reporter_records_run(const struct report_order *order,
    struct report_done *ret_done, struct error *err)
{
	struct reporter reporter = {
	    .order = order, .state_fd = -1, .manifests_fd = -1};
	struct records records;
	int rc = -1;

	if (take_parameters(&reporter, err) == 0 &&
	    open_folders(&reporter, err) == 0 &&
	    open_catalog(&reporter, err) == 0 &&
	    restrict_itself(&reporter, &ret_done->sandbox, err) == 0 &&
	    look(&reporter, &records, ret_done, err) == 0)
		rc = write_out(&reporter, &records, err);
	catalog_close(reporter.request.scratch);
	catalog_close(reporter.request.catalog);
	if (reporter.state_fd >= 0)
		(void)close(reporter.state_fd);
	if (reporter.manifests_fd >= 0)
		(void)close(reporter.manifests_fd);
	return rc;
}
