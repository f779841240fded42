/*
 * From a file's bytes to what is counted of it: samples, the socket they take,
 * what they look like, and names of ransom notes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/crypto/digest.h"
#include "lib/examine/look.h"
#include "lib/examine/ransom_note.h"
#include "lib/examine/samples.h"
#include "lib/examine/tee.h"

#define SIZE ((size_t)300000)
#define MIDDLE ((size_t)147456) /* of SIZE, at a multiple of 4 KiB */

static uint8_t noise[SIZE];

static int
fill_noise(void **state)
{
	(void)state;
	for (uint32_t at = 0; at < SIZE; at += DIGEST_SHA256_BYTES) {
		uint8_t block[DIGEST_SHA256_BYTES];
		size_t left = SIZE - at;

		digest_sha256_of(&at, sizeof(at), block);
		memcpy(noise + at, block,
		    left < sizeof(block) ? left : sizeof(block));
	}
	return 0;
}

/* ---- samples ---- */

static void
assert_part(const struct sample *sample, enum sample_part part,
    const uint8_t *data, size_t length)
{
	size_t kept;
	const uint8_t *bytes = sample_part(sample, part, &kept);

	assert_int_equal(kept, length);
	if (length > 0)
		assert_memory_equal(bytes, data, length);
}

static void
samples_are_the_same_in_pieces(void **state)
{
	static const size_t steps[] = {1, 7, 4096, 5000, 65536, SIZE};
	struct sample sample;

	(void)state;
	for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		sample_begin(&sample, SIZE);
		for (size_t at = 0; at < SIZE; at += steps[s])
			sample_take(&sample, noise + at,
			    SIZE - at < steps[s] ? SIZE - at : steps[s]);
		assert_part(&sample, SAMPLE_HEAD, noise, 4096);
		assert_part(&sample, SAMPLE_LATER, noise + 32768, 2048);
		assert_part(&sample, SAMPLE_MIDDLE, noise + MIDDLE, 2048);
		assert_part(&sample, SAMPLE_TAIL, noise + SIZE - 1024, 1024);
	}
}

static void
small_files_are_sampled_as_far_as_they_go(void **state)
{
	uint8_t hole[20] = {0};
	struct sample sample;

	(void)state;
	sample_begin(&sample, 0);
	assert_part(&sample, SAMPLE_HEAD, NULL, 0);
	sample_begin(&sample, 10);
	sample_take(&sample, noise, 10);
	assert_part(&sample, SAMPLE_HEAD, noise, 10);
	assert_part(&sample, SAMPLE_LATER, NULL, 0);
	sample_begin(&sample, 33000);
	sample_take(&sample, noise, 33000);
	assert_part(&sample, SAMPLE_HEAD, noise, 4096);
	assert_part(&sample, SAMPLE_LATER, noise + 32768, 33000 - 32768);
	assert_part(&sample, SAMPLE_MIDDLE, NULL, 0);
	/* A hole, as archives store it. */
	sample_begin(&sample, 0);
	sample_take(&sample, NULL, 10);
	sample_take(&sample, noise, 10);
	memcpy(hole + 10, noise, 10);
	assert_part(&sample, SAMPLE_HEAD, hole, sizeof(hole));
}

/* ---- the socket ---- */

struct heard {
	uint64_t count, ticks, bytes;
	uint8_t digest[DIGEST_SHA256_BYTES]; /* of all samples, one by one */
};

static void
add_sample(struct heard *heard, const char *name, size_t length, uint64_t size,
    const struct sample *sample)
{
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	digest_sha256_update(&digest, heard->digest, sizeof(heard->digest));
	digest_sha256_update(&digest, name, length);
	digest_sha256_update(&digest, &size, sizeof(size));
	for (int part = 0; part < SAMPLE_PARTS; part++) {
		size_t kept;
		const uint8_t *bytes =
		    sample_part(sample, (enum sample_part)part, &kept);

		digest_sha256_update(&digest, &kept, sizeof(kept));
		digest_sha256_update(&digest, bytes, kept);
		heard->bytes += kept;
	}
	digest_sha256_final(&digest, heard->digest);
	heard->count++;
}

static int
on_sample(void *context, const char *name, size_t length, uint64_t size,
    const struct sample *sample, struct error *err)
{
	(void)err;
	add_sample(context, name, length, size, sample);
	return 0;
}

static int
on_tick(void *context, struct error *err)
{
	struct heard *heard = context;

	(void)err;
	heard->ticks++;
	return 0;
}

/* The sample of file i; their sizes reach from nothing to several parts. */
static uint64_t
make_sample(struct sample *sample, size_t i)
{
	uint64_t size = i * i % SIZE;

	sample_begin(sample, size);
	sample_take(sample, noise, (size_t)size);
	return size;
}

