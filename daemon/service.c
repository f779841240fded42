#include "daemon/service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "daemon/canary.h"
#include "daemon/comparison.h"
#include "daemon/control.h"
#include "daemon/coverage.h"
#include "daemon/discovery.h"
#include "daemon/documents.h"
#include "daemon/drill.h"
#include "daemon/ledger.h"
#include "daemon/media.h"
#include "daemon/notices.h"
#include "daemon/notify.h"
#include "daemon/packs.h"
#include "daemon/readers.h"
#include "daemon/refusal.h"
#include "daemon/repetition.h"
#include "daemon/runs.h"
#include "daemon/selfcheck.h"
#include "daemon/service_config.h"
#include "daemon/standing.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/judge/reason.h"
#include "lib/os/file.h"
#include "lib/store/journal.h"
#include "lib/store/query_finding.h"

/* A checkpoint at least this often, where there are new entries, ms. */
#define CHECKPOINT_MS CLOCK_HOUR_MS

static int
open_folders(struct service *service, struct error *err)
{
	int length;

	if (file_open_folder(service->root, &service->root_fd, err) != 0)
		return error_prefix(err, "%s", service->root);
	if (file_make_folders(service->root_fd, SERVICE_STATE, 0750, err) !=
		0 ||
	    file_make_folders(service->root_fd, SERVICE_RUN, 0750, err) != 0 ||
	    file_open_below(service->root_fd, SERVICE_STATE,
		O_RDONLY | O_DIRECTORY, &service->state_fd, err) != 0)
		return error_prefix(err, SERVICE_STATE);
	length = snprintf(service->catalog_path, sizeof(service->catalog_path),
	    "%s/" SERVICE_STATE "/" SERVICE_CATALOG, service->root);
	if (length < 0 || (size_t)length >= sizeof(service->catalog_path))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	/* One daemon a state: the lock goes with the process. */
	if (flock(service->state_fd, LOCK_EX | LOCK_NB) != 0)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("another hikaed is using this state"));
	return 0;
}

static int
check_sandbox(struct service *service, struct error *err)
{
	if (sandbox_probe(&service->sandbox, err) != 0)
		return -1;
	if (!sandbox_is_whole(&service->sandbox) &&
	    service->config->policy.sandbox == CONFIG_SANDBOX_REQUIRED)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("this machine lacks a part of the sandbox; set "
		      "sandbox = best-effort to do without it"));
	return 0;
}

static int
open_catalog(struct service *service, struct error *err)
{
	struct catalog_options options = {.mode = CATALOG_WRITE};

	/* A lost one is not made anew before somebody said that it is lost. */
	if (faccessat(service->state_fd, SERVICE_CATALOG, F_OK,
		AT_SYMLINK_NOFOLLOW) != 0 &&
	    errno == ENOENT && standing_check(service, err) != 0)
		return -1;
	if (catalog_open(
		service->catalog_path, &options, &service->catalog, err) != 0)
		return -1;
	return standing_check(service, err);
}

/* Runs that a crash cut off, and what of them is to be done again. */
struct lost_runs {
	struct service *service;
	uint64_t ids[SERVICE_LOST_MAX];
	size_t count;
};

static int
take_lost_run(const struct query_run *row, void *context, struct error *err)
{
	struct lost_runs *lost = context;
	struct service *service = lost->service;

	(void)err;
	if (lost->count == SERVICE_LOST_MAX)
		return 1;
	lost->ids[lost->count++] = row->id;
	if (row->copy != 0 && strcmp(row->trigger, "capture") == 0)
		service->unfinished[service->unfinished_count++] = row->copy;
	return 0;
}

static int
end_lost_runs(struct service *service, struct error *err)
{
	struct query_run_filter open_runs = {.only_open = true};
	struct lost_runs lost = {.service = service};

	if (query_runs(service->catalog, CATALOG_NOW, &open_runs, take_lost_run,
		&lost, err) != 0)
		return -1;
	for (size_t i = 0; i < lost.count; i++)
		if (ledger_run_lost(service, lost.ids[i], err) != 0)
			return -1;
	return 0;
}

