/*
 * The syntaxes as their documents have them: GNU coreutils manual "md5sum
 * invocation", RFC 8493 sections 2.1.3 and 2.2.2, PostgreSQL documentation
 * "Backup Manifest Format".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/format/checksums_reading.h"

#define MD5 "d41d8cd98f00b204e9800998ecf8427e"
#define SHA1 "da39a3ee5e6b4b0d3255bfef95601890afd80709"
#define SHA224 "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"
#define SHA256                               \
	"e3b0c44298fc1c149afbf4c8996fb92427" \
	"ae41e4649b934ca495991b7852b855"
#define SHA512                                           \
	"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715" \
	"dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877e" \
	"ec2f63b931bd47417a81a538327af927da3e"

struct list_case {
	enum checksums_syntax syntax;
	enum checksums_algorithm algorithm;
	const char *text;
	const char *entries;
	uint64_t malformed, outside;
};

static const struct list_case cases[] = {
    /* coreutils */
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, SHA256 "  a b\n",
	"sha256 " SHA256 " - a b;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, SHA256 " *a\n" MD5 "  b\n" SHA1 "  c",
	"sha256 " SHA256 " - a;md5 " MD5 " - b;sha1 " SHA1 " - c;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, SHA224 "  a\r\n\r\n# note\n",
	"sha224 " SHA224 " - a;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "\xef\xbb\xbf" SHA256 "  a\n",
	"sha256 " SHA256 " - a;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "\\" SHA256 "  a\\nb\\\\c\\rd\n",
	"sha256 " SHA256 " - a\nb\\c\rd;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, SHA256 "  a\\nb\n",
	"sha256 " SHA256 " - a\\nb;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "\\" SHA256 "  a\\xb\n", "", 1, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "\\" SHA256 "  a\\\n", "", 1, 0},
    /* Windows: folders, a drive, a slash, half a character of Shift_JIS */
    {CHECKSUMS_LINES, CHECKSUMS_OTHER,
	SHA256 " *a\\b\\c\r\n" SHA256 "  C:\\a\r\n" SHA256 "  ..\\a\r\n" SHA256
	       "  a/b\\c\r\n" SHA256 "  a\\\x95\x5c\r\n",
	"sha256 " SHA256 " - a/b/c;sha256 " SHA256 " - a/b\\c;sha256 " SHA256
	" - a/\x95\x5c;",
	0, 2},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, SHA256 "  a\\b\n",
	"sha256 " SHA256 " - a\\b;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, SHA256 "  ./x//y/./z\n",
	"sha256 " SHA256 " - x/y/z;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER,
	SHA256 "  /etc/passwd\n" SHA256 "  a/../../b\n" SHA256 "  ./\n", "", 0,
	3},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, SHA256 "\n" SHA256 "x  a\nhello\n", "",
	3, 0},
    {CHECKSUMS_LINES, CHECKSUMS_SHA1, SHA256 "  a\n" SHA1 "  b\n",
	"sha1 " SHA1 " - b;", 1, 0},
    /* tagged, and openssl-dgst(1)'s */
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "SHA256 (a (1) = x) = " SHA256 "\n",
	"sha256 " SHA256 " - a (1) = x;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "\\MD5 (a\\nb) = " MD5 "\n",
	"md5 " MD5 " - a\nb;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "SHA2-256(a)= " SHA256 "\n",
	"sha256 " SHA256 " - a;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER, "BLAKE2b-256 (a) = " SHA256 "\n",
	"other  - a;", 0, 0},
    {CHECKSUMS_LINES, CHECKSUMS_OTHER,
	"SHA256 (a) = " MD5 "\nSHA256 (a)\nSHA256 (a = \n(a) = " MD5 "\n", "",
	4, 0},
    /* sidecars */
    {CHECKSUMS_SIDECAR, CHECKSUMS_SHA256, SHA256 " *D:\\backup\\dump\r\n",
	"sha256 " SHA256 " - dump;", 0, 0},
    {CHECKSUMS_SIDECAR, CHECKSUMS_SHA256, SHA256 "\n",
	"sha256 " SHA256 " - dump;", 0, 0},
    {CHECKSUMS_SIDECAR, CHECKSUMS_SHA256, SHA256 "  \r\n",
	"sha256 " SHA256 " - dump;", 0, 0},
    {CHECKSUMS_SIDECAR, CHECKSUMS_SHA512, SHA512 "  other\n",
	"sha512 " SHA512 " - other;", 0, 0},
    {CHECKSUMS_SIDECAR, CHECKSUMS_SHA256,
	SHA256 "  /mnt/backup/dump\n" SHA256 "  a/xdump\n",
	"sha256 " SHA256 " - dump;sha256 " SHA256 " - a/xdump;", 0, 0},
    /* BagIt */
    {CHECKSUMS_BAGIT, CHECKSUMS_SHA256, SHA256 " data/a b\n",
	"sha256 " SHA256 " - data/a b;", 0, 0},
    {CHECKSUMS_BAGIT, CHECKSUMS_SHA256, SHA256 " \t  *data/a\r\n",
	"sha256 " SHA256 " - data/a;", 0, 0},
    {CHECKSUMS_BAGIT, CHECKSUMS_MD5, MD5 "  data/a%0Ab%0dc%25d%20e%\n",
	"md5 " MD5 " - data/a\nb\rc%d%20e%;", 0, 0},
    {CHECKSUMS_BAGIT, CHECKSUMS_SHA256,
	MD5 "  data/a\n" SHA256 "\n" SHA256 "data\n", "", 3, 0},
    {CHECKSUMS_BAGIT, CHECKSUMS_OTHER, SHA512 "ffff  data/a\n",
	"other  - data/a;", 0, 0},
    {CHECKSUMS_BAGIT, CHECKSUMS_SHA256, SHA256 "  ../a\n" SHA256 "  ~/a\n",
	"sha256 " SHA256 " - ~/a;", 0, 1},
};

