#include "lib/crypto/signature.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "lib/base/i18n.h"
#include "lib/crypto/signature_text.h"

static_assert(
    sizeof(struct signature_prehash) >= sizeof(crypto_generichash_state) &&
	_Alignof(struct signature_prehash) >=
	    _Alignof(crypto_generichash_state),
    "libsodium's state has outgrown signature_prehash");
static_assert(SIGNATURE_PREHASH_BYTES == crypto_generichash_BYTES_MAX &&
		  SIGNATURE_RAW_BYTES == crypto_sign_BYTES &&
		  SIGNATURE_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES,
    "libsodium's sizes");

/* "ED": the signature is over the prehash; "Ed": over the message itself. */
static const uint8_t algorithm_prehashed[2] = {'E', 'D'};
static const uint8_t algorithm_legacy[2] = {'E', 'd'};

/* The second line of a signature file, in base64 there. */
struct signature_line {
	uint8_t algorithm[2];
	uint8_t key_id[SIGNATURE_KEY_ID_BYTES];
	uint8_t raw[SIGNATURE_RAW_BYTES];
};
static_assert(sizeof(struct signature_line) == 74, "no padding");

/* A signature file, read; the comment points into its text. */
struct signature_file {
	struct signature_line line;
	uint8_t global[SIGNATURE_RAW_BYTES];
	const char *comment;
	size_t comment_length;
};

/* What was signed: its prehash, and itself where it is at hand. */
struct subject {
	const uint8_t *prehash;			 /* SIGNATURE_PREHASH_BYTES */
	const struct signature_message *message; /* or NULL */
};

/* What the second signature of a file is over: the first and the comment. */
struct global_message {
	uint8_t data[SIGNATURE_RAW_BYTES + SIGNATURE_COMMENT_BYTES];
	size_t length;
};

/* libsodium counts calls itself; it fails only without a random source. */
static void
start(void)
{
	int rc = sodium_init();

	assert(rc >= 0);
	(void)rc;
}

void
signature_wipe(void *memory, size_t length)
{
	if (memory != NULL)
		sodium_memzero(memory, length);
}

void
signature_prehash_init(struct signature_prehash *prehash)
{
	start();
	crypto_generichash_init(
	    (void *)prehash->opaque, NULL, 0, SIGNATURE_PREHASH_BYTES);
}

void
signature_prehash_update(
    struct signature_prehash *prehash, const void *data, size_t length)
{
	if (length > 0)
		crypto_generichash_update(
		    (void *)prehash->opaque, data, length);
}

void
signature_prehash_final(
    struct signature_prehash *prehash, uint8_t ret_out[SIGNATURE_PREHASH_BYTES])
{
	crypto_generichash_final(
	    (void *)prehash->opaque, ret_out, SIGNATURE_PREHASH_BYTES);
}

void
signature_sign_raw(const struct signature_secret *secret, const void *message,
    size_t length, uint8_t ret_raw[SIGNATURE_RAW_BYTES])
{
	start();
	crypto_sign_detached(ret_raw, NULL, message, length, secret->key);
}

bool
signature_verify_raw(const struct signature_public *public, const void *message,
    size_t length, const uint8_t raw[SIGNATURE_RAW_BYTES])
{
	start();
	return crypto_sign_verify_detached(raw, message, length, public->key) ==
	       0;
}

/* The comment is shorter than SIGNATURE_COMMENT_BYTES. */
static void
make_global(struct global_message *global,
    const uint8_t raw[SIGNATURE_RAW_BYTES], const char *comment, size_t length)
{
	memcpy(global->data, raw, SIGNATURE_RAW_BYTES);
	memcpy(global->data + SIGNATURE_RAW_BYTES, comment, length);
	global->length = SIGNATURE_RAW_BYTES + length;
}

int
signature_sign(const struct signature_secret *secret,
    const uint8_t prehash[SIGNATURE_PREHASH_BYTES], const char *trusted_comment,
    const char *untrusted_comment, struct bytes *out, struct error *err)
{
	size_t trusted = strlen(trusted_comment);
	size_t untrusted = strlen(untrusted_comment);
	uint8_t raw[SIGNATURE_RAW_BYTES];
	struct signature_line line;
	struct global_message global;

	if (trusted >= SIGNATURE_COMMENT_BYTES ||
	    untrusted > SIGNATURE_TEXT_UNTRUSTED_MAX ||
	    !signature_text_is_clean(trusted_comment, trusted) ||
	    !signature_text_is_clean(untrusted_comment, untrusted))
		return error_set(err, ERROR_INPUT,
		    _("a signature's comment is too long or has control "
		      "characters"));
	signature_sign_raw(secret, prehash, SIGNATURE_PREHASH_BYTES, raw);
	memcpy(line.algorithm, algorithm_prehashed, sizeof(line.algorithm));
	memcpy(line.key_id, secret->key_id, sizeof(line.key_id));
	memcpy(line.raw, raw, sizeof(line.raw));
	make_global(&global, raw, trusted_comment, trusted);
	signature_sign_raw(secret, global.data, global.length, raw);

	bytes_append_text(out, SIGNATURE_TEXT_UNTRUSTED);
	bytes_append_text(out, untrusted_comment);
	bytes_append_u8(out, '\n');
	signature_text_append_base64(out, &line, sizeof(line));
	bytes_append_text(out, SIGNATURE_TEXT_TRUSTED);
	bytes_append_text(out, trusted_comment);
	bytes_append_u8(out, '\n');
	signature_text_append_base64(out, raw, sizeof(raw));
	return bytes_check(out, err);
}

