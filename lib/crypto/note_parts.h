/*
 * note_parts: what a signed note is made of, before anybody believes it.
 *
 * Layer 2.  Part of note.
 *
 * Whoever may parse foreign bytes takes a note apart; whoever has the keys
 * gets numbers and names of known sizes, makes the signed text of them again
 * (note_checkpoint_format), and verifies that.
 */
#ifndef HIKAE_CRYPTO_NOTE_PARTS_H
#define HIKAE_CRYPTO_NOTE_PARTS_H

#include "lib/crypto/note.h"

/* What every signature line begins with: an em dash and a space. */
#define NOTE_PARTS_DASH "\xe2\x80\x94 "

/* As a line of a note has it; raw is zero where it is of another length. */
struct note_signature {
	uint8_t key_hash[NOTE_KEY_HASH_BYTES];
	uint8_t raw[SIGNATURE_RAW_BYTES];
};

/* Those of one name. */
struct note_signatures {
	size_t count;
	struct note_signature items[NOTE_SIGNATURES_MAX];
};

/*
 * The signatures by a name, and how much of the note is its text.
 * ERROR_INPUT: this is no signed note.  Nothing is verified.
 */
int note_parts_take(const char *note, size_t length, const char *name,
    struct note_signatures *ret_signatures, size_t *ret_text_length,
    struct error *err) ERROR_CHECKED;

/*
 * A checkpoint, and the signatures in the name of its own origin.
 * ERROR_INPUT: this is none.  Nothing is verified.
 */
int note_parts_take_checkpoint(const char *note, size_t length,
    struct note_checkpoint *ret_checkpoint,
    struct note_signatures *ret_signatures, struct error *err) ERROR_CHECKED;

/* The three lines of a note's text, and no more: 0, or -1. */
int note_parts_parse_checkpoint(
    const char *text, size_t length, struct note_checkpoint *ret_checkpoint);

/*
 * Whether a key signed the text under the name.  ERROR_NOT_FOUND: it did not;
 * ERROR_SIGNATURE: a signature with its hash is there and does not hold.
 */
int note_parts_verify(const char *text, size_t length, const char *name,
    const struct note_signatures *signatures,
    const struct signature_public *public, struct error *err) ERROR_CHECKED;

/* Whether bytes can be a key's name, and the text of a note. */
bool note_parts_is_name(const char *name, size_t length);
bool note_parts_is_text(const char *text, size_t length);

#endif
