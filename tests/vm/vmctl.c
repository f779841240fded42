/*
 * vmctl: talk to a virtual machine over its unix sockets, with a deadline.
 *
 *   vmctl shell SOCKET SECONDS COMMAND    run a shell command in the guest
 *   vmctl qmp SOCKET SECONDS COMMAND      run a QMP command (JSON), print
 *                                         the answer
 *
 * SOCKET of `shell` is the serial line on which tests/vm/guest/vm-shell
 * listens.  Exit status: the guest command's; of qmp, 1 when QEMU refused; 124
 * when the deadline passed; 125 when there is nobody to talk to.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/clock.h"

enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 64,
	EXIT_LATE = 124,
	EXIT_GONE = 125,
};

/* What the guest's terminal takes at once without losing any. */
#define REQUEST_BYTES_MAX 4000

#define TOKEN_BYTES 8

/* A line of the far end, without its newline, is line_length bytes of input. */
struct vmctl {
	int fd;
	int64_t deadline_ms; /* monotonic */
	struct bytes input;
	size_t taken; /* bytes of input that were handled */
};

static int
vmctl_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* 0, or the exit status when the socket did not get ready in time. */
static int
vmctl_wait(const struct vmctl *vm, short events)
{
	struct pollfd pollfd = {.fd = vm->fd, .events = events};
	int64_t left_ms = vm->deadline_ms - clock_monotonic_ms();

	if (left_ms <= 0 || poll(&pollfd, 1, (int)left_ms) == 0)
		return EXIT_LATE;
	return 0;
}

static int
vmctl_send(const struct vmctl *vm, const struct bytes *request)
{
	size_t sent = 0;

	while (sent < request->length) {
		int status = vmctl_wait(vm, POLLOUT);
		ssize_t n;

		if (status != 0)
			return status;
		n = send(vm->fd, request->data + sent, request->length - sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return EXIT_GONE;
		sent += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int
vmctl_receive(struct vmctl *vm)
{
	char chunk[4096];
	int status = vmctl_wait(vm, POLLIN);
	ssize_t n;

	if (status != 0)
		return status;
	n = recv(vm->fd, chunk, sizeof(chunk), MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return EXIT_GONE;
	if (n > 0)
		bytes_append(&vm->input, chunk, (size_t)n);
	return vm->input.failed ? EXIT_GONE : 0;
}

/*
 * The next whole line, terminated, in place; valid until the next call.
 * 0, or the exit status when none comes.
 */
static int
vmctl_next_line(struct vmctl *vm, char **ret_line, size_t *ret_length)
{
	size_t searched = vm->taken;

	for (;;) {
		char *begin = (char *)vm->input.data + vm->taken;
		char *end = NULL;
		int status;

		if (searched < vm->input.length)
			end = memchr(vm->input.data + searched, '\n',
			    vm->input.length - searched);
		if (end != NULL) {
			*end = '\0';
			*ret_line = begin;
			*ret_length = (size_t)(end - begin);
			vm->taken += *ret_length + 1;
			return 0;
		}
		searched = vm->input.length;
		status = vmctl_receive(vm);
		if (status != 0)
			return status;
	}
}

/*
 * Print what stands between the lines "TOKEN begin" and "TOKEN end STATUS"; the
 * newline before the latter is not the command's.
 */
static int
vmctl_print_output(struct vmctl *vm, const char *token)
{
	size_t token_length = strlen(token);
	bool is_begun = false;
	bool is_first = true;

	for (;;) {
		char *line;
		size_t length;
		int status = vmctl_next_line(vm, &line, &length);

		if (status != 0)
			return status;
		if (strncmp(line, token, token_length) == 0) {
			const char *word = line + token_length;

			if (strncmp(word, " end ", 5) == 0)
				return (int)strtol(word + 5, NULL, 10);
			is_begun = true;
			continue;
		}
		if (!is_begun)
			continue;
		if (!is_first)
			putchar('\n');
		fwrite(line, 1, length, stdout);
		is_first = false;
	}
}

static int
vmctl_shell(struct vmctl *vm, const char *command)
{
	uint8_t random[TOKEN_BYTES];
	char token[2 * TOKEN_BYTES + 1];
	struct bytes request = BYTES_EMPTY;
	int status;

	bytes_random(random, sizeof(random));
	bytes_format_hex(random, sizeof(random), token);
	/* An empty line first ends whatever stands half in the line. */
	bytes_append_format(&request, "\n%s ", token);
	bytes_append_base64(&request, command, strlen(command));
	bytes_append_text(&request, "\n");
	if (request.failed || request.length > REQUEST_BYTES_MAX) {
		fputs("vmctl: the command is too long\n", stderr);
		status = EXIT_USAGE;
	} else {
		status = vmctl_send(vm, &request);
	}
	if (status == 0)
		status = vmctl_print_output(vm, token);
	bytes_done(&request);
	return status;
}

/* Skip the greeting and events up to an answer; print it when asked to. */
static int
vmctl_answer(struct vmctl *vm, bool is_printed)
{
	for (;;) {
		char *line;
		size_t length;
		int status = vmctl_next_line(vm, &line, &length);
		bool is_error;

		if (status != 0)
			return status;
		is_error = strncmp(line, "{\"error\"", 8) == 0;
		if (!is_error && strncmp(line, "{\"return\"", 9) != 0)
			continue;
		if (is_printed || is_error)
			puts(line);
		return is_error ? EXIT_REFUSED : 0;
	}
}

static int
vmctl_qmp(struct vmctl *vm, const char *command)
{
	struct bytes request = BYTES_EMPTY;
	int status;

	bytes_append_text(&request, "{\"execute\":\"qmp_capabilities\"}\n");
	status = vmctl_send(vm, &request);
	if (status == 0)
		status = vmctl_answer(vm, false);
	bytes_clear(&request);
	bytes_append_format(&request, "%s\n", command);
	if (status == 0)
		status = vmctl_send(vm, &request);
	if (status == 0)
		status = vmctl_answer(vm, true);
	bytes_done(&request);
	return status;
}

int
main(int argc, char **argv)
{
	struct vmctl vm = {.fd = -1};
	int (*talk)(struct vmctl *, const char *) = NULL;
	int status;

	if (argc == 5 && strcmp(argv[1], "shell") == 0)
		talk = vmctl_shell;
	else if (argc == 5 && strcmp(argv[1], "qmp") == 0)
		talk = vmctl_qmp;
	if (talk == NULL) {
		fputs(
		    "usage: vmctl shell|qmp SOCKET SECONDS COMMAND\n", stderr);
		return EXIT_USAGE;
	}
	vm.deadline_ms =
	    clock_monotonic_ms() + strtol(argv[3], NULL, 10) * CLOCK_SECOND_MS;
	vm.fd = vmctl_connect(argv[2]);
	if (vm.fd < 0) {
		fprintf(stderr, "vmctl: %s: %s\n", argv[2], strerror(errno));
		return EXIT_GONE;
	}
	status = talk(&vm, argv[4]);
	close(vm.fd);
	bytes_done(&vm.input);
	return status;
}
