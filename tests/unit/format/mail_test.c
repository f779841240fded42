/*
 * RFC 5322, 2045 and 2047: every line is short ASCII, and what is decoded is
 * what was given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/date.h"
#include "lib/base/text.h"
#include "lib/format/mail.h"

#define WORD "=?UTF-8?B?"

static char *
text_of(struct bytes *bytes)
{
	char *text;

	assert_false(bytes->failed);
	text = strndup((const char *)bytes->data, bytes->length);
	bytes_done(bytes);
	return text;
}

static char *
words_of(const char *text)
{
	struct bytes out = BYTES_EMPTY;

	mail_append_words(&out, text);
	return text_of(&out);
}

static void
plain_heads_stay(void **state)
{
	char *words = words_of("Act now: ehr (nas1): damaged copies (2)");

	(void)state;
	assert_string_equal(words, "Act now: ehr (nas1): damaged copies (2)");
	free(words);
}

/* RFC 2047 section 2: at most 75 characters, whole ones in each word. */
static void
decode(const char *words, struct bytes *out)
{
	while (*words != '\0') {
		const char *end = strstr(words, "?=");
		struct bytes piece = BYTES_EMPTY;

		assert_memory_equal(words, WORD, strlen(WORD));
		words += strlen(WORD);
		assert_non_null(end);
		assert_true((size_t)(end - words) + strlen(WORD) + 2 <= 66);
		assert_int_equal(
		    bytes_parse_base64(words, (size_t)(end - words), &piece),
		    0);
		assert_true(text_is_utf8(piece.data, piece.length));
		bytes_append(out, piece.data, piece.length);
		bytes_done(&piece);
		words = end + 2;
		if (*words != '\0') {
			assert_memory_equal(words, "\n ", 2);
			words += 2;
		}
	}
}

static void
other_heads_are_encoded_words(void **state)
{
	static const char *const heads[] = {
	    "要対応: 電子カルテ (サーバ室のNAS): 破損した複製 (2) - みなと病院",
	    "a",
	    "=?UTF-8?B?dHJpY2s=?=",
	    "A head that is plain ASCII, but longer than one line should be at "
	    "all",
	    "𠮷野家の患者🏥𠮷野家の患者🏥𠮷野家の患者🏥",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct bytes got = BYTES_EMPTY;
		char *words = words_of(heads[i]), *text;

		if (i == 1) {
			assert_string_equal(words, "a");
			free(words);
			continue;
		}
		decode(words, &got);
		text = text_of(&got);
		assert_string_equal(text, heads[i]);
		free(text);
		free(words);
	}
}

/* Nothing that is put into a head begins another one. */
static void
line_feeds_do_not_begin_heads(void **state)
{
	struct bytes got = BYTES_EMPTY;
	char *words = words_of("a\r\nBcc: thief@example\x7f"), *text;

	(void)state;
	decode(words, &got);
	text = text_of(&got);
	assert_string_equal(text, "a  Bcc: thief@example ");
	free(text);
	free(words);
}

static void
a_message_as_a_whole(void **state)
{
	static char one[] = "it@hospital.example", two[] = "b@hospital.example";
	static char *const to[] = {one, two};
	const struct mail mail = {
	    .from = "hikae@hospital.example",
	    .from_name = "hikae みなと病院",
	    .to = to,
	    .to_count = 2,
	    .subject = "Good: x",
	    .text = "○\nb\n",
	    .id = "hikae.1",
	    .at_ms = INT64_C(1795312805000),
	};
	struct bytes out = BYTES_EMPTY;
	char *text;

	(void)state;
	assert_int_equal(date_zone_open("Asia/Tokyo", NULL), 0);
	mail_append(&out, &mail);
	text = text_of(&out);
	assert_string_equal(text,
	    "Date: Sun, 22 Nov 2026 11:00:05 +0900\n"
	    "From: =?UTF-8?B?aGlrYWUg44G/44Gq44Go55eF6Zmi?=\n"
	    " <hikae@hospital.example>\n"
	    "To: it@hospital.example,\n"
	    " b@hospital.example\n"
	    "Subject: Good: x\n"
	    "Message-ID: <hikae.1@hospital.example>\n"
	    "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=UTF-8\n"
	    "Content-Transfer-Encoding: base64\n"
	    "\n"
	    "4peLDQpiDQo=\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_heads_stay),
	    cmocka_unit_test(other_heads_are_encoded_words),
	    cmocka_unit_test(line_feeds_do_not_begin_heads),
	    cmocka_unit_test(a_message_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
