#include "lib/store/vault_signed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/walk.h"

#define MANIFESTS "manifests"
#define SIGNATURE_ENDS ".minisig"
#define WALK_MEMORY_BYTES ((size_t)1 << 20)

/* The canary's is made before the first entry, and no backup's: a generation
 * has an @ in its name. */
#define CANARY "canary/canary/"

static bool
is_signature(const struct walk_entry *entry)
{
	const size_t length = strlen(SIGNATURE_ENDS);

	return entry->type == WALK_FILE && entry->path_length > length &&
	       strncmp(entry->path, CANARY, strlen(CANARY)) != 0 &&
	       strcmp(entry->path + entry->path_length - length,
		   SIGNATURE_ENDS) == 0;
}

static int
hash(int fd, uint8_t prehash[SIGNATURE_PREHASH_BYTES], struct error *err)
{
	struct signature_prehash state;
	uint8_t block[65536];
	ssize_t n;

	signature_prehash_init(&state);
	while ((n = read(fd, block, sizeof(block))) > 0)
		signature_prehash_update(&state, block, (size_t)n);
	signature_prehash_final(&state, prehash);
	return n == 0 ? 0 : error_set_errno(err, errno, _("cannot read"));
}

/* The path is that of the signature, as the walk lent it. */
static bool
holds(int folder_fd, const char *path, const struct signature_keys *keys)
{
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	struct bytes signature = BYTES_EMPTY, manifest = BYTES_EMPTY;
	struct error why = {0};
	int fd = -1, manifest_fd = -1;
	bool is_good = false;

	bytes_append(&manifest, path, strlen(path) - strlen(SIGNATURE_ENDS));
	bytes_append_u8(&manifest, 0);
	if (bytes_check(&manifest, &why) == 0 &&
	    file_open_below(folder_fd, path, O_RDONLY, &fd, &why) == 0 &&
	    file_read_whole(fd, SIGNATURE_FILE_BYTES_MAX, &signature, &why) ==
		0 &&
	    file_open_below(folder_fd, (const char *)manifest.data, O_RDONLY,
		&manifest_fd, &why) == 0 &&
	    hash(manifest_fd, prehash, &why) == 0)
		is_good = signature_verify(keys, prehash,
			      (const char *)signature.data, signature.length,
			      NULL, &why) == 0;
	if (fd >= 0)
		(void)close(fd);
	if (manifest_fd >= 0)
		(void)close(manifest_fd);
	bytes_done(&signature);
	bytes_done(&manifest);
	return is_good;
}

int
vault_has_signed(int state_fd, const struct signature_keys *keys,
    bool *ret_is_there, struct error *err)
{
	static const struct walk_options options = {
	    .spill_fd = -1, .memory_bytes = WALK_MEMORY_BYTES};
	struct walk_entry entry;
	struct error why = {0};
	struct walk *walk;
	int fd = -1, step;
	bool is_there = false;

	if (file_open_below(
		state_fd, MANIFESTS, O_RDONLY | O_DIRECTORY, &fd, &why) != 0) {
		*ret_is_there = false;
		return why.code == ERROR_NOT_FOUND
			   ? 0
			   : error_set(
				 err, why.code, MANIFESTS ": %s", why.text);
	}
	walk = walk_new(fd, &options, err);
	step = walk == NULL ? -1 : 1;
	/* What cannot be looked at is not nothing. */
	while (step == 1 && !is_there) {
		step = walk_next(walk, &entry, err);
		is_there = step == 1 && is_signature(&entry) &&
			   holds(fd, entry.path, keys);
	}
	walk_free(walk);
	(void)close(fd);
	if (step < 0)
		return -1;
	*ret_is_there = is_there;
	return 0;
}
