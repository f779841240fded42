#include "lib/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"

/* With the prefix and the line break still one atomic write to a pipe. */
#define LINE_BYTES 2048
#define TEXT_BYTES 2001

static enum log_sink chosen_sink = LOG_SINK_PLAIN;
static enum log_level chosen_last = LOG_LEVEL_INFO;

void
log_open(enum log_sink sink, enum log_level last)
{
	chosen_sink = sink;
	chosen_last = last;
}

enum log_sink
log_suitable_sink(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char here[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return LOG_SINK_PLAIN;
	(void)snprintf(here, sizeof(here), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(stream, here) == 0 ? LOG_SINK_PREFIX : LOG_SINK_PLAIN;
}

void
log_event(enum log_level level, const char *format, ...)
{
	char text[TEXT_BYTES], line[LINE_BYTES], when[DATE_TEXT_BYTES];
	va_list ap;
	int length = 0;

	if (level > chosen_last)
		return;
	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	for (char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7F)
			*at = ' ';
	switch (chosen_sink) {
	case LOG_SINK_PLAIN:
		length = snprintf(line, sizeof(line), "%s %s\n",
		    date_format_plain(clock_wall_ms(), when), text);
		break;
	case LOG_SINK_PREFIX:
		length =
		    snprintf(line, sizeof(line), "<%d>%s\n", (int)level, text);
		break;
	}
	/* Nobody is left to tell when standard error does not work. */
	while (write(STDERR_FILENO, line, (size_t)length) < 0 && errno == EINTR)
		continue;
}
