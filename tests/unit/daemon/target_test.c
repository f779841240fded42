/* Slices that nobody can be asked to read, and those whose reader died. */
#include "daemon/runs.h"
#include "daemon/target.h"
#include "lib/base/log.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_slice.h"
#include "tests/unit/judge/clinic.h"

static const char config_text[] = "[facility]\n"
				  "id = seaside\n"
				  "name = Seaside\n"
				  "[medium nas1]\n"
				  "kind = nas\n"
				  "path = /srv/nas1\n"
				  "readers = 2\n";

/* ---- orders, which are the test's to answer ---- */

#define ORDERS_MAX 16

struct ordered {
	struct verification_owner owner;
	bool is_names;
	uint64_t first, last;
};
static struct ordered orders[ORDERS_MAX];
static size_t order_count;
static unsigned refused; /* a bit for each order that cannot be made */
static size_t asked;

int __wrap_verification_order(struct service *service,
    const struct verification_request *request,
    const struct verification_owner *owner, struct error *err);
int
__wrap_verification_order(struct service *service,
    const struct verification_request *request,
    const struct verification_owner *owner, struct error *err)
{
	struct ordered *order = &orders[order_count];

	(void)service;
	if ((refused & (1U << asked++)) != 0)
		return error_set(err, ERROR_INTERNAL, "out of memory");
	assert_true(order_count < ORDERS_MAX);
	*order = (struct ordered){
	    .owner = *owner, .is_names = request->is_names_only};
	if (!order->is_names) {
		assert_int_equal(request->range_count, 1);
		order->first = request->ranges[0].first;
		order->last = request->ranges[0].last;
	}
	order_count++;
	return 0;
}

/* ---- one copy of three slices ---- */

static char folder[FOLDER_BYTES];
static struct service service;
static struct target *target;
static struct target_owner owner;
static uint64_t copy, run;
static unsigned slices_told, names_told, ended[TARGET_FAILED + 1];
static struct error err;

static void
on_slice(void *context, const struct examine_slice *slice, uint64_t warnings)
{
	(void)context;
	assert_int_equal(warnings, 0);
	if (slice->slice == EXAMINE_NO_SLICE)
		names_told++;
	else
		slices_told++;
}

static void
on_ended(void *context, enum target_end end)
{
	(void)context;
	ended[end]++;
}

static void
add_copy(void)
{
	char subject[CATALOG_SUBJECT_BYTES];

	begin(service.catalog);
	add_clinic(service.catalog, NULL);
	assert_int_equal(
	    catalog_put_name(service.catalog, "20261121", 8, subject, &err), 0);
	ADD(service.catalog, DAY_ONE, &copy, "{ss ss ss ss ss ss sI ss ss}",
	    "type", "seen", "generation", GENERATION, "system", "ehr", "medium",
	    "nas1", "source", "ehr-nas", "layout", "directory", "taken_at",
	    DAY_ONE, "time_from", "name", "subject", subject);
	(void)add_captured(service.catalog, DAY_ONE, copy, 1);
	run = add_run(service.catalog, DAY_ONE);
	commit(service.catalog);
}

