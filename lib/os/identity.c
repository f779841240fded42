#include "lib/os/identity.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/host.h"
#include "lib/os/identity_internal.h"
#include "lib/os/sysfs.h"
#include "lib/os/udevdb.h"

#define WORD_BYTES 512

const struct identity_kernel identity_running_kernel = {
    .kernel = {.mountinfo = MOUNTINFO_PATH, .sysfs = "/sys"},
    .udev = UDEVDB_PATH,
    .is_own_host = host_is_own};

/* What udev says that the block device holds. */
static void
describe_content(
    const struct identity_kernel *kernel, struct identity *identity)
{
	struct udevdb_record *record = calloc(1, sizeof(*record));

	if (record == NULL || !udevdb_read(kernel->udev, identity->major,
				  identity->minor, record))
		goto out;
	(void)udevdb_get(record, "ID_FS_TYPE", identity->filesystem,
	    sizeof(identity->filesystem));
	(void)udevdb_get(
	    record, "ID_FS_UUID", identity->uuid, sizeof(identity->uuid));
	(void)udevdb_get(record, "ID_FS_UUID_SUB", identity->uuid_sub,
	    sizeof(identity->uuid_sub));
	(void)udevdb_get_encoded(record, "ID_FS_LABEL_ENC", identity->label,
	    sizeof(identity->label));
out:
	free(record);
}

static void
describe_block(const struct identity_kernel *kernel, struct identity *identity)
{
	const char *sysfs = kernel->kernel.sysfs;
	const struct sysfs_number number = {identity->major, identity->minor};
	char folder[PATH_MAX];

	if (!sysfs_find_folder(sysfs, number, folder, sizeof(folder)))
		return;
	identity->has_block = true;
	(void)snprintf(identity->node, sizeof(identity->node), "/dev/%.58s",
	    strrchr(folder, '/') + 1);
	for (char *c = identity->node; *c != '\0'; c++)
		if (*c == '!')
			*c = '/';
	identity->size_bytes = sysfs_read_size(sysfs, number);
	describe_content(kernel, identity);
}

