#include "lib/worker/messenger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/model/config.h"
#include "lib/os/file.h"
#include "lib/os/spawn.h"
#include "lib/worker/messenger_program.h"

/* Its program has a deadline of its own; this is for all around it. */
#define GRACE_SECONDS 4
/* sendmail's options, and the addresses of a list. */
#define ARGUMENTS_MAX 72
#define VARIABLES_MAX 8

static const struct config_notify *
find_section(const struct messenger_order *order, const char *root,
    struct config **ret_config, struct error *err)
{
	struct config_problems problems;
	const struct config_notify *section = NULL;
	int root_fd = -1;

	if (file_open_folder(root, &root_fd, err) != 0)
		return NULL;
	if (config_load_notify(root_fd, ret_config, &problems) != 0)
		(void)!error_set(err, ERROR_CONFIG, "%s",
		    problems.count > 0 ? problems.texts[0]
				       : _("the configuration has errors"));
	else
		section = config_find_notify(*ret_config, order->section);
	if (*ret_config != NULL && section == NULL)
		(void)!error_set(err, ERROR_CONFIG,
		    _("there is no section [notify %s]"), order->section);
	config_problems_done(&problems);
	(void)close(root_fd);
	return section;
}

/* "NAME=value", or NULL. */
static char *
variable(const char *name, const char *value)
{
	size_t size = strlen(name) + strlen(value) + 2;
	char *text = malloc(size);

	if (text != NULL)
		(void)snprintf(text, size, "%s=%s", name, value);
	return text;
}

/* Up to the first that there was no memory for, which ends the list. */
static int
make_variables(
    const struct messenger_order *order, char *variables[VARIABLES_MAX])
{
	const struct {
		const char *name, *value;
	} all[VARIABLES_MAX - 1] = {
	    {"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"},
	    {"LANG", "C.UTF-8"},
	    {"HOME", "/"},
	    {"HIKAE_NOTIFY", order->section},
	    {"HIKAE_EVENT", order->event},
	    {"HIKAE_STATE", order->state},
	    {"HIKAE_SUBJECT", order->subject},
	};

	for (size_t i = 0; i < VARIABLES_MAX - 1; i++) {
		variables[i] = variable(all[i].name, all[i].value);
		if (variables[i] == NULL)
			return -1;
	}
	return 0;
}

/*
 * Recipients come from the configuration, not from the message.  execve writes
 * to no argument; its prototype is older than const.
 */
static void
make_arguments(
    const struct config_notify *section, const char *program, char **arguments)
{
	size_t n = 0;

	arguments[n++] = (char *)(uintptr_t)program;
	if (section->method == CONFIG_METHOD_MAIL) {
		/* A line with a dot alone does not end the message. */
		arguments[n++] = (char *)(uintptr_t) "-i";
		for (size_t i = 0;
		     i < section->to.count && n < ARGUMENTS_MAX - 1; i++)
			arguments[n++] = section->to.items[i];
	}
	arguments[n] = NULL;
}

static int
serve(const struct messenger_order *order, const char *root, int stop_fd,
    struct messenger_answer *ret_answer, struct error *err)
{
	char *arguments[ARGUMENTS_MAX] = {NULL};
	char *variables[VARIABLES_MAX] = {NULL};
	struct messenger_program program = {
	    .arguments = arguments,
	    .variables = variables,
	    .input = order->input,
	    .input_length = order->input_length,
	    .deadline_ms = order->deadline_ms,
	    .stop_fd = stop_fd,
	};
	struct config *config = NULL;
	const struct config_notify *section =
	    find_section(order, root, &config, err);
	const char *path =
	    section == NULL ? NULL : config_notify_program(section);
	int rc = -1;

	if (section != NULL && path == NULL)
		(void)!error_set(err, ERROR_CONFIG,
		    _("[notify %s] has no command"), order->section);
	if (path == NULL)
		goto out;
	if (make_variables(order, variables) != 0) {
		(void)!error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	make_arguments(section, path, arguments);
	messenger_program_run(&program, ret_answer);
	rc = 0;
out:
	for (size_t i = 0; i < VARIABLES_MAX; i++)
		free(variables[i]);
	config_free(config);
	return rc;
}

static int
answer_order(const char *root, int stop_fd)
{
	struct messenger_order *order = calloc(1, sizeof(*order));
	struct messenger_answer answer = {.outcome = MESSENGER_FAILED};
	struct bytes room = BYTES_EMPTY;
	struct error err = {0};
	int status = EXIT_SUCCESS;

	if (order == NULL)
		return EXIT_FAILURE;
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	/* The program must not be able to answer in this process's stead. */
	(void)fcntl(SPAWN_WIRE_FD, F_SETFD, FD_CLOEXEC);
	if (messenger_receive_order(SPAWN_WIRE_FD, order, &room, &err) == 0) {
		/* Who asked may be no parent of this, and unable to end it. */
		(void)alarm((order->deadline_ms + 999) / 1000 + GRACE_SECONDS);
		if (serve(order, root != NULL ? root : order->root, stop_fd,
			&answer, &err) == 0)
			err.text[0] = '\0';
	}
	if (err.text[0] != '\0')
		(void)snprintf(
		    answer.said, sizeof(answer.said), "%s", err.text);
	if (messenger_send_answer(SPAWN_WIRE_FD, &answer, &err) != 0)
		status = EXIT_FAILURE;
	bytes_done(&room);
	free(order);
	return status;
}

/* Its parent's death comes as SIGTERM, and ends the program and its group. */
static int
supervise(pid_t parent)
{
	sigset_t signals;
	int stop_fd;

	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	stop_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (stop_fd < 0 || prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0 ||
	    getppid() != parent)
		return EXIT_FAILURE;
	return answer_order(NULL, stop_fd);
}

/*
 * hikaed kills its child, and so does its own death: what the program has
 * started would go on.  So a child of that child sees to the program.  A
 * service of systemd's has a control group for that.
 */
int
messenger_main(const char *root)
{
	const pid_t self = getpid();
	int status = 0;
	pid_t pid;

	if (root != NULL)
		return answer_order(root, -1);
	pid = fork();
	if (pid == 0)
		return supervise(self);
	if (pid < 0)
		return EXIT_FAILURE;
	/* Who holds the wire is who answers. */
	(void)close(SPAWN_WIRE_FD);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
