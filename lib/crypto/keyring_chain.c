/* Which keys count, statement by statement; declared in keyring_statement.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/crypto/keyring_statement.h"
#include "lib/os/file.h"

static bool
is_same(const struct signature_public *a, const struct signature_public *b)
{
	return memcmp(a->key_id, b->key_id, sizeof(a->key_id)) == 0 &&
	       memcmp(a->key, b->key, sizeof(a->key)) == 0;
}

static const struct signature_public *
present_daemon(const struct keyring_chain *chain)
{
	return &chain->daemons[chain->daemon_count - 1];
}

/* Whether a later statement follows from what the chain says. */
static bool
follows(const struct keyring_chain *chain,
    const struct keyring_statement *statement)
{
	const struct signature_public *old = &chain->facility;
	const struct signature_public *authority = &chain->facility;

	if (!statement->has_old ||
	    strcmp(statement->origin, chain->origin) != 0 ||
	    memcmp(statement->previous, chain->last, sizeof(chain->last)) != 0)
		return false;
	switch (statement->change) {
	case KEYRING_BEGIN:
		return false;
	case KEYRING_DAEMON:
		old = present_daemon(chain);
		break;
	case KEYRING_FACILITY:
		break;
	case KEYRING_FACILITY_LOST:
		authority = present_daemon(chain);
		break;
	}
	return is_same(&statement->old, old) &&
	       is_same(&statement->authority, authority);
}

static void
take_key(struct keyring_chain *chain, const struct keyring_statement *statement)
{
	switch (statement->change) {
	case KEYRING_BEGIN:
		chain->facility = statement->authority;
		(void)snprintf(chain->origin, sizeof(chain->origin), "%s",
		    statement->origin);
		chain->daemons[chain->daemon_count++] = statement->new;
		break;
	case KEYRING_DAEMON:
		chain->daemons[chain->daemon_count++] = statement->new;
		break;
	case KEYRING_FACILITY:
	case KEYRING_FACILITY_LOST:
		chain->facility = statement->new;
		break;
	}
}

int
keyring_chain_add(struct keyring_chain *chain,
    const struct keyring_statement *statement, struct error *err)
{
	bool is_good;

	if (chain->count == 0)
		is_good =
		    statement->change == KEYRING_BEGIN && !statement->has_old;
	else
		is_good = follows(chain, statement);
	if (!is_good || statement->number != chain->count + 1)
		return error_set(err, ERROR_SIGNATURE,
		    _("it does not follow from the statements before it"));
	if (chain->daemon_count == KEYRING_PUBLICS_MAX &&
	    statement->change == KEYRING_DAEMON)
		return error_set(err, ERROR_LIMIT,
		    _("more than %d keys of the daemon"), KEYRING_PUBLICS_MAX);
	take_key(chain, statement);
	memcpy(chain->last, statement->sha256, sizeof(chain->last));
	chain->count++;
	return 0;
}

static int
read_file(int folder_fd, const char *name, struct bytes *out, struct error *err)
{
	int fd = -1, rc;

	if (file_open_below(folder_fd, name, O_RDONLY, &fd, err) != 0)
		return -1;
	rc = file_read_whole(fd, KEYRING_STATEMENT_BYTES_MAX, out, err);
	(void)close(fd);
	return rc;
}

/* One of the two signatures. */
static int
verify_role(const struct keyring_statement *statement, const struct bytes *text,
    const struct bytes *file, const struct signature_public *key,
    struct error *err)
{
	char comment[KEYRING_STATEMENT_COMMENT_BYTES];
	const struct signature_keys trusted = {key, 1};
	const struct signature_message message = {text->data, text->length};
	struct signature_seen seen;

	if (signature_verify_message(&trusted, &message,
		(const char *)file->data, file->length, &seen, err) != 0)
		return -1;
	keyring_statement_comment(statement, comment);
	if (strcmp(seen.trusted_comment, comment) != 0)
		return error_set(err, ERROR_SIGNATURE,
		    _("the signature was made for something else"));
	return 0;
}

