/*
 * contents: what a reader sends to a parser that looks into files (records of
 * restore_stream.h).  Whatever comes, each format is told once and the rest
 * last, and what is said of a file fits what is counted.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/examine/contents.h"

#define SENT_MAX (64 * 1024) /* a socket takes so much at once */

struct told {
	uint64_t findings[INSPECT_BROKEN + 1];
	uint64_t counted[INSPECT_BROKEN + 1];
	bool is_ended;
};

static int
on_progress(void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	(void)context;
	(void)bytes;
	(void)entries;
	(void)err;
	return 0;
}

static int
on_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct told *told = context;

	(void)err;
	if (!finding_is_of_content(finding->code) || finding->format == 0 ||
	    finding->format > INSPECT_FORMATS || finding->fault == 0 ||
	    finding->fault > INSPECT_CODES ||
	    strlen(finding->path) != finding->path_length)
		abort();
	told->findings[finding->code == FINDING_CONTENT_BROKEN ? INSPECT_BROKEN
		       : finding->code == FINDING_CONTENT_MISMATCH
			   ? INSPECT_WARNING
			   : INSPECT_UNDETERMINED]++;
	return 0;
}

static int
on_result(
    void *context, const struct contents_result *result, struct error *err)
{
	struct told *told = context;
	uint64_t sum = 0;

	(void)err;
	if (told->is_ended)
		abort();
	told->is_ended = result->format == INSPECT_FORMATS;
	for (int i = 0; i <= INSPECT_BROKEN; i++) {
		sum += result->severities[i];
		told->counted[i] += result->severities[i];
	}
	if (!told->is_ended && sum != result->files)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct told told = {.is_ended = false};
	const struct examine_events events = {
	    .context = &told, .progress = on_progress, .finding = on_finding};
	const struct contents_options options = {
	    .events = &events, .is_telling = true, .is_complete = true};
	struct error err = {0};
	int fds[2];

	if (length > SENT_MAX || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		return 0;
	if (send(fds[0], data, length, MSG_DONTWAIT) == (ssize_t)length) {
		(void)shutdown(fds[0], SHUT_WR);
		if (contents_receive(
			fds[1], &options, on_result, &told, &err) == 0 &&
		    !told.is_ended)
			abort();
		for (int i = INSPECT_WARNING;
		     told.is_ended && i <= INSPECT_BROKEN; i++)
			if (told.findings[i] < told.counted[i])
				abort();
	}
	(void)close(fds[0]);
	(void)close(fds[1]);
	return 0;
}
