/*
 * cli: what every command of `hikae` shares: options, errors, exit statuses.
 *
 * Uses: base, os/file, model/verdict, cli/print.
 *
 * The exit status is one of the four below, or 64 to 78 of sysexits.h for what
 * kept the command from its work (error_exit_status).
 */
#ifndef HIKAE_CLI_CLI_H
#define HIKAE_CLI_CLI_H

#include <stdbool.h>

#include "cli/print.h"
#include "lib/base/error.h"
#include "lib/model/verdict.h"

enum cli_status {
	CLI_GOOD = VERDICT_EXIT_GOOD,
	CLI_WARNING = VERDICT_EXIT_WARNING,
	CLI_BAD = VERDICT_EXIT_BAD,
	CLI_UNKNOWN = VERDICT_EXIT_UNDETERMINED, /* could not be determined */
};

/* Where the state lies below the root. */
#define CLI_STATE_PARENT "var/lib"
#define CLI_STATE CLI_STATE_PARENT "/hikae"

struct cli {
	const char *root;     /* "/" unless --root */
	const char *database; /* --database, or NULL */
	bool is_json;	      /* --json */
	const char *command;  /* "key init"; "" before it is known */
	struct print print;   /* standard output */
};

/*
 * Tell on standard error (and with --json as {"error": {"code", "text"}} on
 * standard output) why the command could not do its work.  Returns the exit
 * status that tells of it.
 */
int cli_fail(struct cli *cli, const struct error *err);

int cli_fail_memory(struct cli *cli);

/* The same for a command line that makes no sense, with a hint to `help`. */
int cli_fail_usage(struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Of several statuses the one to exit with: 64..78, then 2, 3, 1, 0. */
int cli_worse(int a, int b);

/* The folder that --root names; the caller closes *ret_fd. */
int cli_open_root(
    const struct cli *cli, int *ret_fd, struct error *err) ERROR_CHECKED;

/*
 * The state below it.  ERROR_NOT_FOUND says how to make one.  With is_created
 * it is made (0750) where it is missing.
 */
int cli_open_state(const struct cli *cli, bool is_created, int *ret_fd,
    struct error *err) ERROR_CHECKED;

/*
 * A file named on the command line, relative to the current folder; "-" is
 * standard input.  Errors name the path.
 */
int cli_open_file(
    const char *path, int *ret_fd, struct error *err) ERROR_CHECKED;

/* The whole of it, up to limit bytes (base/bytes). */
int cli_read_file(const char *path, size_t limit, struct bytes *out,
    struct error *err) ERROR_CHECKED;

/*
 * Show times in the facility's zone.  Without a configuration (a state that was
 * carried here) they are in the reader's.
 */
void cli_open_zone(const struct cli *cli);

#endif
