/*
 * seal: is a file encrypted as a whole, as far as its form tells?
 *
 * Layer 2.  Uses: base/octets.  Runs in a parser.
 *
 * This is about forms and no strength: a weak password, or one that everybody
 * knows, has the same form.  A file is sealed only where its own structure says
 * that all of its content is encrypted; a name or a first byte is not enough.
 * What is encrypted without saying so (VeraCrypt, a repository of restic) has
 * no form, and is not recognised.
 */
#ifndef HIKAE_FORMAT_SEAL_H
#define HIKAE_FORMAT_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was seen of a file. */
struct seal_view {
	const uint8_t *head, *tail; /* its first and its last bytes */
	size_t head_length, tail_length;
	uint64_t size; /* 0: not known, and there is no tail */
};

enum seal {
	SEAL_NONE,    /* of no such form, or some content is not encrypted */
	SEAL_WHOLE,   /* all content is encrypted */
	SEAL_UNCLEAR, /* it can be encrypted, and these bytes do not tell */
};

/*
 * OpenPGP (RFC 9580: session keys, then encrypted data), openssl enc, age v1,
 * LUKS, CMS enveloped data (RFC 5652 section 6, RFC 5083; as DER, BER, PEM or
 * S/MIME), 7z and zip.  The texts among these (armour) as well.
 */
enum seal seal_recognise(const struct seal_view *view);

/* DER or BER of enveloped or authenticated-enveloped data. */
bool seal_is_cms(const uint8_t *head, size_t length);

/*
 * A detached signature: OpenPGP's packet or armour, minisign, ssh-keygen, CMS.
 * Of the last only the form is looked at: it may hold what it signs.
 */
bool seal_is_signature(const uint8_t *head, size_t length);

#endif
