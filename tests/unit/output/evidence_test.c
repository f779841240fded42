/* Bundles of a small clinic, and what becomes of each byte of them. */
#include "tests/unit/output/bundle.h"

static void
a_bundle_proves_its_entries(void **state)
{
	const struct evidence_request request = second_hours();
	struct bytes bundle = BYTES_EMPTY, again = BYTES_EMPTY;
	struct evidence_report report;

	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		bytes_clear(&again);
		export_to(&request, (enum archive_pack_kind)kind, &bundle);
		export_to(&request, (enum archive_pack_kind)kind, &again);
		assert_int_equal(bundle.length, again.length);
		assert_memory_equal(bundle.data, again.data, again.length);
		report = verify(&bundle, &public);
		if (!is_good(&report))
			fail_msg("%s", evidence_fault_name(first_fault));
		assert_int_equal(report.entries, 20);
		assert_int_equal(report.last, report.first + 19);
		assert_int_equal(report.statement.size, report.last + 1);
		assert_string_equal(report.statement.origin, ORIGIN);
		assert_int_equal(report.statement.from, request.from);
		/* Only the key that was given is trusted. */
		report = verify(&bundle, &other);
		assert_int_equal(report.faults, 1);
		assert_int_equal(first_fault, EVIDENCE_KEY);
		report = verify(&bundle, NULL);
		assert_int_equal(report.faults, 0);
		assert_true(report.is_signed);
		assert_false(report.is_anchored);
	}
	bytes_done(&bundle);
	bytes_done(&again);
}

static void
a_stranger_signs_in_vain(void **state)
{
	struct evidence_request request = second_hours();
	struct bytes bundle = BYTES_EMPTY;
	struct evidence_report report;

	(void)state;
	request.context = &stranger;
	export_to(&request, ARCHIVE_PACK_TAR, &bundle);
	report = verify(&bundle, &public);
	assert_true(report.faults > 0);
	/* Who trusts the stranger still finds the journal signed by another. */
	report = verify(&bundle, &other);
	assert_false(is_good(&report) && report.statement.size == 0);
	bytes_done(&bundle);
}

/* Bundles of earlier versions have none of these signatures. */
static void
a_checkpoint_is_signed_as_what_it_is(void **state)
{
	struct evidence_request request = second_hours();
	struct bytes bundle = BYTES_EMPTY;
	struct evidence_report report;

	(void)state;
	head_lie = 1;
	export_to(&request, ARCHIVE_PACK_TAR, &bundle);
	head_lie = 0;
	report = verify(&bundle, &public);
	assert_int_equal(report.faults, 2);
	assert_int_equal(first_fault, EVIDENCE_CHECKPOINT);
	request.sign_head = NULL;
	bytes_clear(&bundle);
	export_to(&request, ARCHIVE_PACK_TAR, &bundle);
	report = verify(&bundle, &public);
	assert_true(is_good(&report));
	bytes_done(&bundle);
}

static void
an_unsigned_bundle_says_so(void **state)
{
	struct evidence_request request = second_hours();
	struct bytes bundle = BYTES_EMPTY;
	struct evidence_report report;

	(void)state;
	request.sign = NULL;
	request.sign_head = NULL;
	export_to(&request, ARCHIVE_PACK_ZIP, &bundle);
	report = verify(&bundle, &public);
	assert_int_equal(report.faults, 0);
	assert_false(report.is_signed);
	assert_false(report.is_anchored);
	bytes_done(&bundle);
}

/* What no file of the bundle is made of: zeros that fill a tar's blocks. */
static void
no_changed_byte_passes(void **state)
{
	const struct evidence_request request = second_hours();
	struct bytes bundle = BYTES_EMPTY;
	size_t passed = 0, tried = 0;

	(void)state;
	export_to(&request, ARCHIVE_PACK_TAR, &bundle);
	for (size_t i = 0; i < bundle.length; i += 211) {
		struct evidence_report report;
		uint8_t was = bundle.data[i];

		bundle.data[i] ^= 0x20;
		report = verify(&bundle, &public);
		if (is_good(&report) && was != 0)
			fail_msg("byte %zu of %zu", i, bundle.length);
		passed += is_good(&report);
		tried++;
		bundle.data[i] = was;
	}
	assert_true(tried > 100 && passed < tried);
	bytes_done(&bundle);
}

