/*
 * journal_loss: that a person says the former record is lost.
 *
 * Layer 5.  Uses: os/file, format/json, journal_mark.
 * Owns: the state's file "journal.lost" (FORMATS section 4.3), from `hikae
 * journal lost` until hikaed's next start has it in the journal.
 */
#ifndef HIKAE_STORE_JOURNAL_LOSS_H
#define HIKAE_STORE_JOURNAL_LOSS_H

#include "lib/store/journal_mark.h"

#define JOURNAL_LOSS_FILE "journal.lost"
#define JOURNAL_LOSS_WORDS_BYTES 257

struct journal_loss {
	/* What was signed last; its size is 0 where that is not known. */
	struct note_checkpoint former;
	char by[JOURNAL_LOSS_WORDS_BYTES], reason[JOURNAL_LOSS_WORDS_BYTES];
};

/* Replace the file, durable.  It belongs to the state's owner. */
int journal_loss_write(int state_fd, const struct journal_loss *loss,
    struct error *err) ERROR_CHECKED;

/* ERROR_NOT_FOUND: nobody said so; ERROR_INPUT: it is damaged. */
int journal_loss_read(int state_fd, struct journal_loss *ret_loss,
    struct error *err) ERROR_CHECKED;

/* Whether it was said of what was signed last. */
bool journal_loss_is_of(
    const struct journal_loss *loss, const struct note_checkpoint *last);

/* It is in the journal: remove the file.  Nothing where there is none. */
int journal_loss_settle(int state_fd, struct error *err) ERROR_CHECKED;

#endif
