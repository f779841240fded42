/*
 * requirement_texts: the files that requirements are read from, as bytes.
 *
 * Layer 3.  Uses: base, crypto/digest, format/ini, requirement_shipped.
 *
 * The journal names the files in force by their digests, and catalog.db keeps
 * the texts, so that a past day is judged by the rules of that day.
 */
#ifndef HIKAE_MODEL_REQUIREMENT_TEXTS_H
#define HIKAE_MODEL_REQUIREMENT_TEXTS_H

#include "lib/base/bytes.h"

/* Bytes of a digest in hexadecimal, with its NUL. */
#define REQUIREMENT_DIGEST_BYTES 65

struct requirement_text {
	char *file; /* as problems name it; never NULL */
	char sha256[REQUIREMENT_DIGEST_BYTES]; /* "" where it was not read */
	bool is_site;			       /* the facility's own */
	bool is_gone; /* its text cannot be had any more */
	char *fault;  /* why it was not read, or NULL */
	struct bytes text;
};

/* In the order in which they are loaded; the owner's to be done with. */
struct requirement_texts {
	struct requirement_text *items;
	size_t count;
};
#define REQUIREMENT_TEXTS_EMPTY ((struct requirement_texts){NULL, 0})

/*
 * The shipped packs and, below root_fd (-1: none), the facility's.  A file
 * that cannot be read is there with its fault.  ERROR_INTERNAL.
 */
int requirement_texts_read(int root_fd, struct requirement_texts *ret_texts,
    struct error *err) ERROR_CHECKED;

/* Add one: text NULL is gone (then sha256 says which), else its digest is
 * taken. */
int requirement_texts_add(struct requirement_texts *texts,
    const struct requirement_text *item, const void *text, size_t length,
    struct error *err) ERROR_CHECKED;

/* The first with that digest and a text, or NULL. */
const struct requirement_text *requirement_texts_find(
    const struct requirement_texts *texts, const char *sha256);

/* Whether both have the same files, by digest, in the same order. */
bool requirement_texts_same(
    const struct requirement_texts *a, const struct requirement_texts *b);

void requirement_texts_done(struct requirement_texts *texts);

#endif
