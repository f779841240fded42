/*
 * What the members of an archive say of themselves, where one file has several
 * names: pax(1), GNU tar's manual ("Hard Links"), cpio(5) of libarchive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/os/tree.h"

#include "lib/examine/contents.h"
#include "tests/unit/examine/parsing.h"

static struct parsed parsed;

/* What was said of claims, and of all: files, broken, other, skipped. */
struct told {
	uint64_t files, broken, other, skipped;
};

static int
take(void *context, const struct contents_result *result, struct error *err)
{
	struct told *told = context;

	(void)err;
	if (result->format == INSPECT_UKE) {
		told->files = result->files;
		told->broken = result->severities[INSPECT_BROKEN];
	}
	if (result->format == INSPECT_FORMATS) {
		told->other = result->files;
		told->skipped = result->skipped;
	}
	return 0;
}

static struct told
look_into(const char *name)
{
	struct examine_events events = {
	    &parsed, on_progress, on_finding, NULL, NULL};
	const struct contents_options options = {
	    .events = &events, .is_complete = true};
	struct parsing parsing = PARSING_USUAL;
	struct told told = {0};
	struct error err = {0};

	assert_int_equal(contents_new(&options, &parsing.contents, &err), 0);
	parse_with(name, parsing, &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_int_equal(
	    contents_finish(parsing.contents, take, &told, &err), 0);
	contents_free(parsing.contents);
	return told;
}

/* A tree of generations, as rsnapshot makes it. */
static void
linked_names_are_looked_into_once(void **state)
{
	static const struct {
		const char *name, *command;
		struct told told;
	} rows[] = {
	    {"l.tar", "tar -cf l.tar daily.0 daily.1", {1, 0, 0, 0}},
	    {"p.tar", "bsdtar --format pax -cf p.tar daily.0 daily.1",
		{1, 0, 0, 0}},
	    /* All names have the data. */
	    {"l.odc", "find daily.? -type f | cpio -o -H odc >l.odc",
		{2, 0, 0, 0}},
	    /* The last has it. */
	    {"l.newc", "find daily.? -type f | bsdcpio -o -H newc >l.newc",
		{1, 0, 0, 1}},
	    {"g.newc", "find daily.? -type f | cpio -o -H newc >g.newc",
		{1, 0, 0, 1}},
	    /* None has: the file is empty, and that is not taken for good. */
	    {"e.tar", "tar -cf e.tar empty.0 empty.1", {1, 1, 0, 0}},
	    {"e.newc", "find empty.? -type f | cpio -o -H newc >e.newc",
		{0, 0, 0, 1}},
	};

	(void)state;
	shell("mkdir daily.0 daily.1 empty.0 empty.1\n"
	      "printf 'IR,1,13,1,9999999,,Hikae,202610,00,\\r\\n"
	      "RE,1,1112,202610,Hikae Taro,1,19500101\\r\\n"
	      "HO,06132013,,,1,500,,,\\r\\nGO,1,500,99\\r\\n' "
	      ">daily.0/RECEIPTC.UKE\n"
	      "ln daily.0/RECEIPTC.UKE daily.1\n"
	      "touch empty.0/RECEIPTC.UKE; ln empty.0/RECEIPTC.UKE empty.1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct told told;

		shell(rows[i].command);
		told = look_into(rows[i].name);
		if (memcmp(&told, &rows[i].told, sizeof(told)) != 0)
			fail_msg("%s: %d %d %d %d", rows[i].name,
			    (int)told.files, (int)told.broken, (int)told.other,
			    (int)told.skipped);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(linked_names_are_looked_into_once),
	};

	return cmocka_run_group_tests(tests, parsing_set_up, tree_tear_down);
}
