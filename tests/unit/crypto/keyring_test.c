/* The keys of an installation: made, replaced, damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/crypto/keyring_fixture.h"

static void
statement_is_written_as_the_format_says(void **state)
{
	static const char expected[] =
	    "hikae key statement 1\n"
	    "number 2\n"
	    "previous 11111111111111111111111111111111"
	    "11111111111111111111111111111111\n"
	    "origin hikae/example/0123456789abcdef\n"
	    "change daemon\n"
	    "old RWQiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIi\n"
	    "new RWQzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMz\n"
	    "authority "
	    "RWRERERERERERERERERERERERERERERERERERERERERERERERERERERE\n"
	    "at 2026-11-22T05:03:37Z\n"
	    "reason 担当者の交代\n";
	struct keyring_statement statement = {
	    .number = 2,
	    .change = KEYRING_DAEMON,
	    .has_old = true,
	    .origin = "hikae/example/0123456789abcdef",
	    .at_ms = AT_MS,
	    .reason = "担当者の交代",
	};
	struct keyring_statement again;
	struct bytes out = BYTES_EMPTY;

	(void)state;
	memset(statement.previous, 0x11, sizeof(statement.previous));
	memset(&statement.old, 0x22, sizeof(statement.old));
	memset(&statement.new, 0x33, sizeof(statement.new));
	memset(&statement.authority, 0x44, sizeof(statement.authority));
	assert_int_equal(keyring_statement_encode(&statement, &out, &err), 0);
	assert_int_equal(out.length, strlen(expected));
	assert_memory_equal(out.data, expected, out.length);
	assert_int_equal(
	    keyring_statement_decode(expected, strlen(expected), &again, &err),
	    0);
	assert_int_equal(again.at_ms, AT_MS);
	assert_string_equal(again.reason, statement.reason);
	for (size_t i = 0; i <= strlen(expected); i++) /* cut anywhere */
		assert_int_equal(
		    keyring_statement_decode(expected, i, &again, NULL),
		    i == strlen(expected) ? 0 : -1);
	bytes_done(&out);
}

static void
wrong_reasons_and_instants_are_refused(void **state)
{
	static const char *const reasons[] = {
	    "", "two\nlines", "\033[2J", "back\\slash", "\xff"};
	struct keyring_statement statement = {.at_ms = -1, .reason = "good"};
	struct bytes out = BYTES_EMPTY;

	(void)state;
	assert_int_equal(keyring_statement_encode(&statement, &out, NULL), -1);
	statement.at_ms = AT_MS;
	assert_int_equal(keyring_statement_encode(&statement, &out, NULL), 0);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		(void)snprintf(statement.reason, sizeof(statement.reason), "%s",
		    reasons[i]);
		assert_int_equal(
		    keyring_statement_encode(&statement, &out, NULL), -1);
	}
	bytes_done(&out);
}

static void
no_keys_is_told_apart(void **state)
{
	(void)state;
	expect_error(ERROR_NOT_FOUND, "hikae key init");
	assert_int_equal(mkdirat(state_fd, "keys", 0700), 0);
	expect_error(ERROR_NOT_FOUND, "hikae key init");
	/* Some other program's empty folder is no obstacle. */
	init();
	assert_int_equal(
	    keyring_init(state_fd, "example", &facility, AT_MS, &err), -1);
	assert_int_equal(err.code, ERROR_EXISTS);
}

static void
made_keys_open_and_belong_together(void **state)
{
	static const uint8_t zero[KEYRING_SECRET_BYTES];
	struct signature_public public;
	struct keyring keyring, open;

	(void)state;
	init();
	open_well(&keyring);
	signature_public_of(&facility, &public);
	assert_memory_equal(&public, &keyring.facility, sizeof(public));
	signature_public_of(&keyring.daemon, &public);
	assert_memory_equal(&public, &keyring.publics[0], sizeof(public));
	assert_int_equal(keyring.public_count, 1);
	assert_memory_equal(keyring.origin, "hikae/example/", 14);
	assert_int_equal(strlen(keyring.origin), 14 + 16);
	assert_memory_not_equal(
	    keyring.readings_secret, zero, sizeof(keyring.readings_secret));
	assert_int_equal(keyring_open_public(state_fd, &open, &err), 0);
	assert_memory_equal(
	    open.readings_secret, zero, sizeof(open.readings_secret));
	assert_memory_equal(&open.publics[0], &public, sizeof(open.publics[0]));
	keyring_close(&keyring);
	assert_int_equal(keyring.public_count, 0);
}

