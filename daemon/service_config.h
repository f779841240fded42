/*
 * service_config: what hikaed is configured by, read at its start and anew.
 *
 * Part of service.  Uses: config, drill_names, log.
 */
#ifndef HIKAE_DAEMON_SERVICE_CONFIG_H
#define HIKAE_DAEMON_SERVICE_CONFIG_H

#include "daemon/service.h"

/* Each as an error, or as a warning where the configuration is good. */
void service_log_problems(const struct config_problems *problems, bool is_good);

/*
 * As config_load, with warnings of what else is hardly meant so: names of drill
 * programs.
 */
int service_read_config(const struct service *service,
    struct config **ret_config, struct config_problems *problems) ERROR_CHECKED;

/* The same into the service, told in the log; opens the time zone. */
int service_load_config(
    struct service *service, struct error *err) ERROR_CHECKED;

#endif
