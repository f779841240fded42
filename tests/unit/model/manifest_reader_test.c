/* What was written comes back: whole, by slices, and by other programs. */
#include "tests/unit/model/manifest_fixture.h"

#include <stdio.h>

static const char *const sample_paths[] = {"a", "a/big", "a/small", "a!",
    "exact", "fifo", "gone", "huge", "lnk", "noread", "sock", "z"};
static const uint64_t sample_slices[] = {
    0, 3, 4, 4, 4, 4, 4, 9, 10, 10, 10, 10};
#define SAMPLE_ENTRIES (sizeof(sample_paths) / sizeof(*sample_paths))

static void
add_large(struct manifest_writer *writer, const char *path, uint64_t size)
{
	add_boundaries(writer, path, size);
	add(writer, file_entry(path, size));
}

/* Everything a manifest can hold. */
static struct manifest_summary
write_sample(int fd, struct manifest_slice ret_slices[16])
{
	struct manifest_writer *writer = new_writer(fd, &sample_header);
	struct manifest_entry gone = file_entry("gone", 0);
	struct manifest_entry noread = other_entry("noread", MANIFEST_FOLDER);
	struct manifest_summary summary;

	gone.has_digest = false;
	gone.unread = "io";
	noread.unread = "denied";
	add(writer, other_entry("a", MANIFEST_FOLDER));
	add_large(writer, "a/big", 2 * SLICE_BYTES + 1);
	add(writer, file_entry("a/small", 10));
	add(writer, file_entry("a!", 0));
	add(writer, file_entry("exact", SLICE_BYTES - 10));
	add(writer, other_entry("fifo", MANIFEST_FIFO));
	add(writer, gone);
	add_large(writer, "huge", 5 * SLICE_BYTES);
	add(writer, other_entry("lnk", MANIFEST_LINK));
	add(writer, noread);
	add(writer, other_entry("sock", MANIFEST_SOCKET));
	add(writer, file_entry("z", SLICE_BYTES));
	summary = finish(writer);
	assert_true(summary.totals.slices <= 16);
	for (uint64_t i = 0; i < summary.totals.slices; i++)
		ret_slices[i] = *manifest_writer_slice(writer, i);
	manifest_writer_free(writer);
	return summary;
}

static void
entries_come_back(void **state)
{
	struct error err = {0};
	struct manifest_slice slices[16];
	struct manifest_entry entry;
	int fd = new_file(), rc;
	struct manifest_summary summary = write_sample(fd, slices);
	struct manifest_reader *reader = new_reader(fd);
	const struct manifest_totals *totals = manifest_reader_totals(reader);
	size_t n = 0;

	(void)state;
	assert_memory_equal(manifest_reader_header(reader), &sample_header,
	    sizeof(sample_header));
	assert_memory_equal(totals, &summary.totals, sizeof(*totals));
	assert_int_equal(totals->files, 7);
	assert_int_equal(totals->entries, SAMPLE_ENTRIES);
	assert_int_equal(totals->unread, 2);
	assert_int_equal(totals->slices, 11);
	assert_int_equal(totals->bytes, 9 * SLICE_BYTES + 1);
	assert_false(totals->has_content);
	while ((rc = manifest_reader_next(reader, &entry, &err)) == 1) {
		const char *path = sample_paths[n];

		assert_true(n < SAMPLE_ENTRIES);
		assert_int_equal(entry.path_length, strlen(path));
		assert_memory_equal(entry.path, path, strlen(path));
		assert_int_equal(
		    manifest_reader_slice(reader), sample_slices[n]);
		if (entry.has_digest) {
			struct manifest_entry again =
			    file_entry(path, entry.size);

			assert_memory_equal(
			    entry.digest, again.digest, sizeof(again.digest));
			assert_int_equal(entry.time_seconds, -1);
			assert_int_equal(entry.time_nanoseconds, 999999999);
			assert_int_equal(entry.mode, 0640);
		}
		if (strcmp(path, "lnk") == 0)
			assert_memory_equal(entry.link, "../t \x8b", 6);
		if (strcmp(path, "gone") == 0)
			assert_string_equal(entry.unread, "io");
		else if (strcmp(path, "noread") == 0)
			assert_string_equal(entry.unread, "denied");
		else
			assert_null(entry.unread);
		n++;
	}
	if (rc != 0)
		fail_msg("%s", err.text);
	assert_int_equal(n, SAMPLE_ENTRIES);
	manifest_reader_free(reader);
	close(fd);
}

