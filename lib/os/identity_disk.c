/*
 * Serial numbers, as udev's programs (ata_id, scsi_id, usb_id) found them, or
 * as the kernel has them: Documentation/ABI/stable/sysfs-block ("serial"),
 * Documentation/ABI/testing/sysfs-block-device ("wwid"), the SCSI vital
 * product data page 80h (SPC-4 section 7.8.14, "vpd_pg80").
 */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os/identity_internal.h"
#include "lib/os/sysfs.h"
#include "lib/os/udevdb.h"

static bool
has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Without blanks around it, and each run of blanks within as one. */
static void
tidy(char *text)
{
	char *out = text;

	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c > ' ')
			*out++ = *c;
		else if (out != text && out[-1] != ' ')
			*out++ = ' ';
	while (out != text && out[-1] == ' ')
		out--;
	*out = '\0';
}

void
identity_clean_word(char *word)
{
	for (; *word != '\0'; word++)
		if ((unsigned char)*word <= ' ' || *word == 0x7f)
			*word = '_';
}

static enum identity_transport
find_transport(const struct device_disk *disk, const char *folder)
{
	if (disk->reach == DEVICE_NETWORK)
		return IDENTITY_NETWORK;
	if (disk->reach == DEVICE_LOCAL_MEMORY)
		return IDENTITY_MEMORY;
	/* The outer one first: what hangs on USB is SCSI as well. */
	if (sysfs_hangs_on(folder, "/usb"))
		return IDENTITY_USB;
	if (sysfs_hangs_on(folder, "/fw"))
		return IDENTITY_FIREWIRE;
	if (strstr(folder, "/mmc_host/") != NULL)
		return IDENTITY_MMC;
	if (sysfs_hangs_on(folder, "/virtio") || has_prefix(disk->name, "vd") ||
	    has_prefix(disk->name, "xvd"))
		return IDENTITY_VIRTIO;
	if (has_prefix(disk->name, "nvme"))
		return IDENTITY_NVME;
	if (sysfs_hangs_on(folder, "/ata"))
		return IDENTITY_SATA;
	return sysfs_hangs_on(folder, "/host") ? IDENTITY_SCSI
					       : IDENTITY_UNKNOWN;
}

/* "0x5000C500...", "naa.5000c500..." and "eui.0025..." in one form. */
static void
take_wwn(const char *text, struct identity_disk *ret)
{
	size_t length = 0;

	if (has_prefix(text, "0x"))
		text += 2;
	else if (has_prefix(text, "naa."))
		text += 4;
	else if (!has_prefix(text, "eui.") && !has_prefix(text, "uuid.") &&
		 !has_prefix(text, "nvme."))
		return;
	if (strlen(text) >= sizeof(ret->wwn))
		return;
	for (; *text != '\0'; text++)
		ret->wwn[length++] = (char)tolower((unsigned char)*text);
	ret->wwn[length] = '\0';
	tidy(ret->wwn);
}

static void
ask_udev(const struct udevdb_record *record, struct identity_disk *ret)
{
	/* scsi_id's ID_SERIAL_SHORT is the page 83h name, not the number. */
	static const char *const serials[] = {
	    "ID_SCSI_SERIAL", "ID_SERIAL_SHORT", "ID_SERIAL"};
	/* Of a RAID volume, only the extension tells which. */
	static const char *const wwns[] = {"ID_WWN_WITH_EXTENSION", "ID_WWN"};
	char text[128];

	for (size_t i = 0; i < 3 && ret->serial[0] == '\0'; i++)
		if (udevdb_get(
			record, serials[i], ret->serial, sizeof(ret->serial)))
			tidy(ret->serial);
	for (size_t i = 0; i < 2 && ret->wwn[0] == '\0'; i++)
		if (udevdb_get(record, wwns[i], text, sizeof(text)))
			take_wwn(text, ret);
	if (!udevdb_get_encoded(
		record, "ID_MODEL_ENC", ret->model, sizeof(ret->model)))
		(void)udevdb_get(
		    record, "ID_MODEL", ret->model, sizeof(ret->model));
	tidy(ret->model);
}

