/* Lines that follow the grammar, lines that do not, and whole folders. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/bytes.h"
#include "lib/format/ini.h"

/* What was handed out, one line each: "file:line [kind|id] key=value". */
static void
on_item(void *context, const struct ini_item *item)
{
	struct bytes *log = context;

	bytes_append_format(
	    log, "%s:%u [%s|%s]", item->file, item->line, item->kind, item->id);
	if (item->key != NULL)
		bytes_append_format(log, " %s=%s", item->key, item->value);
	bytes_append_text(log, "\n");
}

static void
on_problem(void *context, const char *file, unsigned int line, const char *text)
{
	assert_true(strlen(text) > 0);
	bytes_append_format(context, "%s:%u problem\n", file, line);
}

static void
check_log(struct bytes *log, const char *expected)
{
	bytes_append_u8(log, 0);
	assert_string_equal((char *)log->data, expected);
	bytes_done(log);
}

static void
check_text(const char *text, size_t length, const char *expected)
{
	struct bytes log = BYTES_EMPTY;
	struct ini_handler handler = {&log, on_item, on_problem};

	ini_parse("f", text, length, &handler);
	check_log(&log, expected);
}

static void
grammar(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
	    {"", ""},
	    {"\n\n# c\n ; c = 1\n", ""},
	    {"\xef\xbb\xbf[a]\r\nk=v\r\n", "f:1 [a|]\nf:2 [a|] k=v\n"},
	    {"[ system   ehr ]\n  k  =  two words # kept  ",
		"f:1 [system|ehr]\nf:2 [system|ehr] k=two words # kept\n"},
	    {"[a]\nk==\nl=\n\tm\t=\t[x]\n",
		"f:1 [a|]\nf:2 [a|] k==\nf:3 [a|] l=\nf:4 [a|] m=[x]\n"},
	    {"k=v\n", "f:1 [|] k=v\n"},
	    {"[a]\nname = 中央病院\n", "f:1 [a|]\nf:2 [a|] name=中央病院\n"},
	    {"[a]\nk=v\n continued\n", "f:1 [a|]\nf:2 [a|] k=v\nf:3 problem\n"},
	    {"[a]\n=v\nno\n[b]\n",
		"f:1 [a|]\nf:2 problem\nf:3 problem\nf:4 [b|]\n"},
	    /* Keys of a broken section belong to nobody. */
	    {"[a\nk=v\n[]\nk=v\n[[a]]\n[b]\nk=v\n",
		"f:1 problem\nf:3 problem\nf:5 problem\nf:6 [b|]\n"
		"f:7 [b|] k=v\n"},
	    {"[a]\nk=\xff\nl=a\x01z\nm=1\n",
		"f:1 [a|]\nf:2 problem\nf:3 problem\nf:4 [a|] m=1\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_text(
		    cases[i].text, strlen(cases[i].text), cases[i].expected);
	check_text(
	    "[a]\nk=x\0y\nl=1", 13, "f:1 [a|]\nf:2 problem\nf:3 [a|] l=1\n");
}

static void
long_lines_are_refused_whole(void **state)
{
	static char text[INI_LINE_MAX_BYTES + 16];
	struct bytes log = BYTES_EMPTY;
	struct ini_handler handler = {&log, on_item, on_problem};

	(void)state;
	memset(text, 'v', sizeof(text));
	text[1] = '=';
	text[INI_LINE_MAX_BYTES] = '\n';
	ini_parse("f", text, INI_LINE_MAX_BYTES + 1, &handler);
	assert_int_equal(
	    log.length, strlen("f:1 [|] v=\n") + INI_LINE_MAX_BYTES - 2);
	bytes_done(&log);
	text[INI_LINE_MAX_BYTES] = 'v';
	text[INI_LINE_MAX_BYTES + 1] = '\n';
	text[INI_LINE_MAX_BYTES + 3] = '=';
	check_text(text, INI_LINE_MAX_BYTES + 6, "f:1 problem\nf:2 [|] v=vv\n");
}

static void
write_file(const char *folder, const char *name, size_t length)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fprintf(file, "k=%s\n", name) > 0);
	for (size_t i = 0; i < length; i++)
		assert_int_equal(fputc('\n', file), '\n');
	assert_int_equal(fclose(file), 0);
}

static void
folders_are_read_in_order(void **state)
{
	char root[] = "/tmp/hikae-ini-XXXXXX", path[64], command[64];
	struct bytes log = BYTES_EMPTY;
	struct ini_handler handler = {&log, on_item, on_problem};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(root));
	(void)snprintf(path, sizeof(path), "%s/d", root);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file(path, "20.conf", 0);
	write_file(path, "10.conf", 0);
	write_file(path, "30.conf", INI_FILE_MAX_BYTES);
	write_file(path, ".40.conf", 0);
	write_file(path, "50.conf~", 0);
	write_file(path, ".conf", 0);
	fd = open(root, O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	assert_int_equal(symlinkat("d/10.conf", fd, "d/60.conf"), 0);
	ini_parse_folder(fd, "d", ".conf", &handler);
	ini_parse_folder(fd, "none", ".conf", &handler);
	ini_parse_file(fd, "none.conf", &handler);
	check_log(&log, "d/10.conf:1 [|] k=10.conf\nd/20.conf:1 [|] k=20.conf\n"
			"d/30.conf:0 problem\nd/60.conf:0 problem\n"
			"none.conf:0 problem\n");
	assert_int_equal(close(fd), 0);
	(void)snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(grammar),
	    cmocka_unit_test(long_lines_are_refused_whole),
	    cmocka_unit_test(folders_are_read_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
