/*
 * Events as Linux sends them (captured), broken ones, and the running kernel's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/os/uevent.h"

#define USB "/devices/pci0000:00/0000:00:04.0/usb2/2-1"
#define DISK USB "/2-1:1.0/host2/target2:0:0/2:0:0:0/block/sdb"

#define ADD_PARTITION                                            \
	"add@" DISK "/sdb1\0ACTION=add\0DEVPATH=" DISK "/sdb1\0" \
	"SUBSYSTEM=block\0MAJOR=8\0MINOR=17\0DEVNAME=sdb1\0"     \
	"DEVTYPE=partition\0DISKSEQ=12\0PARTN=1\0SEQNUM=1834"
#define REMOVE_DISK                                                       \
	"remove@" DISK "\0ACTION=remove\0DEVPATH=" DISK "\0"              \
	"SUBSYSTEM=block\0MAJOR=8\0MINOR=16\0DEVNAME=sdb\0DEVTYPE=disk\0" \
	"DISKSEQ=12\0SEQNUM=1840"
#define CHANGE_DISC                                              \
	"change@/devices/pci/ata3/block/sr0\0ACTION=change\0"    \
	"DEVPATH=/devices/pci/ata3/block/sr0\0SUBSYSTEM=block\0" \
	"DISK_MEDIA_CHANGE=1\0MAJOR=11\0MINOR=0\0DEVNAME=sr0\0"  \
	"DEVTYPE=disk\0SEQNUM=1901"
#define ADD_USB                                                       \
	"bind@" USB "\0ACTION=bind\0DEVPATH=" USB "\0SUBSYSTEM=usb\0" \
	"DEVTYPE=usb_device\0PRODUCT=781/5583/100\0SEQNUM=1820"

static int
parse(const char *message, size_t length, struct uevent *ret)
{
	return uevent_parse(message, length, ret, NULL);
}

static void
captured_messages(void **state)
{
	struct uevent got;

	(void)state;
	assert_int_equal(parse(ADD_PARTITION, sizeof(ADD_PARTITION), &got), 0);
	assert_int_equal(got.action, UEVENT_ADD);
	assert_string_equal(got.subsystem, "block");
	assert_string_equal(got.devtype, "partition");
	assert_string_equal(got.devname, "sdb1");
	assert_string_equal(got.devpath, DISK "/sdb1");
	assert_true(got.has_number && !got.is_disk_change);
	assert_int_equal(got.major, 8);
	assert_int_equal(got.minor, 17);
	assert_int_equal(got.sequence, 1834);
	assert_int_equal(parse(REMOVE_DISK, sizeof(REMOVE_DISK), &got), 0);
	assert_int_equal(got.action, UEVENT_REMOVE);
	assert_string_equal(got.devtype, "disk");
	assert_int_equal(parse(CHANGE_DISC, sizeof(CHANGE_DISC), &got), 0);
	assert_int_equal(got.action, UEVENT_CHANGE);
	assert_true(got.is_disk_change);
	assert_int_equal(parse(ADD_USB, sizeof(ADD_USB), &got), 0);
	assert_int_equal(got.action, UEVENT_BIND);
	assert_false(got.has_number);
	assert_string_equal(got.devname, "");
}

static void
what_is_no_event(void **state)
{
#define TEXT(text)                 \
	{                          \
		text, sizeof(text) \
	}
	static const struct {
		const char *bytes;
		size_t length;
	} table[] = {
	    {"", 0}, TEXT(""),
	    TEXT("libudev"), /* udev's own messages begin so */
	    TEXT("add@/x"), TEXT("add@/x\0ACTION=add"),
	    TEXT("add@/x\0DEVPATH=/x"),
	    TEXT("add@/x\0ACTION=dance\0DEVPATH=/x"),
	    TEXT("add@/x\0ACTION=add\0DEVPATH=/x\0MAJOR=8"),
	    TEXT("add@/x\0ACTION=add\0DEVPATH=/x\0MAJOR=8\0MINOR=-1"),
	    TEXT("add@/x\0ACTION=add\0DEVPATH=/x\0MAJOR=8\0MINOR=4294967296"),
	    TEXT("add@/x\0ACTION=add\0DEVPATH=/x\0MAJOR=8\0MINOR=1x"),
	    TEXT("add@/x\0ACTION=add\0DEVPATH=/x\0DEVNAME=a\nb"),
	    TEXT("add@/x\0ACTION=add\0DEVPATH=/x\0nothing"),
	    TEXT("add@/x\0ACTION=add\0DEVPATH=/x\0=nothing"),
	    {"add@/x\0ACTION=add\0DEVPATH=/x", 28}, /* without its NUL */
	};
	struct uevent got;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(
		    uevent_parse(table[i].bytes, table[i].length, &got, &err),
		    -1);
		assert_int_equal(err.code, ERROR_INPUT);
	}
