/* hikaed: the daemon, and by its --role argument its own children. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/service.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/output/reporter.h"
#include "lib/worker/drill_service.h"
#include "lib/worker/messenger.h"
#include "lib/worker/mounter.h"
#include "lib/worker/parser.h"
#include "lib/worker/probe.h"
#include "lib/worker/reader.h"
#include "lib/worker/release.h"
#include "lib/worker/restorer.h"
#include "lib/worker/runner.h"
#include "lib/worker/trier.h"
#include "lib/worker/witness.h"

static const char usage[] =
    N_("Usage: hikaed [--root DIR]\n"
       "\n"
       "Verifies backups and keeps the evidence.  Runs in the foreground\n"
       "until SIGTERM; SIGHUP reads the configuration anew.\n"
       "\n"
       "  --root DIR   look for etc, var and run below DIR (default /)\n"
       "  --version    print the version\n"
       "  --help       print this text\n");

struct arguments {
	const char *root, *role;
};

/* -1: go on; else the exit status. */
static int
parse_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	static const struct option options[] = {
	    {"root", required_argument, NULL, 'r'},
	    {"role", required_argument, NULL, 'R'},
	    {"version", no_argument, NULL, 'V'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	*ret_arguments = (struct arguments){.root = NULL};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'r':
			ret_arguments->root = optarg;
			break;
		case 'R':
			ret_arguments->role = optarg;
			break;
		case 'V':
			(void)puts("hikaed " HIKAE_VERSION);
			return EXIT_SUCCESS;
		case 'h':
			(void)fputs(_(usage), stdout);
			return EXIT_SUCCESS;
		default:
			(void)fputs(_(usage), stderr);
			return error_exit_status(ERROR_USAGE);
		}
	}
	if (optind < argc) {
		(void)fputs(_(usage), stderr);
		return error_exit_status(ERROR_USAGE);
	}
	return -1;
}

static int
run_role(const char *role, const char *root)
{
	const char *below = root != NULL ? root : "/";

	if (strcmp(role, "messenger") == 0)
		return messenger_main(root);
	if (strcmp(role, "reader") == 0)
		return reader_main();
	if (strcmp(role, "parser") == 0)
		return parser_main();
	if (strcmp(role, "probe") == 0)
		return probe_main();
	if (strcmp(role, "mounter") == 0)
		return mounter_main(below);
	if (strcmp(role, "releaser") == 0)
		return release_main(below);
	if (strcmp(role, "trier") == 0)
		return trier_main(below);
	if (strcmp(role, "restorer") == 0)
		return restorer_main();
	if (strcmp(role, "runner") == 0)
		return runner_main();
	if (strcmp(role, "witness") == 0)
		return witness_main();
	if (strcmp(role, "drill") == 0)
		return drill_service_main();
	if (strcmp(role, "report") == 0 || strcmp(role, "records") == 0)
		return reporter_main();
	return error_exit_status(ERROR_USAGE);
}

static int
run_service(const char *root)
{
	struct service service;
	struct error err = {0};
	int rc;

	log_open(log_suitable_sink(), LOG_LEVEL_INFO);
	rc = service_begin(&service, root, &err);
	if (rc == 0)
		rc = service_run(&service, &err);
	if (rc != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	service_end(&service, rc == 0 ? "asked" : "failed");
	return rc == 0 ? EXIT_SUCCESS : error_exit_status(err.code);
}

/* One that comes before the loop waits for it, and ends nothing. */
static void
hold_reload(int how)
{
	sigset_t signals;

	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGHUP);
	(void)sigprocmask(how, &signals, NULL);
}

int
main(int argc, char **argv)
{
	struct arguments arguments;
	char *root;
	int status;

	hold_reload(SIG_BLOCK);
	i18n_start();
	status = parse_arguments(argc, argv, &arguments);
	if (status >= 0)
		return status;
	if (arguments.role != NULL) {
		hold_reload(SIG_UNBLOCK);
		return run_role(arguments.role, arguments.root);
	}
	/* Children change their folder, so the root must be absolute. */
	if (arguments.root == NULL)
		arguments.root = "/";
	root = realpath(arguments.root, NULL);
	if (root == NULL) {
		(void)fprintf(stderr, "hikaed: %s: %s\n", arguments.root,
		    _("there is no such folder"));
		return error_exit_status(ERROR_NOT_FOUND);
	}
	status = run_service(root);
	free(root);
	return status;
}