/* What cannot be marked now is at the next checkpoint. */
static int
settle_loss(struct service *service)
{
	struct error err = {0};

	if (standing_settle(service, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	return 0;
}

static int
write_beginning(struct service *service, struct error *err)
{
	uint64_t before;

	if (journal_size(service->catalog, &before, err) != 0 ||
	    ledger_begin(service, err) != 0)
		return -1;
	if (ledger_origin(service, err) == 0 &&
	    ledger_keys(service, err) == 0 &&
	    standing_record(service, before == 0, err) == 0 &&
	    ledger_start(service, err) == 0 &&
	    ledger_config(service, err) == 0 &&
	    repetition_judge_all(service, err) == 0 &&
	    refusal_settle(service, err) == 0 &&
	    end_lost_runs(service, err) == 0 &&
	    drill_record_lost(service, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return settle_loss(service);
	ledger_rollback(service);
	return -1;
}

/* jobs' callback. */
static unsigned
readers_of(void *context, const char *medium_id, uint64_t file_bytes)
{
	struct service *service = context;

	media_want(service->media, medium_id);
	return media_is_closed(service->media, medium_id)
		   ? 0
		   : readers_of_medium(service, medium_id, file_bytes);
}

static int
begin_parts(struct service *service, struct error *err)
{
	struct jobs_options options = {
	    .loop = service->loop,
	    .timeout_ms = service->config->policy.job_timeout_ms,
	    .readers = readers_of,
	    .context = service,
	};

	if (jobs_new(&options, &service->jobs, err) != 0 ||
	    runs_new(service, &service->runs, err) != 0 ||
	    discovery_new(service, &service->discovery, err) != 0 ||
	    discovery_configure(service->discovery, err) != 0 ||
	    comparison_resume(service, err) != 0 ||
	    coverage_new(service, &service->coverage, err) != 0 ||
	    media_new(service, &service->media, err) != 0 ||
	    drill_new(service, &service->drills, err) != 0 ||
	    documents_new(service, &service->documents, err) != 0 ||
	    notices_new(service, &service->notices, err) != 0 ||
	    selfcheck_new(service, &service->selfcheck, err) != 0)
		return -1;
	return control_new(service, &service->control, err);
}

int
service_begin(struct service *service, const char *root, struct error *err)
{
	*service = (struct service){
	    .root = root, .root_fd = -1, .state_fd = -1, .signal_fd = -1};
	service->started_at = clock_wall_ms();
	if (open_folders(service, err) != 0 ||
	    service_load_config(service, err) != 0 ||
	    keyring_open(service->state_fd, &service->keyring, err) != 0)
		return -1;
	service->has_keyring = true;
	if (packs_begin(service, err) != 0 ||
	    check_sandbox(service, err) != 0 ||
	    open_catalog(service, err) != 0 ||
	    ledger_read_clock(service, err) != 0 ||
	    canary_make(service, err) != 0 ||
	    write_beginning(service, err) != 0 ||
	    loop_new(&service->loop, err) != 0)
		return -1;
	return begin_parts(service, err);
}

static void
sign_checkpoint(struct service *service)
{
	struct error err = {0};

	if (standing_checkpoint(service, NULL, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

/* What the clock did while nothing was to be written is written, too. */
static void
look_at_clock(struct service *service)
{
	struct error err = {0};
	int64_t now;

	if (ledger_begin(service, &err) == 0 &&
	    ledger_now(service, &now, &err) == 0 &&
	    ledger_commit(service, &err) == 0)
		return;
	ledger_rollback(service);
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

static void
on_checkpoint(void *context)
{
	struct service *service = context;
	struct error err = {0};

	look_at_clock(service);
	if (service_take_keys(service, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	sign_checkpoint(service);
	loop_set_timer(service->loop, &service->checkpoint, CHECKPOINT_MS);
}

static void
on_watchdog(void *context)
{
	struct service *service = context;

	notify_watchdog();
	loop_set_timer(service->loop, &service->watchdog, notify_watchdog_ms());
}

/* What a reload writes, with the new configuration and keys in place. */
static int
write_reload(struct service *service, struct error *err)
{
	if (ledger_begin(service, err) != 0)
		return -1;
	if (ledger_keys(service, err) == 0 &&
	    ledger_config(service, err) == 0 &&
	    repetition_judge_all(service, err) == 0 &&
	    refusal_settle(service, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

static int
take_config(struct service *service, struct config_problems *problems)
{
	struct config *config = NULL, *old = service->config;
	struct keyring keyring, old_keyring = service->keyring;
	struct requirement_texts packs, old_packs = service->packs;
	struct error err = {0};

	if (packs_read_good(service, &packs, problems) != 0)
		return -1;
	if (service_read_config(service, &config, problems) != 0) {
		requirement_texts_done(&packs);
		return -1;
	}
	if (keyring_open(service->state_fd, &keyring, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		config_problems_add(problems, NULL, 0, err.text);
		config_free(config);
		requirement_texts_done(&packs);
		return -1;
	}
	service->config = config;
	service->keyring = keyring;
	service->packs = packs;
	if (date_zone_open(config->facility.timezone, &err) != 0 ||
	    write_reload(service, &err) != 0 ||
	    discovery_configure(service->discovery, &err) != 0 ||
	    media_configure(service->media, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		config_problems_add(problems, NULL, 0, err.text);
		service->config = old;
		service->keyring = old_keyring;
		service->packs = old_packs;
		/* Of the zone that was in force nothing can be wrong. */
		(void)!date_zone_open(old->facility.timezone, &err);
		keyring_close(&keyring);
		config_free(config);
		requirement_texts_done(&packs);
		return -1;
	}
	refusal_forget(service);
	/* What is left out is left out at a start alone. */
	service->has_faulty_packs = false;
	/* They hold sections of the old one. */
	if (notices_configure(service->notices, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	config_free(old);
	keyring_close(&old_keyring);
	requirement_texts_done(&old_packs);
	/* From here on only the key in force signs. */
	sign_checkpoint(service);
	log_event(LOG_LEVEL_NOTICE, _("the new configuration is in force"));
	return 0;
}

/* Ready, and what is watched, for `systemctl status`. */
static void
tell_ready(const struct service *service)
{
	char text[512];
	size_t used;

	(void)snprintf(text, sizeof(text), _("watching %d sources on %d media"),
	    (int)service->config->source_count,
	    (int)service->config->medium_count);
	used = strlen(text);
	if (refusal_stands(service))
		(void)snprintf(text + used, sizeof(text) - used, "; %s",
		    reason_title(reason_name(REASON_CONFIG_REFUSED)));
	notify_status(text);
	notify_ready();
}

int
service_reload(struct service *service, struct config_problems *problems)
{
	int rc;

	notify_reloading();
	rc = take_config(service, problems);
	if (rc != 0)
		refusal_note(service, problems);
	tell_ready(service);
	return rc;
}

/* Nobody waits for an answer: the log has it. */
static void
reload_by_signal(struct service *service)
{
	struct config_problems problems = {.count = 0};
	int rc = service_reload(service, &problems);

	service_log_problems(&problems, rc == 0);
	if (rc != 0)
		log_event(LOG_LEVEL_ERROR,
		    _("the configuration has errors; the old one stays in "
		      "force"));
	config_problems_done(&problems);
}

static void
on_signal(void *context, short revents)
{
	struct service *service = context;
	struct signalfd_siginfo info;

	(void)revents;
	if (read(service->signal_fd, &info, sizeof(info)) !=
	    (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		reload_by_signal(service);
	else
		loop_stop(service->loop);
}

static int
watch_signals(struct service *service, struct error *err)
{
	sigset_t signals;

	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGHUP);
	(void)signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
		return error_set_errno(err, errno, _("cannot block signals"));
	service->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (service->signal_fd < 0)
		return error_set_errno(err, errno, _("cannot watch signals"));
	return loop_watch(
	    service->loop, service->signal_fd, POLLIN, on_signal, service, err);
}

int
service_run(struct service *service, struct error *err)
{
	if (watch_signals(service, err) != 0)
		return -1;
	service->checkpoint =
	    (struct loop_timer){.ring = on_checkpoint, .context = service};
	loop_set_timer(service->loop, &service->checkpoint, 0);
	service->watchdog =
	    (struct loop_timer){.ring = on_watchdog, .context = service};
	if (notify_watchdog_ms() > 0)
		loop_set_timer(service->loop, &service->watchdog, 0);
	tell_ready(service);
	return loop_run(service->loop, err);
}

static void
write_end(struct service *service, const char *reason)
{
	struct error err = {0};

	if (ledger_begin(service, &err) == 0 &&
	    ledger_stop(service, reason, &err) == 0 &&
	    ledger_commit(service, &err) == 0) {
		sign_checkpoint(service);
		return;
	}
	ledger_rollback(service);
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

void
service_end(struct service *service, const char *reason)
{
	notify_stopping();
	service->is_ending = true;
	control_free(service->control);
	documents_free(service->documents);
	service->documents = NULL;
	selfcheck_free(service->selfcheck);
	service->selfcheck = NULL;
	notices_free(service->notices);
	service->notices = NULL;
	media_free(service->media);
	service->media = NULL;
	coverage_free(service->coverage);
	jobs_free(service->jobs);
	discovery_free(service->discovery);
	drill_free(service->drills);
	runs_free(service->runs);
	if (service->control != NULL) {
		media_leave_all(service);
		write_end(service, reason);
	}
	if (service->loop != NULL) {
		loop_unset_timer(service->loop, &service->checkpoint);
		loop_unset_timer(service->loop, &service->watchdog);
	}
	loop_free(service->loop);
	catalog_close(service->catalog);
	readers_free(service->readers);
	if (service->has_keyring)
		keyring_close(&service->keyring);
	config_free(service->config);
	requirement_texts_done(&service->packs);
	if (service->signal_fd >= 0)
		(void)close(service->signal_fd);
	if (service->state_fd >= 0)
		(void)close(service->state_fd);
	if (service->root_fd >= 0)
		(void)close(service->root_fd);
}
