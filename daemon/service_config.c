#include "daemon/service_config.h"

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/worker/drill_names.h"

void
service_log_problems(const struct config_problems *problems, bool is_good)
{
	for (size_t i = 0; i < problems->count; i++)
		log_event(is_good ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, "%s",
		    problems->texts[i]);
}

int
service_read_config(const struct service *service, struct config **ret_config,
    struct config_problems *problems)
{
	if (config_load(service->root_fd, ret_config, problems) != 0)
		return -1;
	drill_names_check(service->root_fd, *ret_config, problems);
	return 0;
}

int
service_load_config(struct service *service, struct error *err)
{
	struct config_problems problems;
	int rc = service_read_config(service, &service->config, &problems);

	service_log_problems(&problems, rc == 0);
	config_problems_done(&problems);
	if (rc != 0)
		return error_set(err, ERROR_CONFIG,
		    _("the configuration has errors; `hikae config check` "
		      "lists them"));
	return date_zone_open(service->config->facility.timezone, err);
}
