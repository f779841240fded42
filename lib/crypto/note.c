#include "lib/crypto/note.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/crypto/digest.h"

/* c2sp.org/signed-note, "Signature types": Ed25519. */
#define TYPE_ED25519 0x01

/* What every signature line begins with: an em dash and a space. */
static const char dash[] = "\xe2\x80\x94 ";

/* What a signature line by one of our keys holds, in base64 there. */
struct ed25519_signature {
	uint8_t key_hash[NOTE_KEY_HASH_BYTES];
	uint8_t raw[SIGNATURE_RAW_BYTES];
};
static_assert(sizeof(struct ed25519_signature) == 68, "no padding");

/* A note that is being verified, and who must have signed it. */
struct verification {
	const char *note;
	size_t text_length; /* the text stands at the note's beginning */
	const char *name;
	const struct signature_public *public;
	uint8_t key_hash[NOTE_KEY_HASH_BYTES];
	size_t held; /* signatures by that key, all of which hold */
};

static int
refuse(struct error *err)
{
	return error_set(err, ERROR_INPUT, _("this is not a signed note"));
}

/* White_Space of the Unicode character database. */
static bool
is_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 ||
	       c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
	       c == 0x3000;
}

/* Whether UTF-8 text has none of the characters that a note must not have. */
static bool
is_note_text(const char *text, size_t length)
{
	while (length > 0) {
		uint32_t c = 0;
		size_t n = text_decode(text, length, &c);

		if (n == 0 || (c < 0x20 && c != '\n'))
			return false;
		text += n;
		length -= n;
	}
	return true;
}

static bool
is_key_name(const char *name, size_t length)
{
	if (length == 0 || length >= NOTE_NAME_BYTES)
		return false;
	while (length > 0) {
		uint32_t c = 0;
		size_t n = text_decode(name, length, &c);

		if (n == 0 || c < 0x20 || c == '+' || is_space(c))
			return false;
		name += n;
		length -= n;
	}
	return true;
}

void
note_key_hash(const char *name, const struct signature_public *public,
    uint8_t ret_hash[NOTE_KEY_HASH_BYTES])
{
	static const uint8_t middle[] = {'\n', TYPE_ED25519};
	uint8_t out[DIGEST_SHA256_BYTES];
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	digest_sha256_update(&digest, name, strlen(name));
	digest_sha256_update(&digest, middle, sizeof(middle));
	digest_sha256_update(&digest, public->key, sizeof(public->key));
	digest_sha256_final(&digest, out);
	memcpy(ret_hash, out, NOTE_KEY_HASH_BYTES);
}

int
note_verifier_key_format(const char *name,
    const struct signature_public *public, struct bytes *out, struct error *err)
{
	uint8_t hash[NOTE_KEY_HASH_BYTES], key[1 + SIGNATURE_PUBLIC_BYTES];
	char text[2 * NOTE_KEY_HASH_BYTES + 1];

	if (!is_key_name(name, strlen(name)))
		return error_set(err, ERROR_INPUT,
		    _("this name cannot be the name of a key"));
	note_key_hash(name, public, hash);
	bytes_format_hex(hash, sizeof(hash), text);
	key[0] = TYPE_ED25519;
	memcpy(key + 1, public->key, SIGNATURE_PUBLIC_BYTES);
	bytes_append_format(out, "%s+%s+", name, text);
	bytes_append_base64(out, key, sizeof(key));
	return bytes_check(out, err);
}

int
note_sign(const char *text, size_t length, const char *name,
    const struct signature_secret *secret, struct bytes *out, struct error *err)
{
	struct ed25519_signature signature;
	struct signature_public public;

	if (!is_key_name(name, strlen(name)))
		return error_set(err, ERROR_INPUT,
		    _("this name cannot be the name of a key"));
	if (length == 0 || length > NOTE_BYTES_MAX / 2 ||
	    text[length - 1] != '\n' || !is_note_text(text, length))
		return error_set(err, ERROR_INPUT,
		    _("this text cannot be signed as a note"));
	signature_public_of(secret, &public);
	note_key_hash(name, &public, signature.key_hash);
	signature_sign_raw(secret, text, length, signature.raw);
	bytes_append(out, text, length);
	bytes_append_text(out, "\n");
	bytes_append_text(out, dash);
	bytes_append_text(out, name);
	bytes_append_text(out, " ");
	bytes_append_base64(out, &signature, sizeof(signature));
	bytes_append_text(out, "\n");
	return bytes_check(out, err);
}

/* One by the expected key must hold; others are ignored. */
static int
check_signature(
    struct verification *v, const struct bytes *signature, struct error *err)
{
	if (memcmp(signature->data, v->key_hash, NOTE_KEY_HASH_BYTES) != 0)
		return 0;
	if (signature->length != sizeof(struct ed25519_signature) ||
	    !signature_verify_raw(v->public, v->note, v->text_length,
		signature->data + NOTE_KEY_HASH_BYTES))
		return error_set(err, ERROR_SIGNATURE,
		    _("the note's signature does not hold: this is not what "
		      "was signed"));
	v->held++;
	return 0;
}

/* One signature line, without its line feed. */
static int
check_line(
    struct verification *v, const char *line, size_t length, struct error *err)
{
	const char *name = line + strlen(dash), *space = NULL;
	struct bytes signature = BYTES_EMPTY;
	size_t name_length = 0;
	int rc = -1;