static int
parse_file(const char *text, size_t length, struct signature_file *ret,
    struct error *err)
{
	struct signature_text rest = {text, length};
	const char *untrusted = NULL;
	size_t untrusted_length = 0;

	if (length > SIGNATURE_FILE_BYTES_MAX ||
	    signature_text_take_comment(&rest, SIGNATURE_TEXT_UNTRUSTED,
		SIGNATURE_TEXT_UNTRUSTED_MAX, &untrusted,
		&untrusted_length) != 0 ||
	    signature_text_take_base64(&rest, &ret->line, sizeof(ret->line)) !=
		0 ||
	    signature_text_take_comment(&rest, SIGNATURE_TEXT_TRUSTED,
		SIGNATURE_COMMENT_BYTES - 1, &ret->comment,
		&ret->comment_length) != 0 ||
	    signature_text_take_base64(
		&rest, ret->global, sizeof(ret->global)) != 0 ||
	    rest.length != 0)
		return error_set(
		    err, ERROR_INPUT, _("this is not a minisign signature"));
	return 0;
}

/* The one of the keys that a signature says it is by. */
static int
find_key(const struct signature_keys *trusted,
    const uint8_t key_id[SIGNATURE_KEY_ID_BYTES],
    const struct signature_public **ret_key, struct error *err)
{
	char text[SIGNATURE_KEY_ID_TEXT_BYTES];

	for (size_t i = 0; i < trusted->count; i++) {
		if (memcmp(trusted->keys[i].key_id, key_id,
			SIGNATURE_KEY_ID_BYTES) == 0) {
			*ret_key = &trusted->keys[i];
			return 0;
		}
	}
	signature_key_id_text(key_id, text);
	return error_set(err, ERROR_NOT_FOUND,
	    _("signed by key %s, which is none of the known keys"), text);
}

/* Whether the first signature of a file holds. */
static int
check_subject(const struct signature_file *file,
    const struct signature_public *key, const struct subject *subject,
    struct error *err)
{
	const struct signature_message *message = subject->message;
	bool holds = false;

	if (memcmp(file->line.algorithm, algorithm_prehashed, 2) == 0)
		holds = signature_verify_raw(key, subject->prehash,
		    SIGNATURE_PREHASH_BYTES, file->line.raw);
	else if (memcmp(file->line.algorithm, algorithm_legacy, 2) != 0)
		return error_set(
		    err, ERROR_INPUT, _("the signature is of an unknown kind"));
	else if (message == NULL)
		return error_set(err, ERROR_INPUT,
		    _("the signature is of minisign's older kind, over the "
		      "message and not its digest, which is not accepted "
		      "here"));
	else
		holds = signature_verify_raw(
		    key, message->data, message->length, file->line.raw);
	if (!holds)
		return error_set(err, ERROR_SIGNATURE,
		    _("the signature does not hold: this is not what was "
		      "signed"));
	return 0;
}

static int
check_comment(const struct signature_file *file,
    const struct signature_public *key, struct error *err)
{
	struct global_message global;

	make_global(
	    &global, file->line.raw, file->comment, file->comment_length);
	if (!signature_verify_raw(
		key, global.data, global.length, file->global))
		return error_set(err, ERROR_SIGNATURE,
		    _("the signature of the trusted comment does not hold"));
	return 0;
}

static int
verify(const struct signature_keys *trusted, const struct subject *subject,
    const char *text, size_t length, struct signature_seen *ret_seen,
    struct error *err)
{
	const struct signature_public *key = NULL;
	struct signature_file file;

	if (parse_file(text, length, &file, err) != 0 ||
	    find_key(trusted, file.line.key_id, &key, err) != 0 ||
	    check_subject(&file, key, subject, err) != 0 ||
	    check_comment(&file, key, err) != 0)
		return -1;
	if (ret_seen != NULL) {
		memcpy(ret_seen->key_id, key->key_id, sizeof(key->key_id));
		memcpy(ret_seen->trusted_comment, file.comment,
		    file.comment_length);
		ret_seen->trusted_comment[file.comment_length] = '\0';
	}
	return 0;
}

int
signature_verify(const struct signature_keys *trusted,
    const uint8_t prehash[SIGNATURE_PREHASH_BYTES], const char *text,
    size_t length, struct signature_seen *ret_seen, struct error *err)
{
	struct subject subject = {prehash, NULL};

	return verify(trusted, &subject, text, length, ret_seen, err);
}

int
signature_verify_message(const struct signature_keys *trusted,
    const struct signature_message *message, const char *text, size_t length,
    struct signature_seen *ret_seen, struct error *err)
{
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	struct subject subject = {prehash, message};
	struct signature_prehash state;

	signature_prehash_init(&state);
	signature_prehash_update(&state, message->data, message->length);
	signature_prehash_final(&state, prehash);
	return verify(trusted, &subject, text, length, ret_seen, err);
}