static void
no_cut_off_bundle_passes(void **state)
{
	const struct evidence_request request = second_hours();

	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		struct bytes bundle = BYTES_EMPTY;
		size_t whole;

		export_to(&request, (enum archive_pack_kind)kind, &bundle);
		whole = bundle.length;
		/* A tar ends in two blocks of zeros and what fills a record. */
		for (size_t cut = whole % 509; cut + 10240 < whole;
		     cut += whole / 23) {
			struct evidence_report report;

			bundle.length = cut;
			report = verify(&bundle, &public);
			assert_true(report.faults > 0);
		}
		bundle.length = whole;
		bytes_done(&bundle);
	}
}

static void
a_period_needs_entries(void **state)
{
	static const struct {
		int64_t from, to;
		enum error_code code;
	} table[] = {
	    {0, DAY_ONE - 1, ERROR_UNAVAILABLE},
	    {DAY_ONE + 4 * HOUR, DAY_ONE + 5 * HOUR, ERROR_UNAVAILABLE},
	    {DAY_ONE + HOUR, DAY_ONE, ERROR_USAGE},
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct evidence_request request = second_hours();
		struct evidence_result result;
		int fd = -1;

		request.from = table[i].from;
		request.to = table[i].to;
		assert_int_equal(file_temporary(folder_fd, &fd, &err), 0);
		assert_int_equal(evidence_export(&request, ARCHIVE_PACK_TAR, fd,
				     &result, &err),
		    -1);
		assert_int_equal(err.code, table[i].code);
		assert_int_equal(lseek(fd, 0, SEEK_END), 0);
		(void)close(fd);
	}
}

static void
a_comment_is_read_as_it_is_written(void **state)
{
	struct evidence_statement statement = {.from = DAY_ONE,
	    .to = DAY_ONE + DAY - 1000,
	    .size = 16,
	    .origin = ORIGIN,
	    .root = {0xab}};
	struct evidence_statement read;
	char comment[EVIDENCE_COMMENT_BYTES];
	char wrong[EVIDENCE_COMMENT_BYTES + 1];

	(void)state;
	evidence_comment_format(&statement, comment);
	assert_string_equal(comment,
	    "hikae evidence " ORIGIN " 2026-11-21T00:00:00+00:00 "
	    "2026-11-21T23:59:59+00:00 16 "
	    "ab00000000000000000000000000000000000000000000000000000000000000");
	assert_int_equal(evidence_comment_parse(comment, &read, &err), 0);
	assert_int_equal(read.to, statement.to);
	assert_int_equal(read.size, 16);
	assert_memory_equal(read.root, statement.root, sizeof(read.root));
	for (size_t cut = 0; cut < strlen(comment); cut++) {
		(void)snprintf(wrong, sizeof(wrong), "%.*s", (int)cut, comment);
		assert_int_equal(
		    evidence_comment_parse(wrong, &read, &err), -1);
	}
	(void)snprintf(wrong, sizeof(wrong), "%s ", comment);
	assert_int_equal(evidence_comment_parse(wrong, &read, &err), -1);
}

static void
only_a_list_is_signed(void **state)
{
	static const char line[] = DIGEST_A "  bagit.txt\n";
	static const char *const wrong[] = {"", "\n", DIGEST_A, DIGEST_A "  \n",
	    DIGEST_A " bagit.txt\n", DIGEST_A "  bagit.txt",
	    DIGEST_A "  data/x\n", DIGEST_A "  bagit.txt\n\n",
	    DIGEST_A "  a b\n",
	    "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "  bagit.txt\n"};

	(void)state;
	assert_int_equal(
	    evidence_tagmanifest_check(line, strlen(line), &err), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(evidence_tagmanifest_check(
				     wrong[i], strlen(wrong[i]), &err),
		    -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_bundle_proves_its_entries),
	    TEST(a_stranger_signs_in_vain),
	    TEST(a_checkpoint_is_signed_as_what_it_is),
	    TEST(an_unsigned_bundle_says_so),
	    TEST(no_changed_byte_passes),
	    TEST(no_cut_off_bundle_passes),
	    TEST(a_period_needs_entries),
	    cmocka_unit_test(a_comment_is_read_as_it_is_written),
	    cmocka_unit_test(only_a_list_is_signed),
	};

	(void)setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
