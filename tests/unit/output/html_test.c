/*
 * Whatever a file, a medium or a person is called, it stays text: none of it
 * becomes markup, runs, or turns a line round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/output/html.h"

static struct error err;

/* What was written, less the document's type; the caller frees it. */
static const char *
finish(struct html *html, struct bytes *out)
{
	const char *text;

	*out = (struct bytes)BYTES_EMPTY;
	if (html_finish(html, out, &err) != 0)
		fail_msg("%s", err.text);
	bytes_append_u8(out, 0);
	text = strchr((const char *)out->data, '\n');
	assert_non_null(text);
	return text + 1;
}

static void
names_stay_text(void **state)
{
	static const struct {
		const char *name, *expected;
	} cases[] = {
	    {"<script>alert(1)</script>",
		"&lt;script&gt;alert(1)&lt;/script&gt;"},
	    {"\"><img src=x onerror=alert(1)>",
		"&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"},
	    {"' onload='alert(1)", "&#39; onload=&#39;alert(1)"},
	    {"a & b &lt;", "a &amp; b &amp;lt;"},
	    {"</style><b>", "&lt;/style&gt;&lt;b&gt;"},
	    {"<!-- ", "&lt;!-- "},
	    {"]]>", "]]&gt;"},
	    {"山田 太郎", "山田 太郎"},
	    /* What shows nothing is made visible: NUL ends a text. */
	    {"a\x01\x1b[2Jb", "a\\x01\\x1b[2Jb"},
	    {"a\nb", "a\\x0ab"},
	    {"\xff\xfe", "\\xff\\xfe"},
	    {"exe.\xe2\x80\xaegpj", "exe.\\u{202e}gpj"},
	    {"\xc0\xbcscript\xc0\xbe", "\\xc0\\xbcscript\\xc0\\xbe"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char expected[256];
		struct html html;
		struct bytes out;

		html_begin(&html);
		html_open(&html, "p");
		html_attribute(&html, "title", cases[i].name);
		html_text(&html, cases[i].name);
		html_close(&html);
		(void)snprintf(expected, sizeof(expected),
		    "<p title=\"%s\">%s</p>\n", cases[i].expected,
		    cases[i].expected);
		assert_string_equal(finish(&html, &out), expected);
		bytes_done(&out);
	}
}

static void
every_byte_is_safe(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		char name[2] = {(char)byte, '\0'};
		struct html html;
		struct bytes out;
		const char *text;

		html_begin(&html);
		html_element(&html, "b", NULL, name);
		text = finish(&html, &out);
		assert_int_equal(strncmp(text, "<b>", 3), 0);
		assert_null(strpbrk(strndupa(text + 3, strlen(text) - 7),
		    "<>\"'\n\r\t\x01\x7f"));
		bytes_done(&out);
	}
}

/* Elements nest, and those without content end themselves. */
static void
elements_nest(void **state)
{
	struct html html;
	struct bytes out;

	(void)state;
	html_begin(&html);
	html_open_class(&html, "svg", "icon");
	html_open(&html, "path");
	html_attribute(&html, "d", "M1 1");
	html_close(&html);
	html_close(&html);
	html_element(&html, "span", NULL, "");
	html_open(&html, "i");
	html_text_format(&html, "%d<%d", 1, 2);
	html_close(&html);
	assert_string_equal(finish(&html, &out),
	    "<svg class=\"icon\"><path d=\"M1 1\"/></svg>\n"
	    "<span></span><i>1&lt;2</i>");
	bytes_done(&out);
}

static void
assert_refused(struct html *html)
{
	struct bytes out = BYTES_EMPTY;

	assert_int_equal(html_finish(html, &out, &err), -1);
	assert_int_equal(err.code, ERROR_INTERNAL);
	assert_int_equal(out.length, 0);
	bytes_done(&out);
}

static void
what_could_run_is_refused(void **state)
{
	static const char *const attributes[] = {"onload", "onClick", "src",
	    "href", "style", "SRC", "formaction", "x y", "a=b", "", "1"};
	static const char *const elements[] = {
	    "script", "SCRIPT", "b onload=1", "", "b>", "/b"};
	static const char *const sheets[][2] = {
	    {"</style><script>", NULL},
	    {"a{background:url(http://x)}", NULL},
	    {"@import 'x';", NULL},
	};
	struct html html;

	(void)state;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		html_begin(&html);
		html_open(&html, "p");
		html_attribute(&html, attributes[i], "x");
		html_close(&html);
		assert_refused(&html);
	}
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++) {
		html_begin(&html);
		html_open(&html, elements[i]);
		assert_refused(&html);
	}
	for (size_t i = 0; i < sizeof(sheets) / sizeof(*sheets); i++) {
		html_begin(&html);
		html_style(&html, sheets[i]);
		assert_refused(&html);
	}
}

static void
what_is_not_whole_is_refused(void **state)
{
	struct html html;

	(void)state;
	html_begin(&html);
	html_open(&html, "p");
	assert_refused(&html);
	html_begin(&html);
	html_close(&html);
	assert_refused(&html);
	/* An attribute after the text. */
	html_begin(&html);
	html_open(&html, "p");
	html_text(&html, "x");
	html_attribute(&html, "class", "y");
	html_close(&html);
	assert_refused(&html);
	html_begin(&html);
	for (int i = 0; i <= HTML_DEPTH_MAX; i++)
		html_open(&html, "b");
	for (int i = 0; i < HTML_DEPTH_MAX; i++)
		html_close(&html);
	assert_refused(&html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_stay_text),
	    cmocka_unit_test(every_byte_is_safe),
	    cmocka_unit_test(elements_nest),
	    cmocka_unit_test(what_could_run_is_refused),
	    cmocka_unit_test(what_is_not_whole_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
