/* What the tests of walk share.  Include it after cmocka.h. */
#ifndef HIKAE_TESTS_UNIT_OS_WALKING_H
#define HIKAE_TESTS_UNIT_OS_WALKING_H

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "lib/os/walk.h"
#include "tests/unit/os/tree.h"

/* Spills into the tree's file system; one MiB of memory. */
static struct walk_options defaults;

static inline int
walking_options(void)
{
	struct error err;

	defaults = (struct walk_options){.memory_bytes = 1 << 20};
	return file_temporary(root_fd, &defaults.spill_fd, &err);
}

static inline int
walking_set_up(void **state)
{
	return tree_set_up(state) != 0 ? -1 : walking_options();
}

static inline int
walking_set_up_in_memory(void **state)
{
	return tree_set_up_in_memory(state) != 0 ? -1 : walking_options();
}

static inline int
walking_tear_down(void **state)
{
	(void)close(defaults.spill_fd);
	return tree_tear_down(state);
}

static inline struct walk *
begin(const struct walk_options *options)
{
	struct error err = {0};
	struct walk *walk = walk_new(root_fd, options, &err);

	if (walk == NULL)
		print_error("%s\n", err.text);
	assert_non_null(walk);
	return walk;
}

static inline bool
next(struct walk *walk, struct walk_entry *entry)
{
	struct error err = {0};
	int rc = walk_next(walk, entry, &err);

	if (rc < 0)
		print_error("%s\n", err.text);
	assert_true(rc >= 0);
	if (rc > 0)
		assert_int_equal(strlen(entry->path), entry->path_length);
	return rc > 0;
}

static inline void
assert_next(struct walk *walk, struct walk_entry *entry, const char *path,
    enum walk_type type, int problem)
{
	assert_true(next(walk, entry));
	assert_string_equal(entry->path, path);
	assert_int_equal(entry->type, type);
	assert_int_equal(entry->problem, problem);
}

static inline void
assert_end(struct walk *walk)
{
	struct walk_entry entry;

	assert_false(next(walk, &entry));
	assert_false(next(walk, &entry));
	walk_free(walk);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, walking_set_up, walking_tear_down)
#define TEST_IN_MEMORY(name)             \
	cmocka_unit_test_setup_teardown( \
	    name, walking_set_up_in_memory, walking_tear_down)

#endif
