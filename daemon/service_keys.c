/* Keys that are replaced while hikaed runs. */
#include <string.h>

#include "daemon/ledger.h"
#include "daemon/service.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

static int
write_keys(struct service *service, struct error *err)
{
	if (ledger_begin(service, err) != 0)
		return -1;
	if (ledger_keys(service, err) == 0 && ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

static bool
is_same_keyring(const struct keyring *a, const struct keyring *b)
{
	return memcmp(&a->publics[0], &b->publics[0], sizeof(a->publics[0])) ==
		   0 &&
	       memcmp(&a->facility, &b->facility, sizeof(a->facility)) == 0;
}

int
service_take_keys(struct service *service, struct error *err)
{
	struct keyring keyring, old = service->keyring;

	if (keyring_open(service->state_fd, &keyring, err) != 0)
		return -1;
	if (is_same_keyring(&keyring, &old)) {
		keyring_close(&keyring);
		return 0;
	}
	service->keyring = keyring;
	if (write_keys(service, err) != 0) {
		service->keyring = old;
		keyring_close(&keyring);
		return -1;
	}
	keyring_close(&old);
	log_event(LOG_LEVEL_NOTICE, _("the keys were replaced; the new ones "
				      "are in force"));
	return 0;
}
