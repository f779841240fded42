/*
 * inside: what a compressed stream holds, looked into as a file of its own.
 *
 * Layer 3, internal to inspect.  Uses: format/archive_kind, inspect.
 *
 * Its name is the stream's without the compression's suffix.  One level only:
 * what is compressed once more is not looked into, nor are the members of an
 * archive, but for pg_dump's own tar.
 */
#ifndef HIKAE_INSPECT_INSIDE_H
#define HIKAE_INSPECT_INSIDE_H

#include "lib/inspect/inspect.h"

struct inside;

/* path: the stream's.  NULL without memory. */
struct inside *inside_new(const char *path);
/* At any time; NULL is allowed. */
void inside_free(struct inside *inside);

void inside_push(struct inside *inside, const uint8_t *data, size_t length);

/*
 * No more bytes, once: what it says of itself.  False: nobody looked into it,
 * because no format of it is known.  Files that it names are not looked for;
 * that is a finding.
 */
bool inside_conclude(struct inside *inside, struct inspect_report *ret_report);

#endif
