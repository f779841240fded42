#include "lib/output/evidence_bag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

#define CHUNK_BYTES ((size_t)64 * 1024)

void
evidence_bag_begin(struct evidence_bag *bag, int fd)
{
	*bag = (struct evidence_bag){.fd = fd};
	if (lseek(fd, 0, SEEK_SET) != 0)
		(void)error_set_errno(
		    &bag->failure, errno, _("cannot read a temporary file"));
}

void
evidence_bag_done(struct evidence_bag *bag)
{
	bag->fd = -1;
	free(bag->files);
	bag->files = NULL;
	bag->count = bag->capacity = 0;
	bytes_done(&bag->pending);
}

static int
grow(struct evidence_bag *bag, struct error *err)
{
	size_t capacity = bag->capacity == 0 ? 32 : 2 * bag->capacity;
	struct evidence_file *files;

	if (bag->count < bag->capacity)
		return 0;
	files = reallocarray(bag->files, capacity, sizeof(*files));
	if (files == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	bag->files = files;
	bag->capacity = capacity;
	return 0;
}

int
evidence_bag_open(struct evidence_bag *bag, const char *path, struct error *err)
{
	struct evidence_file *file;

	if (strlen(path) >= EVIDENCE_PATH_BYTES)
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	if (grow(bag, err) != 0)
		return -1;
	file = &bag->files[bag->count++];
	*file = (struct evidence_file){.offset = bag->size};
	(void)snprintf(file->path, sizeof(file->path), "%s", path);
	digest_sha256_init(&bag->digest);
	return 0;
}

static void
flush(struct evidence_bag *bag)
{
	if (bag->failure.code != ERROR_NONE ||
	    bytes_check(&bag->pending, &bag->failure) != 0 ||
	    file_write_all(bag->fd, bag->pending.data, bag->pending.length,
		&bag->failure) != 0)
		bag->pending.length = 0;
	bytes_clear(&bag->pending);
}

void
evidence_bag_add(struct evidence_bag *bag, const void *data, size_t length)
{
	digest_sha256_update(&bag->digest, data, length);
	bytes_append(&bag->pending, data, length);
	bag->size += length;
	if (bag->pending.length >= CHUNK_BYTES || bag->pending.failed)
		flush(bag);
}

void
evidence_bag_add_text(struct evidence_bag *bag, const char *text)
{
	evidence_bag_add(bag, text, strlen(text));
}

int
evidence_bag_close(struct evidence_bag *bag, struct error *err)
{
	struct evidence_file *file = &bag->files[bag->count - 1];

	flush(bag);
	if (bag->failure.code != ERROR_NONE) {
		if (err != NULL)
			*err = bag->failure;
		return -1;
	}
	digest_sha256_final(&bag->digest, file->sha256);
	file->length = bag->size - file->offset;
	return 0;
}

int
evidence_bag_put(struct evidence_bag *bag, const char *path,
    const struct bytes *content, struct error *err)
{
	if (bytes_check(content, err) != 0 ||
	    evidence_bag_open(bag, path, err) != 0)
		return -1;
	evidence_bag_add(bag, content->data, content->length);
	return evidence_bag_close(bag, err);
}

static bool
is_payload(const struct evidence_file *file)
{
	return strncmp(
		   file->path, EVIDENCE_PAYLOAD, strlen(EVIDENCE_PAYLOAD)) == 0;
}

void
evidence_bag_count(
    const struct evidence_bag *bag, uint64_t *ret_files, uint64_t *ret_bytes)
{
	*ret_files = *ret_bytes = 0;
	for (size_t i = 0; i < bag->count; i++)
		if (is_payload(&bag->files[i])) {
			++*ret_files;
			*ret_bytes += bag->files[i].length;
		}
}

/* Files beside data/ come first, then those below it; each by its path. */
static int
compare(const void *a, const void *b)
{
	const struct evidence_file *left = a, *right = b;

	if (is_payload(left) != is_payload(right))
		return is_payload(left) ? 1 : -1;
	return strcmp(left->path, right->path);
}

static void
sort(struct evidence_bag *bag)
{
	if (bag->count > 0)
		qsort(bag->files, bag->count, sizeof(*bag->files), compare);
}

/* Lines that sha256sum(1) reads. */
static void
append_lines(struct evidence_bag *bag, bool of_payload, struct bytes *out)
{
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	sort(bag);
	for (size_t i = 0; i < bag->count; i++) {
		const struct evidence_file *file = &bag->files[i];

		if (is_payload(file) != of_payload)
			continue;
		bytes_format_hex(file->sha256, sizeof(file->sha256), hex);
		bytes_append_format(out, "%s  %s\n", hex, file->path);
	}
}

int
evidence_bag_put_manifest(struct evidence_bag *bag, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc;

	append_lines(bag, true, &text);
	rc = evidence_bag_put(bag, EVIDENCE_MANIFEST, &text, err);
	bytes_done(&text);
	return rc;
}

void
evidence_bag_append_tagmanifest(struct evidence_bag *bag, struct bytes *out)
{
	append_lines(bag, false, out);
}

/* One file from the temporary file into the archive. */
static int
copy_file(const struct evidence_bag *bag, const struct evidence_file *file,
    struct archive_pack *pack, struct error *err)
{
	uint8_t chunk[CHUNK_BYTES];
	uint64_t at = 0;

	while (at < file->length) {
		uint64_t left = file->length - at;
		ssize_t got = pread(bag->fd, chunk,
		    left < sizeof(chunk) ? (size_t)left : sizeof(chunk),
		    (off_t)(file->offset + at));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return error_set_errno(err, got < 0 ? errno : EIO,
			    _("cannot read a temporary file"));
		if (archive_pack_data(pack, chunk, (size_t)got, err) != 0)
			return -1;
		at += (uint64_t)got;
	}
	return 0;
}

static int
begin_file(struct archive_pack *pack, const char *name, const char *path,
    uint64_t length, struct error *err)
{
	char whole[2 * EVIDENCE_PATH_BYTES];

	(void)snprintf(whole, sizeof(whole), "%s/%s", name, path);
	return archive_pack_begin(pack, whole, length, err);
}

int
evidence_bag_pack(struct evidence_bag *bag, const char *name,
    const struct evidence_head *heads, struct archive_pack *pack,
    struct error *err)
{
	for (; heads->path != NULL; heads++)
		if (begin_file(pack, name, heads->path, heads->content->length,
			err) != 0 ||
		    archive_pack_data(pack, heads->content->data,
			heads->content->length, err) != 0)
			return -1;
	sort(bag);
	for (size_t i = 0; i < bag->count; i++) {
		const struct evidence_file *file = &bag->files[i];

		if (begin_file(pack, name, file->path, file->length, err) !=
			0 ||
		    copy_file(bag, file, pack, err) != 0)
			return -1;
	}
	return archive_pack_end(pack, err);
}
