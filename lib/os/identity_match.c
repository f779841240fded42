/* Finding media by what they call themselves, and telling clones apart. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/i18n.h"
#include "lib/os/identity_internal.h"
#include "lib/os/sysfs.h"
#include "lib/os/udevdb.h"

#define BLOCKS_MAX 4096
/* Hexadecimal digits below which a UUID is only a serial number. */
#define STRONG_DIGITS 16

static bool
is_empty(const char *text)
{
	return text == NULL || text[0] == '\0';
}

bool
identity_is_uuid(const char *a, const char *b)
{
	if (is_empty(a) || is_empty(b))
		return false;
	for (;;) {
		a += strspn(a, "-");
		b += strspn(b, "-");
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

bool
identity_is_weak_uuid(const char *filesystem, const char *uuid)
{
	size_t digits = 0;

	for (; *uuid != '\0'; uuid++)
		digits += isxdigit((unsigned char)*uuid) != 0;
	return digits < STRONG_DIGITS || strcmp(filesystem, "iso9660") == 0;
}

static bool
is_stable(const char *lies_on)
{
	return !is_empty(lies_on) && strncmp(lies_on, "at:", 3) != 0 &&
	       strstr(lies_on, " at:") == NULL;
}

enum identity_match
identity_compare(const struct identity_key *key, const struct identity *seen)
{
	if (!is_empty(key->source) || seen->source[0] != '\0') {
		if (is_empty(key->source) || seen->source[0] == '\0')
			return IDENTITY_OTHER;
		return strcmp(key->source, seen->source) == 0 ? IDENTITY_SAME
							      : IDENTITY_OTHER;
	}
	if (is_empty(key->uuid) || seen->uuid[0] == '\0')
		return IDENTITY_UNDETERMINED;
	if (!identity_is_uuid(key->uuid, seen->uuid))
		return IDENTITY_OTHER;
	if (is_empty(key->lies_on))
		return seen->is_weak ? IDENTITY_UNDETERMINED : IDENTITY_SAME;
	if (!is_stable(key->lies_on) || !is_stable(seen->lies_on))
		return IDENTITY_UNDETERMINED;
	/* A mirror that lost or got a disk has the others still. */
	return identity_shares_disk(key->lies_on, seen->lies_on)
		   ? IDENTITY_SAME
		   : IDENTITY_CLONE;
}

/* Is a word of `length` bytes among others? */
static bool
has_word(const char *words, const char *word, size_t length)
{
	while (*words != '\0') {
		const size_t other = strcspn(words, " ");

		if (other == length && memcmp(words, word, length) == 0)
			return true;
		words += other;
		words += strspn(words, " ");
	}
	return false;
}

bool
identity_shares_disk(const char *lies_on_a, const char *lies_on_b)
{
	while (*lies_on_a != '\0') {
		const size_t length = strcspn(lies_on_a, " ");

		if (has_word(lies_on_b, lies_on_a, length) &&
		    strcmp(lies_on_b, IDENTITY_THIS_HOST) != 0)
			return true;
		lies_on_a += length;
		lies_on_a += strspn(lies_on_a, " ");
	}
	return false;
}

static bool
has_uuid(const struct identity_kernel *kernel, struct sysfs_number number,
    const char *uuid)
{
	struct udevdb_record *record = calloc(1, sizeof(*record));
	char found[IDENTITY_UUID_BYTES];
	bool has = false;

	if (record != NULL &&
	    udevdb_read(kernel->udev, number.major, number.minor, record) &&
	    udevdb_get(record, "ID_FS_UUID", found, sizeof(found)))
		has = identity_is_uuid(uuid, found);
	free(record);
	return has;
}

bool
identity_has_serial(
    const struct identity *identity, const char *serial, bool *ret_known)
{
	bool is_same = false;

	*ret_known = false;
	for (size_t i = 0; i < identity->device.disk_count; i++) {
		const struct identity_disk *disk = &identity->disks[i];

		*ret_known = *ret_known || disk->serial[0] != '\0' ||
			     disk->wwn[0] != '\0';
		is_same = is_same || strcasecmp(disk->serial, serial) == 0 ||
			  strcasecmp(disk->wwn, serial) == 0;
	}
	return is_same;
}

static bool
has_serial(const struct identity_kernel *kernel, struct sysfs_number number,
    const char *serial)
{
	struct device *device = calloc(1, sizeof(*device));
	bool has = false;

	if (device != NULL &&
	    device_describe_block(
		&kernel->kernel, number.major, number.minor, device, NULL) == 0)
		for (size_t i = 0; i < device->disk_count && !has; i++) {
			struct identity_disk disk;

			identity_describe_disk(
			    kernel, &device->disks[i], &disk);
			has = strcmp(disk.serial, serial) == 0 ||
			      strcmp(disk.wwn, serial) == 0;
		}
	free(device);
	return has;
}

static void
note_block(
    const char *sysfs, struct sysfs_number number, struct identity_blocks *ret)
{
	struct identity_block *block;
	char folder[PATH_MAX];
	const char *name = "";

	if (ret->count++ >= IDENTITY_BLOCKS_MAX)
		return;
	block = &ret->blocks[ret->count - 1];
	if (sysfs_find_folder(sysfs, number, folder, sizeof(folder)))
		name = strrchr(folder, '/') + 1;
	*block = (struct identity_block){number.major, number.minor, ""};
	if (strlen(name) < sizeof(block->name))
		memcpy(block->name, name, strlen(name) + 1);
}

static void
select_blocks(const struct identity_kernel *kernel, const char *uuid,
    const char *serial, struct identity_blocks *ret)
{
	const char *sysfs = kernel->kernel.sysfs;
	struct sysfs_number *all = calloc(BLOCKS_MAX, sizeof(*all));
	size_t count = 0;

	memset(ret, 0, sizeof(*ret));
	if (all != NULL)
		count = sysfs_list_blocks(sysfs, all, BLOCKS_MAX);
	for (size_t i = 0; i < count && i < BLOCKS_MAX; i++)
		/* A card reader without a card, a loop without a file. */
		if (sysfs_read_size(sysfs, all[i]) != 0 &&
		    (is_empty(uuid) || has_uuid(kernel, all[i], uuid)) &&
		    (is_empty(serial) || has_serial(kernel, all[i], serial)))
			note_block(sysfs, all[i], ret);
	free(all);
}

int
identity_find(const struct identity_kernel *kernel, const char *uuid,
    const char *serial, struct identity_blocks *ret, struct error *err)
{
	if (!is_empty(uuid) && !udevdb_is_present(kernel->udev))
		return error_set(err, ERROR_UNAVAILABLE,
		    _("this machine has no udev database, so that UUIDs of "
		      "devices are not known"));
	select_blocks(kernel, uuid, serial, ret);
	return 0;
}

void
identity_list(const struct identity_kernel *kernel, struct identity_blocks *ret)
{
	select_blocks(kernel, "", "", ret);
}

const char *
identity_transport_name(enum identity_transport transport)
{
	static const char *const names[IDENTITY_TRANSPORTS] = {
	    [IDENTITY_UNKNOWN] = "unknown",
	    [IDENTITY_USB] = "usb",
	    [IDENTITY_SATA] = "sata",
	    [IDENTITY_NVME] = "nvme",
	    [IDENTITY_SCSI] = "scsi",
	    [IDENTITY_VIRTIO] = "virtio",
	    [IDENTITY_MMC] = "mmc",
	    [IDENTITY_FIREWIRE] = "firewire",
	    [IDENTITY_LOOP] = "loop",
	    [IDENTITY_NETWORK] = "network",
	    [IDENTITY_CLOUD] = "cloud",
	    [IDENTITY_FUSE] = "fuse",
	    [IDENTITY_MEMORY] = "memory",
	};

	return names[transport];
}

const char *
identity_match_name(enum identity_match match)
{
	static const char *const names[IDENTITY_MATCHES] = {
	    [IDENTITY_SAME] = "same",
	    [IDENTITY_CLONE] = "clone",
	    [IDENTITY_OTHER] = "other",
	    [IDENTITY_UNDETERMINED] = "undetermined",
	};

	return names[match];
}
