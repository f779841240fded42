#include "daemon/place.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/media.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/store/query.h"
#include "lib/store/query_slice.h"

/* Limits of one reader.  Files: what it holds, and a walk's folders. */
#define READER_FILES 512
#define READER_FILE_BYTES ((uint64_t)64 << 30)
/*
 * Limits of one parser: memory beside what a decoder may take, for libraries,
 * sorting and an archive's directory; time beside what the size allows.
 */
#define PARSER_FILES 64
#define PARSER_MEMORY_BYTES ((uint64_t)384 << 20)
#define PARSER_CPU_SECONDS 600

static int
set_text(char *room, size_t size, const char *text, struct error *err)
{
	size_t length = strlen(text);

	if (length >= size)
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	memcpy(room, text, length + 1);
	return 0;
}

void
place_fill_limits(const struct service *service, struct job *job)
{
	job->limits = (struct sandbox_limits){
	    .memory_bytes = HIKAE_CHILD_MEMORY_BYTES,
	    .open_files = READER_FILES,
	    .file_size_bytes = READER_FILE_BYTES,
	};
	job->best_effort =
	    service->config->policy.sandbox == CONFIG_SANDBOX_BEST_EFFORT;
}

static int
fill_common(const struct service *service, struct job *job, struct error *err)
{
	place_fill_limits(service, job);
	memcpy(
	    job->secret, service->keyring.readings_secret, sizeof(job->secret));
	return file_temporary(service->state_fd, &job->fds[JOB_FD_SPILL], err);
}

static int
list_ignored(const struct config_list *list, struct job *job, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		size_t length = strlen(list->items[i]) + 1;

		if (length > sizeof(job->ignore) - job->ignore_length)
			return error_set(err, ERROR_LIMIT,
			    _("too many names are to be ignored"));
		memcpy(
		    job->ignore + job->ignore_length, list->items[i], length);
		job->ignore_length += length;
	}
	return 0;
}

/* Where the medium is, and what it must be. */
static int
fill_place(const struct service *service, const struct config_medium *medium,
    struct job *job, struct error *err)
{
	struct media_view view = {0};
	struct error why = {0};

	job->is_mount_point = medium->is_mount_point;
	if (media_look_up(service->media, medium->id, &view, &why) == 0)
		job->sight = view.sight;
	if (set_text(job->medium_path, sizeof(job->medium_path), medium->path,
		err) != 0)
		return -1;
	return set_text(job->uuid, sizeof(job->uuid), medium->uuid, err);
}

int
place_fill_medium(const struct service *service,
    const struct config_medium *medium, struct job *job, struct error *err)
{
	place_fill_limits(service, job);
	if (set_text(job->source_path, sizeof(job->source_path), ".", err) != 0)
		return -1;
	return fill_place(service, medium, job, err);
}

bool
place_is_identified(const struct job *job)
{
	return job->uuid[0] != '\0';
}

/* What hikae itself writes to a medium belongs to no copy there. */
static int
ignore_witness(
    const struct config_medium *medium, struct job *job, struct error *err)
{
	char name[] = JOB_WITNESS_FOLDER, *items[] = {name};
	const struct config_list list = {.items = items, .count = 1};

	return medium->has_witness ? list_ignored(&list, job, err) : 0;
}

int
place_fill_job(const struct service *service,
    const struct config_source *source, struct job *job, struct error *err)
{
	job->layout = source->layout;
	if (fill_place(service, source->medium, job, err) != 0 ||
	    set_text(job->source_path, sizeof(job->source_path), source->path,
		err) != 0 ||
	    set_text(job->marker, sizeof(job->marker), source->marker, err) !=
		0 ||
	    list_ignored(&source->ignore, job, err) != 0 ||
	    ignore_witness(source->medium, job, err) != 0)
		return -1;
	return fill_common(service, job, err);
}

struct laid_out {
	const char *medium;
	struct job *job;
};

static int
take_layout(const struct query_copy *row, void *context, struct error *err)
{
	const struct laid_out *copy = context;

	(void)err;
	if (strcmp(row->medium, copy->medium) != 0)
		return 0;
	for (unsigned layout = 0; layout <= CONFIG_LAYOUT_TREE; layout++)
		if (strcmp(config_layout_name((enum config_layout)layout),
			row->layout) == 0)
			copy->job->layout = (enum config_layout)layout;
	return 1;
}

int
place_fill_copy(const struct service *service,
    const struct config_source *source, const char *generation, struct job *job,
    struct error *err)
{
	const struct query_copy_filter filter = {.generation = generation};
	struct laid_out copy = {source->medium_id, job};

