#include "lib/model/manifest.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* Read at once, bytes. */
#define PIECE_BYTES 65536

/* Both digests of everything behind fd. */
static int
digest_file(int fd, uint8_t ret_sha256[DIGEST_SHA256_BYTES],
    uint8_t ret_prehash[SIGNATURE_PREHASH_BYTES], struct error *err)
{
	struct digest_sha256 sha256;
	struct signature_prehash prehash;
	uint8_t piece[PIECE_BYTES];
	off_t offset = 0;
	ssize_t n;

	digest_sha256_init(&sha256);
	signature_prehash_init(&prehash);
	while ((n = pread(fd, piece, sizeof(piece), offset)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read the manifest"));
		digest_sha256_update(&sha256, piece, (size_t)n);
		signature_prehash_update(&prehash, piece, (size_t)n);
		offset += n;
	}
	digest_sha256_final(&sha256, ret_sha256);
	signature_prehash_final(&prehash, ret_prehash);
	return 0;
}

int
manifest_verify_signature(int fd, const struct signature_keys *trusted,
    const struct manifest_signature *signature,
    uint8_t ret_sha256[DIGEST_SHA256_BYTES], struct error *err)
{
	uint8_t sha256[DIGEST_SHA256_BYTES], prehash[SIGNATURE_PREHASH_BYTES];
	struct signature_seen seen;

	if (digest_file(fd, sha256, prehash, err) != 0 ||
	    signature_verify(trusted, prehash, signature->text,
		signature->length, &seen, err) != 0)
		return -1;
	if (signature->trusted_comment != NULL &&
	    strcmp(seen.trusted_comment, signature->trusted_comment) != 0)
		return error_set(err, ERROR_SIGNATURE,
		    _("the signature is for another manifest"));
	if (ret_sha256 != NULL)
		memcpy(ret_sha256, sha256, sizeof(sha256));
	return 0;
}
