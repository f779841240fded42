/*
 * bundle: bundles of a small clinic, made and verified.
 */
#ifndef HIKAE_TESTS_OUTPUT_BUNDLE_H
#define HIKAE_TESTS_OUTPUT_BUNDLE_H

#include <time.h>

#include "lib/base/date.h"
#include "lib/os/file.h"
#include "lib/output/evidence_verify.h"
#include "tests/unit/output/bundle_sign.h"

static char folder[FOLDER_BYTES];
static int folder_fd, spill_fd;
static struct requirement_texts today;
static struct signature_secret secret, stranger;
static struct signature_public public, other;
static struct error err;
/* Faults of the last verification, and the first of them. */
static unsigned told;
static enum evidence_fault first_fault;

static int
setup(void **state)
{
	struct bytes key = BYTES_EMPTY;
	char line[64] = "";

	(void)state;
	folder_make(folder);
	assert_int_equal(file_open_folder(folder, &folder_fd, &err), 0);
	assert_int_equal(file_temporary(folder_fd, &spill_fd, &err), 0);
	signature_generate(&secret);
	signature_public_of(&secret, &public);
	signature_generate(&stranger);
	signature_public_of(&stranger, &other);
	assert_int_equal(requirement_texts_read(-1, &today, &err), 0);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	begin(catalog);
	(void)add_good_clinic(catalog, NULL);
	/* The clinic's journal is of another key: a rotation makes it ours. */
	signature_public_encode(&public, &key);
	memcpy(line, strchr((const char *)key.data, '\n') + 1, 56);
	bytes_done(&key);
	ADD(catalog, DAY_ONE + HOUR, NULL, "{ss ss ss ss ss}", "type", "key",
	    "kind", "daemon", "old", KEY_LINE, "new", line, "statement_sha256",
	    DIGEST_A);
	commit(catalog);
	assert_int_equal(journal_checkpoint(catalog, ORIGIN, &secret,
			     DAY_ONE + HOUR, NULL, &err),
	    0);
	begin(catalog);
	for (int i = 0; i < 20; i++)
		add_scan(catalog, DAY_ONE + 2 * HOUR + i, "ok");
	commit(catalog);
	assert_int_equal(journal_checkpoint(catalog, ORIGIN, &secret,
			     DAY_ONE + 3 * HOUR, NULL, &err),
	    0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	catalog_close(catalog);
	requirement_texts_done(&today);
	(void)close(folder_fd);
	(void)close(spill_fd);
	folder_remove(folder);
	return 0;
}

static struct evidence_request
second_hours(void)
{
	return (struct evidence_request){
	    .catalog = catalog,
	    .from = DAY_ONE + 2 * HOUR,
	    .to = DAY_ONE + 3 * HOUR,
	    .now = DAY_ONE + 30 * HOUR,
	    .today = &today,
	    .pack = "product-default",
	    .spill_fd = spill_fd,
	    .documents_fd = -1,
	    .sign = sign,
	    .sign_head = sign_head,
	    .context = &secret,
	};
}

static void
export_to(const struct evidence_request *request, enum archive_pack_kind kind,
    struct bytes *out)
{
	struct evidence_result result;
	int fd = -1;

	assert_int_equal(file_temporary(folder_fd, &fd, &err), 0);
	if (evidence_export(request, kind, fd, &result, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(file_read_whole(fd, 16 << 20, out, &err), 0);
	(void)close(fd);
}

static void
tell(enum evidence_fault fault, const char *path, const char *detail,
    void *context)
{
	(void)path;
	(void)detail;
	(void)context;
	if (told++ == 0)
		first_fault = fault;
	assert_true(strlen(evidence_fault_name(fault)) > 0);
}

static struct evidence_report
verify(const struct bytes *bundle, const struct signature_public *trusted)
{
	struct evidence_question question = {
	    .size = bundle->length, .trusted = trusted, .tell = tell};
	struct evidence_report report;

	told = 0;
	assert_int_equal(file_temporary(folder_fd, &question.fd, &err), 0);
	assert_int_equal(
	    file_write_all(question.fd, bundle->data, bundle->length, &err), 0);
	if (evidence_verify(&question, &report, &err) != 0)
		fail_msg("%s", err.text);
	(void)close(question.fd);
	assert_int_equal(told, report.faults > EVIDENCE_FAULTS_MAX
				   ? EVIDENCE_FAULTS_MAX
				   : report.faults);
	return report;
}

static bool
is_good(const struct evidence_report *report)
{
	return report->faults == 0 && report->is_anchored;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