static int
compare_words(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Sorted, each once (two paths to one disk have one word); or "". */
static void
join_words(char words[][WORD_BYTES], size_t count, struct identity *identity)
{
	char *out = identity->lies_on;
	size_t room = sizeof(identity->lies_on);

	qsort(words, count, WORD_BYTES, compare_words);
	for (size_t i = 0; i < count; i++) {
		const size_t length = strlen(words[i]);

		if (i > 0 && strcmp(words[i], words[i - 1]) == 0)
			continue;
		if (length == 0 || length + 2 > room) {
			identity->lies_on[0] = '\0';
			return;
		}
		if (out != identity->lies_on) {
			*out++ = ' ';
			room--;
		}
		memcpy(out, words[i], length + 1);
		out += length;
		room -= length;
	}
}

static void
describe_disks(const struct identity_kernel *kernel, struct identity *identity)
{
	const struct device *device = &identity->device;
	char(*words)[WORD_BYTES] = calloc(DEVICE_DISKS_MAX, sizeof(*words));

	for (size_t i = 0; i < device->disk_count; i++) {
		identity_describe_disk(
		    kernel, &device->disks[i], &identity->disks[i]);
		if (words != NULL)
			identity_word_of_disk(kernel, &device->disks[i],
			    &identity->disks[i], words[i], sizeof(words[i]));
	}
	if (device->disk_count == 1) {
		const struct identity_disk *disk = &identity->disks[0];

		memcpy(identity->serial, disk->serial, sizeof(disk->serial));
		memcpy(identity->wwn, disk->wwn, sizeof(disk->wwn));
		memcpy(identity->model, disk->model, sizeof(disk->model));
	}
	if (words != NULL && device->disks_known && device->disk_count > 0)
		join_words(words, device->disk_count, identity);
	free(words);
}

static enum identity_transport
transport_of_disks(const struct identity *identity)
{
	const struct device *device = &identity->device;

	if (device->loop)
		return IDENTITY_LOOP;
	if (device->disk_count == 0)
		return IDENTITY_UNKNOWN;
	for (size_t i = 1; i < device->disk_count; i++)
		if (identity->disks[i].transport !=
		    identity->disks[0].transport)
			return IDENTITY_UNKNOWN;
	return identity->disks[0].transport;
}

/*
 * A server by its name and by the address that the kernel talks to: another
 * mount may call it by another name, and it is one thing all the same.
 */
static void
join_server(struct identity *identity)
{
	const char *names[] = {identity->server, identity->address};
	char words[2][WORD_BYTES];
	size_t count = 0;

	for (size_t i = 0; i < 2; i++) {
		if (names[i][0] == '\0')
			continue;
		(void)snprintf(
		    words[count], WORD_BYTES, "network:%s", names[i]);
		identity_clean_word(words[count++]);
	}
	join_words(words, count, identity);
}

static bool
is_own_server(
    const struct identity_kernel *kernel, const struct identity *identity)
{
	return identity->is_own_server ||
	       (kernel->is_own_host != NULL &&
		   (kernel->is_own_host(identity->server) ||
		       kernel->is_own_host(identity->address)));
}

/* What lies on no disk of this machine, as far as it tells. */
static void
describe_elsewhere(
    const struct identity_kernel *kernel, struct identity *identity)
{
	const bool is_network = identity->transport == IDENTITY_NETWORK;

	if (identity->device.disk_count > 0)
		return;
	if (is_network &&
	    (identity->server[0] != '\0' || identity->address[0] != '\0')) {
		identity->is_own_server = is_own_server(kernel, identity);
		if (identity->is_own_server)
			(void)snprintf(identity->lies_on,
			    sizeof(identity->lies_on), IDENTITY_THIS_HOST);
		else
			join_server(identity);
		return;
	}
	if (identity->transport == IDENTITY_MEMORY ||
	    (identity->device.loop &&
		identity->device.reach == DEVICE_LOCAL_MEMORY))
		(void)snprintf(
		    identity->lies_on, sizeof(identity->lies_on), "memory");
	else if (identity->source[0] != '\0')
		(void)snprintf(identity->lies_on, sizeof(identity->lies_on),
		    "%s:%s", is_network ? "network" : "cloud",
		    identity->source);
	identity_clean_word(identity->lies_on);
}

/* The block device of a mount; of several, the one that its source names. */
static bool
find_block(const struct identity_kernel *kernel,
    const struct mountinfo_mount *mount, struct sysfs_number *ret)
{
	char node[PATH_MAX], name[NAME_MAX + 1];
	const size_t length = strcspn(mount->source, ":");

	if (mount->major != 0) {
		*ret = (struct sysfs_number){mount->major, mount->minor};
		return true;
	}
	if (length >= sizeof(node))
		return false;
	memcpy(node, mount->source, length);
	node[length] = '\0';
	return sysfs_find_node(
	    kernel->kernel.sysfs, node, name, sizeof(name), ret);
}

static void
describe_mounted(const struct identity_kernel *kernel,
    const struct mountinfo_mount *mount, struct identity *identity)
{
	const enum identity_transport elsewhere =
	    identity_classify(mount->filesystem, mount->source);
	struct sysfs_number number;

	(void)snprintf(identity->filesystem, sizeof(identity->filesystem),
	    "%.31s", mount->filesystem);
	if (elsewhere == IDENTITY_NETWORK || elsewhere == IDENTITY_CLOUD) {
		identity->transport = elsewhere;
		identity_parse_source(mount, identity);
	} else if (elsewhere != IDENTITY_MEMORY &&
		   find_block(kernel, mount, &number)) {
		identity->major = number.major;
		identity->minor = number.minor;
		describe_block(kernel, identity);
	}
	describe_disks(kernel, identity);
	if (identity->transport == IDENTITY_UNKNOWN)
		identity->transport = transport_of_disks(identity);
	if (identity->transport == IDENTITY_UNKNOWN)
		identity->transport = elsewhere;
	describe_elsewhere(kernel, identity);
	identity->is_weak =
	    identity_is_weak_uuid(identity->filesystem, identity->uuid);
}

int
identity_of_path(const struct identity_kernel *kernel, const char *path,
    struct identity *ret, struct error *err)
{
	struct mountinfo *table = mountinfo_read(kernel->kernel.mountinfo, err);
	struct identity *identity = calloc(1, sizeof(*identity));
	const struct mountinfo_mount *mount;
	int rc = -1;

	if (table == NULL)
		goto out;
	if (identity == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	mount = mountinfo_find_path(table, path);
	if (mount == NULL) {
		(void)error_set(err, ERROR_NOT_FOUND,
		    _("the kernel's mount list does not have its file system"));
		goto out;
	}
	if (device_describe_mount(
		&kernel->kernel, table, mount, &identity->device, err) < 0)
		goto out;
	describe_mounted(kernel, mount, identity);
	*ret = *identity;
	rc = 0;
out:
	free(identity);
	mountinfo_free(table);
	return rc;
}

int
identity_of_block(const struct identity_kernel *kernel, uint32_t major,
    uint32_t minor, struct identity *ret, struct error *err)
{
	struct device device;

	if (device_describe_block(&kernel->kernel, major, minor, &device, err) <
	    0)
		return -1;
	memset(ret, 0, sizeof(*ret));
	ret->device = device;
	ret->major = major;
	ret->minor = minor;
	describe_block(kernel, ret);
	describe_disks(kernel, ret);
	ret->transport = transport_of_disks(ret);
	describe_elsewhere(kernel, ret);
	ret->is_weak = identity_is_weak_uuid(ret->filesystem, ret->uuid);
	return 0;
}
