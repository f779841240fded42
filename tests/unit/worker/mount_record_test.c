/* What a mounter remembers, and whose configuration it follows. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/file.h"
#include "lib/worker/mount_record.h"
#include "lib/worker/warrant.h"

static char root[] = "/tmp/mount-record-XXXXXX";
static int root_fd = -1;

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(root) == NULL || chdir(root) != 0)
		return -1;
	root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root_fd >= 0 ? 0 : -1;
}

static int
teardown(void **state)
{
	char command[64];

	(void)state;
	(void)close(root_fd);
	(void)snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command) == 0 ? 0 : -1;
}

static void
put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

#define BOOT "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

static void
what_was_written_is_read(void **state)
{
	const struct mount_record records[] = {
	    {{7, 0, 1, 0, BOOT}, false, "/mnt/usb1"},
	    {{259, 4294967295U, UINT64_MAX, UINT64_MAX, BOOT}, true,
		"/mnt/\346\216\247 \343\201\210/ x "}};
	struct mount_record got;
	struct error err = {0};

	(void)state;
	assert_int_equal(mount_record_read(root_fd, "usb1", &got, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
		    mount_record_write(root_fd, "usb1", &records[i], &err), 0);
		assert_int_equal(
		    mount_record_read(root_fd, "usb1", &got, &err), 0);
		assert_memory_equal(&got.device, &records[i].device,
		    offsetof(struct presence, boot));
		assert_string_equal(got.device.boot, BOOT);
		assert_string_equal(got.path, records[i].path);
		assert_int_equal(got.was_read_only, records[i].was_read_only);
	}
	assert_int_equal(mount_record_read(root_fd, "usb2", &got, &err), -1);
	assert_int_equal(mount_record_remove(root_fd, "usb1", &err), 0);
	assert_int_equal(mount_record_remove(root_fd, "usb1", &err), 0);
	assert_int_equal(mount_record_read(root_fd, "usb1", &got, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	got = records[0];
	got.path[1] = '\n';
	assert_int_equal(mount_record_write(root_fd, "usb1", &got, &err), -1);
}

static int
count_one(void *context, const char *medium, struct error *err)
{
	size_t *count = context;

	(void)err;
	assert_true(strcmp(medium, "usb1") == 0 || strcmp(medium, "usb2") == 0);
	++*count;
	return 0;
}

static void
each_is_found(void **state)
{
	const struct mount_record record = {
	    {7, 0, 1, 0, BOOT}, false, "/mnt/usb1"};
	struct error err = {0};
	size_t count = 0;

	(void)state;
	assert_int_equal(mount_record_write(root_fd, "usb1", &record, &err), 0);
	assert_int_equal(mount_record_write(root_fd, "usb2", &record, &err), 0);
	/* What a mounter that died was about to write. */
	put(MOUNT_RECORD_FOLDER "/.hikae-tmp-1", "7:0", 0600);
	assert_int_equal(
	    mount_record_each(root_fd, count_one, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_int_equal(mount_record_remove(root_fd, "usb2", &err), 0);
}

#define LINE "7:0 open 12 3 " BOOT "\n"

static void
what_is_none_is_refused(void **state)
{
	static const char *const texts[] = {"", "7:0 open\n", LINE, LINE "/mnt",
	    LINE "mnt\n", LINE "/mnt\n\n", LINE "/mnt\nx\n",
	    "7:0 open 12 3 " BOOT "0\n/mnt\n", "7:0 open 12 3 0f1e2d3c\n/mnt\n",
	    "7:0 ajar 12 3 " BOOT "\n/m\n", "7:0 openshut 12 3 " BOOT "\n/m\n",
	    "7 0 open 12 3 " BOOT "\n/m\n", "a:0 open 12 3 " BOOT "\n/m\n",
	    "7:0 open 12 " BOOT "\n/mnt\n"};
	struct mount_record got;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put(MOUNT_RECORD_FOLDER "/usb1", texts[i], 0644);
		err = (struct error){0};
		assert_int_equal(
		    mount_record_read(root_fd, "usb1", &got, &err), -1);
		assert_int_equal(err.code, ERROR_INPUT);
	}
	put(MOUNT_RECORD_FOLDER "/usb1", LINE "/mnt\n", 0644);
	assert_int_equal(mount_record_read(root_fd, "usb1", &got, &err), 0);
	/* It decides what root unmounts. */
	put(MOUNT_RECORD_FOLDER "/usb1", LINE "/mnt\n", 0664);
	assert_int_equal(mount_record_read(root_fd, "usb1", &got, &err), -1);
	assert_int_equal(err.code, ERROR_DENIED);
}

static void
expect_warrant(int rc, enum error_code code)
{
	struct config *config = NULL;
	struct error err = {0};

	assert_int_equal(warrant_load(root, &config, &err), rc);
	assert_int_equal(err.code, code);
	config_free(config);
}

/* Only root's, and nobody else's to change. */
static void
a_warrant_is_roots(void **state)
{
	static const char text[] = "[facility]\nid = a\nname = A\n"
				   "[system ehr]\nkind = ehr\n";

	(void)state;
	if (geteuid() != 0)
		skip();
	expect_warrant(-1, ERROR_NOT_FOUND);
	assert_int_equal(mkdir("etc", 0755), 0);
	assert_int_equal(mkdir("etc/hikae", 0755), 0);
	put("etc/hikae/hikae.conf", text, 0644);
	expect_warrant(0, ERROR_NONE);
	put("etc/hikae/hikae.conf", text, 0664);
	expect_warrant(-1, ERROR_DENIED);
	put("etc/hikae/hikae.conf", text, 0644);
	assert_int_equal(chown("etc/hikae/hikae.conf", 65534, 0), 0);
	expect_warrant(-1, ERROR_DENIED);
	assert_int_equal(chown("etc/hikae/hikae.conf", 0, 0), 0);
	assert_int_equal(mkdir("etc/hikae/conf.d", 0755), 0);
	put("etc/hikae/conf.d/a.conf", "[policy]\n", 0644);
	expect_warrant(0, ERROR_NONE);
	put("etc/hikae/conf.d/a.conf", "[policy]\n", 0646);
	expect_warrant(-1, ERROR_DENIED);
	put("etc/hikae/conf.d/a.conf", "[policy]\n", 0644);
	assert_int_equal(chmod("etc/hikae/conf.d", 0777), 0);
	expect_warrant(-1, ERROR_DENIED);
	assert_int_equal(chmod("etc/hikae/conf.d", 0755), 0);
	assert_int_equal(chmod("etc/hikae", 0775), 0);
	expect_warrant(-1, ERROR_DENIED);
	assert_int_equal(chmod("etc/hikae", 0755), 0);
	/* A link can be another's to turn. */
	assert_int_equal(unlink("etc/hikae/conf.d/a.conf"), 0);
	put("a.conf", "[policy]\n", 0644);
	assert_int_equal(
	    symlink("../../../a.conf", "etc/hikae/conf.d/a.conf"), 0);
	expect_warrant(-1, ERROR_DENIED);
	assert_int_equal(unlink("etc/hikae/conf.d/a.conf"), 0);
	put("etc/hikae/hikae.conf", "nonsense\n", 0644);
	expect_warrant(-1, ERROR_CONFIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_written_is_read),
	    cmocka_unit_test(each_is_found),
	    cmocka_unit_test(what_is_none_is_refused),
	    cmocka_unit_test(a_warrant_is_roots),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
