/* Bad sequences from RFC 3629 section 3; widths of Standard Annex #11. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/text.h"

static void
utf8_is_checked(void **state)
{
	static const char *const good[] = {"", "abc", "\xc2\x80", "\xdf\xbf",
	    "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80",
	    "\xf4\x8f\xbf\xbf", "診療録"};
	static const char *const bad[] = {"\x80", "\xc0\x80", "\xc1\xbf",
	    "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
	    "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe3\x81",
	    "\xe3\x81x", "a\xc3", "\x83\x65"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(text_is_utf8(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_is_utf8(bad[i], strlen(bad[i])));
}

static const struct {
	const char *raw, *shown;
} escapes[] = {
    {"", ""},
    {"plain name.txt", "plain name.txt"},
    {"診療録.pdf", "診療録.pdf"},
    {"a\nb\x1b[31m\x7f", "a\\x0ab\\x1b[31m\\x7f"},
    {"C:\\x", "C:\\\\x"},
    {"\xff\xfe", "\\xff\\xfe"},
    {"\x83\x65", "\\x83e"},
    {"\xc2\x9b", "\\u{9b}"},
    {"gpj\xe2\x80\xaetxt", "gpj\\u{202e}txt"},
    {"a\xe2\x81\xa6z", "a\\u{2066}z"},
    {"a\xe2\x80\x8bz", "a\\u{200b}z"},
    {"a\xe2\x80\xa8z", "a\\u{2028}z"},
    {"\xef\xbb\xbf", "\\u{feff}"},
    {"\xf4\x8f\xbf\xbf", "\\u{10ffff}"},
    /* Decomposed kana (macOS) and an ideographic variation stay. */
    {"か\xe3\x82\x99", "か\xe3\x82\x99"},
    {"葛\xf3\xa0\x84\x80", "葛\xf3\xa0\x84\x80"},
};

static void
hidden_characters_are_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		struct bytes out = BYTES_EMPTY;
		size_t length = strlen(escapes[i].raw);
		char fixed[64];

		text_append_escaped(&out, escapes[i].raw, length);
		bytes_append_u8(&out, 0);
		assert_string_equal((char *)out.data, escapes[i].shown);
		assert_true(out.length <= TEXT_ESCAPED_BYTES(length));
		assert_string_equal(
		    text_escape(fixed, sizeof(fixed), escapes[i].raw, length),
		    escapes[i].shown);
		bytes_done(&out);
	}
}

static void
every_byte_pair_stays_visible_utf8(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 65536; pair++) {
		uint8_t raw[2] = {(uint8_t)(pair >> 8), (uint8_t)pair};
		char shown[TEXT_ESCAPED_BYTES(2)];

		(void)text_escape(shown, sizeof(shown), raw, 2);
		assert_true(text_is_utf8(shown, strlen(shown)));
		for (const char *at = shown; *at != '\0'; at++)
			assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
	}
}

static void
fixed_buffers_cut_between_characters(void **state)
{
	char text[8];

	(void)state;
	assert_string_equal(text_escape(text, 8, "1234567", 7), "1234567");
	assert_string_equal(text_escape(text, 8, "12345678", 8), "1234…");
	assert_string_equal(text_escape(text, 8, "診療録", 9), "診…");
	assert_string_equal(text_escape(text, 4, "12345678", 8), "…");
	assert_string_equal(text_escape(text, 4, "\1\2", 2), "…");
	assert_string_equal(text_escape(text, 8, "\0a", 2), "\\x00a");
}

static void
widths_follow_annex_11(void **state)
{
	(void)state;
	assert_int_equal(text_display_width(""), 0);
	assert_int_equal(text_display_width("abc"), 3);
	assert_int_equal(text_display_width("診療録"), 6);
	assert_int_equal(text_display_width("ｶﾙﾃ"), 3);
	assert_int_equal(text_display_width("ＥＨＲ"), 6);
	assert_int_equal(text_display_width("か\xe3\x82\x99"), 2);
	assert_int_equal(text_display_width("e\xcc\x81"), 1);
	assert_int_equal(text_display_width("○×"), 2);
	assert_int_equal(text_display_width("？"), 2);
	assert_int_equal(text_display_width("𠮷"), 2);
	assert_int_equal(text_display_width("\xff"), 1);
}

static void
check_columns(void (*function)(struct bytes *, const char *, size_t),
    const char *text, size_t columns, const char *expected)
{
	struct bytes out = BYTES_EMPTY;

	function(&out, text, columns);
	bytes_append_u8(&out, 0);
	assert_string_equal((char *)out.data, expected);
	bytes_done(&out);
}

static void
columns_are_padded_and_cut(void **state)
{
	(void)state;
	check_columns(text_pad, "媒体", 6, "媒体  ");
	check_columns(text_pad, "媒体", 3, "媒体");
	check_columns(text_cut, "電子カルテ", 10, "電子カルテ");
	check_columns(text_cut, "電子カルテ", 9, "電子カル…");
	check_columns(text_cut, "電子カルテ", 8, "電子カ…");
	check_columns(text_cut, "abc", 1, "…");
	check_columns(text_cut, "abc", 0, "");
}

static void
what_shows_nothing_is_blank(void **state)
{
	static const char *const blank[] = {"", " ", "\t", "\n", "\r\n",
	    "\u00a0", "\u1680", "\u2003", "\u200b", "\u2028", "\u202f",
	    "\u205f", "\u2060", "\u2800", "\u3000", "\u3164", "\ufeff",
	    " \u3000\u00a0\u200b"};
	static const char *const words[] = {
	    "a", " 佐藤", "\u3000佐藤\u3000", "-", "。", "\xff", " \xe3\x80"};

	(void)state;
	for (size_t i = 0; i < sizeof(blank) / sizeof(blank[0]); i++)
		assert_true(text_is_blank(blank[i]));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(text_is_blank(words[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(utf8_is_checked),
	    cmocka_unit_test(hidden_characters_are_shown),
	    cmocka_unit_test(every_byte_pair_stays_visible_utf8),
	    cmocka_unit_test(fixed_buffers_cut_between_characters),
	    cmocka_unit_test(what_shows_nothing_is_blank),
	    cmocka_unit_test(widths_follow_annex_11),
	    cmocka_unit_test(columns_are_padded_and_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