static void
facility_ids_that_are_none_are_refused(void **state)
{
	static const char *const names[] = {"", "A", "a b", "a/b", "a\n",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
		    keyring_init(state_fd, names[i], &facility, AT_MS, NULL),
		    -1);
	expect_error(ERROR_NOT_FOUND, "hikae key init");
}

static void
what_others_can_read_is_refused(void **state)
{
	static const struct {
		const char *path, *mode, *good, *says;
	} table[] = {
	    {"keys", "0750", "0700", "chmod 0700"},
	    {"keys", "0701", "0700", "chmod 0700"},
	    {"keys/daemon.key", "0440", "0400", "chmod 0400"},
	    {"keys/daemon.key", "0404", "0400", "chmod 0400"},
	    {"keys/daemon.key", "0420", "0400", "chmod 0400"},
	    {"keys/readings.secret", "0444", "0400", "chmod 0400"},
	};
	struct keyring keyring;

	(void)state;
	init();
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char command[64];

		(void)snprintf(command, sizeof(command), "chmod %s %%s/%%s",
		    table[i].mode);
		run(command, table[i].path);
		expect_error(ERROR_DENIED, table[i].says);
		assert_non_null(strstr(err.text, table[i].path));
		assert_int_equal(keyring_check(state_fd, &err), -1);
		assert_int_equal(err.code, ERROR_DENIED);
		assert_non_null(strstr(err.text, table[i].path));
		(void)snprintf(command, sizeof(command), "chmod %s %%s/%%s",
		    table[i].good);
		run(command, table[i].path);
		open_well(&keyring);
		assert_int_equal(keyring_check(state_fd, &err), 0);
	}
}

/* While hikaed runs nobody reads them, so somebody has to look. */
static void
what_is_gone_is_missed(void **state)
{
	static const char *const paths[] = {
	    "keys/daemon.key", "keys/readings.secret", "keys"};

	(void)state;
	init();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(
		    renameat(state_fd, paths[i], state_fd, "away"), 0);
		assert_int_equal(keyring_check(state_fd, &err), -1);
		assert_int_equal(err.code, ERROR_NOT_FOUND);
		assert_int_equal(
		    renameat(state_fd, "away", state_fd, paths[i]), 0);
		assert_int_equal(keyring_check(state_fd, &err), 0);
	}
}

static void
what_belongs_to_others_is_refused(void **state)
{
	struct keyring keyring;
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	init();
	run("chown 65534 %s/%s", "keys/daemon.key");
	expect_error(ERROR_DENIED, "chown 0 ");
	run("chown 0 %s/%s", "keys/daemon.key");
	run("chown 65534 %s/%s", "keys");
	expect_error(ERROR_DENIED, "chown 0 ");
	/* Root works for the daemon: what it makes is the daemon's. */
	run("rm -r %s/%s", "keys");
	run("chown 65534 %s/%s", ".");
	init();
	open_well(&keyring);
	assert_int_equal(
	    fstatat(state_fd, "keys/statements/001.txt", &st, 0), 0);
	assert_int_equal(st.st_uid, 65534);
	rotate_daemon();
	open_well(&keyring);
}

