#include "cli/library.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/model/manifest.h"
#include "lib/store/query.h"
#include "lib/store/vault.h"

/* The catalog that is asked: --database, or the state's own. */
static int
find_catalog(const struct cli *cli, char path[PATH_MAX], struct error *err)
{
	int length = cli->database != NULL
			 ? snprintf(path, PATH_MAX, "%s", cli->database)
			 : snprintf(path, PATH_MAX,
			       "%s/" CLI_STATE "/catalog.db", cli->root);

	if (length < 0 || length >= PATH_MAX)
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	return 0;
}

int
library_open_catalog(
    struct cli *cli, struct catalog **ret_catalog, struct error *err)
{
	const struct catalog_options options = {
	    .mode = cli->database != NULL ? CATALOG_IMMUTABLE : CATALOG_READ};
	char path[PATH_MAX];

	if (find_catalog(cli, path, err) != 0)
		return -1;
	return catalog_open(path, &options, ret_catalog, err);
}

bool
library_is_catalog(const struct cli *cli, const char *path)
{
	struct stat one, other;
	struct error ignored;
	char own[PATH_MAX];

	return find_catalog(cli, own, &ignored) == 0 && stat(own, &one) == 0 &&
	       stat(path, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

int
library_open(struct cli *cli, struct library *library, struct error *err)
{
	*library = (struct library){.state_fd = -1};
	if (cli_open_state(cli, false, &library->state_fd, err) != 0 ||
	    keyring_open_public(library->state_fd, &library->keyring, err) != 0)
		return -1;
	return library_open_catalog(cli, &library->catalog, err);
}

void
library_close(struct library *library)
{
	catalog_close(library->catalog);
	keyring_close(&library->keyring);
	if (library->state_fd >= 0)
		(void)close(library->state_fd);
	library->state_fd = -1;
	library->catalog = NULL;
}

static void
fill_copy(struct library_copy *copy, const struct query_copy *row)
{
	*copy = (struct library_copy){
	    .id = row->id,
	    .manifest = row->manifest,
	    .version = row->version,
	    .has_members = row->members != NULL &&
			   (strcmp(row->members, "complete") == 0 ||
			       strcmp(row->members, "partial") == 0),
	};
	(void)snprintf(copy->system, sizeof(copy->system), "%s", row->system);
	(void)snprintf(
	    copy->generation, sizeof(copy->generation), "%s", row->generation);
	(void)snprintf(copy->medium, sizeof(copy->medium), "%s", row->medium);
	(void)snprintf(copy->source, sizeof(copy->source), "%s", row->source);
}

struct search {
	const char *medium; /* NULL: any */
	uint64_t version;   /* 0: the newest */
	struct library_copy *copy;
	bool is_found;
};

static int
take_found(const struct query_copy *row, void *context, struct error *err)
{
	struct search *search = context;

	(void)err;
	if (row->manifest == 0 || search->version > row->version ||
	    (search->medium != NULL &&
		strcmp(search->medium, row->medium) != 0))
		return 0;
	fill_copy(search->copy, row);
	if (search->version != 0)
		search->copy->version = search->version;
	search->is_found = true;
	return 1;
}

/* Cut off "/VERSION" and read it; 0 where there is none that could be. */
static uint64_t
take_version(char *operand)
{
	char *slash = strrchr(operand, '/'), *end = NULL;
	uint64_t version;

	if (slash == NULL || slash[1] < '1' || slash[1] > '9')
		return 0;
	version = strtoull(slash + 1, &end, 10);
	if (*end != '\0')
		return 0;
	*slash = '\0';
	return version;
}

int
library_find(struct library *library, const char *operand,
    struct library_copy *ret_copy, struct error *err)
{
	struct search search = {.copy = ret_copy};
	struct query_copy_filter filter = {0};
	char *generation = strdup(operand), *colon = NULL, *end = NULL;
	int rc;

	if (generation == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	search.version = take_version(generation);
	filter.copy = strtoull(generation, &end, 10);
	if (*end != '\0' || end == generation) {
		filter.copy = 0;
		filter.generation = generation;
		colon = strchr(generation, ':');
		if (colon != NULL) {
			*colon = '\0';
			search.medium = colon + 1;
		}
	}
	rc = query_copies(
	    library->catalog, CATALOG_NOW, &filter, take_found, &search, err);
	free(generation);
	if (rc == 0 && !search.is_found)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no captured copy of that name; `hikae "
		      "copies` lists them"));
	return rc;
}

/* Copies are collected first: the callback may ask other queries. */
struct collection {
	struct library_copy *items;
	size_t count;
	const char *system, *medium;
};

static int
collect(const struct query_copy *row, void *context, struct error *err)
{
	struct collection *collection = context;
	struct library_copy *items;

	if (row->manifest == 0 ||
	    (collection->system != NULL &&
		strcmp(collection->system, row->system) != 0) ||
	    (collection->medium != NULL &&
		strcmp(collection->medium, row->medium) != 0))
		return 0;
	items = reallocarray(
	    collection->items, collection->count + 1, sizeof(*items));
	if (items == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	collection->items = items;
	fill_copy(&items[collection->count++], row);
	return 0;
}

int
library_each(struct library *library, const char *system, const char *medium,
    library_copy_fn *each, void *context, struct error *err)
{
	struct collection collection = {.system = system, .medium = medium};
	int rc = query_copies(
	    library->catalog, CATALOG_NOW, NULL, collect, &collection, err);

	for (size_t i = 0; rc == 0 && i < collection.count; i++)
		rc = each(context, &collection.items[i], err);
	free(collection.items);
	return rc;
}

/* What the manifest's signature must say. */
static int
make_comment(
    const struct library_copy *copy, struct bytes *out, struct error *err)
{
	struct manifest_header header = {.is_members = copy->has_members};

	memcpy(header.system, copy->system, sizeof(header.system));
	memcpy(header.generation, copy->generation, sizeof(header.generation));
	memcpy(header.medium, copy->medium, sizeof(header.medium));
	manifest_trusted_comment(&header, out);
	bytes_append_u8(out, 0);
	return bytes_check(out, err);
}

int
library_open_manifest(struct library *library, const struct library_copy *copy,
    int *ret_fd, struct error *err)
{
	struct vault_name name = {
	    .system = copy->system,
	    .generation = copy->generation,
	    .medium = copy->medium,
	    .version = copy->version,
	    .is_members = copy->has_members,
	};
	struct signature_keys trusted = {
	    library->keyring.publics, library->keyring.public_count};
	struct bytes text = BYTES_EMPTY, comment = BYTES_EMPTY;
	struct manifest_signature signature;
	int fd = -1, rc = -1;

	if (vault_open(library->state_fd, &name, &fd, &text, err) != 0 ||
	    make_comment(copy, &comment, err) != 0)
		goto out;
	signature = (struct manifest_signature){
	    .text = (const char *)text.data,
	    .length = text.length,
	    .trusted_comment = (const char *)comment.data,
	};
	if (manifest_verify_signature(fd, &trusted, &signature, NULL, err) != 0)
		goto out;
	*ret_fd = fd;
	fd = -1;
	rc = 0;
out:
	bytes_done(&text);
	bytes_done(&comment);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}
