/* What the journal gets of a medium: one line of ASCII, and no noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/media_facts.h"

static void
foreign_texts_become_names(void **state)
{
	struct identity *identity = calloc(1, sizeof(*identity));
	struct media_facts facts;
	json_t *object;

	(void)state;
	assert_non_null(identity);
	(void)snprintf(
	    identity->serial, sizeof(identity->serial), "%s", "AB\n\x01\xff 9");
	(void)snprintf(identity->wwn, sizeof(identity->wwn), "5000");
	identity->device.encrypted = true;
	(void)snprintf(identity->device.encryption,
	    sizeof(identity->device.encryption), "LUKS2");
	media_facts_of_identity(identity, &facts);
	assert_string_equal(facts.serial, "AB___ 9");
	assert_string_equal(facts.encrypted, "luks2");
	identity->serial[0] = identity->device.encryption[0] = '\0';
	media_facts_of_identity(identity, &facts);
	assert_string_equal(facts.serial, "5000");
	assert_string_equal(facts.encrypted, "unknown");
	/* What is not known is left out. */
	object = media_facts_describe(&facts);
	assert_null(json_object_get(object, "uuid"));
	assert_null(json_object_get(object, "capacity"));
	assert_non_null(json_object_get(object, "read_only"));
	json_decref(object);
	free(identity);
}

/* What nobody can see is not "not encrypted". */
static void
only_seen_disks_are_not_encrypted(void **state)
{
	static const struct {
		enum device_reach reach;
		bool disks_known;
		size_t disk_count;
		const char *expected;
	} cases[] = {
	    {DEVICE_LOCAL_BLOCK, true, 1, "none"},
	    {DEVICE_LOCAL_BLOCK, true, 2, "none"},
	    {DEVICE_FUSE, true, 1, "none"},	       /* ntfs-3g */
	    {DEVICE_LOCAL_BLOCK, false, 1, "unknown"}, /* some of several */
	    {DEVICE_LOCAL_BLOCK, false, 0, "unknown"},
	    {DEVICE_LOCAL_MEMORY, true, 0, "unknown"},
	    {DEVICE_FUSE, false, 0, "unknown"},	   /* sshfs, rclone */
	    {DEVICE_NETWORK, false, 0, "unknown"}, /* nfs, cifs */
	    {DEVICE_NETWORK, true, 1, "unknown"},  /* iscsi */
	    {DEVICE_UNKNOWN, false, 0, "unknown"}, /* overlay */
	};
	struct identity *identity = calloc(1, sizeof(*identity));

	(void)state;
	assert_non_null(identity);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct media_facts facts;

		identity->device.reach = cases[i].reach;
		identity->device.disks_known = cases[i].disks_known;
		identity->device.disk_count = cases[i].disk_count;
		media_facts_of_identity(identity, &facts);
		assert_string_equal(facts.encrypted, cases[i].expected);
	}
	free(identity);
}

static void
long_lists_of_disks_are_named_by_their_digest(void **state)
{
	struct identity *identity = calloc(1, sizeof(*identity));
	struct media_facts facts, other;

	(void)state;
	assert_non_null(identity);
	memset(identity->lies_on, 'x', 256);
	media_facts_of_identity(identity, &facts);
	assert_int_equal(strlen(facts.disks), 256);
	memset(identity->lies_on, 'x', 257);
	media_facts_of_identity(identity, &facts);
	assert_int_equal(strlen(facts.disks), 7 + 64);
	identity->lies_on[256] = 'y';
	media_facts_of_identity(identity, &other);
	assert_string_not_equal(facts.disks, other.disks);
	assert_false(media_facts_is_same(&facts, &other));
	free(identity);
}

static void
a_little_free_space_is_no_change(void **state)
{
	struct media_facts a, b;

	(void)state;
	media_facts_init(&a);
	media_facts_init(&b);
	assert_true(media_facts_is_same(&a, &b));
	a.capacity = b.capacity = 1000;
	b.free = 500;
	assert_false(media_facts_is_same(&a, &b));
	a.free = 549;
	assert_true(media_facts_is_same(&a, &b));
	a.free = 550;
	assert_false(media_facts_is_same(&a, &b));
	a.free = 450;
	assert_false(media_facts_is_same(&a, &b));
	a.free = 500;
	b.device_read_only = true;
	assert_false(media_facts_is_same(&a, &b));
	a.device_read_only = true;
	(void)snprintf(b.stamp, sizeof(b.stamp), "ext mounts=2");
	assert_false(media_facts_is_same(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(foreign_texts_become_names),
	    cmocka_unit_test(only_seen_disks_are_not_encrypted),
	    cmocka_unit_test(long_lists_of_disks_are_named_by_their_digest),
	    cmocka_unit_test(a_little_free_space_is_no_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
