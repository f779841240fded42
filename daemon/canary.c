#include "daemon/canary.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/model/manifest_writer.h"
#include "lib/os/file.h"

#define FOLDER "canary"
#define CANARY_BYTES 70000
/* 2001-02-03T04:05:06Z: any time that no clock gives by itself. */
#define CANARY_SECONDS 981173106

/* The names in manifest order, and how the manifest is wrong about each. */
static const struct {
	const char *name;
	bool is_flipped; /* one bit of the recorded digest's content differs */
	bool is_cut;	 /* recorded as one byte longer than it is */
} files[] = {
    {.name = "cut", .is_cut = true},
    {.name = "flipped", .is_flipped = true},
    {.name = "good"},
};
#define FILES (sizeof(files) / sizeof(files[0]))

static void
fill(uint8_t content[CANARY_BYTES], size_t file)
{
	uint32_t state = (uint32_t)file + 1;

	for (size_t i = 0; i < CANARY_BYTES; i++) {
		state = state * 1664525u + 1013904223u;
		content[i] = (uint8_t)(state >> 24);
	}
}

static int
write_file(
    int folder_fd, const char *name, const uint8_t *content, struct error *err)
{
	static const struct timespec times[2] = {
	    {.tv_sec = CANARY_SECONDS}, {.tv_sec = CANARY_SECONDS}};
	struct file_replacement file = {.fd = -1};
	int rc = -1;

	if (file_replacement_begin(&file, folder_fd, name, 0640, err) != 0 ||
	    file_write_all(file.fd, content, CANARY_BYTES, err) != 0)
		goto out;
	if (futimens(file.fd, times) != 0) {
		(void)error_set_errno(err, errno, "%s", name);
		goto out;
	}
	rc = file_replacement_commit(&file, err);
out:
	file_replacement_rollback(&file);
	return rc;
}

/* What the manifest says of a file: the truth, or what is known to be wrong. */
static int
add_entry(struct manifest_writer *writer, size_t i, uint8_t *content,
    struct error *err)
{
	struct manifest_entry entry = {
	    .path = files[i].name,
	    .path_length = strlen(files[i].name),
	    .type = MANIFEST_FILE,
	    .has_size = true,
	    .has_time = true,
	    .has_mode = true,
	    .has_digest = true,
	    .size = CANARY_BYTES + (files[i].is_cut ? 1 : 0),
	    .time_seconds = CANARY_SECONDS,
	    .mode = 0640,
	};

	if (files[i].is_flipped)
		content[CANARY_BYTES / 2] ^= 1;
	digest_sha256_of(content, CANARY_BYTES, entry.digest);
	return manifest_writer_add(writer, &entry, err);
}

static void
fill_header(struct manifest_header *header)
{
	*header = (struct manifest_header){.slice_bytes = 1 << 30};
	manifest_header_name(header, FOLDER, FOLDER, FOLDER, FOLDER);
}

static const struct vault_name vault_name = {
    .system = FOLDER, .generation = FOLDER, .medium = FOLDER, .version = 1};

static int
write_all(struct service *service, struct vault_draft *draft, int folder_fd,
    struct error *err)
{
	uint8_t content[CANARY_BYTES];
	struct manifest_header header;
	struct manifest_summary summary;
	struct manifest_writer *writer = NULL;
	int rc = -1;

	fill_header(&header);
	if (vault_begin(service->state_fd, &vault_name, draft, err) != 0)
		return -1;
	writer = manifest_writer_new(draft->manifest.fd, &header, err);
	if (writer == NULL)
		return -1;
	for (size_t i = 0; i < FILES; i++) {
		fill(content, i);
		if (write_file(folder_fd, files[i].name, content, err) != 0 ||
		    add_entry(writer, i, content, err) != 0)
			goto out;
	}
	if (manifest_writer_finish(writer, &summary, err) == 0)
		rc = vault_commit(draft, &header, summary.prehash,
		    &service->keyring.daemon, err);
out:
	manifest_writer_free(writer);
	return rc;
}

int
canary_make(struct service *service, struct error *err)
{
	struct vault_draft draft = VAULT_NO_DRAFT;
	int folder_fd = -1, rc = -1;

	if (file_make_folders(service->state_fd, FOLDER, 0750, err) == 0 &&
	    file_open_below(service->state_fd, FOLDER, O_RDONLY | O_DIRECTORY,
		&folder_fd, err) == 0)
		rc = write_all(service, &draft, folder_fd, err);
	vault_rollback(&draft);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	return rc;
}

int
canary_order(struct service *service, uint64_t run,
    const struct verification_owner *owner, struct error *err)
{
	struct verify_range range = {0, 0};
	struct verification_request request = {
	    .manifest = vault_name,
	    .own_folder = FOLDER,
	    .locator = "",
	    .ranges = &range,
	    .range_count = 1,
	    .not_before = INT64_MAX,
	    .run = run,
	};

	return verification_order(service, &request, owner, err);
}

static bool
is_name(const struct examine_finding *finding, const char *name)
{
	return finding->path_length == strlen(name) &&
	       memcmp(finding->path, name, finding->path_length) == 0;
}

void
canary_take_finding(
    struct canary_result *result, const struct examine_finding *finding)
{
	if (is_name(finding, "flipped") && finding->code == FINDING_BIT_ROT)
		result->flipped++;
	else if (is_name(finding, "cut") && finding->code == FINDING_TRUNCATED)
		result->cut++;
	else
		result->other++;
}

void
canary_take_slice(
    struct canary_result *result, const struct examine_slice *slice)
{
	result->has_verdict = true;
	result->is_damaged = slice->verdict == VERDICT_DAMAGED;
}

bool
canary_is_reported(const struct canary_result *result)
{
	return result->has_verdict && result->is_damaged &&
	       result->flipped == 1 && result->cut == 1 && result->other == 0;
}
