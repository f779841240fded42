/*
 * capture_sealing: how many files of a new copy are encrypted.
 *
 * Part of capture.  Uses: model/sealing.
 *
 * A parser counted what it saw; here is added what nobody saw.
 */
#ifndef HIKAE_DAEMON_CAPTURE_SEALING_H
#define HIKAE_DAEMON_CAPTURE_SEALING_H

#include "lib/format/json.h"

struct capture;

/* Set the member `sealing` of the journal's entry, where a parser counted. */
void capture_sealing_add(const struct capture *capture, json_t *entry);

#endif
