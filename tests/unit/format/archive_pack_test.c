/* Archives are always the same bytes, and other tools read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/bytes.h"
#include "lib/format/archive_pack.h"
#include "lib/os/file.h"

static struct error err;

static int
make_file(void)
{
	char path[] = "/tmp/hikae-pack-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	return fd;
}

static void
put(struct archive_pack *pack, const char *path, const char *text)
{
	if (archive_pack_begin(pack, path, strlen(text), &err) != 0 ||
	    archive_pack_data(pack, text, strlen(text), &err) != 0)
		fail_msg("%s", err.text);
}

static int
pack_two(enum archive_pack_kind kind, int64_t time)
{
	struct archive_pack *pack = NULL;
	int fd = make_file();

	if (archive_pack_new(kind, fd, time, &pack, &err) != 0)
		fail_msg("%s", err.text);
	put(pack, "x/one.txt", "one\n");
	put(pack, "x/empty", "");
	if (archive_pack_end(pack, &err) != 0)
		fail_msg("%s", err.text);
	archive_pack_free(pack);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void
read_all(int fd, struct bytes *out)
{
	assert_int_equal(file_read_whole(fd, 1 << 20, out, &err), 0);
	(void)close(fd);
}

static void
the_same_files_give_the_same_bytes(void **state)
{
	const enum archive_pack_kind kinds[] = {
	    ARCHIVE_PACK_TAR, ARCHIVE_PACK_ZIP};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes a = BYTES_EMPTY, b = BYTES_EMPTY;

		read_all(pack_two(kinds[i], 1795219200), &a);
		read_all(pack_two(kinds[i], 1795219200), &b);
		assert_int_equal(a.length, b.length);
		assert_memory_equal(a.data, b.data, a.length);
		bytes_clear(&b);
		read_all(pack_two(kinds[i], 1795219202), &b);
		assert_true(a.length != b.length ||
			    memcmp(a.data, b.data, a.length) != 0);
		bytes_done(&a);
		bytes_done(&b);
	}
}

/* POSIX.1-2017, pax, "ustar Interchange Format": offsets of fields. */
static void
a_tar_is_ustar_without_an_owner(void **state)
{
	struct bytes tar = BYTES_EMPTY;

	(void)state;
	read_all(pack_two(ARCHIVE_PACK_TAR, 1795219200), &tar);
	assert_true(tar.length >= 4 * 512);
	assert_string_equal((const char *)tar.data, "x/one.txt");
	assert_memory_equal(tar.data + 100, "000644 ", 7);
	assert_memory_equal(tar.data + 108, "000000 ", 7);
	assert_memory_equal(tar.data + 116, "000000 ", 7);
	assert_memory_equal(tar.data + 124, "00000000004", 11);
	/* 1795219200 in octal. */
	assert_memory_equal(tar.data + 136, "15300157400", 11);
	assert_int_equal(tar.data[156], '0');
	assert_memory_equal(tar.data + 257,
	    "ustar\0"
	    "00",
	    8);
	assert_int_equal(tar.data[265], 0); /* no user's name */
	assert_int_equal(tar.data[297], 0); /* no group's */
	assert_memory_equal(tar.data + 512, "one\n", 4);
	bytes_done(&tar);
}

static void
only_what_was_announced_is_taken(void **state)
{
	struct archive_pack *pack = NULL;
	int fd = make_file();

	(void)state;
	assert_int_equal(
	    archive_pack_new(ARCHIVE_PACK_TAR, fd, 0, &pack, &err), 0);
	assert_int_equal(archive_pack_begin(pack, "a", 3, &err), 0);
	assert_int_equal(archive_pack_data(pack, "four", 4, &err), -1);
	assert_int_equal(archive_pack_end(pack, &err), -1);
	assert_int_equal(archive_pack_begin(pack, "b", 1, &err), -1);
	archive_pack_free(pack);
	(void)close(fd);
}

static void
a_full_disk_is_told(void **state)
{
	struct archive_pack *pack = NULL;
	FILE *full = fopen("/dev/full", "w");
	char data[4096] = "";
	int rc = 0;

	(void)state;
	assert_non_null(full);
	assert_int_equal(
	    archive_pack_new(ARCHIVE_PACK_TAR, fileno(full), 0, &pack, &err),
	    0);
	assert_int_equal(archive_pack_begin(pack, "a", 1 << 20, &err), 0);
	for (int i = 0; rc == 0 && i < 256; i++)
		rc = archive_pack_data(pack, data, sizeof(data), &err);
	assert_int_equal(rc, -1);
	assert_int_equal(err.code, ERROR_NO_SPACE);
	archive_pack_free(pack);
	(void)fclose(full);
}

static void
the_name_says_the_kind(void **state)
{
	enum archive_pack_kind kind;

	(void)state;
	assert_int_equal(archive_pack_kind_parse("a.zip", &kind), 0);
	assert_int_equal(kind, ARCHIVE_PACK_ZIP);
	assert_int_equal(archive_pack_kind_parse("dir/a.tar", &kind), 0);
	assert_int_equal(kind, ARCHIVE_PACK_TAR);
	assert_int_equal(archive_pack_kind_parse(".zip", &kind), -1);
	assert_int_equal(archive_pack_kind_parse("a.tar.gz", &kind), -1);
	assert_int_equal(archive_pack_kind_parse("", &kind), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_files_give_the_same_bytes),
	    cmocka_unit_test(a_tar_is_ustar_without_an_owner),
	    cmocka_unit_test(only_what_was_announced_is_taken),
	    cmocka_unit_test(a_full_disk_is_told),
	    cmocka_unit_test(the_name_says_the_kind),
	};

	(void)setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
