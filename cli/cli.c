#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/model/config.h"
#include "lib/os/file.h"

/* Room for a path of the command line in an error, escaped and cut. */
#define SHOWN_PATH_BYTES 256

static void
print_error_json(struct cli *cli, const struct error *err)
{
	json_t *value = json_pack("{s:{s:s,s:s}}", "error", "code",
	    error_code_name(err->code), "text", err->text);

	/* Standard error tells the same where even this fails. */
	if (value != NULL && print_json(&cli->print, value, NULL) != 0)
		(void)0;
	json_decref(value);
}

int
cli_fail(struct cli *cli, const struct error *err)
{
	(void)fprintf(stderr, "hikae: %s\n", err->text);
	if (cli->is_json)
		print_error_json(cli, err);
	return error_exit_status(err->code);
}

int
cli_fail_memory(struct cli *cli)
{
	struct error err;

	(void)error_set(&err, ERROR_INTERNAL, _("out of memory"));
	return cli_fail(cli, &err);
}

int
cli_fail_usage(struct cli *cli, const char *format, ...)
{
	struct error err = {.code = ERROR_USAGE};
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(err.text, sizeof(err.text), format, ap);
	va_end(ap);
	(void)cli_fail(cli, &err);
	(void)fprintf(stderr, _("Try: hikae help%s%s\n"),
	    cli->command[0] != '\0' ? " " : "", cli->command);
	return error_exit_status(ERROR_USAGE);
}

/* How bad a status is: the order of DESIGN section 8. */
static int
rank(int status)
{
	switch (status) {
	case CLI_GOOD:
		return 0;
	case CLI_WARNING:
		return 1;
	case CLI_UNKNOWN:
		return 2;
	case CLI_BAD:
		return 3;
	default:
		return 4;
	}
}

int
cli_worse(int a, int b)
{
	return rank(b) > rank(a) ? b : a;
}

int
cli_open_root(const struct cli *cli, int *ret_fd, struct error *err)
{
	char shown[SHOWN_PATH_BYTES];

	if (file_open_folder(cli->root, ret_fd, err) == 0)
		return 0;
	return error_prefix(err, _("--root %s"),
	    text_escape(shown, sizeof(shown), cli->root, strlen(cli->root)));
}

/* The folders above belong to the system; what the state holds is private. */
static int
make_state(int root_fd, struct error *err)
{
	if (file_make_folders(root_fd, CLI_STATE_PARENT, 0755, err) != 0)
		return -1;
	return file_make_folders(root_fd, CLI_STATE, 0750, err);
}

int
cli_open_state(
    const struct cli *cli, bool is_created, int *ret_fd, struct error *err)
{
	char shown[SHOWN_PATH_BYTES];
	struct error why = {0};
	int root_fd = -1, rc = 0;

	if (cli_open_root(cli, &root_fd, err) != 0)
		return -1;
	if (is_created)
		rc = make_state(root_fd, &why);
	if (rc == 0)
		rc = file_open_below(
		    root_fd, CLI_STATE, O_RDONLY | O_DIRECTORY, ret_fd, &why);
	(void)close(root_fd);
	if (rc == 0)
		return 0;
	(void)text_escape(shown, sizeof(shown), cli->root, strlen(cli->root));
	if (why.code == ERROR_NOT_FOUND)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no %s below %s; run: hikae key init"),
		    CLI_STATE, shown);
	return error_set(
	    err, why.code, _("%s below %s: %s"), CLI_STATE, shown, why.text);
}

int
cli_open_file(const char *path, int *ret_fd, struct error *err)
{
	char shown[SHOWN_PATH_BYTES];
	int fd;

	if (strcmp(path, "-") == 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return error_set_errno(err, errno, "%s",
		    text_escape(shown, sizeof(shown), path, strlen(path)));
	*ret_fd = fd;
	return 0;
}

int
cli_read_file(
    const char *path, size_t limit, struct bytes *out, struct error *err)
{
	char shown[SHOWN_PATH_BYTES];
	int fd = -1, rc;

	if (cli_open_file(path, &fd, err) != 0)
		return -1;
	rc = file_read_whole(fd, limit, out, err);
	if (rc != 0)
		(void)error_prefix(err, "%s",
		    text_escape(shown, sizeof(shown), path, strlen(path)));
	(void)close(fd);
	return rc;
}

void
cli_open_zone(const struct cli *cli)
{
	struct config *config = NULL;
	struct config_problems problems;
	struct error ignored;
	int root_fd;

	if (cli_open_root(cli, &root_fd, &ignored) != 0)
		return;
	if (config_load(root_fd, &config, &problems) == 0)
		(void)!date_zone_open(config->facility.timezone, &ignored);
	config_problems_done(&problems);
	config_free(config);
	(void)close(root_fd);
}