static void
lists_of_lines(void **state)
{
	struct bytes out = BYTES_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = strlen(cases[i].text);
		struct checksums_options options = {
		    .syntax = cases[i].syntax,
		    .algorithm = cases[i].algorithm,
		};

		if (options.syntax == CHECKSUMS_SIDECAR)
			options.name = "dump";
		for (size_t step = 1; step <= length; step += 1 + step / 2) {
			struct checksums_summary summary;

			assert_int_equal(read_list(options, cases[i].text,
					     length, step, &out, &summary),
			    ERROR_NONE);
			assert_string_equal(
			    (const char *)out.data, cases[i].entries);
			assert_int_equal(summary.malformed, cases[i].malformed);
			assert_int_equal(summary.outside, cases[i].outside);
		}
	}
	bytes_done(&out);
}

static void
payload_oxum(void **state)
{
	static const struct {
		const char *text;
		bool has;
		uint64_t bytes, files, malformed;
	} infos[] = {
	    {"Payload-Oxum: 279164409832.1198\n", true, 279164409832, 1198, 0},
	    {"Contact: x\npayload-oxum:1.2  \r\n", true, 1, 2, 0},
	    {"Contact: x\n", false, 0, 0, 0},
	    {"Payload-Oxum: 12\n", false, 0, 0, 1},
	    {"Payload-Oxum: 18446744073709551616.1\n", false, 0, 0, 1},
	    {"Payload-Oxum: -1.1\n", false, 0, 0, 1},
	    {"Payload-Oxum: 1.1\nPayload-Oxum: 2.2\n", true, 1, 1, 1},
	};
	struct checksums_options options = {.syntax = CHECKSUMS_BAG_INFO};
	struct checksums_summary summary;
	struct bytes out = BYTES_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
		assert_int_equal(read_list(options, infos[i].text,
				     strlen(infos[i].text), 3, &out, &summary),
		    ERROR_NONE);
		assert_int_equal(summary.has_oxum, infos[i].has);
		assert_int_equal(summary.malformed, infos[i].malformed);
		if (infos[i].has) {
			assert_int_equal(summary.oxum_bytes, infos[i].bytes);
			assert_int_equal(summary.oxum_files, infos[i].files);
		}
	}
	bytes_done(&out);
}

#define OPENING(version) \
	"{ \"PostgreSQL-Backup-Manifest-Version\": " version ",\n"
#define CLOSING "\"Manifest-Checksum\": \"" SHA256 "\"}\n"

static const struct {
	const char *text;
	enum error_code code;
	const char *entries;
} manifests[] = {
    {OPENING("1") "\"Files\": [\n"
		  "{ \"Path\": \"a{\\\"]b\", \"Size\": 3, \"Last-Modified\": "
		  "\"2026-11-21 02:00:00 GMT\", \"Checksum-Algorithm\": "
		  "\"SHA256\", \"Checksum\": \"" SHA256 "\" },\n"
		  "{ \"Encoded-Path\": \"62ff\", \"Size\": 0, "
		  "\"Checksum-Algorithm\": \"CRC32C\", "
		  "\"Checksum\": \"00000000\" },\n"
		  "{ \"Path\": \"c\", \"Size\": 9 }\n"
		  "],\n\"WAL-Ranges\": [\n{ \"Timeline\": 1, \"Start-LSN\": "
		  "\"0/2000028\", \"End-LSN\": \"0/2000100\" }\n],\n" CLOSING,
	ERROR_NONE,
	"sha256 " SHA256 " 3 a{\"]b;crc32c 00000000 0 b\xff;none  9 c;"},
    /* A system identifier beyond 2^63; what pg_verifybackup leaves out. */
    {OPENING("2") "\"System-Identifier\": 17441123456789012345,\n"
		  "\"Files\": [{\"Path\": \"postgresql.auto.conf\", "
		  "\"Size\": 1}, {\"Path\": \"pg_wal/1\", \"Size\": 1}, "
		  "{\"Path\": \"pg_walx\", \"Size\": 1}],\n" CLOSING,
	ERROR_NONE, "none  1 pg_walx;"},
    {OPENING("3") "\"Files\": [],\n" CLOSING, ERROR_VERSION, ""},
    {OPENING("0") "\"Files\": [],\n" CLOSING, ERROR_INPUT, ""},
    {OPENING("1") CLOSING, ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": []}\n", ERROR_INPUT, ""},
    {"{\"Files\": [],\n" CLOSING, ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": [{} {}],\n" CLOSING, ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": [{\"Path\": \"a\", \"Size\": 1} "
		  "{\"Path\": \"b\", \"Size\": 1}],\n" CLOSING,
	ERROR_INPUT, NULL},
    {OPENING("1") "\"Files\": [{\"Path\": \"a\", \"Size\": 1},],\n" CLOSING,
	ERROR_INPUT, NULL},
    {OPENING("1") "\"Files\": [{\"Path\": \"a\", \"Size\": -1}],\n" CLOSING,
	ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": [{\"Path\": \"a\", \"Encoded-Path\": \"61\", "
		  "\"Size\": 1}],\n" CLOSING,
	ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": [{\"Encoded-Path\": \"616\", "
		  "\"Size\": 1}],\n" CLOSING,
	ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": [{\"Path\": \"a\", \"Size\": 1, "
		  "\"Checksum\": \"00\"}],\n" CLOSING,
	ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": [{\"Path\": \"a\", \"Size\": 1, "
		  "\"Checksum-Algorithm\": \"SHA256\", "
		  "\"Checksum\": \"00\"}],\n" CLOSING,
	ERROR_INPUT, ""},
    /* The end is missing, or not on a line of its own. */
    {OPENING("1") "\"Files\": [{\"Path\": \"a\"", ERROR_INPUT, ""},
    {OPENING("1") "\"Files\": [", ERROR_INPUT, ""},
    {"", ERROR_INPUT, ""},
    {"[[[[[[[[[[", ERROR_INPUT, ""},
    {"]", ERROR_INPUT, ""},
};

