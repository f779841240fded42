#include "cli/setup_look.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"

/* Where the child tells, after which nothing else is open. */
#define TOLD_FD 0

enum kind {
	LOOK_MEDIUM,
	LOOK_FOLDER,
	LOOK_LAYOUT,
	LOOK_EXISTS,
	LOOK_CONTENT,
};

struct question {
	enum kind kind;
	const char *medium, *path;
};

/* What the child tells: a record for each guess, and one at its end. */
struct record {
	bool is_end;
	uint8_t layout; /* 0: none, else a place in the table, plus 1 */
	uint64_t count;
	char path[SETUP_GUESS_PATH_BYTES];
	char pattern[PATTERN_MAX_BYTES + 1];
};
/* So that one is written and read whole (pipe(7)). */
static_assert(sizeof(struct record) <= PIPE_BUF, "a record is one write");

static const char *const layouts[] = {"directory", "archive", "file"};
#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

static void
tell(const struct record *record)
{
	if (write(TOLD_FD, record, sizeof(*record)) != (ssize_t)sizeof(*record))
		_exit(EXIT_FAILURE);
}

static void
tell_guess(void *context, const struct setup_guess *guess)
{
	struct record record = {.count = guess->count};

	(void)context;
	for (size_t i = 0; i < LAYOUTS; i++)
		if (guess->layout != NULL &&
		    strcmp(guess->layout, layouts[i]) == 0)
			record.layout = (uint8_t)(i + 1);
	memcpy(record.path, guess->path, sizeof(record.path));
	memcpy(record.pattern, guess->pattern, sizeof(record.pattern));
	tell(&record);
}

static void
answer(const struct question *question)
{
	struct setup_guess guess = {.count = 0};
	bool is_found = false;

	switch (question->kind) {
	case LOOK_MEDIUM:
		setup_guess_medium(question->medium, tell_guess, NULL);
		return;
	case LOOK_FOLDER:
		is_found = setup_guess_folder(
		    question->medium, question->path, &guess);
		break;
	case LOOK_LAYOUT:
		guess.layout =
		    setup_guess_layout(question->medium, question->path);
		is_found = guess.layout != NULL;
		break;
	case LOOK_EXISTS:
		is_found = setup_guess_exists(question->medium, question->path);
		break;
	case LOOK_CONTENT:
		is_found = setup_guess_has_content(question->path);
		break;
	}
	if (is_found)
		tell_guess(NULL, &guess);
}

/*
 * The child: it may stay when its parent has gone, so it holds nothing that
 * others wait for the end of.
 */
static _Noreturn void
look(const struct question *question, int fd)
{
	const struct record end = {.is_end = true};

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(fd, TOLD_FD) < 0 || close_range(TOLD_FD + 1, ~0U, 0) != 0)
		_exit(EXIT_FAILURE);
	answer(question);
	tell(&end);
	_exit(EXIT_SUCCESS);
}

static bool
take_record(const struct record *record, struct setup_guesses *ret)
{
	struct setup_guess *guess;

	if (ret->count == SETUP_GUESS_MAX || record->layout > LAYOUTS)
		return false;
	guess = &ret->items[ret->count++];
	*guess = (struct setup_guess){.count = record->count,
	    .layout = record->layout > 0 ? layouts[record->layout - 1] : NULL};
	memcpy(guess->path, record->path, sizeof(guess->path) - 1);
	memcpy(guess->pattern, record->pattern, sizeof(guess->pattern) - 1);
	return true;
}

/* True when it told all of it in time. */
static bool
collect(int fd, struct setup_guesses *ret)
{
	const int64_t deadline = clock_monotonic_ms() + SETUP_LOOK_MS;
	struct record record;
	ssize_t got;

	for (;;) {
		const int64_t left = deadline - clock_monotonic_ms();
		struct pollfd wait = {fd, POLLIN, 0};

		if (left <= 0)
			return false;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		got = read(fd, &record, sizeof(record));
		if (got < 0 && errno == EINTR)
			continue;
		if (got != (ssize_t)sizeof(record))
			return false;
		if (record.is_end)
			return true;
		if (!take_record(&record, ret))
			return false;
	}
}

static enum setup_look
ask(const struct question *question, struct setup_guesses *ret)
{
	bool has_told;
	int fds[2];
	pid_t pid;

	ret->count = 0;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return SETUP_LOOK_SILENT;
	pid = fork();
	if (pid == 0)
		look(question, fds[1]);
	(void)close(fds[1]);
	has_told = pid > 0 && collect(fds[0], ret);
	(void)close(fds[0]);
	if (pid > 0) {
		/* One that sits in the kernel does not go, and is left. */
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, has_told ? 0 : WNOHANG);
	}
	return !has_told	? SETUP_LOOK_SILENT
	       : ret->count > 0 ? SETUP_LOOK_FOUND
				: SETUP_LOOK_NOTHING;
}

/* Of a question that has one answer. */
static enum setup_look
ask_one(enum kind kind, const char *medium, const char *path,
    struct setup_guess *ret)
{
	const struct question question = {kind, medium, path};
	struct setup_guesses *guesses = calloc(1, sizeof(*guesses));
	enum setup_look seen = SETUP_LOOK_SILENT;

	if (guesses == NULL)
		return seen;
	seen = ask(&question, guesses);
	if (seen == SETUP_LOOK_FOUND)
		*ret = guesses->items[0];
	free(guesses);
	return seen;
}

static int
compare_paths(const void *a, const void *b)
{
	const struct setup_guess *first = a, *second = b;

	return strcmp(first->path, second->path);
}

enum setup_look
setup_look_medium(const char *medium, struct setup_guesses *ret)
{
	const struct question question = {LOOK_MEDIUM, medium, NULL};
	const enum setup_look seen = ask(&question, ret);

	qsort(ret->items, ret->count, sizeof(ret->items[0]), compare_paths);
	return seen;
}

enum setup_look
setup_look_folder(const char *medium, const char *path, struct setup_guess *ret)
{
	return ask_one(LOOK_FOLDER, medium, path, ret);
}

enum setup_look
setup_look_layout(const char *medium, const char *path, const char **ret_layout)
{
	struct setup_guess guess = {.count = 0};
	const enum setup_look seen = ask_one(LOOK_LAYOUT, medium, path, &guess);

	*ret_layout = guess.layout;
	return seen;
}

enum setup_look
setup_look_exists(const char *medium, const char *path)
{
	struct setup_guess ignored;

	return ask_one(LOOK_EXISTS, medium, path, &ignored);
}

enum setup_look
setup_look_content(const char *path)
{
	struct setup_guess ignored;

	return ask_one(LOOK_CONTENT, NULL, path, &ignored);
}