#undef TEXT
	assert_int_equal(parse("add@/x\0ACTION=add\0DEVPATH=/x",
			     sizeof("add@/x\0ACTION=add\0DEVPATH=/x"), &got),
	    0);
}

/*
 * Cut anywhere, and with any bit of any byte turned, a message is refused or
 * gives texts that end; the copy has exactly its length for the sanitizer.
 */
static void
cut_and_flipped(void **state)
{
	struct uevent got;

	(void)state;
	for (size_t length = 1; length < sizeof(REMOVE_DISK); length++) {
		char *copy = malloc(length);

		assert_non_null(copy);
		memcpy(copy, REMOVE_DISK, length);
		if (parse(copy, length, &got) == 0)
			assert_int_equal(copy[length - 1], '\0');
		free(copy);
	}
	for (size_t i = 0; i < 8 * sizeof(REMOVE_DISK); i++) {
		char *copy = malloc(sizeof(REMOVE_DISK));

		assert_non_null(copy);
		memcpy(copy, REMOVE_DISK, sizeof(REMOVE_DISK));
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		if (parse(copy, sizeof(REMOVE_DISK), &got) == 0) {
			assert_non_null(uevent_action_name(got.action));
			assert_true(memchr(got.devname, 0,
					sizeof(got.devname)) != NULL);
		}
		free(copy);
	}
}

static int
open_or_skip(void)
{
	struct error err = {0};
	int fd = -1;

	if (uevent_open(&fd, &err) != 0) {
		assert_int_equal(err.code, ERROR_UNAVAILABLE);
		skip();
	}
	return fd;
}

/* Writing an action to a device's "uevent" makes the kernel send it. */
static bool
make_event(const char *device, const char *action)
{
	char path[64];
	int fd;
	bool done;

	(void)snprintf(path, sizeof(path), "/sys/class/mem/%s/uevent", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = write(fd, action, strlen(action)) == (ssize_t)strlen(action);
	(void)close(fd);
	return done;
}

static void
the_kernel_tells(void **state)
{
	const int fd = open_or_skip();
	struct pollfd wait = {fd, POLLIN, 0};
	enum uevent_got got = UEVENT_NOTHING;
	struct uevent event = {0};

	(void)state;
	if (!make_event("null", "change")) {
		(void)close(fd);
		skip();
	}
	while (poll(&wait, 1, 60000) > 0) {
		assert_int_equal(uevent_next(fd, &got, &event, NULL), 0);
		if (got == UEVENT_EVENT && strcmp(event.devname, "null") == 0)
			break;
	}
	assert_int_equal(got, UEVENT_EVENT);
	assert_int_equal(event.action, UEVENT_CHANGE);
	assert_string_equal(event.subsystem, "mem");
	assert_int_equal(event.major, 1);
	assert_int_equal(event.minor, 3);
	(void)close(fd);
}

/* Another process's message is passed over, whatever it says. */
static void
only_the_kernel_counts(void **state)
{
	const int fd = open_or_skip();
	const int liar =
	    socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	struct sockaddr_nl own;
	socklen_t length = sizeof(own);
	enum uevent_got got;
	struct uevent event;

	(void)state;
	assert_true(liar >= 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &length), 0);
	own.nl_groups = 0;
	if (sendto(liar, ADD_PARTITION, sizeof(ADD_PARTITION), 0,
		(const struct sockaddr *)&own, sizeof(own)) < 0) {
		(void)close(liar);
		(void)close(fd);
		skip(); /* the kernel lets nobody try */
	}
	do {
		assert_int_equal(uevent_next(fd, &got, &event, NULL), 0);
		assert_false(got == UEVENT_EVENT && event.sequence == 1834);
	} while (got != UEVENT_NOTHING);
	(void)close(liar);
	(void)close(fd);
}

/* What does not fit into the queue is lost, and said to be lost. */
static void
an_overflow_is_told(void **state)
{
	const int fd = open_or_skip(), small = 1;
	bool has_overflown = false;
	enum uevent_got got;
	struct uevent event;

	(void)state;
	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	for (int i = 0; i < 64; i++)
		if (!make_event("null", "change")) {
			(void)close(fd);
			skip();
		}
	do {
		assert_int_equal(uevent_next(fd, &got, &event, NULL), 0);
		has_overflown |= got == UEVENT_OVERFLOW;
	} while (got != UEVENT_NOTHING);
	assert_true(has_overflown);
	(void)close(fd);
}

static void
a_bad_descriptor(void **state)
{
	enum uevent_got got;
	struct uevent event;
	struct error err = {0};

	(void)state;
	assert_int_equal(uevent_next(-1, &got, &event, &err), -1);
	assert_int_equal(err.os_errno, EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(captured_messages),
	    cmocka_unit_test(what_is_no_event),
	    cmocka_unit_test(cut_and_flipped),
	    cmocka_unit_test(the_kernel_tells),
	    cmocka_unit_test(only_the_kernel_counts),
	    cmocka_unit_test(an_overflow_is_told),
	    cmocka_unit_test(a_bad_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
