/* A zip that is proof of something is its members and nothing else. */
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
#include "lib/format/zip.h"
#include "lib/format/zip_plain.h"
#include "lib/os/file.h"

#define END_BYTES 22

static struct error err;

static int
make_file(void)
{
	char path[] = "/tmp/hikae-plain-XXXXXX";
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

/* As hikae writes a bundle. */
static void
pack(struct bytes *out)
{
	struct archive_pack *pack = NULL;
	int fd = make_file();

	if (archive_pack_new(ARCHIVE_PACK_ZIP, fd, 1795219200, &pack, &err) !=
	    0)
		fail_msg("%s", err.text);
	put(pack, "x/one.txt", "one one one one one one one\n");
	put(pack, "x/empty", "");
	put(pack, "x/two.txt", "two\n");
	if (archive_pack_end(pack, &err) != 0)
		fail_msg("%s", err.text);
	archive_pack_free(pack);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(file_read_whole(fd, 1 << 20, out, &err), 0);
	(void)close(fd);
}

/* The same without the zeros that fill its last block. */
static void
pack_short(struct bytes *out)
{
	pack(out);
	while (
	    memcmp(out->data + out->length - END_BYTES, "PK\005\006", 4) != 0)
		out->length--;
}

/* How both checks see the bytes; -1: neither may be something else. */
static int
check(const uint8_t *data, size_t length, bool is_plain)
{
	int fd = make_file(), rc;
	bool has_trailing;

	assert_int_equal(file_write_all(fd, data, length, &err), 0);
	rc = is_plain ? zip_plain_check(fd, length, &err)
		      : zip_check(fd, length, &has_trailing, &err);
	assert_true(rc == 0 || err.code == ERROR_INPUT);
	(void)close(fd);
	return rc;
}

static uint32_t
get(const uint8_t *at)
{
	return (uint32_t)(at[0] | at[1] << 8 | at[2] << 16) | (uint32_t)at[3]
								  << 24;
}

static void
set(uint8_t *at, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/*
 * Put `count` bytes before `at`, with all that points behind them put right, as
 * a forger would.
 */
static void
insert(const struct bytes *zip, size_t at, const void *what, size_t count,
    struct bytes *ret_zip)
{
	size_t end = zip->length - END_BYTES, entry;
	size_t begin = get(zip->data + end + 16);
	uint8_t *data;

	bytes_clear(ret_zip);
	bytes_append(ret_zip, zip->data, at);
	bytes_append(ret_zip, what, count);
	bytes_append(ret_zip, zip->data + at, zip->length - at);
	data = ret_zip->data;
	assert_non_null(data);
	assert_true(at <= begin);
	set(data + end + count + 16, (uint32_t)(begin + count));
	for (entry = begin + count; entry < end + count;
	     entry += 46u + data[entry + 28] + data[entry + 30]) {
		uint32_t offset = get(data + entry + 42);

		if (offset >= at)
			set(data + entry + 42, (uint32_t)(offset + count));
	}
}

static void
what_hikae_writes_is_plain(void **state)
{
	struct bytes zip = BYTES_EMPTY;

	(void)state;
	pack(&zip);
	assert_int_equal(check(zip.data, zip.length, true), 0);
	assert_int_equal(check(zip.data, zip.length, false), 0);
	bytes_clear(&zip);
	pack_short(&zip);
	assert_int_equal(check(zip.data, zip.length, true), 0);
	bytes_done(&zip);
}

/* 7-Zip shows the first of two that stand one after the other. */
static void
nothing_stands_before_between_or_behind(void **state)
{
	struct bytes zip = BYTES_EMPTY, other = BYTES_EMPTY;
	size_t begin, second;

	(void)state;
	pack_short(&zip);
	begin = get(zip.data + zip.length - END_BYTES + 16);
	second = get(zip.data + begin + 46 + zip.data[begin + 28] +
		     zip.data[begin + 30] + 42);
	assert_true(second > 0 && second < begin);
	/* Two whole ones: only what follows the first end is looked at. */
	bytes_append(&other, zip.data, zip.length);
	bytes_append(&other, zip.data, zip.length);
	assert_int_equal(check(other.data, other.length, false), 0);
	assert_int_equal(check(other.data, other.length, true), -1);
	/* A member that the directory does not name, and one byte. */
	for (size_t i = 0; i < 2; i++) {
		const size_t places[] = {0, second, begin};
		size_t count = i == 0 ? second : 1;

		for (size_t k = 0; k < 3; k++) {
			insert(&zip, places[k], zip.data, count, &other);
			assert_int_equal(
			    check(other.data, other.length, false), 0);
			assert_int_equal(
			    check(other.data, other.length, true), -1);
		}
	}
	bytes_clear(&other);
	bytes_append(&other, zip.data, zip.length);
	bytes_append(&other, "x", 1);
	assert_int_equal(check(other.data, other.length, true), -1);
	/* A comment that is announced. */
	other.data[zip.length - 2] = 1;
	assert_int_equal(check(other.data, other.length, false), 0);
	assert_int_equal(check(other.data, other.length, true), -1);
	bytes_done(&zip);
	bytes_done(&other);
}

/* An extra field may rename a member for some programs (Info-ZIP 0x7075). */
static void
no_extra_field_is_unknown(void **state)
{
	struct bytes zip = BYTES_EMPTY;
	size_t begin, extra;

	(void)state;
	pack_short(&zip);
	begin = get(zip.data + zip.length - END_BYTES + 16);
	extra = begin + 46 + zip.data[begin + 28];
	assert_true(zip.data[begin + 30] >= 4);
	zip.data[extra] = 0x75;
	zip.data[extra + 1] = 0x70;
	assert_int_equal(check(zip.data, zip.length, false), 0);
	assert_int_equal(check(zip.data, zip.length, true), -1);
	bytes_done(&zip);
}

/* Cut anywhere, or with any number another: refused, or the same members. */
static void
damage_is_survived(void **state)
{
	struct bytes zip = BYTES_EMPTY;
	size_t end;

	(void)state;
	pack_short(&zip);
	end = zip.length - END_BYTES;
	for (size_t i = 0; i < zip.length; i++)
		assert_int_equal(check(zip.data, i, true), -1);
	for (size_t i = 0; i < zip.length; i++) {
		zip.data[i] ^= 0xff;
		if (check(zip.data, zip.length, true) == 0)
			assert_true(i < end);
		zip.data[i] ^= 0xff;
	}
	bytes_done(&zip);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_hikae_writes_is_plain),
	    cmocka_unit_test(nothing_stands_before_between_or_behind),
	    cmocka_unit_test(no_extra_field_is_unknown),
	    cmocka_unit_test(damage_is_survived),
	};

	(void)setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