static void
backup_manifests(void **state)
{
	struct checksums_options options = {.syntax = CHECKSUMS_POSTGRESQL};
	struct bytes out = BYTES_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++) {
		const char *text = manifests[i].text;
		size_t length = strlen(text);

		for (size_t step = 1; step <= length; step += 1 + step / 2) {
			struct checksums_summary summary;

			assert_int_equal(read_list(options, text, length, step,
					     &out, &summary),
			    manifests[i].code);
			if (manifests[i].entries != NULL)
				assert_string_equal((const char *)out.data,
				    manifests[i].entries);
			if (manifests[i].code != ERROR_NONE)
				continue;
			assert_true(summary.has_own);
			assert_int_equal(
			    summary.own_bytes, length - strlen(CLOSING));
		}
	}
	bytes_done(&out);
}

static void
limits_hold(void **state)
{
	static char long_line[CHECKSUMS_LINE_BYTES_MAX + 16];
	struct checksums_summary summary;
	struct bytes out = BYTES_EMPTY;
	struct checksums_options options = {.syntax = CHECKSUMS_LINES};

	(void)state;
	memset(long_line, 'a', sizeof(long_line));
	options.algorithm = CHECKSUMS_OTHER;
	assert_int_equal(read_list(options, long_line, sizeof(long_line), 4096,
			     &out, &summary),
	    ERROR_LIMIT);
	/* A name that is too long is a line that is not understood. */
	memcpy(long_line, MD5 "  ", 34);
	assert_int_equal(
	    read_list(options, long_line, 34 + CHECKSUMS_PATH_BYTES_MAX + 1,
		4096, &out, &summary),
	    ERROR_NONE);
	assert_int_equal(summary.malformed, 1);
	assert_int_equal(
	    read_list(options, long_line, 34 + CHECKSUMS_PATH_BYTES_MAX, 4096,
		&out, &summary),
	    ERROR_NONE);
	assert_int_equal(summary.entries, 1);
	/* Names hold no NUL. */
	assert_int_equal(
	    read_list(options, MD5 "  a\0b\n", 38, 38, &out, &summary),
	    ERROR_NONE);
	assert_int_equal(summary.malformed, 1);
	options.syntax = CHECKSUMS_POSTGRESQL;
	memset(long_line, ' ', sizeof(long_line));
	memcpy(long_line, "[[{\"", 4);
	memset(long_line + 4, 'a', sizeof(long_line) - 4);
	assert_int_equal(read_list(options, long_line, sizeof(long_line), 4096,
			     &out, &summary),
	    ERROR_LIMIT);
	bytes_done(&out);
}

static void
names_tell_algorithms(void **state)
{
	static const struct {
		const char *name;
		enum checksums_algorithm algorithm;
	} names[] = {
	    {"SHA256SUMS", CHECKSUMS_SHA256},
	    {"sha256sum.txt", CHECKSUMS_SHA256},
	    {"manifest-sha512.txt", CHECKSUMS_SHA512},
	    {"MD5SUMS", CHECKSUMS_MD5},
	    {"dump.sha1", CHECKSUMS_SHA1},
	    {"CHECKSUMS", CHECKSUMS_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(checksums_algorithm_of_name(names[i].name),
		    names[i].algorithm);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_of_lines),
	    cmocka_unit_test(payload_oxum),
	    cmocka_unit_test(backup_manifests),
	    cmocka_unit_test(limits_hold),
	    cmocka_unit_test(names_tell_algorithms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
