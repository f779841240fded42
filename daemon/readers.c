#include "daemon/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/service.h"
#include "lib/base/clock.h"
#include "lib/worker/pace.h"

/* How long a device is taken for the one that it was, ms. */
#define REMEMBERED_MS 10000

/* One medium. */
struct readers {
	char medium[CONFIG_ID_BYTES];
	struct device device;
	bool is_known;
	int64_t until_ms; /* monotonic */
	struct readers *next;
};

void
readers_free(struct readers *readers)
{
	while (readers != NULL) {
		struct readers *next = readers->next;

		free(readers);
		readers = next;
	}
}

/* A path that nothing is known of gets what is safe on any device. */
static void
look_up(const struct config_medium *medium, struct readers *ret)
{
	ret->is_known = device_describe_path(&device_running_kernel,
			    medium->path, &ret->device, NULL) == 0;
}

static struct readers *
remember(struct service *service, const struct config_medium *medium)
{
	struct readers *readers = service->readers;

	while (readers != NULL && strcmp(readers->medium, medium->id) != 0)
		readers = readers->next;
	if (readers != NULL)
		return readers;
	readers = calloc(1, sizeof(*readers));
	if (readers == NULL)
		return NULL;
	(void)snprintf(
	    readers->medium, sizeof(readers->medium), "%s", medium->id);
	readers->next = service->readers;
	service->readers = readers;
	return readers;
}

static unsigned
by_device(struct service *service, const struct config_medium *medium,
    uint64_t file_bytes)
{
	int64_t now = clock_monotonic_ms();
	struct readers *readers = remember(service, medium);

	if (readers == NULL)
		return 1;
	if (readers->until_ms < now) {
		look_up(medium, readers);
		readers->until_ms = now + REMEMBERED_MS;
	}
	return readers->is_known ? pace_readers(&readers->device, file_bytes)
				 : 1;
}

unsigned
readers_of_medium(
    struct service *service, const char *medium_id, uint64_t file_bytes)
{
	const struct config_medium *medium =
	    config_find_medium(service->config, medium_id);

	if (medium != NULL && medium->readers > 0)
		return (unsigned)medium->readers;
	if (service->config->policy.readers > 0)
		return (unsigned)service->config->policy.readers;
	return medium != NULL ? by_device(service, medium, file_bytes) : 1;
}