static void
samples_arrive_as_they_were_sent(void **state)
{
	struct heard sent = {.count = 0}, heard = {.count = 0};
	struct samples_events events = {&heard, on_sample, on_tick};
	struct samples *samples;
	struct sample sample;
	char name[256];
	int ends[2], status;
	pid_t pid;

	(void)state;
	memset(name, 'n', sizeof(name));
	assert_int_equal(tee_pair(ends, NULL), 0);
	pid = fork();
	assert_true(pid >= 0);
	for (size_t i = 0; i < 1000; i++) {
		uint64_t size = make_sample(&sample, i);

		add_sample(&sent, name, i % 256, size, &sample);
	}
	if (pid == 0) {
		(void)close(ends[1]);
		if (samples_new(ends[0], &samples, NULL) != 0)
			_exit(1);
		for (size_t i = 0; i < 1000; i++) {
			uint64_t size = make_sample(&sample, i);

			(void)samples_put(
			    samples, name, i % 256, size, &sample);
			if (i % 100 == 0)
				samples_tick(samples);
		}
		samples_free(samples);
		_exit(0);
	}
	(void)close(ends[0]);
	assert_int_equal(samples_receive(ends[1], &events, NULL), 0);
	(void)close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(heard.count, 1000);
	assert_int_equal(heard.ticks, 10);
	assert_memory_equal(heard.digest, sent.digest, sizeof(sent.digest));
}

/* What a reader sends whose parser died is lost, and no error. */
static void
nobody_need_listen(void **state)
{
	struct samples *samples;
	struct sample sample;
	int ends[2];

	(void)state;
	assert_int_equal(tee_pair(ends, NULL), 0);
	(void)close(ends[1]);
	assert_int_equal(samples_new(ends[0], &samples, NULL), 0);
	for (size_t i = 0; i < 1000; i++)
		(void)samples_put(
		    samples, "n", 1, make_sample(&sample, i), &sample);
	assert_false(samples_is_heard(samples));
	samples_tick(samples);
	samples_free(samples);
}

/* Receive exactly these bytes. */
static int
receive(const void *data, size_t length, struct heard *heard)
{
	struct samples_events events = {heard, on_sample, on_tick};
	int ends[2], rc;

	*heard = (struct heard){.count = 0};
	assert_int_equal(tee_pair(ends, NULL), 0);
	assert_int_equal(tee_send(ends[0], data, length), 0);
	(void)close(ends[0]);
	rc = samples_receive(ends[1], &events, NULL);
	(void)close(ends[1]);
	return rc;
}

#define RECEIVE(text, heard) receive(text, sizeof(text) - 1, heard)

static void
what_no_reader_sends_is_refused(void **state)
{
	struct heard heard;

	(void)state;
	assert_int_equal(RECEIVE("\0\0\0\1\2", &heard), 0);
	assert_int_equal(heard.ticks, 1);
	/* Cut off: the reader died. */
	assert_int_equal(RECEIVE("\0\0\0\1", &heard), 0);
	assert_int_equal(RECEIVE("\0\0\0\x1d\1\0\0\0\0", &heard), 0);
	/* No kind, another kind, too long, more behind, a part too large. */
	assert_int_equal(RECEIVE("\0\0\0\0", &heard), -1);
	assert_int_equal(RECEIVE("\0\0\0\1\3", &heard), -1);
	assert_int_equal(RECEIVE("\0\1\0\0\1", &heard), -1);
	assert_int_equal(RECEIVE("\0\0\0\2\2\0", &heard), -1);
	assert_int_equal(RECEIVE("\0\0\0\x1e\1\0\0\0\1n\0\0\0\0\0\0\0\1"
				 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
			     &heard),
	    0);
	assert_int_equal(heard.count, 1);
	assert_int_equal(RECEIVE("\0\0\0\x1e\1\0\0\0\1n\0\0\0\0\0\0\0\1"
				 "\0\0\0\0\0\0\0\0\0\0\0\0\xff\0\0\0",
			     &heard),
	    -1);
	for (size_t at = 0; at + 4096 < SIZE; at += 4096)
		(void)receive(noise + at, 4096, &heard);
}

/* ---- what it looks like ---- */

/* Look at one file with this content; "" where nothing is counted. */
static struct survey
look(const char *name, const void *data, size_t length)
{
	struct survey survey = {0};
	struct sample sample;

	sample_begin(&sample, length);
	sample_take(&sample, data, length);
	(void)look_at(&survey, name, strlen(name), &sample);
	return survey;
}

