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

/* One of the two signatures, NNN.ROLE.minisig. */
static int
verify_role(int folder_fd, const struct keyring_statement *statement,
    const struct bytes *text, const char *role,
    const struct signature_public *key, struct error *err)
{
	char name[64], comment[KEYRING_STATEMENT_COMMENT_BYTES];
	const struct signature_keys trusted = {key, 1};
	const struct signature_message message = {text->data, text->length};
	struct signature_seen seen;
	struct bytes file = BYTES_EMPTY;
	int rc = -1;

	(void)snprintf(
	    name, sizeof(name), "%03u.%s.minisig", statement->number, role);
	if (read_file(folder_fd, name, &file, err) != 0 ||
	    signature_verify_message(&trusted, &message,
		(const char *)file.data, file.length, &seen, err) != 0)
		goto out;
	keyring_statement_comment(statement, comment);
	if (strcmp(seen.trusted_comment, comment) != 0) {
		(void)error_set(err, ERROR_SIGNATURE,
		    _("the signature was made for something else"));
		goto out;
	}
	rc = 0;
out:
	if (rc != 0)
		(void)error_prefix(err, "%s", name);
	bytes_done(&file);
	return rc;
}

/* Read number chain->count + 1, verify it and take it. */
static int
load_next(int folder_fd, struct keyring_chain *chain,
    struct keyring_statement *ret_statement, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	char name[64];
	int rc = -1;

	(void)snprintf(name, sizeof(name), "%03u.txt", chain->count + 1);
	if (read_file(folder_fd, name, &text, err) != 0 ||
	    keyring_statement_decode((const char *)text.data, text.length,
		ret_statement, err) != 0 ||
	    keyring_chain_add(chain, ret_statement, err) != 0)
		goto out;
	if (verify_role(folder_fd, ret_statement, &text, "authority",
		&ret_statement->authority, err) != 0 ||
	    verify_role(folder_fd, ret_statement, &text, "new",
		&ret_statement->new, err) != 0)
		goto out;
	rc = 0;
out:
	if (rc != 0)
		(void)error_prefix(err, "%s", name);
	bytes_done(&text);
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
