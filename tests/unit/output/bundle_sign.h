/*
 * bundle_sign: what hikaed signs of a bundle, with a key of the test's own.
 */
#ifndef HIKAE_TESTS_OUTPUT_BUNDLE_SIGN_H
#define HIKAE_TESTS_OUTPUT_BUNDLE_SIGN_H

#include "lib/output/evidence.h"
#include "tests/unit/judge/clinic.h"

static struct catalog *catalog;
/* What is added to what the signature of a checkpoint says. */
static uint64_t head_lie;

static int
sign(void *context, const struct evidence_statement *statement,
    const struct bytes *tagmanifest, struct bytes *out, struct error *why)
{
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	char comment[EVIDENCE_COMMENT_BYTES];
	struct signature_prehash hash;

	if (evidence_tagmanifest_check(
		tagmanifest->data, tagmanifest->length, why) != 0)
		return -1;
	signature_prehash_init(&hash);
	signature_prehash_update(&hash, tagmanifest->data, tagmanifest->length);
	signature_prehash_final(&hash, prehash);
	evidence_comment_format(statement, comment);
	return signature_sign(
	    context, prehash, comment, EVIDENCE_UNTRUSTED_COMMENT, out, why);
}

static int
sign_head(void *context, uint64_t size, struct bytes *out, struct error *why)
{
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	char comment[EVIDENCE_COMMENT_BYTES];
	struct signature_prehash hash;
	struct journal_note note = {.size = 0};
	int rc;

	assert_int_equal(journal_checkpoint_upto(catalog, size, &note, why), 0);
	assert_int_equal(note.size, size);
	signature_prehash_init(&hash);
	signature_prehash_update(&hash, note.text.data, note.text.length);
	signature_prehash_final(&hash, prehash);
	evidence_head_comment_format(ORIGIN, size + head_lie, comment);
	rc = signature_sign(
	    context, prehash, comment, EVIDENCE_UNTRUSTED_COMMENT, out, why);
	bytes_done(&note.text);
	return rc;
}

#endif
