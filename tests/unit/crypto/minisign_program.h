/*
 * The real minisign program in a scratch folder, for the tests that let it and
 * hikae read each other's files.  A missing program fails the test.
 */
#ifndef HIKAE_TESTS_MINISIGN_PROGRAM_H
#define HIKAE_TESTS_MINISIGN_PROGRAM_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char scratch[] = "/tmp/hikae-signature-XXXXXX";

static int
enter_scratch(void **state)
{
	(void)state;
	return mkdtemp(scratch) == NULL || chdir(scratch) != 0 ? -1 : 0;
}

static int
leave_scratch(void **state)
{
	char command[sizeof(scratch) + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", scratch);
	return system(command);
}

static void
write_file(const char *name, const void *data, size_t length)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* The whole of a small file as text. */
static size_t
read_file(const char *name, char text[4096])
{
	FILE *file = fopen(name, "rb");
	size_t length = 0;

	assert_non_null(file);
	length = fread(text, 1, 4095, file);
	text[length] = '\0';
	assert_int_equal(fclose(file), 0);
	return length;
}

/*
 * Run `minisign ARGUMENTS`, `input` on its standard input; memory_bytes bounds
 * its address space, 0 does not.  Returns its exit status.
 */
static int
run_minisign(const char *input, rlim_t memory_bytes, const char *arguments)
{
	char command[4096];
	int status = 0, in = -1, quiet = -1;
	pid_t pid = -1;

	write_file("input", input, strlen(input));
	snprintf(command, sizeof(command), "exec minisign %s", arguments);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit limit = {memory_bytes, memory_bytes};

		in = open("input", O_RDONLY);
		quiet = open("/dev/null", O_WRONLY);
		if (in < 0 || quiet < 0 || dup2(in, 0) < 0 ||
		    dup2(quiet, 1) < 0 || dup2(quiet, 2) < 0)
			_exit(126);
		if (memory_bytes != 0 && setrlimit(RLIMIT_AS, &limit) != 0)
			_exit(126);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 126);
	assert_int_not_equal(WEXITSTATUS(status), 127);
	return WEXITSTATUS(status);
}

#endif
