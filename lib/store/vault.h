/*
 * vault: manifests and their signatures in the state, and tables of readings.
 *
 * Layer 5.  Uses: os/file, crypto/signature, model/manifest.
 *
 * manifests/SYSTEM/GENERATION/MEDIUM.VERSION.mtree.zst and .minisig
 */
#ifndef HIKAE_STORE_VAULT_H
#define HIKAE_STORE_VAULT_H

#include "lib/base/bytes.h"
#include "lib/crypto/signature.h"
#include "lib/model/manifest.h"
#include "lib/os/file.h"

/* Which manifest; texts are ids, safe as file names. */
struct vault_name {
	const char *system, *generation, *medium;
	uint64_t version;
	bool is_members;
};

/* A manifest that is being written. */
struct vault_draft {
	struct file_replacement manifest;
	int folder_fd; /* -1: not begun */
	char name[NAME_MAX + 1];
};

#define VAULT_NO_DRAFT                                  \
	{                                               \
		.manifest = {.fd = -1}, .folder_fd = -1 \
	}

/* Begin to write; the child gets draft->manifest.fd. */
int vault_begin(int state_fd, const struct vault_name *name,
    struct vault_draft *draft, struct error *err) ERROR_CHECKED;

/*
 * Sign the digest that the child told, and make signature and manifest
 * durable, in that order: a manifest that stands has its signature.
 */
int vault_commit(struct vault_draft *draft,
    const struct manifest_header *header,
    const uint8_t prehash[SIGNATURE_PREHASH_BYTES],
    const struct signature_secret *secret, struct error *err) ERROR_CHECKED;

/* Remove what was begun.  Safe at any time. */
void vault_rollback(struct vault_draft *draft);

/* Open a manifest for reading, and read its signature into *ret_signature. */
int vault_open(int state_fd, const struct vault_name *name, int *ret_fd,
    struct bytes *ret_signature, struct error *err) ERROR_CHECKED;

/* The table of readings of a medium, made when it is not there. */
int vault_open_readings(int state_fd, const char *medium, int *ret_fd,
    struct error *err) ERROR_CHECKED;

#endif