static void
what_is_missing_or_foreign_is_refused(void **state)
{
	static const struct {
		const char *command, *path;
		enum error_code code;
		const char *says;
	} table[] = {
	    {"rm %s/%s", "keys/daemon.key", ERROR_SIGNATURE, "daemon.key"},
	    {"rm %s/%s", "keys/daemon.pub", ERROR_SIGNATURE, "daemon.pub"},
	    {"rm %s/%s", "keys/facility.pub", ERROR_SIGNATURE, "facility.pub"},
	    {"rm %s/%s", "keys/origin", ERROR_SIGNATURE, "origin"},
	    {"rm %s/%s", "keys/readings.secret", ERROR_SIGNATURE, "readings"},
	    {"rm %s/%s", "keys/statements/001.txt", ERROR_SIGNATURE, "001.txt"},
	    {"rm %s/%s", "keys/statements/001.new.minisig", ERROR_SIGNATURE,
		"001.new.minisig"},
	    {"rm -r %s/%s", "keys/statements", ERROR_SIGNATURE, "statements"},
	    {"cp %1$s/keys/facility.pub %1$s/keys/daemon.pub #%2$s", "",
		ERROR_SIGNATURE, "newest statement"},
	    {"echo hikae/other/0123456789abcdef >%s/%s", "keys/origin",
		ERROR_SIGNATURE, "origin"},
	    {"truncate -s 31 %s/%s", "keys/readings.secret", ERROR_INPUT, "32"},
	    {"truncate -s 100 %s/%s", "keys/daemon.key", ERROR_INPUT,
		"daemon.key"},
	};
	struct keyring keyring;

	(void)state;
	init();
	run("cp -a %s/keys %1$s/saved #%s", "");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		run(table[i].command, table[i].path);
		expect_error(table[i].code, table[i].says);
		run("rm -rf %1$s/keys && cp -a %1$s/saved %1$s/keys #%2$s", "");
	}
	open_well(&keyring);
}

/* A key file of another installation: whole, but it does not belong here. */
static void
key_and_public_file_must_belong_together(void **state)
{
	(void)state;
	init();
	run("mv %1$s/keys %1$s/other #%2$s", "");
	init();
	run("cp -a %1$s/other/daemon.key %1$s/keys/ #%2$s", "");
	expect_error(ERROR_SIGNATURE, "do not belong together");
	run("cp -a %1$s/other/daemon.pub %1$s/keys/ #%2$s", "");
	expect_error(ERROR_SIGNATURE, "newest statement");
}

static void
every_changed_byte_of_a_statement_is_found(void **state)
{
	char path[64], byte;
	struct stat st;
	int fd;

	(void)state;
	init();
	rotate_daemon();
	for (int number = 1; number <= 2; number++) {
		(void)snprintf(
		    path, sizeof(path), "keys/statements/%03d.txt", number);
		assert_int_equal(fchmodat(state_fd, path, 0600, 0), 0);
		fd = openat(state_fd, path, O_RDWR);
		assert_true(fd >= 0 && fstat(fd, &st) == 0);
		for (off_t at = 0; at < st.st_size; at++) {
			assert_int_equal(pread(fd, &byte, 1, at), 1);
			byte = (char)(byte ^ 1);
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
			expect_error(ERROR_SIGNATURE, "statements");
			byte = (char)(byte ^ 1);
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		}
		(void)close(fd);
	}
}

static void
a_credential_replaces_the_file(void **state)
{
	char folder[64];
	struct keyring keyring;

	(void)state;
	init();
	(void)snprintf(folder, sizeof(folder), "%s/credentials", base);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	open_well(&keyring); /* systemd gave others, but not this one */
	run("mv %1$s/keys/daemon.key %1$s/credentials/ #%2$s", "");
	open_well(&keyring);
	run("cp -f %1$s/keys/daemon.pub %1$s/credentials/daemon.key #%2$s", "");
	expect_error(ERROR_INPUT, "credential daemon.key");
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	expect_error(ERROR_SIGNATURE, "keys/daemon.key");
}

static int
collect(const struct keyring_statement *statement, void *context,
    struct error *error)
{
	struct bytes *seen = context;

	bytes_append_format(seen, "%s%s", seen->length > 0 ? " " : "",
	    keyring_change_name(statement->change));
	return bytes_check(seen, error);
}