int
keyring_chain_take(struct keyring_chain *chain,
    const struct keyring_proof *proof, struct keyring_statement *ret_statement,
    struct error *err)
{
	struct keyring_statement statement;
	struct keyring_chain next = *chain;

	if (keyring_statement_decode((const char *)proof->text.data,
		proof->text.length, &statement, err) != 0 ||
	    keyring_chain_add(&next, &statement, err) != 0)
		return -1;
	if (verify_role(&statement, &proof->text, &proof->authority,
		&statement.authority, err) != 0)
		return error_prefix(
		    err, "%03u.authority.minisig", statement.number);
	if (verify_role(&statement, &proof->text, &proof->new, &statement.new,
		err) != 0)
		return error_prefix(err, "%03u.new.minisig", statement.number);
	*chain = next;
	*ret_statement = statement;
	return 0;
}

/* The files of one statement below keys/statements. */
static int
read_proof(int folder_fd, unsigned int number, struct keyring_proof *proof,
    struct error *err)
{
	static const char *const endings[] = {
	    "txt", "authority.minisig", "new.minisig"};
	struct bytes *const parts[] = {
	    &proof->text, &proof->authority, &proof->new};

	for (size_t i = 0; i < 3; i++) {
		char name[64];

		(void)snprintf(
		    name, sizeof(name), "%03u.%s", number, endings[i]);
		if (read_file(folder_fd, name, parts[i], err) != 0)
			return error_prefix(err, "%s", name);
	}
	return 0;
}

int
keyring_proof_read(int state_fd, unsigned int number,
    struct keyring_proof *proof, struct error *err)
{
	int folder_fd = -1, rc;

	if (file_open_below(state_fd, "keys/statements", O_RDONLY | O_DIRECTORY,
		&folder_fd, err) != 0)
		return -1;
	rc = read_proof(folder_fd, number, proof, err);
	(void)close(folder_fd);
	return rc;
}

void
keyring_proof_done(struct keyring_proof *proof)
{
	bytes_done(&proof->text);
	bytes_done(&proof->authority);
	bytes_done(&proof->new);
}

/* Read number chain->count + 1, verify it and take it. */
static int
load_next(int folder_fd, struct keyring_chain *chain,
    struct keyring_statement *ret_statement, struct error *err)
{
	struct keyring_proof proof = {BYTES_EMPTY, BYTES_EMPTY, BYTES_EMPTY};
	unsigned int number = chain->count + 1;
	int rc = read_proof(folder_fd, number, &proof, err);

	if (rc == 0) {
		rc = keyring_chain_take(chain, &proof, ret_statement, err);
		if (rc != 0)
			(void)error_prefix(err, "%03u.txt", number);
	}
	keyring_proof_done(&proof);
	return rc;
}

/* Whether there is a statement with that number. */
static bool
is_present(int folder_fd, unsigned int number)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%03u.txt", number);
	return faccessat(folder_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	       errno != ENOENT;
}

/* A statement that is missing or malformed does not hold either. */
static int
fail_unproven(struct error *err)
{
	if (err != NULL &&
	    (err->code == ERROR_NOT_FOUND || err->code == ERROR_INPUT))
		err->code = ERROR_SIGNATURE;
	return error_prefix(err, "keys/statements");
}

int
keyring_chain_load(int keys_fd, struct keyring_chain *ret_chain,
    keyring_statement_fn *each, void *context, struct error *err)
{
	struct keyring_chain chain = {0};
	struct keyring_statement statement;
	int folder_fd = -1, rc = -1;

	if (file_open_below(keys_fd, "statements", O_RDONLY | O_DIRECTORY,
		&folder_fd, err) != 0)
		return fail_unproven(err);
	/* The first must be there; the newest is the last without a gap. */
	do {
		if (load_next(folder_fd, &chain, &statement, err) != 0) {
			(void)fail_unproven(err);
			goto out;
		}
		if (each != NULL && each(&statement, context, err) != 0)
			goto out;
	} while (chain.count < KEYRING_STATEMENTS_MAX &&
		 is_present(folder_fd, chain.count + 1));
	*ret_chain = chain;
	rc = 0;
out:
	(void)close(folder_fd);
	return rc;
}