static int
setup(void **state)
{
	const struct runs_request request = {
	    .trigger = RUNS_CAPTURE, .level = RUNS_FULL};
	struct config_problems problems;
	struct runs_view view = {0};

	(void)state;
	order_count = asked = refused = 0;
	slices_told = names_told = 0;
	memset(ended, 0, sizeof(ended));
	folder_make(folder);
	service = (struct service){.root = folder};
	service.catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	assert_int_equal(
	    config_load_text("test", config_text, sizeof(config_text) - 1,
		&service.config, &problems),
	    0);
	add_copy();
	owner = (struct target_owner){.slice = on_slice, .ended = on_ended};
	if (target_select(&service, &request, &target, &view, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(view.slices, 3);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	target_free_all(target);
	config_free(service.config);
	catalog_close(service.catalog);
	folder_remove(folder);
	return 0;
}

static size_t
order(void)
{
	size_t added;

	if (target_order(target, run, &owner, &added, &err) != 0)
		fail_msg("%s", err.text);
	return added;
}

/* Its reader is through with the slice. */
static void
answer(const struct ordered *order, uint64_t slice)
{
	const struct examine_slice result = {.slice = slice,
	    .verdict = VERDICT_INTACT,
	    .bytes = 100,
	    .bytes_read = 100,
	    .read_at = DAY_ONE};

	if (order->owner.slice(order->owner.context, &result,
		REPLY_MODE_DIRECT_LOCAL, &err) != 0)
		fail_msg("%s", err.text);
}

static void
end(const struct ordered *order, enum jobs_outcome outcome)
{
	const struct jobs_end how = {.outcome = outcome};

	order->owner.ended(
	    order->owner.context, &how, jobs_outcome_finding(outcome));
}

/* ---- what stands in the catalog ---- */

static int
take_slice(const struct query_slice *row, void *context, struct error *why)
{
	char *text = context;

	(void)why;
	assert_true(row->slice < 3);
	text[row->slice] = row->run == run ? row->outcome[0] : '-';
	return 0;
}

static int
take_copy(const struct query_copy *row, void *context, struct error *why)
{
	return query_slices(service.catalog, CATALOG_NOW, row->manifest,
		   take_slice, context, why) == 0
		   ? 0
		   : -1;
}

/* A letter for each slice: intact, undetermined; -: not of this run. */
static void
assert_slices(const char *expected)
{
	char text[4] = "???";

	if (query_copies(
		service.catalog, CATALOG_NOW, NULL, take_copy, text, &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(text, expected);
}

static int
take_finding(const struct query_finding *row, void *context, struct error *why)
{
	char *text = context;
	size_t used = strlen(text);

	(void)why;
	(void)snprintf(text + used, 100 - used, "%s ", row->code);
	return 0;
}

static void
assert_findings(const char *expected)
{
	const struct query_finding_filter filter = {.only_open = true};
	char text[100] = "";

	if (query_findings(service.catalog, CATALOG_NOW, &filter, take_finding,
		text, &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(text, expected);
}

/* ---- tests ---- */

static void
what_is_ordered(void **state)
{
	(void)state;
	assert_int_equal(order(), 3);
	assert_true(orders[0].is_names);
	assert_int_equal(orders[1].first, 0);
	assert_int_equal(orders[1].last, 1);
	assert_int_equal(orders[2].first, 2);
	for (uint64_t i = 0; i < 3; i++)
		answer(&orders[i < 2 ? 1 : 2], i);
	answer(&orders[0], EXAMINE_NO_SLICE);
	for (size_t i = 0; i < 3; i++)
		end(&orders[i], JOBS_DONE);
	assert_int_equal(order(), 0);
	assert_slices("iii");
	assert_findings("");
	assert_int_equal(ended[TARGET_ANSWERED], 3);
}

static void
all_that_cannot_be_ordered_is_undetermined(void **state)
{
	(void)state;
	refused = ~0U;
	assert_int_equal(order(), 0);
	assert_slices("uuu");
	assert_findings("worker-limit ");
	assert_int_equal(slices_told, 3);
	assert_int_equal(names_told, 1);
	/* Nothing that was ordered ended. */
	assert_int_equal(ended[TARGET_ANSWERED], 0);
}

static void
one_that_cannot_be_ordered_costs_its_slices(void **state)
{
	(void)state;
	refused = 1U << 1;
	assert_int_equal(order(), 2);
	assert_int_equal(orders[1].first, 2);
	answer(&orders[1], 2);
	assert_slices("uui");
	assert_int_equal(slices_told, 3);
	end(&orders[0], JOBS_CANCELLED);
	end(&orders[1], JOBS_DONE);
}

static void
what_cannot_be_recorded_either_is_a_failure(void **state)
{
	size_t added;

	(void)state;
	refused = ~0U;
	begin(service.catalog);
	assert_int_equal(target_order(target, run, &owner, &added, &err), -1);
	catalog_rollback(service.catalog);
	assert_int_equal(added, 0);
	assert_int_equal(slices_told + names_told, 0);
	assert_slices("---");
}

static void
another_reader_gets_what_a_dead_one_had(void **state)
{
	(void)state;
	assert_int_equal(order(), 3);
	answer(&orders[1], 0);
	end(&orders[1], JOBS_CRASHED);
	assert_slices("i--");
	assert_int_equal(ended[TARGET_ANSWERED], 1);
	assert_int_equal(order(), 1);
	assert_int_equal(orders[3].first, 1);
	assert_int_equal(orders[3].last, 1);
	answer(&orders[3], 1);
	assert_slices("ii-");
	/* The look at the names, too, once a reader's place is free. */
	end(&orders[0], JOBS_LIMIT);
	assert_int_equal(order(), 0);
	/* The second one died as well, but had nothing left. */
	end(&orders[3], JOBS_CRASHED);
	assert_int_equal(order(), 1);
	assert_true(orders[4].is_names);
	assert_findings("");
	end(&orders[4], JOBS_CRASHED);
	assert_findings("worker-crashed ");
	end(&orders[2], JOBS_DONE);
}

static void
what_two_readers_died_over_is_undetermined(void **state)
{
	(void)state;
	assert_int_equal(order(), 3);
	end(&orders[1], JOBS_CRASHED);
	assert_int_equal(order(), 1);
	/* Which of the two slices it was, each one's own reader says. */
	end(&orders[3], JOBS_CRASHED);
	assert_slices("---");
	assert_int_equal(order(), 1);
	assert_int_equal(orders[4].first, 0);
	assert_int_equal(orders[4].last, 0);
	end(&orders[4], JOBS_CRASHED);
	assert_slices("u--");
	assert_findings("worker-crashed ");
	assert_int_equal(order(), 1);
	assert_int_equal(orders[5].first, 1);
	assert_int_equal(orders[5].last, 1);
	answer(&orders[5], 1);
	end(&orders[5], JOBS_DONE);
	assert_int_equal(order(), 0);
	assert_slices("ui-");
	assert_findings("worker-crashed ");
	/* One that hung gets no second one. */
	end(&orders[2], JOBS_HUNG);
	assert_slices("uiu");
	end(&orders[0], JOBS_CANCELLED);
}

static void
where_every_reader_dies_there_is_an_end(void **state)
{
	unsigned deaths = 1;

	(void)state;
	assert_int_equal(order(), 3);
	end(&orders[1], JOBS_LIMIT);
	for (size_t i = 3; order() > 0; i++, deaths++)
		end(&orders[i], JOBS_LIMIT);
	/* Both together twice, and each alone. */
	assert_int_equal(deaths, 4);
	assert_slices("uu-");
	end(&orders[2], JOBS_CANCELLED);
	end(&orders[0], JOBS_CANCELLED);
}

static void
nobody_reads_on_where_it_was_cancelled(void **state)
{
	(void)state;
	assert_int_equal(order(), 3);
	end(&orders[1], JOBS_CRASHED);
	/* Before another one was ordered. */
	end(&orders[2], JOBS_CANCELLED);
	assert_int_equal(ended[TARGET_CANCELLED], 1);
	assert_int_equal(order(), 0);
	end(&orders[0], JOBS_CRASHED);
	assert_slices("---");
	assert_int_equal(names_told, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_ordered),
	    TEST(all_that_cannot_be_ordered_is_undetermined),
	    TEST(one_that_cannot_be_ordered_costs_its_slices),
	    TEST(what_cannot_be_recorded_either_is_a_failure),
	    TEST(another_reader_gets_what_a_dead_one_had),
	    TEST(what_two_readers_died_over_is_undetermined),
	    TEST(where_every_reader_dies_there_is_an_end),
	    TEST(nobody_reads_on_where_it_was_cancelled),
	};

	log_open(LOG_SINK_PLAIN, LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
