/*
 * keyring_fixture: a state folder in which keys are made.
 */
#ifndef HIKAE_TESTS_KEYRING_FIXTURE_H
#define HIKAE_TESTS_KEYRING_FIXTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/crypto/keyring_statement.h"

#define AT_MS INT64_C(1795323817000) /* 2026-11-22T05:03:37Z */

static char base[] = "/tmp/hikae-keyring-XXXXXX";
static int state_fd = -1;
static struct signature_secret facility;
static struct error err;

static inline int
set_up(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	memcpy(base + sizeof(base) - 7, "XXXXXX", 6);
	if (mkdtemp(base) == NULL)
		return -1;
	state_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	signature_generate(&facility);
	return state_fd < 0 ? -1 : 0;
}

static inline int
tear_down(void **state)
{
	char command[sizeof(base) + 32];

	(void)state;
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	(void)close(state_fd);
	(void)snprintf(command, sizeof(command), "rm -rf %s", base);
	return system(command);
}

static inline void
init(void)
{
	if (keyring_init(state_fd, "example", &facility, AT_MS, &err) != 0)
		fail_msg("%s", err.text);
}

static inline void
open_well(struct keyring *keyring)
{
	if (keyring_open(state_fd, keyring, &err) != 0)
		fail_msg("%s", err.text);
}

static inline void
expect_error(enum error_code code, const char *part)
{
	struct keyring keyring;

	assert_int_equal(keyring_open(state_fd, &keyring, &err), -1);
	if (err.code != code || strstr(err.text, part) == NULL)
		fail_msg("%s: %s, expected %s about \"%s\"",
		    error_code_name(err.code), err.text, error_code_name(code),
		    part);
}

static inline const struct keyring_rotation *
rotation(const struct signature_secret *secret)
{
	static struct keyring_rotation r;

	r = (struct keyring_rotation){secret, "a test", AT_MS + 1000};
	return &r;
}

static inline void
rotate_daemon(void)
{
	if (keyring_rotate_daemon(state_fd, rotation(&facility), &err) != 0)
		fail_msg("%s", err.text);
}

static inline void
run(const char *format, const char *a)
{
	char command[512];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(command, sizeof(command), format, base, a);
#pragma GCC diagnostic pop
	assert_int_equal(system(command), 0);
}

#endif