/* A slice inside a file, from its state alone. */
static void
verify_partial(struct manifest_reader *reader, uint64_t slice, uint64_t bytes)
{
	struct error err = {0};
	struct manifest_partial partial;
	struct digest_sha256 digest;
	uint8_t out[DIGEST_SHA256_BYTES];

	assert_int_equal(
	    manifest_reader_partial(reader, slice, &partial, &err), 0);
	assert_int_equal(partial.to - partial.from, bytes);
	digest_sha256_resume(&digest, partial.from_state, partial.from);
	for (uint64_t i = partial.from; i < partial.to; i++) {
		uint8_t byte = content_byte(partial.file.path, i);

		digest_sha256_update(&digest, &byte, 1);
	}
	if (partial.has_to_state) {
		digest_sha256_export(&digest, out);
		assert_memory_equal(out, partial.to_state, sizeof(out));
	} else {
		assert_int_equal(partial.to, partial.file.size);
		digest_sha256_final(&digest, out);
		assert_memory_equal(out, partial.file.digest, sizeof(out));
	}
}

/* Each slice alone, in an order that defeats what the reader remembers. */
static void
slices_stand_alone(void **state)
{
	static const uint64_t order[] = {7, 5, 6, 9, 8, 2, 1, 3, 0, 10, 4, 5};
	struct error err = {0};
	struct manifest_slice slices[16];
	int fd = new_file();
	struct manifest_summary summary = write_sample(fd, slices);
	struct manifest_reader *reader = new_reader(fd);
	struct manifest_start start;
	struct manifest_entry entry;
	uint64_t sum = 0;

	(void)state;
	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++) {
		const struct manifest_slice *slice = &slices[order[k]];
		uint64_t entries = 0, bytes = 0;
		int rc;

		assert_int_equal(
		    manifest_reader_seek(reader, order[k], &start, &err), 0);
		assert_int_equal(start.inside_file, slice->inside_file);
		assert_int_equal(start.offset, slice->file_offset);
		while ((rc = manifest_reader_next_in_slice(
			    reader, &entry, &err)) == 1) {
			assert_int_equal(
			    manifest_reader_slice(reader), order[k]);
			entries++;
			if (entry.has_digest)
				bytes += entry.size;
		}
		assert_int_equal(rc, 0);
		assert_int_equal(entries, slice->entries);
		if (slice->inside_file)
			verify_partial(reader, order[k], slice->bytes);
		else
			assert_int_equal(bytes, slice->bytes);
	}
	for (uint64_t i = 0; i < summary.totals.slices; i++)
		sum += slices[i].bytes;
	assert_int_equal(sum, summary.totals.bytes);
	assert_int_equal(
	    manifest_reader_seek(reader, summary.totals.slices, &start, &err),
	    -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	assert_int_equal(manifest_reader_seek(reader, 10, &start, &err), 0);
	assert_int_equal(manifest_reader_next(reader, &entry, &err), 1);
	assert_memory_equal(entry.path, "lnk", 3);
	manifest_reader_free(reader);
	close(fd);
}

/* A slice's frame alone, cut out by its row, is one zstd frame. */
static void
zstd_prints_the_text(void **state)
{
	static const char expected[] =
	    "#mtree\n# hikae manifest 1\n# system ehr\n"
	    "# generation ehr@20261121T020000+0900\n# medium nas1\n"
	    "# source ehr-nas\n# slice-bytes 65536\n# kind container\n"
	    "# strip common\n. type=dir\n"
	    "# hikae slice 0\n./d type=dir\n"
	    "# hikae unread io\n./d/f type=file size=5\n"
	    "./l type=link link=../t\\040\\213\n"
	    "# files 1 bytes 0 entries 3 slices 1 unread 1\n"
	    "# content undetermined\n";
	struct manifest_entry f = {.path = "d/f",
	    .path_length = 3,
	    .type = MANIFEST_FILE,
	    .has_size = true,
	    .size = 5,
	    .unread = "io"};
	int fd = new_file();
	struct manifest_writer *writer = new_writer(fd, &sample_header);
	char command[80], text[sizeof(expected) + 1] = {0};
	const struct manifest_slice *slice;
	FILE *pipe;

	(void)state;
	add(writer, other_entry("d", MANIFEST_FOLDER));
	add(writer, f);
	add(writer, other_entry("l", MANIFEST_LINK));
	(void)finish(writer);
	snprintf(command, sizeof(command), "zstd -qdc </proc/%d/fd/%d",
	    (int)getpid(), fd);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(
	    fread(text, 1, sizeof(text), pipe), sizeof(expected) - 1);
	assert_int_equal(pclose(pipe), 0);
	assert_string_equal(text, expected);
	slice = manifest_writer_slice(writer, 0);
	snprintf(command, sizeof(command),
	    "tail -c +%d /proc/%d/fd/%d | head -c %d | zstd -qdc",
	    (int)slice->frame_offset + 1, (int)getpid(), fd,
	    (int)slice->frame_length);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(text, sizeof(text), pipe));
	assert_string_equal(text, "# hikae slice 0\n");
	while (fgets(text, sizeof(text), pipe) != NULL)
		;
	assert_int_equal(pclose(pipe), 0);
	manifest_writer_free(writer);
	close(fd);
}

