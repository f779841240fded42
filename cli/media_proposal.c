#include "cli/media_proposal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"
#include "lib/os/identity.h"
#include "lib/os/mountinfo.h"

/* What the system itself lies on holds no backups of others. */
static const char *const own_places[] = {
    "/boot", "/efi", "/proc", "/sys", "/dev", "/run", "/snap", "/tmp", "/usr"};

static bool
is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/');
}

static bool
is_own_place(const char *path)
{
	/* Where desktops mount removable media. */
	if (is_below(path, "/run/media"))
		return false;
	for (size_t i = 0; i < sizeof(own_places) / sizeof(own_places[0]); i++)
		if (is_below(path, own_places[i]))
			return true;
	return strcmp(path, "/") == 0;
}

static bool
is_configured(const struct config *config, const char *path, const char *uuid)
{
	if (config == NULL)
		return false;
	for (size_t i = 0; i < config->medium_count; i++) {
		const struct config_medium *medium = &config->media[i];

		if (strcmp(medium->path, path) == 0 ||
		    is_below(medium->path, path) ||
		    identity_is_uuid(medium->uuid, uuid))
			return true;
	}
	return false;
}

/* What an id may hold, of a label or the last part of a path. */
static void
make_id(const char *text, char *id)
{
	size_t length = 0;

	for (; *text != '\0' && length + 4 < CONFIG_ID_BYTES; text++) {
		char c = (char)tolower((unsigned char)*text);

		if ((c >= 'a' && c <= 'z') ||
		    (length > 0 && c >= '0' && c <= '9'))
			id[length++] = c;
		else if (length > 0 && id[length - 1] != '-')
			id[length++] = '-';
	}
	while (length > 0 && id[length - 1] == '-')
		length--;
	id[length] = '\0';
}

static bool
is_taken(const struct media_proposals *list, const struct config *config,
    const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].id, id) == 0)
			return true;
	return config != NULL && config_find_medium(config, id) != NULL;
}

static void
choose_id(const struct media_proposals *list, const struct config *config,
    struct media_proposal *proposal)
{
	char base[CONFIG_ID_BYTES];
	const char *last = strrchr(proposal->path, '/');

	make_id(proposal->label, base);
	if (base[0] == '\0' && last != NULL)
		make_id(last + 1, base);
	if (base[0] == '\0')
		(void)snprintf(base, sizeof(base), "%s", proposal->kind);
	(void)snprintf(proposal->id, sizeof(proposal->id), "%s", base);
	for (unsigned i = 2; is_taken(list, config, proposal->id) && i < 1000;
	     i++)
		(void)snprintf(proposal->id, sizeof(proposal->id), "%.28s-%u",
		    base, i % 1000);
}

static const char *
kind_of(const struct identity *identity)
{
	switch (identity->transport) {
	case IDENTITY_NETWORK:
		return "nas";
	case IDENTITY_CLOUD:
		return "cloud";
	case IDENTITY_USB:
	case IDENTITY_MMC:
	case IDENTITY_FIREWIRE:
		return "removable";
	case IDENTITY_UNKNOWN:
	case IDENTITY_SATA:
	case IDENTITY_NVME:
	case IDENTITY_SCSI:
	case IDENTITY_VIRTIO:
	case IDENTITY_LOOP:
	case IDENTITY_FUSE:
	case IDENTITY_MEMORY:
		break;
	}
	if (strcmp(identity->filesystem, "iso9660") == 0 ||
	    strcmp(identity->filesystem, "udf") == 0)
		return "optical";
	return identity->device.removable ? "removable" : "disk";
}

/* Whether somebody may have stored backups on it. */
static bool
can_hold_backups(const struct identity *identity)
{
	if (identity->transport == IDENTITY_NETWORK ||
	    identity->transport == IDENTITY_CLOUD)
		return true;
	return identity->has_block &&
	       strcmp(identity->filesystem, "squashfs") != 0 &&
	       strcmp(identity->filesystem, "swap") != 0 &&
	       strncmp(identity->filesystem, "LVM", 3) != 0 &&
	       strcmp(identity->filesystem, "linux_raid_member") != 0;
}

static void
add(struct media_proposals *list, const struct config *config,
    const struct identity *identity, const char *path)
{
	struct media_proposal proposal;

	if (list->count == MEDIA_PROPOSAL_MAX || !can_hold_backups(identity) ||
	    (path != NULL && is_own_place(path)) ||
	    is_configured(config, path == NULL ? "" : path, identity->uuid))
		return;
	for (size_t i = 0; i < list->count; i++)
		if (identity_is_uuid(list->items[i].uuid, identity->uuid))
			return;
	proposal = (struct media_proposal){
	    .kind = kind_of(identity),
	    .is_mounted = path != NULL,
	    .size_bytes = identity->size_bytes,
	};
	(void)snprintf(
	    proposal.uuid, sizeof(proposal.uuid), "%s", identity->uuid);
	/* A file's is that of the disk below it, which stays when it goes. */
	if (identity->transport != IDENTITY_LOOP)
		(void)snprintf(proposal.serial, sizeof(proposal.serial), "%s",
		    identity->serial);
	(void)snprintf(
	    proposal.label, sizeof(proposal.label), "%.127s", identity->label);
	(void)snprintf(proposal.filesystem, sizeof(proposal.filesystem), "%s",
	    identity->filesystem);
	if (identity->server[0] != '\0' && identity->port != 0)
		(void)snprintf(proposal.address, sizeof(proposal.address),
		    strchr(identity->server, ':') == NULL ? "%s:%u" : "[%s]:%u",
		    identity->server, (unsigned)identity->port);
	if (path != NULL)
		(void)snprintf(
		    proposal.path, sizeof(proposal.path), "%s", path);
	choose_id(list, config, &proposal);
	if (path == NULL)
		(void)snprintf(proposal.path, sizeof(proposal.path), "/mnt/%s",
		    proposal.id);
	list->items[list->count++] = proposal;
}

