/* The files of a witness, put together for the child that writes them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/media_parts.h"
#include "daemon/standing.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/output/witness_text.h"
#include "lib/store/journal.h"
#include "lib/store/witness_token.h"

#define UNTRUSTED_COMMENT "signature from hikae"
#define KEY_FILE_BYTES_MAX 65536
#define STATEMENTS_MAX 999

/* As worker/job_witness.h has it. */
static void
add_file(struct bytes *parcel, const char *name, const struct bytes *content)
{
	bytes_append_u16(parcel, (uint16_t)strlen(name));
	bytes_append_text(parcel, name);
	bytes_append_u32(parcel, (uint32_t)content->length);
	bytes_append(parcel, content->data, content->length);
}

/* The file, and beside it what minisign verifies. */
static int
add_signed(struct medium *medium, struct bytes *parcel, const char *name,
    const struct bytes *content, struct error *err)
{
	const struct keyring *keyring = &medium->media->service->keyring;
	uint8_t digest[SIGNATURE_PREHASH_BYTES];
	struct signature_prehash prehash;
	struct bytes signature = BYTES_EMPTY;
	char comment[KEYRING_ORIGIN_BYTES + 64], beside[64];
	int rc;

	(void)snprintf(comment, sizeof(comment), "hikae witness %s %s %s",
	    keyring->origin, medium->id, name);
	(void)snprintf(beside, sizeof(beside), "%s.minisig", name);
	signature_prehash_init(&prehash);
	signature_prehash_update(&prehash, content->data, content->length);
	signature_prehash_final(&prehash, digest);
	rc = signature_sign(&keyring->daemon, digest, comment,
	    UNTRUSTED_COMMENT, &signature, err);
	if (rc == 0) {
		add_file(parcel, beside, &signature);
		add_file(parcel, name, content);
	}
	bytes_done(&signature);
	return rc;
}

static int
add_plan(struct medium *medium, struct bytes *parcel, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc;

	rc = media_witness_plan(
	    medium->media->service, &text, &medium->witness.plan, err);
	if (rc == 0) {
		medium->media->plan.now = medium->witness.plan;
		medium->media->plan.is_known = true;
		rc = add_signed(medium, parcel, "recover-plan.txt", &text, err);
	}
	bytes_done(&text);
	return rc;
}

/* One of keys/: 1, 0 where there is none. */
static int
add_key(struct medium *medium, struct bytes *parcel, const char *name,
    struct error *err)
{
	char path[96];
	struct bytes content = BYTES_EMPTY;
	int fd, rc;

	(void)snprintf(path, sizeof(path), "keys/%s", name);
	if (file_open_below(medium->media->service->state_fd, path, O_RDONLY,
		&fd, err) != 0)
		return err->code == ERROR_NOT_FOUND ? 0 : -1;
	rc = file_read_whole(fd, KEY_FILE_BYTES_MAX, &content, err);
	if (rc == 0)
		add_file(parcel, path, &content);
	(void)close(fd);
	bytes_done(&content);
	return rc == 0 ? 1 : -1;
}

/*
 * What is public of the keys: with it and the facility's key an installation
 * begins again (crypto/keyring.h).
 */
static int
add_keys(struct medium *medium, struct bytes *parcel, struct error *err)
{
	static const char *const names[] = {
	    "origin", "daemon.pub", "facility.pub"};
	static const char *const parts[] = {
	    "txt", "authority.minisig", "new.minisig"};
	char name[64];
	int rc = 1;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (add_key(medium, parcel, names[i], err) < 0)
			return -1;
	for (int number = 1; rc == 1 && number <= STATEMENTS_MAX; number++)
		for (size_t i = 0; rc == 1 && i < 3; i++) {
			(void)snprintf(name, sizeof(name), "statements/%03d.%s",
			    number, parts[i]);
			rc = add_key(medium, parcel, name, err);
		}
	return rc < 0 ? -1 : 0;
}

/* The one that is there stays; where there is none, a new one. */
static int
add_token(struct medium *medium, struct bytes *parcel, struct error *err)
{
	struct media_witness *witness = &medium->witness;
	const struct keyring *keyring = &medium->media->service->keyring;
	struct bytes content = BYTES_EMPTY;
	int rc = 0;

	if (!witness->has_token) {
		rc = witness_token_make(
		    keyring, medium->id, &witness->token, &content, err);
		if (rc == 0)
			add_file(parcel, JOB_WITNESS_TOKEN, &content);
	}
	medium_token_digest(&witness->token, witness->token_digest);
	bytes_done(&content);
	return rc;
}

/* Signed now: what is committed is what the witness will hold hikae to. */
static int
add_checkpoint(struct medium *medium, struct bytes *parcel, struct error *err)
{
	struct service *service = medium->media->service;
	struct media_witness *witness = &medium->witness;
	struct journal_note note = {.text = BYTES_EMPTY};
	int rc = -1;

	if (standing_checkpoint(service, NULL, err) != 0 ||
	    journal_checkpoint_upto(
		service->catalog, UINT64_MAX >> 1, &note, err) != 0)
		goto out;
	witness->size = note.size;
	memcpy(witness->root, note.root, sizeof(witness->root));
	rc = add_signed(medium, parcel, JOB_WITNESS_NOTE, &note.text, err);
out:
	bytes_done(&note.text);
	return rc;
}

int
media_witness_stage(struct medium *medium, struct error *err)
{
	struct media_witness *witness = &medium->witness;
	struct bytes parcel = BYTES_EMPTY, readme = BYTES_EMPTY;
	int rc = -1;

	witness_text_readme(&readme);
	add_file(&parcel, "README.txt", &readme);
	if (add_keys(medium, &parcel, err) != 0 ||
	    add_plan(medium, &parcel, err) != 0 ||
	    add_token(medium, &parcel, err) != 0 ||
	    add_checkpoint(medium, &parcel, err) != 0)
		goto out;
	bytes_append_u16(&parcel, 0);
	if (bytes_check(&readme, err) != 0 || bytes_check(&parcel, err) != 0 ||
	    file_temporary(medium->media->service->state_fd,
		&witness->parcel_fd, err) != 0)
		goto out;
	rc =
	    file_write_all(witness->parcel_fd, parcel.data, parcel.length, err);
out:
	bytes_done(&readme);
	bytes_done(&parcel);
	return rc;
}
