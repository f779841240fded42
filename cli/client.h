/*
 * client: asking hikaed over its control socket.
 *
 * Uses: cli, format/varlink, os/file.
 */
#ifndef HIKAE_CLI_CLIENT_H
#define HIKAE_CLI_CLIENT_H

#include "cli/cli.h"
#include "lib/format/json.h"

struct client;

/*
 * Connect below --root.  ERROR_UNAVAILABLE: no hikaed answers; ERROR_DENIED:
 * it may not be asked by this user.
 */
int client_open(const struct cli *cli, struct client **ret_client,
    struct error *err) ERROR_CHECKED;
void client_close(struct client *client);

/*
 * Call a method of io.hikae.Control ("Status").  The parameters' reference is
 * taken over; NULL: none.  *ret_reply is a new reference to the reply's
 * parameters.  An error of the daemon comes as the error it was there.
 */
int client_call(struct client *client, const char *method, json_t *parameters,
    json_t **ret_reply, struct error *err) ERROR_CHECKED;

/*
 * The same of what a child of hikaed draws first: it is waited for without
 * end.  Where ret_fd is not NULL, the reply comes with a descriptor, which is
 * the caller's.
 */
int client_call_long(struct client *client, const char *method,
    json_t *parameters, json_t **ret_reply, int *ret_fd,
    struct error *err) ERROR_CHECKED;

/*
 * The same with several replies: begin, then next while *ret_continues.  They
 * are waited for without end.
 */
int client_begin(struct client *client, const char *method, json_t *parameters,
    struct error *err) ERROR_CHECKED;
int client_next(struct client *client, json_t **ret_reply, bool *ret_continues,
    struct error *err) ERROR_CHECKED;

/*
 * From now on client_next ends with ERROR_CANCELLED when wake_fd (the caller's)
 * can be read, or nothing came for so long (ms, -1: without end); it can be
 * called again.
 */
void client_set_wake(struct client *client, int wake_fd, int silence_ms);

#endif
