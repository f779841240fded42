#include "daemon/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void
send_text(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@'))
		return;
	length = strlen(path);
	if (length >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, length);
	/* An abstract address begins with a NUL, written as '@'. */
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, text, strlen(text), MSG_NOSIGNAL,
	    (const struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	(void)close(fd);
}

void
notify_ready(void)
{
	send_text("READY=1");
}

void
notify_reloading(void)
{
	char text[64];
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)snprintf(text, sizeof(text),
	    "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	    (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	send_text(text);
}

void
notify_stopping(void)
{
	send_text("STOPPING=1");
}

void
notify_status(const char *text)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "STATUS=%s", text);
	line[7 + strcspn(line + 7, "\n")] = '\0';
	send_text(line);
}

void
notify_watchdog(void)
{
	send_text("WATCHDOG=1");
}

int64_t
notify_watchdog_ms(void)
{
	const char *microseconds = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	if (microseconds == NULL ||
	    (pid != NULL && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	return strtoll(microseconds, NULL, 10) / 1000 / 2;
}
