/* Making and replacing keys; declared in keyring.h. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/crypto/keyring_folder.h"
#include "lib/crypto/keyring_statement.h"

#define PUBLIC_MODE 0444
#define SECRET_MODE 0400

/* Random digits in an origin, 2 for each byte. */
#define ORIGIN_RANDOM_BYTES 8

/* Free a buffer that held a secret. */
static void
wipe_bytes(struct bytes *bytes)
{
	if (bytes->data != NULL)
		signature_wipe(bytes->data, bytes->capacity);
	bytes_done(bytes);
}

static int
put_public(struct keyring_folder *folder, const char *name,
    const struct signature_public *public, struct error *err)
{
	struct bytes file = BYTES_EMPTY;
	int rc;

	signature_public_encode(public, &file);
	rc = keyring_folder_put(folder, name, &file, PUBLIC_MODE, err);
	bytes_done(&file);
	return rc;
}

static int
put_daemon(struct keyring_folder *folder, const struct signature_secret *secret,
    struct error *err)
{
	struct signature_public public;
	struct bytes file = BYTES_EMPTY;
	int rc = -1;

	signature_public_of(secret, &public);
	if (signature_secret_encode(secret, NULL, 0, &file, err) == 0 &&
	    keyring_folder_put(folder, "daemon.key", &file, SECRET_MODE, err) ==
		0)
		rc = put_public(folder, "daemon.pub", &public, err);
	wipe_bytes(&file);
	return rc;
}

/* Sign a statement's text in one role and put the signature. */
static int
put_signature(struct keyring_folder *folder,
    const struct keyring_statement *statement, const struct bytes *text,
    const char *role, const struct signature_secret *secret, struct error *err)
{
	char path[64], comment[KEYRING_STATEMENT_COMMENT_BYTES];
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	struct signature_prehash state;
	struct bytes file = BYTES_EMPTY;
	int rc = -1;

	(void)snprintf(path, sizeof(path), "statements/%03u.%s.minisig",
	    statement->number, role);
	keyring_statement_comment(statement, comment);
	signature_prehash_init(&state);
	signature_prehash_update(&state, text->data, text->length);
	signature_prehash_final(&state, prehash);
	if (signature_sign(secret, prehash, comment, "hikae key statement",
		&file, err) == 0)
		rc = keyring_folder_put(folder, path, &file, PUBLIC_MODE, err);
	bytes_done(&file);
	return rc;
}

/* What a change needs beside the folder. */
struct change {
	struct keyring_statement statement;
	const struct signature_secret *authority, *new;
};

/* Fill in the keys, then put text and signatures. */
static int
put_statement(
    struct keyring_folder *folder, struct change *change, struct error *err)
{
	struct keyring_statement *statement = &change->statement;
	struct bytes text = BYTES_EMPTY;
	char path[64];
	int rc = -1;

	signature_public_of(change->authority, &statement->authority);
	signature_public_of(change->new, &statement->new);
	(void)snprintf(
	    path, sizeof(path), "statements/%03u.txt", statement->number);
	if (keyring_statement_encode(statement, &text, err) != 0 ||
	    keyring_folder_put(folder, path, &text, PUBLIC_MODE, err) != 0)
		goto out;
	if (put_signature(folder, statement, &text, "authority",
		change->authority, err) != 0)
		goto out;
	rc = put_signature(folder, statement, &text, "new", change->new, err);
out:
	bytes_done(&text);
	return rc;
}

