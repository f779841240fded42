/*
 * capture_answers: what the parser says of the files whose samples it got.
 *
 * Layer 4, part of capture.  Uses: examine/readings, examine/samples.
 *
 * The reader looks at no content, so whether a file is encrypted is told by
 * the parser, some files later; only then the reading is remembered, with the
 * answer, and whoever carries it carries that as well.  Who is killed meanwhile
 * reads these few files again.
 */
#ifndef HIKAE_EXAMINE_CAPTURE_ANSWERS_H
#define HIKAE_EXAMINE_CAPTURE_ANSWERS_H

#include "lib/examine/capture_internal.h"

/* To be called where samples are wanted. */
int capture_answers_new(
    struct capture_answers **ret_answers, struct error *err) ERROR_CHECKED;
/* What still waits is not remembered. */
void capture_answers_done(struct capture *capture);

/*
 * The sample of a file is on its way: remember the reading when it is known
 * what the file is.  Another name of a file may ask for it before.
 */
void capture_answers_expect(struct capture *capture,
    const struct readings_identity *identity, const struct reading *reading);

/* A file is carried: count whether it is encrypted, now or when it is told. */
void capture_answers_count(
    struct capture *capture, const struct capture_pending *pending);

/* Nothing more is read: wait for what has not been told. */
int capture_answers_finish(
    struct capture *capture, struct error *err) ERROR_CHECKED;

#endif
