/*
 * Orders of a medium: in which order they start, how many at once, and that
 * each ends once.  Who reads for them is the test, which listens at a socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/jobs.h"

#define MIB (UINT64_C(1) << 20)
#define LARGE (100 * MIB)
#define ORDERS_MAX 16

/* Children at once, with files of any size and with large ones. */
#define READERS 3
#define READERS_LARGE 1

struct errand {
	const char *name;
	bool is_refused; /* it cannot be prepared */
	uint64_t id;
	size_t ends;
	enum jobs_outcome outcome;
	int far; /* the test's end of its wire, once it has started */
};

static char folder[64], listening[80];
static int listener;
static struct loop *loop;
static struct jobs *jobs;
static struct errand errands[ORDERS_MAX];
static size_t errand_count;
static unsigned readers;

/* The names of those that have started, each with a space after it. */
static char started[256];

static unsigned
count_readers(void *context, const char *medium, uint64_t file_bytes)
{
	(void)context;
	(void)medium;
	return file_bytes >= LARGE ? READERS_LARGE : readers;
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct errand *errand = context;
	size_t length = strlen(started);

	if (errand->is_refused)
		return error_set(err, ERROR_NOT_FOUND, "no such copy");
	job->kind = JOB_VERIFY;
	job->socket_path = listening;
	(void)snprintf(
	    started + length, sizeof(started) - length, "%s ", errand->name);
	return 0;
}

static void
take_end(void *context, const struct jobs_end *end)
{
	struct errand *errand = context;

	errand->ends++;
	errand->outcome = end->outcome;
}

static const struct reply_handlers no_replies;
static const struct jobs_kind kind = {.name = "verify",
    .prepare = prepare,
    .replies = &no_replies,
    .end = take_end};

/* Passes of the loop, each of which looks at everything: more than it takes. */
#define PASSES 10
static unsigned passes;

static void
count_pass(void *context)
{
	if (--passes == 0)
		loop_stop(loop);
	else
		loop_set_timer(loop, context, 1);
}

/* Let everything happen that can happen now, however busy the machine is. */
static void
turn(void)
{
	struct loop_timer pass = {.ring = count_pass, .context = &pass};
	struct error err = {0};

	passes = PASSES;
	loop_set_timer(loop, &pass, 1);
	if (loop_run(loop, &err) != 0)
		fail_msg("%s", err.text);
}

/* The order's number, for finish and cancel. */
static size_t
add(const char *name, const char *medium, uint64_t file_bytes, int priority)
{
	struct errand *errand = &errands[errand_count];
	struct jobs_order order = {.kind = &kind,
	    .context = errand,
	    .file_bytes = file_bytes,
	    .priority = priority};
	struct error err = {0};

	assert_true(errand_count < ORDERS_MAX);
	*errand = (struct errand){.name = name, .far = -1};
	(void)snprintf(order.medium, sizeof(order.medium), "%s", medium);
	if (jobs_add(jobs, &order, &errand->id, &err) != 0)
		fail_msg("%s", err.text);
	return errand_count++;
}

/* Who started first connected first. */
static void
take_connections(void)
{
	char names[sizeof(started)], *rest = NULL;

	(void)snprintf(names, sizeof(names), "%s", started);
	for (char *name = strtok_r(names, " ", &rest); name != NULL;
	     name = strtok_r(NULL, " ", &rest))
		for (size_t i = 0; i < errand_count; i++)
			if (strcmp(errands[i].name, name) == 0 &&
			    errands[i].far < 0)
				errands[i].far = accept(listener, NULL, NULL);
}

/* Its reader goes away. */
static void
finish(size_t number)
{
	take_connections();
	assert_true(errands[number].far >= 0);
	(void)close(errands[number].far);
	turn();
	assert_int_equal(errands[number].ends, 1);
}

