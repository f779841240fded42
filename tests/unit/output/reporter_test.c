/* The child that draws: this program again, in its sandbox. */
#include "tests/unit/judge/clinic.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/records.h"
#include "lib/os/file.h"
#include "lib/output/reporter.h"
#include "lib/worker/child.h"
#include "lib/worker/report_message.h"

static struct report_order order;
static struct report_answer answer;
static unsigned seals;

/* What hikaed has in force; no such file lies in the folder. */
static const char names[] = "[facility]\nid = clinic\nname = North Clinic\n"
			    "[system ehr]\nkind = ehr\nname = Records\n";

static int
setup(void **state)
{
	int folder_fd = -1;

	(void)open_catalog(state);
	(void)add_good_clinic(catalog, NULL);
	commit(catalog);
	report_message_order_init(&order);
	(void)snprintf(order.root, sizeof(order.root), "%s", folder);
	(void)snprintf(
	    order.catalog, sizeof(order.catalog), "%s/catalog.db", folder);
	(void)snprintf(order.zone, sizeof(order.zone), "Asia/Tokyo");
	(void)snprintf(order.name, sizeof(order.name), "Compliance");
	(void)snprintf(order.parameters, sizeof(order.parameters), "{}");
	order.limits =
	    (struct sandbox_limits){.memory_bytes = HIKAE_CHILD_MEMORY_BYTES,
		.file_size_bytes = 1 << 24};
	seals = 0;
	assert_int_equal(file_open_folder(folder, &folder_fd, &err), 0);
	assert_int_equal(file_temporary(folder_fd, &order.out_fd, &err), 0);
	assert_int_equal(file_temporary(folder_fd, &order.config_fd, &err), 0);
	assert_int_equal(
	    file_write_all(order.config_fd, names, strlen(names), &err), 0);
	(void)close(folder_fd);
	return 0;
}

static int
teardown(void **state)
{
	(void)close(order.out_fd);
	(void)close(order.config_fd);
	return close_catalog(state);
}

/* Its last answer, in `answer`. */
static void
draw(void)
{
	static struct child child;
	struct wire_frame frame;
	struct spawn_end end;

	child_init(&child);
	assert_int_equal(child_start(&child, "report", false, &err), 0);
	assert_int_equal(
	    report_message_send_order(child.wire, &order, &err), 0);
	do {
		assert_int_equal(child_receive(&child, &frame, &err), 1);
		assert_int_equal(
		    report_message_decode_answer(&frame, &answer, &err), 0);
		seals += answer.kind == REPORT_ANSWER_SEAL;
	} while (answer.kind == REPORT_ANSWER_SEAL);
	assert_int_equal(spawn_wait(&child.process, true, &end, &err), 1);
	assert_true(end.exited);
	child_done(&child);
}

static void
read_out(struct bytes *out)
{
	assert_int_equal(lseek(order.out_fd, 0, SEEK_SET), 0);
	assert_int_equal(file_read_whole(order.out_fd, 1 << 24, out, &err), 0);
}

static void
a_document_is_drawn_in_the_sandbox(void **state)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	struct bytes out = BYTES_EMPTY;
	json_t *document;

	(void)state;
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_DONE);
	assert_true(sandbox_is_whole(&answer.done.sandbox));
	read_out(&out);
	assert_int_equal(answer.done.bytes, out.length);
	digest_sha256_of(out.data, out.length, digest);
	assert_memory_equal(answer.done.sha256, digest, sizeof(digest));
	document = json_parse((const char *)out.data, out.length, &err);
	assert_non_null(document);
	assert_true(
	    json_array_size(json_object_get(document, "requirements")) > 10);
	assert_string_equal(
	    json_string_value(json_object_get(document, "facility_name")),
	    "North Clinic");
	assert_int_equal(seals, 0);
	json_decref(document);
	bytes_done(&out);
}

static void
a_page_speaks_the_language_that_is_asked_for(void **state)
{
	struct bytes out = BYTES_EMPTY;

	(void)state;
	order.kind = REPORT_PAGE;
	(void)snprintf(order.parameters, sizeof(order.parameters),
	    "{\"language\":\"en\"}");
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_DONE);
	read_out(&out);
	bytes_append_u8(&out, 0);
	assert_non_null(strstr((const char *)out.data, "<html lang=\"en\""));
	assert_non_null(strstr(answer.done.facts, "\"is_empty\":"));
	bytes_done(&out);
}

