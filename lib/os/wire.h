/*
 * wire: typed frames, with descriptors, between hikaed and its children.
 *
 * Layer 1.  Uses: error, i18n.
 *
 * A frame is one packet of a Unix SOCK_SEQPACKET socket pair (unix(7)), so
 * that its end is the kernel's business:
 *
 *	version u8 = 1 | reserved u8 = 0 | type u16 big-endian | payload
 *
 * What a type means is the business of worker/job.  Whoever receives treats
 * the peer as hostile: a frame is either whole and within its limits, or an
 * error with every descriptor closed.
 */
#ifndef HIKAE_OS_WIRE_H
#define HIKAE_OS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define WIRE_VERSION 1
#define WIRE_HEADER_BYTES 4
#define WIRE_PAYLOAD_MAX 65536 /* bytes */
#define WIRE_FDS_MAX 8	       /* descriptors with one frame */

/*
 * The receiver's storage, used again for every frame.  All zero is a good
 * start: it accepts no descriptors.
 */
struct wire_buffer {
	size_t fds_max; /* how many descriptors a frame may bring */
	uint8_t data[WIRE_HEADER_BYTES + WIRE_PAYLOAD_MAX];
};

/*
 * What is sent and received.  A received payload lies in the buffer until the
 * next receive; received descriptors are close-on-exec, and -1 once taken.
 */
struct wire_frame {
	uint16_t type;
	const uint8_t *payload;
	size_t length;
	int fds[WIRE_FDS_MAX];
	size_t fd_count;
};

/* The two ends, both close-on-exec and blocking; the caller closes them. */
int wire_pair(int ret_fds[2], struct error *err) ERROR_CHECKED;

/* For the end that a poll loop serves. */
int wire_set_nonblocking(int fd, struct error *err) ERROR_CHECKED;

/*
 * Send one frame; never raises SIGPIPE.  The descriptors stay the caller's.
 * Over WIRE_PAYLOAD_MAX or WIRE_FDS_MAX: ERROR_LIMIT.  No room on a
 * non-blocking socket: ERROR_UNAVAILABLE with os_errno EAGAIN (nothing was
 * sent).  The peer is gone: ERROR_UNAVAILABLE with os_errno EPIPE.
 */
int wire_send(
    int fd, const struct wire_frame *frame, struct error *err) ERROR_CHECKED;

/*
 * Receive one frame.  Returns 1 with a frame, 0 when the peer closed its end
 * (an empty packet counts as that), -1 on an error: nothing there on a
 * non-blocking socket is ERROR_UNAVAILABLE with os_errno EAGAIN; a frame that
 * is too short, too long, of another version, or brings more descriptors than
 * buffer->fds_max is ERROR_PROTOCOL, and the conversation should end.  What
 * the peer sent before it closed is still received.
 */
int wire_receive(int fd, struct wire_buffer *buffer,
    struct wire_frame *ret_frame, struct error *err) ERROR_CHECKED;

/*
 * The descriptor at index, now the caller's to close; -1 when the frame has
 * none there or it was taken before.
 */
int wire_frame_take(struct wire_frame *frame, size_t index);

/* Close the descriptors that were not taken.  Safe to repeat. */
void wire_frame_close(struct wire_frame *frame);

#endif
