/* A journal's file from anywhere: what the key did not sign is never good. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/store/journal_verify.h"
#include "tests/fuzz/fuzz.h"

/* A key whose secret half nobody kept. */
static const char public_text[] =
    "RWSzUwlG7OJSEdtXUR0hMZZudoQaOCXaxrf8No9gK2b+tNd+BC4sYe++";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct journal_report report;
	struct signature_public key;
	struct error err;
	int fd = memfd_create("journal", MFD_CLOEXEC);

	if (signature_public_decode(
		public_text, sizeof(public_text) - 1, &key, NULL) != 0)
		abort();
	if (fd < 0 || write(fd, data, length) != (ssize_t)length ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	if (journal_verify_file(fd, &key, 1, &report, &err) != 0 ||
	    report.fault == JOURNAL_GOOD || report.checkpoints != 0)
		abort();
	(void)close(fd);
	return 0;
}
