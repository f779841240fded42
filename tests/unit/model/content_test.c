/* The one-pass digest against the definition of FORMATS section 3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/content.h"

struct record {
	const char *path, *target; /* target NULL: a file of 3 bytes */
};

static const uint8_t digest[DIGEST_SHA256_BYTES] = {0x5a, 1, 2};

/* By hand: the paths are stripped by `leading` bytes. */
static void
expect(const struct record *records, size_t count, const size_t *leading,
    uint8_t ret[DIGEST_SHA256_BYTES])
{
	struct bytes all = BYTES_EMPTY;
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	bytes_format_hex(digest, sizeof(digest), hex);
	for (size_t i = 0; i < count; i++) {
		const char *path = records[i].path + leading[i];
		const char *target = records[i].target;
		char size[24];

		snprintf(size, sizeof(size), "%zu",
		    target != NULL ? strlen(target) : 3);
		bytes_append(&all, target != NULL ? "link" : "file", 5);
		bytes_append(&all, path, strlen(path) + 1);
		bytes_append(&all, size, strlen(size) + 1);
		bytes_append(&all, target != NULL ? target : hex,
		    strlen(target != NULL ? target : hex) + 1);
	}
	digest_sha256_of(all.data, all.length, ret);
	bytes_done(&all);
}

static unsigned int
compute(const struct record *records, size_t count, int strip,
    uint8_t ret[DIGEST_SHA256_BYTES])
{
	struct content_digest content;
	unsigned int stripped = 999;

	content_init(&content, strip);
	for (size_t i = 0; i < count; i++) {
		const struct record *r = &records[i];

		if (r->target != NULL)
			content_add_link(&content, r->path, strlen(r->path),
			    r->target, strlen(r->target));
		else
			content_add_file(
			    &content, r->path, strlen(r->path), 3, digest);
	}
	assert_int_equal(content_final(&content, ret, &stripped), 0);
	content_done(&content);
	return stripped;
}

static void
common_folders_are_stripped(void **state)
{
	static const struct {
		struct record records[3];
		size_t leading[3];
		unsigned int stripped;
	} cases[] = {
	    {{{"a", NULL}, {"b/c", NULL}, {"d", "x"}}, {0, 0, 0}, 0},
	    {{{"t/a", NULL}, {"t/b/c", NULL}, {"t/d", "x"}}, {2, 2, 2}, 1},
	    {{{"t/u/v/a", NULL}, {"t/u/v/b", NULL}, {"t/u/w", NULL}}, {4, 4, 4},
		2},
	    {{{"t/u/a", NULL}, {"t/u/b", NULL}, {"v", NULL}}, {0, 0, 0}, 0},
	    /* "t" and "tt" have letters in common, and no folder. */
	    {{{"t/a", NULL}, {"tt/a", NULL}, {"tt/b", NULL}}, {0, 0, 0}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t a[DIGEST_SHA256_BYTES], b[DIGEST_SHA256_BYTES];

		expect(cases[i].records, 3, cases[i].leading, a);
		assert_int_equal(
		    compute(cases[i].records, 3, -1, b), cases[i].stripped);
		assert_memory_equal(a, b, sizeof(a));
	}
}

static void
one_record_keeps_its_name(void **state)
{
	const struct record deep = {"a/b/c/d", NULL};
	const size_t leading = 6;
	uint8_t a[DIGEST_SHA256_BYTES], b[DIGEST_SHA256_BYTES];

	(void)state;
	expect(&deep, 1, &leading, a);
	assert_int_equal(compute(&deep, 1, -1, b), 3);
	assert_memory_equal(a, b, sizeof(a));
}

static void
depth_is_bounded(void **state)
{
	const struct record deep = {
	    "1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/x", NULL};
	const size_t leading = (size_t)2 * CONTENT_STRIP_MAX;
	uint8_t a[DIGEST_SHA256_BYTES], b[DIGEST_SHA256_BYTES];

	(void)state;
	expect(&deep, 1, &leading, a);
	assert_int_equal(compute(&deep, 1, -1, b), CONTENT_STRIP_MAX);
	assert_memory_equal(a, b, sizeof(a));
}

static void
fixed_numbers_are_kept(void **state)
{
	static const struct record records[] = {
	    {"a/b/c", NULL}, {"a/d", "x"}, {"e", NULL}};
	static const size_t leading[][3] = {
	    {0, 0, 0}, {2, 2, 0}, {4, 2, 0}, {4, 2, 0}};

	(void)state;
	for (int strip = 0; strip < 4; strip++) {
		uint8_t a[DIGEST_SHA256_BYTES], b[DIGEST_SHA256_BYTES];

		expect(records, 3, leading[strip], a);
		assert_int_equal(compute(records, 3, strip, b), strip);
		assert_memory_equal(a, b, sizeof(a));
	}
}

/* Nothing: SHA-256 of no bytes (FIPS 180-4 example value). */
static void
nothing_has_a_digest(void **state)
{
	uint8_t empty[DIGEST_SHA256_BYTES], ret[DIGEST_SHA256_BYTES];

	(void)state;
	assert_int_equal(bytes_parse_hex("e3b0c44298fc1c149afbf4c8996fb924"
					 "27ae41e4649b934ca495991b7852b855",
			     empty, sizeof(empty)),
	    0);
	assert_int_equal(compute(NULL, 0, -1, ret), 0);
	assert_memory_equal(empty, ret, sizeof(ret));
	assert_int_equal(compute(NULL, 0, 2, ret), 2);
	assert_memory_equal(empty, ret, sizeof(ret));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(common_folders_are_stripped),
	    cmocka_unit_test(one_record_keeps_its_name),
	    cmocka_unit_test(depth_is_bounded),
	    cmocka_unit_test(fixed_numbers_are_kept),
	    cmocka_unit_test(nothing_has_a_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
