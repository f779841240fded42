/*
 * An exported journal proves itself without the catalog: every changed byte
 * and every cut is found.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "tests/unit/store/signed_journal.h"

static int
export_file(void)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/journal", folder);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	if (journal_export(catalog, fd, &err) != 0)
		fail_msg("%s", err.text);
	return fd;
}

static struct journal_report
file_verified(int fd)
{
	struct journal_report report;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	if (journal_verify_file(fd, &public, 1, &report, &err) != 0)
		fail_msg("%s", err.text);
	return report;
}

static void
an_exported_file_proves_itself(void **state)
{
	int fd = export_file();
	struct journal_report report = file_verified(fd);
	struct stat st;

	(void)state;
	assert_int_equal(report.fault, JOURNAL_GOOD);
	assert_int_equal(report.size, 11);
	assert_memory_equal(report.root, verified().root, MERKLE_HASH_BYTES);
	assert_int_equal(fstat(fd, &st), 0);
	for (off_t i = 0; i < st.st_size; i++) {
		uint8_t byte, changed;

		assert_int_equal(pread(fd, &byte, 1, i), 1);
		changed = byte ^ 1;
		assert_int_equal(pwrite(fd, &changed, 1, i), 1);
		if (file_verified(fd).fault == JOURNAL_GOOD)
			fail_msg("byte %d", (int)i);
		assert_int_equal(pwrite(fd, &byte, 1, i), 1);
	}
	/* Cut off anywhere, it is not good. */
	for (off_t i = st.st_size - 1; i >= 0; i -= 3) {
		assert_int_equal(ftruncate(fd, i), 0);
		assert_int_not_equal(file_verified(fd).fault, JOURNAL_GOOD);
	}
	assert_int_equal(close(fd), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_exported_file_proves_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
