/* What a writer takes, what it refuses, and how it cuts slices. */
#include "tests/unit/model/manifest_fixture.h"

#include <malloc.h>
#include <stdio.h>

/* The entry is refused, and the writer goes on. */
static void
refuse(struct manifest_writer *writer, struct manifest_entry entry)
{
	struct error err = {0};

	assert_int_equal(manifest_writer_add(writer, &entry, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
}

static void
wrong_entries_are_refused(void **state)
{
	struct error err = {0};
	int fd = new_file();
	struct manifest_writer *writer = new_writer(fd, &sample_header);
	struct manifest_entry bare = file_entry("c", 1);
	struct manifest_entry odd = file_entry("c", 1);
	uint8_t zero[DIGEST_SHA256_BYTES] = {0};
	struct manifest_summary summary;

	(void)state;
	bare.has_digest = false;
	odd.unread = "io";
	add(writer, other_entry("b", MANIFEST_FOLDER));
	add(writer, file_entry("b/f", 1));
	refuse(writer, file_entry("b/f", 1));
	refuse(writer, file_entry("a", 1));
	refuse(writer, other_entry("b", MANIFEST_FOLDER));
	refuse(writer, file_entry("b/f/g", 1));
	refuse(writer, file_entry("b/x/y", 1));
	refuse(writer, file_entry("bb/x", 1));
	refuse(writer, file_entry("../x", 1));
	refuse(writer, file_entry("/x", 1));
	refuse(writer, file_entry("c", SLICE_BYTES + 1));
	refuse(writer, bare);
	refuse(writer, odd);
	bare.unread = "I/O";
	refuse(writer, bare);
	odd = other_entry("c", MANIFEST_LINK);
	odd.link = NULL;
	refuse(writer, odd);
	assert_int_equal(
	    manifest_writer_add_boundary(writer, 0, zero, &err), -1);
	assert_int_equal(manifest_writer_add_boundary(
			     writer, SLICE_BYTES, digest_sha256_initial, &err),
	    -1);
	add(writer, file_entry("c", SLICE_BYTES));
	add_boundaries(writer, "d", 2 * SLICE_BYTES);
	refuse(writer, other_entry("d", MANIFEST_FOLDER));
	refuse(writer, file_entry("d", SLICE_BYTES));
	refuse(writer, file_entry("d", 2 * SLICE_BYTES + 1));
	assert_int_equal(
	    manifest_writer_add_boundary(writer, 64, zero, &err), -1);
	assert_int_equal(manifest_writer_finish(writer, &summary, &err), -1);
	add(writer, file_entry("d", 2 * SLICE_BYTES));
	summary = finish(writer);
	assert_int_equal(summary.totals.entries, 4);
	assert_int_equal(summary.totals.slices, 4);
	manifest_writer_free(writer);
	close(fd);
}

/* An archive says nothing of some folders; the manifest does.  And the same
 * files give the same content below another top folder. */
static void
members_get_their_folders(void **state)
{
	static const char *const expected[] = {
	    "top", "top/a", "top/a/b", "top/a/b/c", "top/a/d", "top/e"};
	struct manifest_header header = sample_header;
	struct manifest_entry entry;
	struct error err = {0};
	int fd = new_file(), other_fd = new_file(), rc;
	struct manifest_writer *writer, *other;
	struct manifest_summary summary, other_summary;
	struct manifest_reader *reader;
	struct bytes comment = BYTES_EMPTY;
	size_t n = 0;

	(void)state;
	header.is_members = true;
	writer = new_writer(fd, &header);
	add(writer, file_entry("top/a/b/c", 3 * SLICE_BYTES));
	add(writer, other_entry("top/a/d", MANIFEST_LINK));
	refuse(writer, file_entry("top/a/d/x", 1));
	add(writer, file_entry("top/e", 1));
	summary = finish(writer);
	manifest_writer_free(writer);
	reader = new_reader(fd);
	while ((rc = manifest_reader_next(reader, &entry, &err)) == 1) {
		assert_int_equal(entry.path_length, strlen(expected[n]));
		assert_memory_equal(entry.path, expected[n], entry.path_length);
		assert_false(entry.type == MANIFEST_FOLDER && entry.has_mode);
		n++;
	}
	assert_int_equal(rc, 0);
	assert_int_equal(n, 6);
	manifest_reader_free(reader);

	other = new_writer(other_fd, &sample_header);
	add(other, other_entry("a", MANIFEST_FOLDER));
	add(other, other_entry("a/b", MANIFEST_FOLDER));
	entry = file_entry("top/a/b/c", 3 * SLICE_BYTES);
	entry.path = "a/b/c";
	entry.path_length = 5;
	add_boundaries(other, "top", 3 * SLICE_BYTES);
	add(other, entry);
	add(other, other_entry("a/d", MANIFEST_LINK));
	entry = file_entry("top/e", 1);
	entry.path = "e";
	entry.path_length = 1;
	add(other, entry);
	other_summary = finish(other);
	manifest_writer_free(other);
	assert_true(summary.totals.has_content);
	assert_memory_equal(summary.totals.content,
	    other_summary.totals.content, sizeof(summary.totals.content));
	manifest_trusted_comment(&header, &comment);
	assert_memory_equal(comment.data, "hikae members ehr@", 18);
	bytes_done(&comment);
	close(fd);
	close(other_fd);
}

static void
slices_have_limits(void **state)
{
	struct manifest_entry entry = file_entry("", 0);
	int fd = new_file();
	struct manifest_writer *writer = new_writer(fd, &sample_header);
	struct manifest_summary summary;

	(void)state;
	for (unsigned int i = 0; i < MANIFEST_SLICE_ENTRIES_MAX + 1; i++) {
		char path[8];

		snprintf(path, sizeof(path), "%05u", i);
		entry.path = path;
		entry.path_length = 5;
		add(writer, entry);
	}
	summary = finish(writer);
	assert_int_equal(summary.totals.slices, 2);
	assert_int_equal(manifest_writer_slice(writer, 0)->entries,
	    MANIFEST_SLICE_ENTRIES_MAX);
	manifest_writer_free(writer);
	close(fd);
}

static void
empty_manifest(void **state)
{
	struct error err = {0};
	struct manifest_entry entry;
	int fd = new_file();
	struct manifest_writer *writer = new_writer(fd, &sample_header);
	struct manifest_reader *reader;

	(void)state;
	assert_int_equal(finish(writer).totals.slices, 0);
	manifest_writer_free(writer);
	reader = new_reader(fd);
	assert_int_equal(manifest_reader_next(reader, &entry, &err), 0);
	assert_int_equal(manifest_reader_next(reader, &entry, &err), 0);
	manifest_reader_free(reader);
	close(fd);
}

static void
order_is_that_of_a_walk(void **state)
{
	static const char *const sorted[] = {"a", "a/", "a/b", "a/b/c", "a/b!",
	    "a\x01", "a!", "a.", "a0", "aa", "a\x80", "a\xff", "b"};
	const size_t count = sizeof(sorted) / sizeof(*sorted);

	(void)state;
	for (size_t i = 0; i < count * count; i++) {
		const char *a = sorted[i / count], *b = sorted[i % count];
		int order = manifest_compare_paths(a, strlen(a), b, strlen(b));

		assert_int_equal((order > 0) - (order < 0),
		    (i / count > i % count) - (i / count < i % count));
	}
}

static void
headers_are_checked(void **state)
{
	struct error err = {0};
	int fd = new_file();
	struct manifest_header header = sample_header;

	(void)state;
	header.slice_bytes = 100;
	assert_null(manifest_writer_new(fd, &header, &err));
	header = sample_header;
	header.medium[1] = ' ';
	assert_null(manifest_writer_new(fd, &header, &err));
	header.medium[0] = '\0';
	assert_null(manifest_writer_new(fd, &header, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	close(fd);
}

/* Neither side keeps what it has written or read. */
static void
memory_stays_flat(void **state)
{
	struct manifest_header header = sample_header;
	struct manifest_entry entry = file_entry("", 0);
	struct error err = {0};
	int fd = new_file(), rc;
	struct manifest_writer *writer;
	struct manifest_reader *reader;
	unsigned int seen = 0;
	size_t early = 0;

	(void)state;
	header.slice_bytes = (uint64_t)1 << 30;
	writer = new_writer(fd, &header);
	for (unsigned int i = 0; i < 30000; i++) {
		char path[64];

		entry.path = path;
		entry.path_length = (size_t)snprintf(
		    path, sizeof(path), "image-%08u-series.dcm", i);
		entry.size = 524288;
		digest_sha256_of(path, entry.path_length, entry.digest);
		add(writer, entry);
		if (i == 1000)
			early = mallinfo2().uordblks + mallinfo2().hblkhd;
	}
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < early + 4096);
	(void)finish(writer);
	manifest_writer_free(writer);
	reader = new_reader(fd);
	while ((rc = manifest_reader_next(reader, &entry, &err)) == 1) {
		if (++seen == 1000)
			early = mallinfo2().uordblks + mallinfo2().hblkhd;
	}
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < early + 4096);
	assert_int_equal(rc, 0);
	assert_int_equal(seen, 30000);
	manifest_reader_free(reader);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wrong_entries_are_refused),
	    cmocka_unit_test(members_get_their_folders),
	    cmocka_unit_test(slices_have_limits),
	    cmocka_unit_test(empty_manifest),
	    cmocka_unit_test(order_is_that_of_a_walk),
	    cmocka_unit_test(headers_are_checked),
	    cmocka_unit_test(memory_stays_flat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