static int
set_up(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct jobs_options options = {
	    .timeout_ms = 60000, .readers = count_readers};

	(void)state;
	errand_count = 0;
	started[0] = '\0';
	readers = READERS;
	(void)snprintf(folder, sizeof(folder), "/tmp/hikae-jobs-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(listening, sizeof(listening), "%s/socket", folder);
	memcpy(address.sun_path, listening, sizeof(listening));
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (bind(listener, (const struct sockaddr *)&address,
		sizeof(address)) != 0 ||
	    listen(listener, ORDERS_MAX) != 0 || loop_new(&loop, NULL) != 0)
		return -1;
	options.loop = loop;
	return jobs_new(&options, &jobs, NULL);
}

/* Whatever is left ends now, and once. */
static int
tear_down(void **state)
{
	(void)state;
	jobs_free(jobs);
	loop_free(loop);
	for (size_t i = 0; i < errand_count; i++) {
		assert_int_equal(errands[i].ends, 1);
		if (errands[i].far >= 0)
			(void)close(errands[i].far);
	}
	(void)close(listener);
	(void)unlink(listening);
	return rmdir(folder);
}

static void
orders_start_as_they_came_while_there_is_room(void **state)
{
	size_t second;

	(void)state;
	(void)add("a", "nas1", MIB, 1);
	second = add("b", "nas1", MIB, 1);
	(void)add("c", "nas1", MIB, 1);
	(void)add("d", "nas1", MIB, 1);
	(void)add("e", "nas1", MIB, 1);
	turn();
	assert_string_equal(started, "a b c ");
	assert_int_equal(jobs_count(jobs, "nas1"), 5);
	assert_int_equal(jobs_count_running(jobs, "nas1"), 3);

	finish(second);
	assert_string_equal(started, "a b c d ");
	assert_int_equal(errands[second].outcome, JOBS_CRASHED);
	assert_int_equal(jobs_count(jobs, "nas1"), 4);
}

/* Else small ones that keep coming would keep it waiting for ever. */
static void
an_order_of_large_files_is_not_overtaken(void **state)
{
	size_t small[READERS], large;

	(void)state;
	small[0] = add("a", "nas1", MIB, 1);
	small[1] = add("b", "nas1", MIB, 1);
	small[2] = add("c", "nas1", MIB, 1);
	large = add("large", "nas1", LARGE, 1);
	(void)add("d", "nas1", MIB, 1);
	turn();
	finish(small[0]);
	finish(small[1]);
	assert_string_equal(started, "a b c ");
	finish(small[2]);
	assert_string_equal(started, "a b c large d ");

	finish(large);
	assert_int_equal(jobs_count_running(jobs, "nas1"), 1);
}

static void
what_waits_on_one_medium_keeps_no_other_waiting(void **state)
{
	(void)state;
	(void)add("a", "nas1", LARGE, 1);
	(void)add("b", "nas1", LARGE, 1);
	(void)add("c", "disk1", LARGE, 1);
	turn();
	assert_string_equal(started, "a c ");
}

static void
the_more_urgent_starts_first(void **state)
{
	size_t first;

	(void)state;
	first = add("a", "nas1", LARGE, 1);
	turn();
	(void)add("late", "nas1", LARGE, 2);
	(void)add("soon", "nas1", LARGE, 0);
	turn();
	finish(first);
	assert_string_equal(started, "a soon ");
}

static void
a_cancelled_order_that_waited_never_starts(void **state)
{
	size_t first, waiting;

	(void)state;
	first = add("a", "nas1", LARGE, 1);
	waiting = add("b", "nas1", LARGE, 1);
	(void)add("c", "nas1", LARGE, 1);
	turn();
	assert_int_equal(jobs_cancel(jobs, errands[waiting].id), 1);
	assert_int_equal(errands[waiting].outcome, JOBS_CANCELLED);
	assert_int_equal(jobs_cancel(jobs, errands[waiting].id), 0);

	finish(first);
	assert_string_equal(started, "a c ");
}

/* Its place is another's until its reader is gone. */
static void
a_cancelled_order_that_runs_keeps_its_place_to_the_end(void **state)
{
	size_t first;

	(void)state;
	first = add("a", "nas1", LARGE, 1);
	(void)add("b", "nas1", LARGE, 1);
	turn();
	assert_int_equal(jobs_cancel(jobs, errands[first].id), 1);
	turn();
	assert_string_equal(started, "a ");

	finish(first);
	assert_int_equal(errands[first].outcome, JOBS_CANCELLED);
	assert_string_equal(started, "a b ");
}

static void
one_that_cannot_be_prepared_fails_and_the_next_starts(void **state)
{
	size_t refused = add("a", "nas1", LARGE, 1);

	(void)state;
	errands[refused].is_refused = true;
	(void)add("b", "nas1", LARGE, 1);
	turn();
	assert_int_equal(errands[refused].outcome, JOBS_FAILED);
	assert_string_equal(started, "b ");
}

static void
more_readers_start_what_waits(void **state)
{
	(void)state;
	readers = 1;
	(void)add("a", "nas1", MIB, 1);
	(void)add("b", "nas1", MIB, 1);
	turn();
	assert_string_equal(started, "a ");

	readers = 2;
	jobs_wake(jobs);
	turn();
	assert_string_equal(started, "a b ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(orders_start_as_they_came_while_there_is_room),
	    CASE(an_order_of_large_files_is_not_overtaken),
	    CASE(what_waits_on_one_medium_keeps_no_other_waiting),
	    CASE(the_more_urgent_starts_first),
	    CASE(a_cancelled_order_that_waited_never_starts),
	    CASE(a_cancelled_order_that_runs_keeps_its_place_to_the_end),
	    CASE(one_that_cannot_be_prepared_fails_and_the_next_starts),
	    CASE(more_readers_start_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