/* hikae/NAME/HEX16; the random part tells two installations apart. */
static int
make_origin(
    const char *name, char origin[KEYRING_ORIGIN_BYTES], struct error *err)
{
	uint8_t random[ORIGIN_RANDOM_BYTES];
	char hex[2 * ORIGIN_RANDOM_BYTES + 1];
	int length;

	bytes_random(random, sizeof(random));
	bytes_format_hex(random, sizeof(random), hex);
	length =
	    snprintf(origin, KEYRING_ORIGIN_BYTES, "hikae/%s/%s", name, hex);
	if (name[0] == '\0' || length < 0 || length >= KEYRING_ORIGIN_BYTES ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return error_set(err, ERROR_INPUT,
		    _("a facility's id is made of a-z, 0-9 and hyphens, 32 at "
		      "most"));
	return 0;
}

static int
put_origin(struct keyring_folder *folder, const char *origin, struct error *err)
{
	struct bytes file = BYTES_EMPTY;
	int rc;

	bytes_append_format(&file, "%s\n", origin);
	rc = keyring_folder_put(folder, "origin", &file, PUBLIC_MODE, err);
	bytes_done(&file);
	return rc;
}

static int
put_readings_secret(struct keyring_folder *folder, struct error *err)
{
	uint8_t random[KEYRING_SECRET_BYTES];
	struct bytes file = BYTES_EMPTY;
	int rc;

	bytes_random(random, sizeof(random));
	bytes_append(&file, random, sizeof(random));
	signature_wipe(random, sizeof(random));
	rc = keyring_folder_put(
	    folder, "readings.secret", &file, SECRET_MODE, err);
	wipe_bytes(&file);
	return rc;
}

/* What was put must hold before it takes the place of what does. */
static int
commit(struct keyring_folder *folder, struct error *err)
{
	struct keyring_chain chain;

	if (keyring_chain_load(folder->new_fd, &chain, NULL, NULL, err) != 0)
		return -1;
	return keyring_folder_commit(folder, err);
}

int
keyring_init(int state_fd, const char *name,
    const struct signature_secret *facility, int64_t at_ms, struct error *err)
{
	struct keyring_folder folder = KEYRING_FOLDER_EMPTY;
	struct signature_secret daemon;
	struct change change = {
	    .statement = {.number = 1,
		.change = KEYRING_BEGIN,
		.at_ms = at_ms,
		.reason = "begin"},
	    .authority = facility,
	    .new = &daemon,
	};
	int rc = -1;

	signature_generate(&daemon);
	if (make_origin(name, change.statement.origin, err) != 0 ||
	    keyring_folder_begin(&folder, state_fd, true, err) != 0)
		goto out;
	if (put_daemon(&folder, &daemon, err) != 0 ||
	    put_origin(&folder, change.statement.origin, err) != 0 ||
	    put_readings_secret(&folder, err) != 0 ||
	    put_statement(&folder, &change, err) != 0 ||
	    put_public(
		&folder, "facility.pub", &change.statement.authority, err) != 0)
		goto out;
	rc = commit(&folder, err);
out:
	keyring_folder_rollback(&folder);
	signature_wipe(&daemon, sizeof(daemon));
	return rc;
}

/*
 * Everything that a rotation leaves as it is.  Secrets may be missing: what is
 * kept of a lost host are its statements and public keys.
 */
static int
copy_old(struct keyring_folder *folder, const struct keyring_chain *chain,
    struct error *err)
{
	static const struct {
		const char *name;
		mode_t mode;
	} files[] = {
	    {"daemon.key", SECRET_MODE},
	    {"daemon.pub", PUBLIC_MODE},
	    {"facility.pub", PUBLIC_MODE},
	    {"origin", PUBLIC_MODE},
	    {"readings.secret", SECRET_MODE},
	};
	static const char *const parts[] = {
	    "txt", "authority.minisig", "new.minisig"};
	char path[64];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (keyring_folder_copy(
			folder, files[i].name, files[i].mode, err) != 0)
			return -1;
	for (unsigned int n = 1; n <= chain->count; n++)
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
			(void)snprintf(path, sizeof(path), "statements/%03u.%s",
			    n, parts[i]);
			if (keyring_folder_copy(
				folder, path, PUBLIC_MODE, err) != 0)
				return -1;
		}
	return 0;
}

/* Whether a secret is the one of a public key. */
static bool
is_secret_of(const struct signature_secret *secret,
    const struct signature_public *public)
{
	struct signature_public own;

	signature_public_of(secret, &own);
	return memcmp(&own, public, sizeof(own)) == 0;
}

