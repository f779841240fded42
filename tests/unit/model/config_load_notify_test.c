/* The [notify] sections are read whatever is wrong beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/model/config.h"

static int root = -1;

static void
write_text(const char *path, const char *text)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
}

static int
set_up(void **state)
{
	static char folder[] = "/tmp/hikae-config-notify-XXXXXX";

	*state = folder;
	assert_non_null(mkdtemp(folder));
	root = open(folder, O_RDONLY | O_DIRECTORY);
	assert_true(root >= 0);
	assert_int_equal(mkdirat(root, "etc", 0700), 0);
	assert_int_equal(mkdirat(root, "etc/hikae", 0700), 0);
	return mkdirat(root, CONFIG_FOLDER, 0700);
}

static int
tear_down(void **state)
{
	(void)unlinkat(root, CONFIG_FILE, 0);
	(void)unlinkat(root, CONFIG_FOLDER "/a.conf", 0);
	(void)unlinkat(root, CONFIG_FOLDER, AT_REMOVEDIR);
	(void)unlinkat(root, "etc/hikae", AT_REMOVEDIR);
	(void)unlinkat(root, "etc", AT_REMOVEDIR);
	(void)close(root);
	return rmdir(*state);
}

static void
a_mistake_elsewhere(void **state)
{
	struct config_problems problems;
	struct config *config = NULL;
	const struct config_notify *notify;

	(void)state;
	write_text(CONFIG_FILE,
	    "what is this\n[facility]\nid = Ä\n[system ehr]\nkind = no\n"
	    "[notify it]\nmethod = mail\nto = a@b.example, c@d.example\n"
	    "command = /bin/true\n[system ehr]\n[medium\n");
	write_text(CONFIG_FOLDER "/a.conf",
	    "\377\n[notify second]\nmethod=command\ncommand=/bin/a=b\n");
	assert_int_equal(config_load_notify(root, &config, &problems), 0);
	config_problems_done(&problems);
	notify = config_find_notify(config, "it");
	assert_non_null(notify);
	assert_int_equal(notify->to.count, 2);
	assert_string_equal(notify->to.items[1], "c@d.example");
	notify = config_find_notify(config, "second");
	assert_non_null(notify);
	assert_string_equal(config_notify_program(notify), "/bin/a=b");
	assert_null(config_find_system(config, "ehr"));
	config_free(config);
}

static void
a_mistake_in_it(void **state)
{
	struct config_problems problems;
	struct config *config = NULL;

	(void)state;
	write_text(CONFIG_FILE, "[notify it]\nmethod = pigeon\n");
	write_text(CONFIG_FOLDER "/a.conf", "");
	assert_int_equal(config_load_notify(root, &config, &problems), -1);
	assert_true(problems.count > 0);
	config_problems_done(&problems);
}

static void
nothing_there(void **state)
{
	struct config_problems problems;
	struct config *config = NULL;

	(void)state;
	assert_int_equal(unlinkat(root, CONFIG_FILE, 0), 0);
	assert_int_equal(config_load_notify(root, &config, &problems), 0);
	assert_null(config_find_notify(config, "it"));
	config_problems_done(&problems);
	config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mistake_elsewhere),
	    cmocka_unit_test(a_mistake_in_it),
	    cmocka_unit_test(nothing_there),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