static void
signature_covers_every_byte(void **state)
{
	struct error err = {0};
	struct manifest_slice slices[16];
	int fd = new_file();
	struct manifest_summary summary = write_sample(fd, slices);
	struct signature_secret secret;
	struct signature_public public;
	const struct signature_keys trusted = {&public, 1};
	struct manifest_signature signature;
	struct bytes comment = BYTES_EMPTY, text = BYTES_EMPTY;
	uint8_t sha256[DIGEST_SHA256_BYTES];
	size_t caught = 0;

	(void)state;
	signature_generate(&secret);
	signature_public_of(&secret, &public);
	manifest_trusted_comment(&sample_header, &comment);
	bytes_append_u8(&comment, 0);
	assert_string_equal((char *)comment.data,
	    "hikae manifest ehr@20261121T020000+0900 nas1");
	assert_int_equal(
	    signature_sign(&secret, summary.prehash, (char *)comment.data,
		"signature by hikae", &text, &err),
	    0);
	signature = (struct manifest_signature){
	    (char *)text.data, text.length, (char *)comment.data};
	assert_int_equal(
	    manifest_verify_signature(fd, &trusted, &signature, sha256, &err),
	    0);
	assert_memory_equal(sha256, summary.sha256, sizeof(sha256));
	signature.trusted_comment = "hikae manifest x nas1";
	assert_int_equal(
	    manifest_verify_signature(fd, &trusted, &signature, NULL, &err),
	    -1);
	assert_int_equal(err.code, ERROR_SIGNATURE);
	signature.trusted_comment = NULL;
	for (uint64_t i = 0; i < summary.stored_bytes; i++) {
		uint8_t byte, flipped;

		assert_int_equal(pread(fd, &byte, 1, (off_t)i), 1);
		flipped = byte ^ (uint8_t)(1u << (i % 8));
		assert_int_equal(pwrite(fd, &flipped, 1, (off_t)i), 1);
		if (manifest_verify_signature(
			fd, &trusted, &signature, NULL, &err) != 0 &&
		    err.code == ERROR_SIGNATURE)
			caught++;
		assert_int_equal(pwrite(fd, &byte, 1, (off_t)i), 1);
	}
	assert_int_equal(caught, summary.stored_bytes);
	bytes_done(&comment);
	bytes_done(&text);
	close(fd);
}

/* A large file that could not be read to its end. */
static void
broken_off_file(void **state)
{
	struct error err = {0};
	int fd = new_file(), rc;
	struct manifest_writer *writer = new_writer(fd, &sample_header);
	struct manifest_entry entry = file_entry("d", 0);
	struct manifest_summary summary;
	struct manifest_partial partial;
	struct manifest_reader *reader;

	(void)state;
	entry.has_digest = false;
	entry.has_size = true;
	entry.size = 9 * SLICE_BYTES;
	entry.unread = "io";
	add_boundaries(writer, "d", 2 * SLICE_BYTES);
	add(writer, entry);
	entry.path = "e";
	add(writer, entry);
	summary = finish(writer);
	assert_int_equal(summary.totals.bytes, SLICE_BYTES);
	assert_int_equal(summary.totals.slices, 3);
	manifest_writer_free(writer);
	reader = new_reader(fd);
	while ((rc = manifest_reader_next(reader, &entry, &err)) == 1)
		assert_string_equal(entry.unread, "io");
	assert_int_equal(rc, 0);
	verify_partial(reader, 0, SLICE_BYTES);
	assert_int_equal(manifest_reader_partial(reader, 1, &partial, &err), 0);
	assert_int_equal(partial.from, partial.to);
	assert_false(partial.file.has_digest);
	assert_string_equal(partial.file.unread, "io");
	assert_int_equal(
	    manifest_reader_partial(reader, 2, &partial, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	manifest_reader_free(reader);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entries_come_back),
	    cmocka_unit_test(slices_stand_alone),
	    cmocka_unit_test(zstd_prints_the_text),
	    cmocka_unit_test(signature_covers_every_byte),
	    cmocka_unit_test(broken_off_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