/* What may not grow is full; there is nothing to say but that. */
static void
no_room_is_an_error_not_an_end(void **state)
{
	(void)state;
	order.limits.file_size_bytes = 100;
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_FAILED);
	assert_int_equal(answer.failed.code, ERROR_NO_SPACE);
}

static void
what_cannot_be_drawn_says_why(void **state)
{
	(void)state;
	(void)snprintf(order.name, sizeof(order.name), "Verify");
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_FAILED);
	assert_int_equal(answer.failed.code, ERROR_USAGE);
	(void)snprintf(order.name, sizeof(order.name), "Compliance");
	(void)snprintf(order.parameters, sizeof(order.parameters),
	    "{\"system\":\"none\"}");
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_FAILED);
	assert_int_equal(answer.failed.code, ERROR_NOT_FOUND);
	(void)snprintf(order.parameters, sizeof(order.parameters), "{");
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_FAILED);
	(void)snprintf(order.parameters, sizeof(order.parameters), "{}");
	(void)snprintf(order.zone, sizeof(order.zone), "Nowhere/None");
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_FAILED);
	(void)snprintf(order.zone, sizeof(order.zone), "Asia/Tokyo");
	(void)snprintf(
	    order.catalog, sizeof(order.catalog), "%s/none.db", folder);
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_FAILED);
	assert_int_equal(answer.failed.code, ERROR_NOT_FOUND);
}

/* The journal of the fixture has no head, and its manifest no file. */
static void
own_records_are_looked_at_in_the_sandbox(void **state)
{
	struct bytes out = BYTES_EMPTY;
	static struct records records;
	int folder_fd = -1;
	json_t *value;

	(void)state;
	assert_int_equal(file_open_folder(folder, &folder_fd, &err), 0);
	assert_int_equal(
	    file_make_folders(folder_fd, "var/lib/hikae/manifests", 0700, &err),
	    0);
	(void)close(folder_fd);
	order.kind = REPORT_RECORDS;
	(void)snprintf(order.parameters, sizeof(order.parameters),
	    "{\"is_all\":true,\"is_whole\":true,\"keys\":[\"" KEY_LINE
	    "\"],\"origin\":\"" ORIGIN "\"}");
	draw();
	if (answer.kind != REPORT_ANSWER_DONE)
		fail_msg("%s", answer.failed.text);
	assert_true(sandbox_is_whole(&answer.done.sandbox));
	assert_int_equal(answer.done.known.size, 0);
	read_out(&out);
	value = json_parse((const char *)out.data, out.length, &err);
	assert_int_equal(records_parse(value, &records, &err), 0);
	assert_int_equal(records.fault, JOURNAL_NO_CHECKPOINT);
	assert_true(records.is_compared);
	assert_string_equal(records.table, "");
	assert_int_equal(records.manifests, 1);
	assert_int_equal(records.wrong_count, 1);
	assert_int_equal(records.wrong[0].code, FINDING_MANIFEST_MISSING);
	json_decref(value);
	bytes_done(&out);
	/* Without a key there is nothing to hold it against. */
	(void)snprintf(order.parameters, sizeof(order.parameters),
	    "{\"is_all\":true,\"is_whole\":true,\"keys\":[],"
	    "\"origin\":\"" ORIGIN "\"}");
	draw();
	assert_int_equal(answer.kind, REPORT_ANSWER_FAILED);
	assert_int_equal(answer.failed.code, ERROR_PROTOCOL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_document_is_drawn_in_the_sandbox),
	    TEST(a_page_speaks_the_language_that_is_asked_for),
	    TEST(no_room_is_an_error_not_an_end),
	    TEST(what_cannot_be_drawn_says_why),
	    TEST(own_records_are_looked_at_in_the_sandbox),
	};

	if (argc == 3 && strcmp(argv[1], CHILD_ROLE_ARGUMENT) == 0)
		return reporter_main();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
