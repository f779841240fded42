/*
 * ask: a document, from hikaed or from a rescued catalog.
 *
 * Uses: cli, client, output/document_draw.
 *
 * With --database FILE the file is opened immutable and judged here, without a
 * daemon: on the day of an attack the host may be gone.
 */
#ifndef HIKAE_CLI_ASK_H
#define HIKAE_CLI_ASK_H

#include "cli/cli.h"
#include "lib/format/json.h"

/*
 * The reply of a method: one that is a document (output/document_draw) from
 * either, the others (ERROR_USAGE with --database) from the daemon.  The
 * parameters' reference is taken over (NULL: none, also where memory ran out
 * while they were built); *ret_reply is a new one.
 */
int ask(struct cli *cli, const char *method, json_t *parameters,
    json_t **ret_reply, struct error *err) ERROR_CHECKED;

/*
 * Ask, and print the reply as JSON or by a function.  Returns an exit status:
 * good, or why it could not.
 */
int ask_print(struct cli *cli, const char *method, json_t *parameters,
    int (*print)(struct cli *cli, const json_t *reply, struct error *err));

/* Put a parameter into an object where the value is given. */
void ask_set_text(json_t *parameters, const char *name, const char *value);

/* The number that a text stands for; ERROR_USAGE. */
int ask_parse_number(
    const char *text, uint64_t *ret_number, struct error *err) ERROR_CHECKED;

#endif
