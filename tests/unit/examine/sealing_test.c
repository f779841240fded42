/*
 * How many files of a copy are encrypted: what a sample shows, what lies beside
 * them, and what is told back to the reader so that it is known of files that
 * are carried.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/examine/beside.h"
#include "lib/examine/look.h"
#include "lib/examine/tee.h"
#include "tests/unit/examine/examining.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define HEX64 HEX32 HEX32
#define SALTED "Salted__ABCDEFGHsome bytes that mean nothing"

/* ---- one file ---- */

static enum sealing_kind
kind_of(const char *name, const void *data, size_t length)
{
	struct survey survey = {0};
	struct sample sample;
	enum sealing_kind kind;

	sample_begin(&sample, length);
	sample_take(&sample, data, length);
	kind = look_at(&survey, name, strlen(name), &sample);
	assert_int_equal(sealing_files(&survey.sealing), 1);
	return kind;
}

static void
files_are_of_one_kind(void **state)
{
	static const struct {
		enum sealing_kind kind;
		const char *name, *text;
	} cases[] = {
	    {SEALING_SEALED, "a.enc", SALTED},
	    {SEALING_SEALED, "a.sql", SALTED},
	    {SEALING_SEALED, "SHA256SUMS", SALTED},
	    {SEALING_READABLE, "a.enc", "SELECT 1;\n"},
	    {SEALING_READABLE, "a.gpg", "%PDF-1.7\n"},
	    {SEALING_READABLE, "README", "It is encrypted.\n"},
	    {SEALING_ASIDE, "empty.sql", ""},
	    {SEALING_ASIDE, "SHA256SUMS", HEX64 "  a.gpg\n"},
	    /* Sealed by its first bytes alone: it may be, or not. */
	    {SEALING_UNCLEAR, "a.enc", "Salted__"},
	    {SEALING_UNCLEAR, "a.gpg", "\x8c\x0d\4\x09\3\x08nothing more"},
	    /* No format, and too little to say. */
	    {SEALING_UNCLEAR, "key", "\1\2\3\xff\xfe\xfd"},
	    {SEALING_UNCLEAR, "repository/data/0/1", "BORG_SEG\1\2\3\4"},
	    {SEALING_UNCLEAR, "a.rar", "Rar!\x1a\7\1\1\1"},
	};
	static uint8_t noise[8192];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (kind_of(cases[i].name, cases[i].text,
			strlen(cases[i].text)) != cases[i].kind)
			fail_msg("row %zu", i);
	for (uint32_t at = 0; at < sizeof(noise); at += DIGEST_SHA256_BYTES)
		digest_sha256_of(&at, sizeof(at), noise + at);
	assert_int_equal(
	    kind_of("a.tib", noise, sizeof(noise)), SEALING_UNCLEAR);
	memset(noise, 7, sizeof(noise));
	assert_int_equal(
	    kind_of("a.tib", noise, sizeof(noise)), SEALING_READABLE);
}

