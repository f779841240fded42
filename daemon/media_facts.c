#include "daemon/media_facts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/crypto/digest.h"

/* Less than this share of the capacity is no change of the free space. */
#define FREE_STEPS 20

void
media_facts_init(struct media_facts *facts)
{
	*facts = (struct media_facts){.capacity = -1, .free = -1};
}

/* One line of ASCII: what a device says of itself can be anything. */
static void
set_text(char *room, size_t size, const char *text)
{
	size_t length = 0;

	for (; text != NULL && *text != '\0' && length + 1 < size; text++)
		room[length++] = *text >= ' ' && *text < 0x7f ? *text : '_';
	room[length] = '\0';
}

/* "LUKS2" as a word of the journal. */
static void
set_word(char *room, size_t size, const char *text)
{
	set_text(room, size, text);
	for (char *c = room; *c != '\0'; c++)
		*c = isalnum((unsigned char)*c)
			 ? (char)tolower((unsigned char)*c)
			 : '-';
	if (!islower((unsigned char)room[0]))
		room[0] = '\0';
}

/* What is too long for the journal is named by its digest. */
static void
set_disks(struct media_facts *facts, const char *lies_on)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	if (strlen(lies_on) < sizeof(facts->disks)) {
		set_text(facts->disks, sizeof(facts->disks), lies_on);
		return;
	}
	digest_sha256_of(lies_on, strlen(lies_on), digest);
	bytes_format_hex(digest, sizeof(digest), hex);
	(void)snprintf(facts->disks, sizeof(facts->disks), "sha256:%s", hex);
}

/*
 * That nothing encrypts is known where all disks are seen, and are this host's:
 * what a server does with its own, or a program with what it stores, is not.
 */
static const char *
encryption_of(const struct device *device)
{
	if (device->encrypted && device->encryption[0] != '\0')
		return device->encryption;
	return !device->encrypted && device->disks_known &&
		       device->disk_count > 0 && device->reach != DEVICE_NETWORK
		   ? "none"
		   : "unknown";
}

void
media_facts_of_identity(
    const struct identity *identity, struct media_facts *ret)
{
	const struct device *device = &identity->device;

	media_facts_init(ret);
	set_text(
	    ret->filesystem, sizeof(ret->filesystem), identity->filesystem);
	set_text(ret->uuid, sizeof(ret->uuid), identity->uuid);
	set_text(ret->serial, sizeof(ret->serial),
	    identity->serial[0] != '\0' ? identity->serial : identity->wwn);
	set_disks(ret, identity->lies_on);
	set_word(ret->transport, sizeof(ret->transport),
	    identity_transport_name(identity->transport));
	set_word(
	    ret->reach, sizeof(ret->reach), device_reach_name(device->reach));
	set_word(ret->encrypted, sizeof(ret->encrypted), encryption_of(device));
	ret->read_only = device->read_only;
	ret->device_read_only = device->device_read_only;
	ret->removable = device->removable;
	ret->rotational = device->rotational;
}

void
media_facts_of_row(
    const struct query_medium_state *row, struct media_facts *ret)
{
	media_facts_init(ret);
	set_text(ret->filesystem, sizeof(ret->filesystem), row->filesystem);
	set_text(ret->uuid, sizeof(ret->uuid), row->uuid);
	set_text(ret->serial, sizeof(ret->serial), row->serial);
	set_text(ret->disks, sizeof(ret->disks), row->disks);
	set_text(ret->transport, sizeof(ret->transport), row->transport);
	set_text(ret->reach, sizeof(ret->reach), row->reach);
	set_text(ret->encrypted, sizeof(ret->encrypted), row->encrypted);
	set_text(ret->stamp, sizeof(ret->stamp), row->stamp);
	ret->read_only = row->read_only;
	ret->device_read_only = row->device_read_only;
	ret->removable = row->removable;
	ret->rotational = row->rotational;
	ret->capacity = row->capacity;
	ret->free = row->free;
}

static bool
is_near(const struct media_facts *a, const struct media_facts *b)
{
	int64_t apart =
	    a->free > b->free ? a->free - b->free : b->free - a->free;

	if (a->capacity != b->capacity || (a->free < 0) != (b->free < 0))
		return false;
	return a->capacity <= 0 || apart < a->capacity / FREE_STEPS;
}

bool
media_facts_is_same(const struct media_facts *a, const struct media_facts *b)
{
	return strcmp(a->filesystem, b->filesystem) == 0 &&
	       strcmp(a->uuid, b->uuid) == 0 &&
	       strcmp(a->serial, b->serial) == 0 &&
	       strcmp(a->disks, b->disks) == 0 &&
	       strcmp(a->transport, b->transport) == 0 &&
	       strcmp(a->reach, b->reach) == 0 &&
	       strcmp(a->encrypted, b->encrypted) == 0 &&
	       strcmp(a->stamp, b->stamp) == 0 &&
	       a->read_only == b->read_only &&
	       a->device_read_only == b->device_read_only &&
	       a->removable == b->removable && a->rotational == b->rotational &&
	       is_near(a, b);
}

static void
add_text(json_t *object, const char *name, const char *text)
{
	if (text[0] != '\0')
		(void)json_object_set_new(object, name, json_string(text));
}

static void
add_count(json_t *object, const char *name, int64_t count)
{
	if (count >= 0)
		(void)json_object_set_new(object, name, json_integer(count));
}

json_t *
media_facts_describe(const struct media_facts *facts)
{
	json_t *object = json_pack("{s:b, s:b, s:b, s:b}", "read_only",
	    facts->read_only, "device_read_only", facts->device_read_only,
	    "removable", facts->removable, "rotational", facts->rotational);

	add_text(object, "filesystem", facts->filesystem);
	add_text(object, "uuid", facts->uuid);
	add_text(object, "serial", facts->serial);
	add_text(object, "disks", facts->disks);
	add_text(object, "transport", facts->transport);
	add_text(object, "reach", facts->reach);
	add_text(object, "encrypted", facts->encrypted);
	add_text(object, "stamp", facts->stamp);
	add_count(object, "capacity", facts->capacity);
	add_count(object, "free", facts->free);
	return object;
}