/* A path that the configuration can hold as it is. */
static bool
is_plain(const char *path)
{
	return path[0] == '/' && strpbrk(path, "\n\r;#\"") == NULL &&
	       text_is_utf8(path, strlen(path));
}

static void
find_mounted(const struct config *config, const struct mountinfo *table,
    struct identity *identity, struct media_proposals *ret)
{
	struct error why = {0};

	for (size_t i = 0; i < mountinfo_count(table); i++) {
		const struct mountinfo_mount *mount = mountinfo_at(table, i);

		if (!is_plain(mount->mount_point) ||
		    strcmp(mount->filesystem, "autofs") == 0 ||
		    identity_of_path(&identity_running_kernel,
			mount->mount_point, identity, &why) != 0 ||
		    strcmp(identity->device.mount_point, mount->mount_point) !=
			0)
			continue;
		add(ret, config, identity, mount->mount_point);
	}
}

static bool
is_mounted(const struct mountinfo *table, uint32_t major, uint32_t minor)
{
	for (size_t i = 0; i < mountinfo_count(table); i++) {
		const struct mountinfo_mount *mount = mountinfo_at(table, i);

		if (mount->major == major && mount->minor == minor)
			return true;
	}
	return false;
}

static void
find_attached(const struct config *config, const struct mountinfo *table,
    struct identity *identity, struct media_proposals *ret)
{
	struct identity_blocks *all = calloc(1, sizeof(*all));
	struct error why = {0};

	if (all == NULL)
		return;
	identity_list(&identity_running_kernel, all);
	for (size_t i = 0; i < all->count && i < IDENTITY_BLOCKS_MAX; i++) {
		const struct identity_block *block = &all->blocks[i];

		if (is_mounted(table, block->major, block->minor) ||
		    identity_of_block(&identity_running_kernel, block->major,
			block->minor, identity, &why) != 0 ||
		    identity->filesystem[0] == '\0' ||
		    identity->uuid[0] == '\0')
			continue;
		add(ret, config, identity, NULL);
	}
	free(all);
}

int
media_proposal_find(
    const struct config *config, struct media_proposals *ret, struct error *err)
{
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, err);
	struct identity *identity = calloc(1, sizeof(*identity));
	int rc = -1;

	ret->count = 0;
	if (table == NULL)
		goto out;
	if (identity == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	find_mounted(config, table, identity, ret);
	find_attached(config, table, identity, ret);
	rc = 0;
out:
	free(identity);
	mountinfo_free(table);
	return rc;
}

/* A comment, escaped: labels are a stranger's. */
static void
print_comment(struct bytes *out, const char *text)
{
	bytes_append_text(out, "# ");
	text_append_escaped(out, text, strlen(text));
	bytes_append_text(out, "\n");
}

/* Serial numbers can hold anything; a configuration cannot. */
static bool
is_plain_serial(const char *serial)
{
	for (const char *c = serial; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("-_.:", *c) == NULL)
			return false;
	return serial[0] != '\0';
}

void
media_proposal_print_section(
    const struct media_proposal *proposal, struct bytes *out)
{
	char line[512], size[QUANTITY_TEXT_BYTES];

	(void)snprintf(line, sizeof(line), "%s%s%s%s%s", proposal->filesystem,
	    proposal->size_bytes > 0 ? " " : "",
	    proposal->size_bytes > 0
		? quantity_describe_size(proposal->size_bytes, size)
		: "",
	    proposal->label[0] != '\0' ? " " : "", proposal->label);
	print_comment(out, line);
	bytes_append_format(out, "[medium %s]\nkind = %s\npath = %s\n",
	    proposal->id, proposal->kind, proposal->path);
	if (proposal->uuid[0] != '\0')
		bytes_append_format(out, "uuid = %s\n", proposal->uuid);
	if (is_plain_serial(proposal->serial))
		bytes_append_format(out, "serial = %s\n", proposal->serial);
	if (proposal->address[0] != '\0')
		bytes_append_format(out, "address = %s\n", proposal->address);
}

void
media_proposal_print(const struct media_proposal *proposal, struct bytes *out)
{
	if (!proposal->is_mounted)
		print_comment(
		    out, _("It is not mounted: correct the path to where it "
			   "will be."));
	media_proposal_print_section(proposal, out);
	if (strcmp(proposal->kind, "removable") == 0) {
		print_comment(
		    out, _("If it is kept unplugged, remove the # of these:"));
		bytes_append_text(
		    out, "#offline = detached\n#max_attached = 24h\n");
	}
}