static void
rotations_keep_the_older_keys(void **state)
{
	struct signature_secret next, third;
	struct keyring first, now;
	struct bytes seen = BYTES_EMPTY;

	(void)state;
	init();
	open_well(&first);
	rotate_daemon();
	open_well(&now);
	assert_int_equal(now.public_count, 2);
	assert_memory_equal(
	    &now.publics[1], &first.publics[0], sizeof(now.publics[1]));
	assert_memory_not_equal(
	    &now.publics[0], &first.publics[0], sizeof(now.publics[0]));
	assert_string_equal(now.origin, first.origin);
	assert_memory_equal(now.readings_secret, first.readings_secret,
	    sizeof(now.readings_secret));

	signature_generate(&next);
	signature_generate(&third);
	assert_int_equal(
	    keyring_rotate_facility(state_fd, rotation(&facility), &next, &err),
	    0);
	/* The old one counts no more. */
	assert_int_equal(
	    keyring_rotate_daemon(state_fd, rotation(&facility), &err), -1);
	assert_int_equal(err.code, ERROR_DENIED);
	assert_int_equal(
	    keyring_rotate_daemon(state_fd, rotation(NULL), &err), -1);
	assert_int_equal(err.code, ERROR_DENIED);
	assert_int_equal(
	    keyring_rotate_facility(state_fd, rotation(NULL), &third, &err), 0);
	assert_int_equal(
	    keyring_rotate_daemon(state_fd, rotation(&third), &err), 0);
	open_well(&now);
	assert_int_equal(now.public_count, 3);
	assert_int_equal(
	    keyring_each_statement(state_fd, collect, &seen, &err), 0);
	bytes_append_u8(&seen, '\0');
	assert_string_equal((const char *)seen.data,
	    "begin daemon facility facility-lost daemon");
	bytes_done(&seen);
	assert_int_equal(faccessat(state_fd, "keys.new", F_OK, 0), -1);
}

static void
a_lost_host_goes_on_from_what_is_public(void **state)
{
	struct keyring before, after;

	(void)state;
	init();
	open_well(&before);
	run("rm %1$s/keys/daemon.key %1$s/keys/readings.secret #%2$s", "");
	run("chmod 0755 %s/%s", "keys"); /* as a copy on a stick is */
	expect_error(ERROR_DENIED, "chmod 0700");
	rotate_daemon();
	open_well(&after);
	assert_string_equal(after.origin, before.origin);
	assert_int_equal(after.public_count, 2);
	assert_memory_not_equal(after.readings_secret, before.readings_secret,
	    sizeof(after.readings_secret));
}

static void
a_statement_that_was_taken_away_is_missed(void **state)
{
	(void)state;
	init();
	rotate_daemon();
	rotate_daemon();
	run("mkdir %1$s/gone && mv %1$s/keys/statements/003* %1$s/gone #%2$s",
	    "");
	expect_error(ERROR_SIGNATURE, "newest statement");
	run("mv %1$s/gone/* %1$s/keys/statements/ && "
	    "mv %1$s/keys/statements/002* %1$s/gone/ #%2$s",
	    "");
	expect_error(ERROR_SIGNATURE, "newest statement");
}

static void
keys_are_not_replaced_without_end(void **state)
{
	(void)state;
	init();
	for (int i = 1; i < KEYRING_PUBLICS_MAX; i++)
		rotate_daemon();
	assert_int_equal(
	    keyring_rotate_daemon(state_fd, rotation(&facility), &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(statement_is_written_as_the_format_says),
	    TEST(wrong_reasons_and_instants_are_refused),
	    TEST(no_keys_is_told_apart),
	    TEST(made_keys_open_and_belong_together),
	    TEST(facility_ids_that_are_none_are_refused),
	    TEST(what_others_can_read_is_refused),
	    TEST(what_is_gone_is_missed),
	    TEST(what_belongs_to_others_is_refused),
	    TEST(what_is_missing_or_foreign_is_refused),
	    TEST(key_and_public_file_must_belong_together),
	    TEST(every_changed_byte_of_a_statement_is_found),
	    TEST(a_credential_replaces_the_file),
	    TEST(rotations_keep_the_older_keys),
	    TEST(a_lost_host_goes_on_from_what_is_public),
	    TEST(a_statement_that_was_taken_away_is_missed),
	    TEST(keys_are_not_replaced_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
