/* Names in drill.d that no drill would use are told. */
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

#include "lib/worker/drill_names.h"

#define FOLDER DRILL_NAMES_FOLDER "/"

static char ehr[] = "ehr", imaging[] = "imaging", lab1[] = "lab1",
	    lab2[] = "lab2";
static struct config_system systems[] = {
    {.id = ehr}, {.id = imaging}, {.id = lab1}, {.id = lab2}};
static const struct config config = {.systems = systems, .system_count = 4};

static void
whom_a_name_is_of(void **state)
{
	(void)state;
	assert_true(drill_names_is_of_system("ehr", "ehr"));
	assert_true(drill_names_is_of_system("ehr.check", "ehr"));
	assert_false(drill_names_is_of_system("ehr2.check", "ehr"));
	assert_false(drill_names_is_of_system("eh", "ehr"));
	assert_true(drill_names_is_of_format("pgdump", INSPECT_PGDUMP));
	assert_true(drill_names_is_of_format("pgdump.x", INSPECT_PGDUMP));
	assert_true(drill_names_is_of_format("pgdump", INSPECT_PGTAR));
	assert_false(drill_names_is_of_format("pgdum", INSPECT_PGDUMP));
	assert_false(drill_names_is_of_format(".pgdump", INSPECT_PGDUMP));
	assert_false(drill_names_is_of_none(&config, "ehr.check"));
	assert_false(drill_names_is_of_none(&config, "sqlite"));
	assert_true(drill_names_is_of_none(&config, "erh.check"));
}

static void
whom_it_was_meant_for(void **state)
{
	static const struct {
		const char *name, *nearest;
	} cases[] = {
	    {"erh.check", "ehr"},
	    {"imagign.postgresql", "imaging"},
	    {"sqlit", "sqlite"},
	    {"lab.check", NULL}, /* of two */
	    {"README", NULL},
	    {".erh", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *nearest =
		    drill_names_nearest(&config, cases[i].name);

		if (cases[i].nearest == NULL)
			assert_null(nearest);
		else
			assert_string_equal(nearest, cases[i].nearest);
	}
}

/* ---- the folder ---- */

static int
make_root(void **state)
{
	static char root[] = "/tmp/hikae-drill-names-XXXXXX";
	static int fd;

	assert_non_null(mkdtemp(root));
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0 && fchdir(fd) == 0);
	*state = &fd;
	return 0;
}

static int
drop_root(void **state)
{
	char command[] = "rm -rf \"$PWD\"";

	assert_int_equal(close(*(int *)*state), 0);
	return system(command);
}

static void
put(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static void
the_folder(void **state)
{
	static const char *const told[] = {
	    FOLDER "dangling: no system and no format is called so",
	    FOLDER "erh.check: no system and no format is called so",
	    FOLDER "order.sql: no system and no format is called so",
	    FOLDER "other: no system and no format is called so",
	};
	int root_fd = *(int *)*state;
	struct config_problems warnings = {.count = 0};

	drill_names_check(root_fd, &config, &warnings);
	assert_int_equal(warnings.count, 0);
	assert_int_equal(mkdir("etc", 0755), 0);
	assert_int_equal(mkdir("etc/hikae", 0755), 0);
	assert_int_equal(mkdir(DRILL_NAMES_FOLDER, 0755), 0);
	drill_names_check(root_fd, &config, &warnings);
	assert_int_equal(warnings.count, 0);
	put(FOLDER "ehr.check", 0755);
	put(FOLDER "ehr.sql", 0644);
	put(FOLDER "sqlite", 0755);
	put(FOLDER "README", 0644);
	put(FOLDER ".erh.swp", 0755);
	/* A program that another name leads to, and its parts. */
	put(FOLDER "postgresql", 0755);
	assert_int_equal(symlink("postgresql", FOLDER "ehr.postgresql"), 0);
	assert_int_equal(mkdir(FOLDER "postgresql.d", 0755), 0);
	drill_names_check(root_fd, &config, &warnings);
	assert_int_equal(warnings.count, 0);
	put(FOLDER "erh.check", 0644);
	put(FOLDER "order.sql", 0644);
	put(FOLDER "other", 0755);
	assert_int_equal(symlink("/nowhere/at/all", FOLDER "dangling"), 0);
	drill_names_check(root_fd, &config, &warnings);
	assert_int_equal(warnings.count, 4);
	for (size_t i = 0; i < warnings.count; i++)
		assert_int_equal(
		    strncmp(warnings.texts[i], told[i], strlen(told[i])), 0);
	assert_non_null(strstr(warnings.texts[1], "mean \"ehr\"?"));
	assert_null(strstr(warnings.texts[3], "mean"));
	config_problems_done(&warnings);
}

/* One that is there and no folder is told, too. */
static void
what_cannot_be_listed(void **state)
{
	struct config_problems warnings = {.count = 0};

	assert_int_equal(rename(DRILL_NAMES_FOLDER, "etc/hikae/elsewhere"), 0);
	put(DRILL_NAMES_FOLDER, 0644);
	drill_names_check(*(int *)*state, &config, &warnings);
	assert_int_equal(warnings.count, 1);
	config_problems_done(&warnings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whom_a_name_is_of),
	    cmocka_unit_test(whom_it_was_meant_for),
	    cmocka_unit_test(the_folder),
	    cmocka_unit_test(what_cannot_be_listed),
	};

	return cmocka_run_group_tests(tests, make_root, drop_root);
}