	if (length <= strlen(dash) || memcmp(line, dash, strlen(dash)) != 0)
		return refuse(err);
	space = memchr(name, ' ', length - strlen(dash));
	if (space == NULL)
		return refuse(err);
	name_length = (size_t)(space - name);
	if (!is_key_name(name, name_length) ||
	    bytes_parse_base64(space + 1,
		length - strlen(dash) - name_length - 1, &signature) != 0 ||
	    signature.length <= NOTE_KEY_HASH_BYTES) {
		refuse(err);
		goto out;
	}
	if (name_length == strlen(v->name) &&
	    memcmp(name, v->name, name_length) == 0 &&
	    check_signature(v, &signature, err) != 0)
		goto out;
	rc = 0;
out:
	bytes_done(&signature);
	return rc;
}

/* Where the text ends: after the line feed before the last empty line. */
static size_t
find_text_end(const char *note, size_t length)
{
	for (size_t i = length; i >= 2; i--) {
		if (note[i - 1] == '\n' && note[i - 2] == '\n')
			return i - 1;
	}
	return 0;
}

/*
 * All lines after the text and the empty line, each of which ends in a line
 * feed.  Every one is read, however early the right one comes.
 */
static int
check_lines(struct verification *v, size_t length, struct error *err)
{
	size_t at = v->text_length + 1, count = 0;

	while (at < length) {
		const char *line = v->note + at;
		const char *end = memchr(line, '\n', length - at);
		size_t line_length = (size_t)(end - line);

		if (++count > NOTE_SIGNATURES_MAX)
			return error_set(err, ERROR_INPUT,
			    _("the note has too many signatures"));
		if (check_line(v, line, line_length, err) != 0)
			return -1;
		at += line_length + 1;
	}
	if (count == 0)
		return refuse(err);
	if (v->held == 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the note is not signed by the expected key"));
	return 0;
}

int
note_verify(const char *note, size_t length, const char *name,
    const struct signature_public *public, size_t *ret_text_length,
    struct error *err)
{
	struct verification v = {.note = note, .name = name, .public = public};

	if (length == 0 || length > NOTE_BYTES_MAX ||
	    note[length - 1] != '\n' || !is_note_text(note, length))
		return refuse(err);
	v.text_length = find_text_end(note, length);
	if (v.text_length == 0)
		return refuse(err);
	note_key_hash(name, public, v.key_hash);
	if (check_lines(&v, length, err) != 0)
		return -1;
	*ret_text_length = v.text_length;
	return 0;
}

int
note_checkpoint_encode(const struct note_checkpoint *checkpoint,
    const struct signature_secret *secret, struct bytes *out, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	bytes_append_format(
	    &text, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size);
	bytes_append_base64(&text, checkpoint->root, NOTE_ROOT_BYTES);
	bytes_append_text(&text, "\n");
	if (bytes_check(&text, err) == 0)
		rc = note_sign((const char *)text.data, text.length,
		    checkpoint->origin, secret, out, err);
	bytes_done(&text);
	return rc;
}

/* Decimal without leading zeroes, that fits. */
static int
parse_size(const char *text, size_t length, uint64_t *ret_size)
{
	uint64_t size = 0;

	if (length == 0 || (length > 1 && text[0] == '0'))
		return -1;
	for (size_t i = 0; i < length; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (text[i] < '0' || text[i] > '9' ||
		    size > (UINT64_MAX - digit) / 10)
			return -1;
		size = size * 10 + digit;
	}
	*ret_size = size;
	return 0;
}

static int
parse_root(const char *text, size_t length, uint8_t ret_root[NOTE_ROOT_BYTES])
{
	struct bytes root = BYTES_EMPTY;
	int rc = -1;

	if (length == (NOTE_ROOT_BYTES + 2) / 3 * 4 &&
	    bytes_parse_base64(text, length, &root) == 0 &&
	    root.length == NOTE_ROOT_BYTES) {
		memcpy(ret_root, root.data, NOTE_ROOT_BYTES);
		rc = 0;
	}
	bytes_done(&root);
	return rc;
}

/* The three lines of a checkpoint, each with its line feed, and no more. */
static int
parse_checkpoint(const char *text, size_t length, struct note_checkpoint *ret)
{
	const char *line[3], *at = text, *end = text + length;
	size_t line_length[3];

	for (size_t i = 0; i < 3; i++) {
		const char *feed =
		    at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

		if (feed == NULL)
			return -1;
		line[i] = at;
		line_length[i] = (size_t)(feed - at);
		at = feed + 1;
	}
	if (at != end || line_length[0] == 0 ||
	    line_length[0] >= NOTE_NAME_BYTES ||
	    parse_size(line[1], line_length[1], &ret->size) != 0 ||
	    parse_root(line[2], line_length[2], ret->root) != 0)
		return -1;
	memcpy(ret->origin, line[0], line_length[0]);
	ret->origin[line_length[0]] = '\0';
	return 0;
}

int
note_checkpoint_decode(const char *text, size_t length, const char *name,
    const struct signature_public *public, struct note_checkpoint *ret,
    struct error *err)
{
	struct note_checkpoint checkpoint;
	size_t text_length = 0;

	if (note_verify(text, length, name, public, &text_length, err) != 0)
		return -1;
	if (parse_checkpoint(text, text_length, &checkpoint) != 0)
		return error_set(
		    err, ERROR_INPUT, _("the note is no checkpoint"));
	if (strcmp(checkpoint.origin, name) != 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the checkpoint is of another journal"));
	*ret = checkpoint;
	return 0;
}
