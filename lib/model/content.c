#include "lib/model/content.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
content_init(struct content_digest *content, int strip)
{
	*content = (struct content_digest){.strip = strip};
}

void
content_done(struct content_digest *content)
{
	bytes_done(&content->folders);
}

/* The length of the first `count` components with their slashes; fewer where
 * the path has fewer, since the last component always stays. */
static size_t
leading_length(const char *path, size_t length, unsigned int count)
{
	size_t leading = 0;

	for (size_t i = 0; i < length && count > 0; i++) {
		if (path[i] == '/') {
			leading = i + 1;
			count--;
		}
	}
	return leading;
}

static unsigned int
count_slashes(const char *path, size_t length)
{
	unsigned int count = 0;

	for (size_t i = 0; i < length; i++)
		count += path[i] == '/' ? 1 : 0;
	return count;
}

/* The first record: all its folders are common so far. */
static void
begin(struct content_digest *content, const char *path, size_t length)
{
	size_t leading = leading_length(path, length, CONTENT_STRIP_MAX);

	bytes_append(&content->folders, path, leading);
	content->common = count_slashes(path, leading);
	for (unsigned int i = 0; i <= content->common; i++)
		digest_sha256_init(&content->candidates[i]);
	content->is_begun = true;
}

/* A further record: keep the folders that it has too. */
static void
narrow(struct content_digest *content, const char *path, size_t length)
{
	struct bytes *folders = &content->folders;
	size_t same = 0, leading = 0;

	while (same < length && same < folders->length &&
	       (uint8_t)path[same] == folders->data[same]) {
		same++;
		if (path[same - 1] == '/')
			leading = same;
	}
	if (leading == folders->length)
		return;
	folders->length = leading;
	content->common = count_slashes((const char *)folders->data, leading);
}

/* Feed `type NUL path NUL size NUL value NUL`, less the leading bytes. */
static void
feed(struct digest_sha256 *digest, const char *type, const char *path,
    size_t length, const char *rest, size_t rest_length)
{
	digest_sha256_update(digest, type, strlen(type) + 1);
	digest_sha256_update(digest, path, length);
	digest_sha256_update(digest, rest, rest_length);
}

/* rest: what follows the path, its NUL first. */
static void
add(struct content_digest *content, const char *type, const char *path,
    size_t length, const char *rest, size_t rest_length)
{
	size_t leading;

	if (content->strip >= 0) {
		if (!content->is_begun)
			digest_sha256_init(&content->candidates[0]);
		content->is_begun = true;
		leading =
		    leading_length(path, length, (unsigned int)content->strip);
		feed(&content->candidates[0], type, path + leading,
		    length - leading, rest, rest_length);
		return;
	}
	if (!content->is_begun)
		begin(content, path, length);
	else
		narrow(content, path, length);
	leading = 0;
	for (unsigned int i = 0; i <= content->common; i++) {
		if (i > 0)
			leading +=
			    leading_length(path + leading, length - leading, 1);
		feed(&content->candidates[i], type, path + leading,
		    length - leading, rest, rest_length);
	}
}

void
content_add_file(struct content_digest *content, const char *path,
    size_t path_length, uint64_t size,
    const uint8_t digest[DIGEST_SHA256_BYTES])
{
	/* NUL, 20 digits, NUL, the digest in hexadecimal, NUL. */
	char rest[1 + 20 + 1 + 2 * DIGEST_SHA256_BYTES + 1] = {0};
	size_t n = 1;

	n += (size_t)snprintf(rest + n, sizeof(rest) - n, "%" PRIu64, size) + 1;
	bytes_format_hex(digest, DIGEST_SHA256_BYTES, rest + n);
	n += 2 * DIGEST_SHA256_BYTES + 1;
	add(content, "file", path, path_length, rest, n);
}

void
content_add_link(struct content_digest *content, const char *path,
    size_t path_length, const char *target, size_t target_length)
{
	struct bytes rest = BYTES_EMPTY;

	bytes_append_u8(&rest, 0);
	bytes_append_format(&rest, "%zu", target_length);
	bytes_append_u8(&rest, 0);
	bytes_append(&rest, target, target_length);
	bytes_append_u8(&rest, 0);
	if (rest.failed)
		content->folders.failed = true;
	else
		add(content, "link", path, path_length, (const char *)rest.data,
		    rest.length);
	bytes_done(&rest);
}

int
content_final(struct content_digest *content,
    uint8_t ret_digest[DIGEST_SHA256_BYTES], unsigned int *ret_stripped)
{
	if (content->folders.failed)
		return -1;
	if (!content->is_begun)
		digest_sha256_init(&content->candidates[0]);
	digest_sha256_final(&content->candidates[content->common], ret_digest);
	if (ret_stripped != NULL)
		*ret_stripped = content->strip >= 0
				    ? (unsigned int)content->strip
				    : content->common;
	return 0;
}
