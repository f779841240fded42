/*
 * tee: the socket from a reader to its parser.
 *
 * Layer 4.  Uses: base.
 *
 * A pair of Unix stream sockets.  First comes one byte with a read-only
 * descriptor of the file, for formats that seek; then the file's bytes in
 * order, once.  Either side may close at any time: the reader goes on alone.
 */
#ifndef HIKAE_EXAMINE_TEE_H
#define HIKAE_EXAMINE_TEE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* The two ends, close-on-exec; [0] for the reader. */
int tee_pair(int ret_fds[2], struct error *err) ERROR_CHECKED;

/* ---- the reader's end ---- */

/* The beginning; file_fd stays the caller's.  -1 when nobody listens. */
int tee_send_file(int socket, int file_fd) ERROR_CHECKED;

/* Waits until all was taken.  -1 when nobody listens any more. */
int tee_send(int socket, const uint8_t *data, size_t length) ERROR_CHECKED;

/* ---- the parser's end ---- */

/*
 * The beginning: the file's descriptor, which is the caller's to close.
 * ERROR_UNAVAILABLE: the reader ended before; ERROR_PROTOCOL: something else
 * came.
 */
int tee_receive_file(
    int socket, int *ret_file_fd, struct error *err) ERROR_CHECKED;

#endif
