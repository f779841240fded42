/*
 * attestation: what a named person states, with a document beside it.
 *
 * Uses: service, ledger, packs, model/requirement.
 *
 * A document is kept below the state as evidence/documents/SHA256, durable
 * before the entry that names it; the journal has digest, kind and size, never
 * a file's name (law 10).  It comes in pieces, since no message is large;
 * each is hashed and on its way to the disk when the next one comes, so that no
 * turn of the loop is long.
 */
#ifndef HIKAE_DAEMON_ATTESTATION_H
#define HIKAE_DAEMON_ATTESTATION_H

#include "daemon/service.h"

#define ATTESTATION_FOLDER "evidence/documents"
/* An excerpt, not a whole contract. */
#define ATTESTATION_DOCUMENT_BYTES_MAX ((size_t)8 * 1024 * 1024)
/* The longest time ahead that a statement may hold, ms. */
#define ATTESTATION_UNTIL_MAX_MS (INT64_C(1830) * 86400000)

struct attestation {
	const char *requirement, *by;
	int64_t until;
	const char *note; /* or NULL */
	/* Both or none. */
	const char *document_kind, *document_sha256;
};

/*
 * One piece of a document that a statement will name; offset 0 begins anew.
 * ERROR_UNAVAILABLE where the piece does not follow the one before: somebody
 * else sends one, begin again.
 */
int attestation_receive(struct service *service, uint64_t offset,
    const struct bytes *piece, struct error *err) ERROR_CHECKED;

/*
 * Record a statement.  ERROR_NOT_FOUND: no such requirement is in force;
 * ERROR_CONFIG: nor can be told, for a faulty file; ERROR_INPUT: a member makes
 * no sense, in words; ERROR_USAGE: nobody's name; ERROR_SIGNATURE: what was
 * received is not that document.
 */
int attestation_make(struct service *service,
    const struct attestation *attestation, uint64_t *ret_seq,
    struct error *err) ERROR_CHECKED;

/* Withdraw one by its number.  ERROR_NOT_FOUND. */
int attestation_withdraw(struct service *service, uint64_t id, const char *by,
    const char *note, struct error *err) ERROR_CHECKED;

#endif