static void
what_lies_beside_is_known_by_name_and_content(void **state)
{
	static const struct {
		bool is_beside;
		const char *name, *text;
	} cases[] = {
	    {true, "SHA256SUMS", HEX64 "  a\n" HEX64 " *b c\n"},
	    {true, "sha512sums.txt", HEX64 HEX64 "  a\r\n\r\n"},
	    {true, "MD5SUMS", HEX32 "  a"},
	    {true, "a.gpg.sha256", HEX64 "\n"},
	    {true, "a.md5", "MD5 (a) = " HEX32 "\n"},
	    {true, "a.sha256", "\\" HEX64 "  a\\nb\n"},
	    {true, "a.gpg.sig", "\x89\1\x33\4\0\1\x0a"},
	    {true, "a.asc", "-----BEGIN PGP SIGNATURE-----\n\n"},
	    {true, "a.minisig", "untrusted comment: x\n"},
	    /* The name alone, the content alone. */
	    {false, "SHA256SUMS", "1;SATO;TARO\n"},
	    {false, "SHA256SUMS", HEX64 "  a\n1;SATO;TARO\n"},
	    {false, "SHA256SUMS", HEX64 "  a\n1;SATO;TARO"},
	    {false, "SHA256SUMS", "# 1;SATO;TARO\n"},
	    {false, "SHA256SUMS", "\n"},
	    {false, "a.sha256", HEX64 "1;SATO\n"},
	    {false, "a.md5", "MD5 (a) = 1;SATO;TARO\n"},
	    {false, "list.txt", HEX64 "  a\n"},
	    {false, "sums", HEX64 "  a\n"},
	    {false, ".sha256x", HEX64 "  a\n"},
	    {false, "a.asc", "-----BEGIN PGP MESSAGE-----\n\n"},
	    {false, "a.sig", "1;SATO;TARO\n"},
	    {false, "a", "-----BEGIN PGP SIGNATURE-----\n\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;

		if (beside_is(cases[i].name, strlen(cases[i].name),
			(const uint8_t *)text, strlen(text),
			strlen(text)) != cases[i].is_beside)
			fail_msg("row %zu", i);
	}
	/* A list that goes on; a signature that is none for its size. */
	assert_true(beside_is(
	    "MD5SUMS", 7, (const uint8_t *)HEX32 "  a\n012", 39, 5000));
	assert_false(beside_is(
	    "a.sig", 5, (const uint8_t *)"\x89\1\x33", 3, UINT64_C(1) << 20));
}

/* ---- all of them ---- */

static void
one_plain_file_is_enough(void **state)
{
	static const struct {
		struct sealing sealing;
		enum sealing_state state;
	} cases[] = {
	    {{.sealed = 3}, SEALING_WHOLE},
	    {{.sealed = 3, .aside = 2}, SEALING_WHOLE},
	    {{.sealed = 3, .plain = 1}, SEALING_PARTLY},
	    {{.sealed = 3, .plain = 1, .unseen = 9}, SEALING_PARTLY},
	    {{.plain = 1, .unclear = 9}, SEALING_PLAIN},
	    {{.sealed = 3, .unclear = 1}, SEALING_UNKNOWN},
	    {{.sealed = 3, .unseen = 1}, SEALING_UNKNOWN},
	    /* Nothing was there: nothing is encrypted. */
	    {{.aside = 2}, SEALING_UNKNOWN},
	    {{0}, SEALING_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    sealing_state(&cases[i].sealing), cases[i].state);
}

/* ---- told back ---- */

static int
on_sample(void *context, const char *name, size_t length, uint64_t size,
    const struct sample *sample, struct error *err)
{
	(void)size;
	(void)err;
	return (int)look_at(context, name, length, sample);
}

static int
on_tick(void *context, struct error *err)
{
	(void)context;
	(void)err;
	return 0;
}

/* A parser; after so many samples it dies. */
static pid_t
start_parser(int ends[2], uint64_t dies_after)
{
	struct survey survey = {0};
	struct samples_events events = {&survey, on_sample, on_tick};
	struct error err = {0};
	pid_t pid;

	assert_int_equal(tee_pair(ends, NULL), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0) {
		(void)close(ends[1]);
		return pid;
	}
	(void)close(ends[0]);
	if (dies_after == 0)
		_exit(0);
	_exit(samples_receive(ends[1], &events, &err) == 0 ? 0 : 1);
}

static struct sealing
capture_with(struct readings *readings, bool is_alive, uint64_t *ret_carried)
{
	struct capture_options options = capture_of("copy");
	struct capture_result result;
	int ends[2], status;
	pid_t pid = start_parser(ends, is_alive ? 1 : 0);

	options.readings = readings;
	assert_int_equal(samples_new(ends[0], &options.samples, NULL), 0);
	(void)close(capture(&options, &result));
	samples_free(options.samples);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	*ret_carried = result.carried;
	return result.carried_sealing;
}

static void
put_text(const char *path, const char *text)
{
	int fd = openat(
	    ground_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)close(fd);
}

static void
put_copy(void)
{
	put_folder("copy");
	put_text("copy/a.enc", SALTED);
	put_text("copy/b.sql", "SELECT 1;\n");
	put_text("copy/c", "");
	put_text("copy/MD5SUMS", HEX32 "  a.enc\n");
	/* Larger than a slice, so that it has several readings. */
	put_file("copy/large", 3 * SLICE_BYTES + 5, 1);
}

static void
what_was_told_is_carried(void **state)
{
	int fd = temporary();
	struct readings *readings = open_readings(fd);
	struct sealing carried;
	uint64_t count;

	(void)state;
	put_copy();
	carried = capture_with(readings, true, &count);
	assert_int_equal(count, 0);
	assert_int_equal(sealing_files(&carried), 0);
	for (int i = 0; i < 2; i++) {
		carried = capture_with(readings, true, &count);
		assert_int_equal(count, 5);
		assert_int_equal(carried.sealed, 1);
		assert_int_equal(carried.plain + carried.unclear, 2);
		assert_true(carried.plain >= 1);
		assert_int_equal(carried.aside, 2);
		assert_int_equal(carried.unseen, 0);
	}
	/* Other bytes under the same name are another file. */
	put_text("copy/a.enc", "SELECT 2;\n");
	carried = capture_with(readings, true, &count);
	assert_int_equal(count, 4);
	carried = capture_with(readings, true, &count);
	assert_int_equal(count, 5);
	assert_int_equal(carried.sealed, 0);
	readings_free(readings);
	(void)close(fd);
}

/* Whether or not the answer has come when the next name does. */
static void
further_names_are_of_the_same_kind(void **state)
{
	int fd = temporary();
	struct readings *readings = open_readings(fd);
	struct sealing carried;
	uint64_t count;

	(void)state;
	put_folder("copy");
	put_text("copy/a.enc", SALTED);
	for (char to[] = "copy/b"; to[5] < 'z'; to[5]++)
		assert_int_equal(
		    linkat(ground_fd, "copy/a.enc", ground_fd, to, 0), 0);
	carried = capture_with(readings, true, &count);
	assert_int_equal(count, 24);
	assert_int_equal(carried.sealed, 24);
	carried = capture_with(readings, true, &count);
	assert_int_equal(count, 25);
	assert_int_equal(carried.sealed, 25);
	readings_free(readings);
	(void)close(fd);
}

/* More files than readings wait, and than a socket holds answers. */
static void
many_are_told_in_order(void **state)
{
	int fd = temporary();
	struct readings *readings = open_readings(fd);
	struct sealing carried;
	uint64_t count;
	char path[64];

	(void)state;
	put_folder("copy");
	for (int i = 0; i < 10000; i++) {
		(void)snprintf(path, sizeof(path), "copy/%d.x", i);
		put_text(path, i % 4 == 0 ? SALTED : "SELECT 1;\n");
	}
	(void)capture_with(readings, true, &count);
	carried = capture_with(readings, true, &count);
	assert_int_equal(count, 10000);
	assert_int_equal(carried.sealed, 2500);
	assert_int_equal(carried.plain, 7500);
	readings_free(readings);
	(void)close(fd);
}

/* The capture is whole; what nobody told is unseen, also when it is carried. */
static void
a_dead_parser_tells_nothing(void **state)
{
	int fd = temporary();
	struct readings *readings = open_readings(fd);
	struct sealing carried;
	uint64_t count;

	(void)state;
	put_copy();
	(void)capture_with(readings, false, &count);
	carried = capture_with(readings, true, &count);
	assert_int_equal(count, 5);
	/* That a file is empty needs no parser. */
	assert_int_equal(carried.aside, 1);
	assert_int_equal(carried.unseen, 4);
	readings_free(readings);
	(void)close(fd);
}

int
main(void)
{
#define ON_GROUND(name) \
	cmocka_unit_test_setup_teardown(name, ground_set_up, ground_tear_down)
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_are_of_one_kind),
	    cmocka_unit_test(what_lies_beside_is_known_by_name_and_content),
	    cmocka_unit_test(one_plain_file_is_enough),
	    ON_GROUND(what_was_told_is_carried),
	    ON_GROUND(further_names_are_of_the_same_kind),
	    ON_GROUND(many_are_told_in_order),
	    ON_GROUND(a_dead_parser_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