static void
files_are_counted_for_what_they_are(void **state)
{
	static uint8_t file[SIZE];
	struct survey seen;

	(void)state;
	/* An empty file is no file of which anything could be said. */
	seen = look("a.dcm", "", 0);
	assert_int_equal(seen.files + seen.claimed + seen.mismatched, 0);
	/* Right, and wrong; noise under a name that says nothing. */
	memcpy(file, noise, SIZE);
	memcpy(file, "\x1f\x8b\x08", 3);
	seen = look("a.gz", file, SIZE);
	assert_true(seen.files == 1 && seen.claimed == 1 && seen.known == 1);
	assert_true(seen.mismatched == 0 && seen.noisy == 0);
	assert_int_equal(seen.bytes, 8192);
	seen = look("a.dcm", file, SIZE);
	assert_true(seen.known == 1 && seen.mismatched == 1);
	seen = look("a.dcm", noise, SIZE);
	assert_true(seen.known == 0 && seen.mismatched == 1 && seen.noisy == 1);
	seen = look("a.dcm.locked", noise, SIZE);
	assert_true(seen.claimed == 0 && seen.noisy == 1);
	/* Too small to say; and what has no format but is no noise. */
	seen = look("a.bin", noise, 100);
	assert_true(seen.files == 1 && seen.noisy == 0 && seen.known == 0);
	memset(file, 0, SIZE);
	seen = look("a.bin", file, SIZE);
	assert_true(seen.files == 1 && seen.noisy == 0 && seen.known == 0);
}

static void
sealed_files_need_a_name_that_says_so(void **state)
{
	static uint8_t file[4096];
	struct survey seen;

	(void)state;
	memcpy(file, noise, sizeof(file));
	memcpy(file, "Salted__", 8);
	seen = look("a.enc", file, sizeof(file));
	assert_true(seen.known == 1 && seen.noisy == 0);
	seen = look("9999013_-_ADT-00_1_2_-_1", file, sizeof(file));
	assert_true(seen.known == 0 && seen.noisy == 1);
	seen = look("a.dump", file, sizeof(file));
	assert_true(seen.mismatched == 1 && seen.noisy == 1);
	memcpy(file, "\x8c\x0d\4\x09\3\x08", 6);
	seen = look("orca.dump.gpg", file, sizeof(file));
	assert_true(seen.known == 1 && seen.mismatched == 0 && seen.noisy == 0);
}

/* Only its middle was encrypted. */
static void
text_must_be_text_all_through(void **state)
{
	static uint8_t file[SIZE];
	struct survey seen;

	(void)state;
	memset(file, 'a', SIZE);
	seen = look("a.csv", file, SIZE);
	assert_true(seen.known == 1 && seen.mismatched == 0);
	memcpy(file + MIDDLE, noise, 4096);
	seen = look("a.csv", file, SIZE);
	assert_true(seen.known == 0 && seen.mismatched == 1);
}

static void
notes_are_known_by_their_names(void **state)
{
	static const char *const notes[] = {"HOW_TO_DECRYPT.txt",
	    "How To Restore Your Files.txt", "!!!Restore-My-Files!!!.html",
	    "_readme.txt", "README_FOR_DECRYPT.txt", "info.hta",
	    "@Please_Read_Me@.txt", "DECRYPT_INSTRUCTION.HTML",
	    "RyukReadMe.html", "FILES ENCRYPTED.txt"};
	static const char *const others[] = {"README.txt", "readme.md",
	    "restore_files.sh", "HOW_TO_DECRYPT", "decrypt.c",
	    "\xe5\xbe\xa9\xe5\x8f\xb7.txt", "info.txt", ".txt", "", "a.dcm"};

	(void)state;
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (!ransom_note_is_name(notes[i], strlen(notes[i])) ||
		    look(notes[i], "x", 1).notes != 1)
			fail_msg("%s", notes[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (ransom_note_is_name(others[i], strlen(others[i])))
			fail_msg("%s", others[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_are_the_same_in_pieces),
	    cmocka_unit_test(small_files_are_sampled_as_far_as_they_go),
	    cmocka_unit_test(samples_arrive_as_they_were_sent),
	    cmocka_unit_test(nobody_need_listen),
	    cmocka_unit_test(what_no_reader_sends_is_refused),
	    cmocka_unit_test(files_are_counted_for_what_they_are),
	    cmocka_unit_test(sealed_files_need_a_name_that_says_so),
	    cmocka_unit_test(text_must_be_text_all_through),
	    cmocka_unit_test(notes_are_known_by_their_names),
	};

	return cmocka_run_group_tests(tests, fill_noise, NULL);
}