	if (place_fill_job(service, source, job, err) != 0)
		return -1;
	return query_copies(
	    service->catalog, CATALOG_NOW, &filter, take_layout, &copy, err);
}

int
place_fill_own(const struct service *service, const char *folder,
    struct job *job, struct error *err)
{
	int length = snprintf(job->medium_path, sizeof(job->medium_path),
	    "%s/" SERVICE_STATE "/%s", service->root, folder);

	if (length < 0 || (size_t)length >= sizeof(job->medium_path))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	job->layout = CONFIG_LAYOUT_DIRECTORY;
	if (set_text(job->source_path, sizeof(job->source_path), ".", err) != 0)
		return -1;
	return fill_common(service, job, err);
}

int
place_fill_parser(const struct service *service,
    const struct config_source *source, struct job *job, struct error *err)
{
	const struct config_policy *policy = &service->config->policy;

	job->archive_memory = policy->archive_memory;
	job->archive_expand = policy->archive_expand;
	job->limits = (struct sandbox_limits){
	    .cpu_seconds = PARSER_CPU_SECONDS,
	    .open_files = PARSER_FILES,
	    .file_size_bytes = READER_FILE_BYTES,
	};
	/* Sanitizers need all the address space there is. */
	if (HIKAE_CHILD_MEMORY_BYTES > 0)
		job->limits.memory_bytes =
		    PARSER_MEMORY_BYTES + policy->archive_memory;
	job->best_effort = policy->sandbox == CONFIG_SANDBOX_BEST_EFFORT;
	if (set_text(
		job->charset, sizeof(job->charset), source->charset, err) != 0)
		return -1;
	return file_temporary(service->state_fd, &job->fds[JOB_FD_SPILL], err);
}

/* A manifest's descriptor and its signature, into room for one. */
static int
open_signed(const struct service *service, const struct vault_name *name,
    char room[JOB_SIGNATURE_BYTES], size_t *ret_length, int *fd,
    struct error *err)
{
	struct bytes signature = BYTES_EMPTY;
	int rc = -1;

	if (vault_open(service->state_fd, name, fd, &signature, err) != 0)
		goto out;
	if (signature.length > JOB_SIGNATURE_BYTES) {
		(void)error_set(
		    err, ERROR_LIMIT, _("the signature is too long"));
		goto out;
	}
	memcpy(room, signature.data, signature.length);
	*ret_length = signature.length;
	rc = 0;
out:
	bytes_done(&signature);
	return rc;
}

/* What the journal says that this manifest is. */
static int
find_recorded(const struct service *service, const struct vault_name *name,
    struct job_recorded *recorded, struct error *err)
{
	const struct query_manifest_name manifest = {
	    .generation = name->generation,
	    .medium = name->medium,
	    .version = name->version,
	    .is_members = name->is_members,
	};

	if (query_manifest_digest(
		service->catalog, &manifest, recorded->sha256, err) != 0)
		return -1;
	recorded->is_known = true;
	return 0;
}

int
place_fill_own_manifest(const struct service *service,
    const struct vault_name *name, struct job *job, int *fd, struct error *err)
{
	if (open_signed(service, name, job->signature, &job->signature_length,
		fd, err) != 0)
		return -1;
	job->key_count = service->keyring.public_count;
	memcpy(job->keys, service->keyring.publics,
	    job->key_count * sizeof(job->keys[0]));
	return 0;
}

int
place_fill_manifest(const struct service *service,
    const struct vault_name *name, struct job *job, int *fd, struct error *err)
{
	if (place_fill_own_manifest(service, name, job, fd, err) != 0)
		return -1;
	return find_recorded(service, name, &job->recorded, err);
}

int
place_fill_other(const struct service *service, const struct vault_name *name,
    struct job *job, struct error *err)
{
	if (open_signed(service, name, job->other_signature,
		&job->other_signature_length, &job->fds[JOB_FD_PREVIOUS],
		err) != 0)
		return -1;
	return find_recorded(service, name, &job->other_recorded, err);
}

int
place_find_source(const struct service *service, const char *id,
    const struct config_source **ret_source, struct error *err)
{
	*ret_source = config_find_source(service->config, id);
	if (*ret_source != NULL)
		return 0;
	return error_set(
	    err, ERROR_NOT_FOUND, _("the source is no longer configured"));
}

int
place_pass_manifest(int fd, struct job *job, struct error *err)
{
	job->fds[JOB_FD_MANIFEST] = dup(fd);
	if (job->fds[JOB_FD_MANIFEST] >= 0)
		return 0;
	return error_set(err, ERROR_LIMIT, _("too many files are open"));
}