static void
read_unit_serial(
    const char *sysfs, struct sysfs_number number, struct identity_disk *ret)
{
	uint8_t page[4 + sizeof(ret->serial)];
	const size_t got = sysfs_read_bytes(
	    sysfs, number, "device/vpd_pg80", page, sizeof(page));
	size_t length;

	if (got < 4 || page[1] != 0x80)
		return;
	length = (size_t)page[2] << 8 | page[3];
	if (length > got - 4 || length >= sizeof(ret->serial))
		return;
	for (size_t i = 0; i < length; i++)
		ret->serial[i] = page[4 + i] > ' ' && page[4 + i] < 0x7f
				     ? (char)page[4 + i]
				     : ' ';
	ret->serial[length] = '\0';
	tidy(ret->serial);
}

static void
ask_kernel(const char *sysfs, struct sysfs_number number, const char *folder,
    struct identity_disk *ret)
{
	char text[256];

	if (ret->serial[0] == '\0' && ret->transport == IDENTITY_USB)
		(void)sysfs_find_usb_serial(
		    folder, ret->serial, sizeof(ret->serial));
	if (ret->serial[0] == '\0')
		read_unit_serial(sysfs, number, ret);
	if (ret->serial[0] == '\0' && !sysfs_read(sysfs, number, "serial",
					  ret->serial, sizeof(ret->serial)))
		(void)sysfs_read(sysfs, number, "device/serial", ret->serial,
		    sizeof(ret->serial));
	tidy(ret->serial);
	if (ret->wwn[0] == '\0' &&
	    (sysfs_read(sysfs, number, "wwid", text, sizeof(text)) ||
		sysfs_read(sysfs, number, "device/wwid", text, sizeof(text))))
		take_wwn(text, ret);
}

/* The kernel's word, the same with and without udev. */
static void
read_model(const char *sysfs, struct sysfs_number number, char *model,
    size_t model_bytes)
{
	if (!sysfs_read(sysfs, number, "device/model", model, model_bytes) &&
	    !sysfs_read(sysfs, number, "device/name", model, model_bytes))
		model[0] = '\0';
	tidy(model);
}

void
identity_describe_disk(const struct identity_kernel *kernel,
    const struct device_disk *disk, struct identity_disk *ret)
{
	const char *sysfs = kernel->kernel.sysfs;
	const struct sysfs_number number = {disk->major, disk->minor};
	struct udevdb_record *record = calloc(1, sizeof(*record));
	char folder[PATH_MAX];

	memset(ret, 0, sizeof(*ret));
	if (!sysfs_find_folder(sysfs, number, folder, sizeof(folder)))
		folder[0] = '\0';
	ret->transport = find_transport(disk, folder);
	ret->size_bytes = sysfs_read_size(sysfs, number);
	if (record != NULL &&
	    udevdb_read(kernel->udev, disk->major, disk->minor, record))
		ask_udev(record, ret);
	ask_kernel(sysfs, number, folder, ret);
	if (ret->model[0] == '\0')
		read_model(sysfs, number, ret->model, sizeof(ret->model));
	free(record);
}

/* udev's ID_PATH names the port it hangs on; else what it is called now. */
static void
find_place(const struct identity_kernel *kernel, const struct device_disk *disk,
    char *place, size_t place_bytes)
{
	struct udevdb_record *record = calloc(1, sizeof(*record));

	if (record == NULL ||
	    !udevdb_read(kernel->udev, disk->major, disk->minor, record) ||
	    !udevdb_get(record, "ID_PATH", place, place_bytes))
		(void)snprintf(place, place_bytes, "%s", disk->name);
	free(record);
}

void
identity_word_of_disk(const struct identity_kernel *kernel,
    const struct device_disk *disk, const struct identity_disk *facts,
    char *word, size_t word_bytes)
{
	char text[160];

	if (facts->transport == IDENTITY_MEMORY) {
		(void)snprintf(word, word_bytes, "memory");
	} else if (facts->wwn[0] != '\0') {
		(void)snprintf(word, word_bytes, "wwn:%s", facts->wwn);
	} else if (facts->serial[0] != '\0') {
		/* Cheap sticks of several makers have the same numbers. */
		read_model(kernel->kernel.sysfs,
		    (struct sysfs_number){disk->major, disk->minor}, text,
		    sizeof(text));
		(void)snprintf(
		    word, word_bytes, "serial:%s:%s", text, facts->serial);
	} else {
		find_place(kernel, disk, text, sizeof(text));
		(void)snprintf(word, word_bytes, "at:%s", text);
	}
	identity_clean_word(word);
}
