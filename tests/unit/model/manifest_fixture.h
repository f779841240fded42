/*
 * manifest_fixture: manifests in memory for the tests of writer and reader.
 */
#ifndef HIKAE_TESTS_MODEL_MANIFEST_FIXTURE_H
#define HIKAE_TESTS_MODEL_MANIFEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/model/manifest_reader.h"
#include "lib/model/manifest_writer.h"

#define SLICE_BYTES 65536

static const struct manifest_header sample_header = {
    .system = "ehr",
    .generation = "ehr@20261121T020000+0900",
    .medium = "nas1",
    .source = "ehr-nas",
    .slice_bytes = SLICE_BYTES,
};

static inline int
new_file(void)
{
	int fd = memfd_create("manifest", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static inline struct manifest_writer *
new_writer(int fd, const struct manifest_header *header)
{
	struct error err = {0};
	struct manifest_writer *writer = manifest_writer_new(fd, header, &err);

	assert_non_null(writer);
	return writer;
}

static inline struct manifest_reader *
new_reader(int fd)
{
	struct error err = {0};
	struct manifest_reader *reader = manifest_reader_new(fd, &err);

	if (reader == NULL)
		fail_msg("%s", err.text);
	return reader;
}

/* Byte i of the file with this path. */
static inline uint8_t
content_byte(const char *path, uint64_t i)
{
	return (uint8_t)(i * 31 + i / 251 + (uint8_t)path[0]);
}

static inline struct manifest_entry
file_entry(const char *path, uint64_t size)
{
	struct manifest_entry entry = {.path = path,
	    .path_length = strlen(path),
	    .type = MANIFEST_FILE,
	    .has_time = true,
	    .has_mode = true,
	    .has_digest = true,
	    .size = size,
	    .time_seconds = -1,
	    .time_nanoseconds = 999999999,
	    .mode = 0640};
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	for (uint64_t i = 0; i < size; i++) {
		uint8_t byte = content_byte(path, i);

		digest_sha256_update(&digest, &byte, 1);
	}
	digest_sha256_final(&digest, entry.digest);
	return entry;
}

static inline struct manifest_entry
other_entry(const char *path, enum manifest_type type)
{
	struct manifest_entry entry = {
	    .path = path, .path_length = strlen(path), .type = type};

	if (type == MANIFEST_LINK) {
		entry.link = "../t \x8b";
		entry.link_length = 6;
	}
	return entry;
}

static inline void
add(struct manifest_writer *writer, struct manifest_entry entry)
{
	struct error err = {0};

	if (manifest_writer_add(writer, &entry, &err) != 0)
		fail_msg("%s: %s", entry.path, err.text);
}

/* Boundaries up to `end`, as a capture tells them while it reads. */
static inline void
add_boundaries(struct manifest_writer *writer, const char *path, uint64_t end)
{
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	for (uint64_t i = 0; i < end; i++) {
		uint8_t byte = content_byte(path, i);

		if (i % SLICE_BYTES == 0) {
			uint8_t midstate[DIGEST_SHA256_BYTES];
			struct error err = {0};

			digest_sha256_export(&digest, midstate);
			assert_int_equal(manifest_writer_add_boundary(
					     writer, i, midstate, &err),
			    0);
		}
		digest_sha256_update(&digest, &byte, 1);
	}
}

static inline struct manifest_summary
finish(struct manifest_writer *writer)
{
	struct error err = {0};
	struct manifest_summary summary;

	if (manifest_writer_finish(writer, &summary, &err) != 0)
		fail_msg("%s", err.text);
	return summary;
}

#endif
