#include "lib/examine/foreign_list.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/format/checksums.h"

#define READ_BYTES 65536

static_assert(FOREIGN_PATH_BYTES_MAX == CHECKSUMS_PATH_BYTES_MAX,
    "a parser tells longer paths than a reader takes");

struct list_reading {
	const struct foreign_list_events *events; /* NULL: only look */
	bool has_failed; /* it was the events that did */
};

static const enum checksums_syntax syntaxes[FOREIGN_KINDS] = {
    [FOREIGN_SUMS] = CHECKSUMS_LINES,
    [FOREIGN_SIDECAR] = CHECKSUMS_SIDECAR,
    [FOREIGN_BAGIT] = CHECKSUMS_BAGIT,
    [FOREIGN_BAG_INFO] = CHECKSUMS_BAG_INFO,
    [FOREIGN_POSTGRESQL] = CHECKSUMS_POSTGRESQL,
};

/* False where hikae has none such. */
static bool
algorithm_of(enum checksums_algorithm from, enum digest_algorithm *ret_to)
{
	switch (from) {
	case CHECKSUMS_NONE:
	case CHECKSUMS_OTHER:
		return false;
	case CHECKSUMS_MD5:
		*ret_to = DIGEST_MD5;
		break;
	case CHECKSUMS_SHA1:
		*ret_to = DIGEST_SHA1;
		break;
	case CHECKSUMS_SHA224:
		*ret_to = DIGEST_SHA224;
		break;
	case CHECKSUMS_SHA256:
		*ret_to = DIGEST_SHA256;
		break;
	case CHECKSUMS_SHA384:
		*ret_to = DIGEST_SHA384;
		break;
	case CHECKSUMS_SHA512:
		*ret_to = DIGEST_SHA512;
		break;
	case CHECKSUMS_CRC32C:
		*ret_to = DIGEST_CRC32C;
		break;
	}
	return true;
}

static int
on_entry(void *context, const struct checksums_entry *told, struct error *err)
{
	struct list_reading *reading = context;
	struct foreign_entry entry = {
	    .path = (const char *)told->path,
	    .path_length = told->path_length,
	    .has_size = told->has_size,
	    .size = told->size,
	};

	if (reading->events == NULL)
		return 0;
	entry.has_digest = algorithm_of(told->algorithm, &entry.algorithm);
	if (entry.has_digest)
		memcpy(entry.digest, told->digest,
		    digest_algorithm_bytes(entry.algorithm));
	if (reading->events->entry(reading->events->context, &entry, err) == 0)
		return 0;
	reading->has_failed = true;
	return -1;
}

/* Feed the first `length` bytes of the file, or all, to a list. */
static int
feed(int fd, struct checksums *checksums, struct error *err)
{
	uint8_t block[READ_BYTES];
	uint64_t at = 0;
	ssize_t n;

	while ((n = pread(fd, block, sizeof(block), (off_t)at)) > 0) {
		if (checksums_feed(checksums, block, (size_t)n, err) != 0)
			return -1;
		at += (uint64_t)n;
	}
	if (n < 0)
		return error_set_errno(
		    err, errno, _("cannot read a list of checksums"));
	return 0;
}

/* One pass: 0, or -1 with the reason. */
static int
read_once(int fd, const struct foreign_list *list, struct list_reading *reading,
    struct checksums_summary *ret_summary, struct error *err)
{
	char stem[sizeof(list->name)];
	char *dot;
	struct checksums_options options = {
	    .syntax = syntaxes[list->kind],
	    .algorithm = checksums_algorithm_of_name(list->name),
	    .each = on_entry,
	    .context = reading,
	};
	struct checksums *checksums;
	int rc;

	memcpy(stem, list->name, sizeof(stem));
	dot = strrchr(stem, '.');
	if (list->kind == FOREIGN_SIDECAR && dot != NULL) {
		/* The name itself may hold the word of another algorithm. */
		options.algorithm = checksums_algorithm_of_name(dot);
		*dot = '\0';
		options.name = stem;
	}
	checksums = checksums_new(&options, err);
	if (checksums == NULL)
		return -1;
	rc = feed(fd, checksums, err);
	if (rc == 0)
		rc = checksums_finish(checksums, ret_summary, err);
	checksums_free(checksums);
	return rc;
}

/* Whether the file's first bytes have the digest that its end tells. */
static bool
is_own_right(int fd, const struct checksums_summary *summary)
{
	uint8_t block[READ_BYTES], value[DIGEST_SHA256_BYTES];
	struct digest_sha256 digest;
	uint64_t at = 0;

	digest_sha256_init(&digest);
	while (at < summary->own_bytes) {
		uint64_t left = summary->own_bytes - at;
		ssize_t n = pread(fd, block,
		    left < sizeof(block) ? (size_t)left : sizeof(block),
		    (off_t)at);

		if (n <= 0)
			return false;
		digest_sha256_update(&digest, block, (size_t)n);
		at += (uint64_t)n;
	}
	digest_sha256_final(&digest, value);
	return memcmp(value, summary->own, sizeof(value)) == 0;
}

/* A list of files that lists none is as good as damaged. */
static bool
is_readable(enum foreign_kind kind, const struct checksums_summary *summary)
{
	return kind == FOREIGN_BAG_INFO || kind == FOREIGN_BAGIT ||
	       summary->entries > 0;
}

int
foreign_list_read(int fd, const struct foreign_list *list,
    const struct foreign_list_events *events, struct foreign_told *ret_told,
    struct error *err)
{
	struct checksums_summary summary = {0};
	struct list_reading reading = {.events = events};
	struct list_reading looking = {.events = NULL};
	struct error why = {0};
	int rc = 0;

	*ret_told = (struct foreign_told){0};
	/* One that is damaged itself says nothing about files. */
	if (list->kind == FOREIGN_POSTGRESQL) {
		rc = read_once(fd, list, &looking, &summary, &why);
		if (rc == 0 && !is_own_right(fd, &summary))
			return 0;
	}
	if (rc == 0)
		rc = read_once(fd, list, &reading, &summary, &why);
	if (rc != 0 && (reading.has_failed || why.code == ERROR_INTERNAL)) {
		if (err != NULL)
			*err = why;
		return -1;
	}
	if (rc != 0)
		return 0;
	ret_told->is_readable = is_readable(list->kind, &summary);
	ret_told->unclear = summary.malformed + summary.outside;
	ret_told->has_oxum = summary.has_oxum;
	ret_told->oxum_bytes = summary.oxum_bytes;
	ret_told->oxum_files = summary.oxum_files;
	return 0;
}
