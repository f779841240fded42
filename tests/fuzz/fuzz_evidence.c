/* evidence: a bundle of any bytes is refused or told about, never anchored. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/output/evidence_verify.h"

const char *__asan_default_options(void);

/* As for archive: libarchive believes lengths of names up to 1 GiB. */
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=256";
}

static void
tell(enum evidence_fault fault, const char *path, const char *detail,
    void *context)
{
	(void)path;
	(void)detail;
	(void)context;
	if (evidence_fault_name(fault)[0] == '\0')
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	static const struct signature_public trusted = {.key_id = {1}};
	struct evidence_question question = {
	    .size = length, .trusted = &trusted, .tell = tell};
	struct evidence_report report;

	question.fd = memfd_create("bundle", MFD_CLOEXEC);
	if (question.fd < 0)
		return 0;
	if (write(question.fd, data, length) == (ssize_t)length &&
	    evidence_verify(&question, &report, NULL) == 0 &&
	    report.is_anchored)
		abort();
	(void)close(question.fd);
	return 0;
}