/* Begin, and fill in what follows from the statements so far. */
static int
begin_rotation(struct keyring_folder *folder, int state_fd,
    const struct keyring_rotation *rotation, struct change *change,
    struct error *err)
{
	struct keyring_statement *statement = &change->statement;
	struct keyring_chain chain;

	if (keyring_folder_begin(folder, state_fd, false, err) != 0 ||
	    keyring_chain_load(folder->old_fd, &chain, NULL, NULL, err) != 0)
		return -1;
	if (rotation->facility != NULL &&
	    !is_secret_of(rotation->facility, &chain.facility))
		return error_set(err, ERROR_DENIED,
		    _("this is not the facility's present key"));
	if (chain.count == KEYRING_STATEMENTS_MAX ||
	    (statement->change == KEYRING_DAEMON &&
		chain.daemon_count == KEYRING_PUBLICS_MAX))
		return error_set(
		    err, ERROR_LIMIT, _("the keys were replaced too often"));
	statement->number = chain.count + 1;
	statement->has_old = true;
	statement->old = statement->change == KEYRING_DAEMON
			     ? chain.daemons[chain.daemon_count - 1]
			     : chain.facility;
	memcpy(statement->previous, chain.last, sizeof(statement->previous));
	memcpy(statement->origin, chain.origin, sizeof(statement->origin));
	statement->at_ms = rotation->at_ms;
	if (strlen(rotation->reason) >= sizeof(statement->reason))
		return error_set(err, ERROR_INPUT, _("the reason is too long"));
	memcpy(
	    statement->reason, rotation->reason, strlen(rotation->reason) + 1);
	return copy_old(folder, &chain, err);
}

/* A secret that got lost with its host; nothing but time depends on it. */
static int
replace_readings_secret(struct keyring_folder *folder, struct error *err)
{
	if (faccessat(folder->new_fd, "readings.secret", F_OK,
		AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return put_readings_secret(folder, err);
}

int
keyring_rotate_daemon(
    int state_fd, const struct keyring_rotation *rotation, struct error *err)
{
	struct keyring_folder folder = KEYRING_FOLDER_EMPTY;
	struct signature_secret daemon;
	struct change change = {
	    .statement = {.change = KEYRING_DAEMON},
	    .authority = rotation->facility,
	    .new = &daemon,
	};
	int rc = -1;

	if (rotation->facility == NULL)
		return error_set(err, ERROR_DENIED,
		    _("only the facility's key replaces the daemon's"));
	signature_generate(&daemon);
	if (begin_rotation(&folder, state_fd, rotation, &change, err) != 0 ||
	    put_statement(&folder, &change, err) != 0 ||
	    put_daemon(&folder, &daemon, err) != 0 ||
	    replace_readings_secret(&folder, err) != 0)
		goto out;
	rc = commit(&folder, err);
out:
	keyring_folder_rollback(&folder);
	signature_wipe(&daemon, sizeof(daemon));
	return rc;
}

int
keyring_rotate_facility(int state_fd, const struct keyring_rotation *rotation,
    const struct signature_secret *next, struct error *err)
{
	struct keyring_folder folder = KEYRING_FOLDER_EMPTY;
	struct keyring keyring = {0};
	struct change change = {
	    .statement = {.change = KEYRING_FACILITY},
	    .authority = rotation->facility,
	    .new = next,
	};
	int rc = -1;

	if (rotation->facility == NULL) {
		if (keyring_open(state_fd, &keyring, err) != 0)
			return -1;
		change.statement.change = KEYRING_FACILITY_LOST;
		change.authority = &keyring.daemon;
	}
	if (begin_rotation(&folder, state_fd, rotation, &change, err) != 0 ||
	    put_statement(&folder, &change, err) != 0 ||
	    put_public(&folder, "facility.pub", &change.statement.new, err) !=
		0)
		goto out;
	rc = commit(&folder, err);
out:
	keyring_folder_rollback(&folder);
	keyring_close(&keyring);
	return rc;
}
