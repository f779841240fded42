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
	unsigned count;
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
static unsigned
look_up(const struct config_medium *medium)
{
	struct device device;

	if (device_describe_path(
		&device_running_kernel, medium->path, &device, NULL) != 0)
		return 1;
	return pace_readers(&device);
}

static unsigned
remember(struct service *service, const struct config_medium *medium)
{
	int64_t now = clock_monotonic_ms();
	struct readers *readers = service->readers;

	while (readers != NULL && strcmp(readers->medium, medium->id) != 0)
		readers = readers->next;
	if (readers == NULL) {
		readers = calloc(1, sizeof(*readers));
		if (readers == NULL)
			return look_up(medium);
		(void)snprintf(
		    readers->medium, sizeof(readers->medium), "%s", medium->id);
		readers->next = service->readers;
		service->readers = readers;
	}
	if (readers->count == 0 || readers->until_ms < now) {
		readers->count = look_up(medium);
		readers->until_ms = now + REMEMBERED_MS;
	}
	return readers->count;
}

unsigned
readers_of_medium(struct service *service, const char *medium_id)
{
	const struct config_medium *medium =
	    config_find_medium(service->config, medium_id);

	if (medium != NULL && medium->readers > 0)
		return (unsigned)medium->readers;
	if (service->config->policy.readers > 0)
		return (unsigned)service->config->policy.readers;
	return medium != NULL ? remember(service, medium) : 1;
}
