/*
 * control_service: the real control, and as much of a service as it touches,
 * in a process of its own.
 *
 * Its monotonic clock is wrapped, so that a test can move it.
 */
#ifndef HIKAE_TESTS_DAEMON_CONTROL_SERVICE_H
#define HIKAE_TESTS_DAEMON_CONTROL_SERVICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/control.h"
#include "daemon/control_peer.h"
#include "daemon/discovery.h"
#include "daemon/documents.h"
#include "daemon/notices.h"
#include "lib/base/log.h"
#include "lib/format/varlink.h"

static const char config_text[] = "[facility]\n"
				  "id = seaside\n"
				  "name = Seaside\n"
				  "[system ehr]\n"
				  "kind = ehr\n"
				  "name = Records\n";

/* Added to the server's clock, ms. */
static _Atomic int64_t *shift_ms;
static void *shared;

int64_t __real_clock_monotonic_ms(void);
int64_t __wrap_clock_monotonic_ms(void);
int64_t
__wrap_clock_monotonic_ms(void)
{
	return __real_clock_monotonic_ms() + (shift_ms == NULL ? 0 : *shift_ms);
}

static char folder[64];
static pid_t server;

static unsigned
one_reader(void *context, const char *medium, uint64_t file_bytes)
{
	(void)context;
	(void)medium;
	(void)file_bytes;
	return 1;
}

/* As much of a service as the control's methods touch. */
static int
begin_service(struct service *service, struct error *err)
{
	const struct catalog_options catalog = {.mode = CATALOG_WRITE};
	struct config_problems problems;
	struct jobs_options jobs = {.timeout_ms = 1000, .readers = one_reader};

	*service = (struct service){.root = folder};
	(void)snprintf(service->catalog_path, sizeof(service->catalog_path),
	    "%s/catalog.db", folder);
	service->root_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	service->state_fd = service->root_fd;
	if (config_load_text("test", config_text, sizeof(config_text) - 1,
		&service->config, &problems) != 0)
		return error_set(err, ERROR_CONFIG, "%s", problems.texts[0]);
	if (catalog_open(
		service->catalog_path, &catalog, &service->catalog, err) != 0 ||
	    loop_new(&service->loop, err) != 0)
		return -1;
	jobs.loop = service->loop;
	if (jobs_new(&jobs, &service->jobs, err) != 0 ||
	    runs_new(service, &service->runs, err) != 0 ||
	    discovery_new(service, &service->discovery, err) != 0 ||
	    documents_new(service, &service->documents, err) != 0 ||
	    notices_new(service, &service->notices, err) != 0 ||
	    control_new(service, &service->control, err) != 0)
		return -1;
	return loop_run(service->loop, err);
}

static void
serve(void)
{
	static struct service service;
	struct error err = {0};

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	log_open(LOG_SINK_PLAIN, LOG_LEVEL_ERROR);
	if (begin_service(&service, &err) != 0)
		(void)fprintf(stderr, "server: %s\n", err.text);
	_exit(1);
}

#endif
