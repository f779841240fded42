/* archive: whatever the bytes are, decoding ends within its limits. */
#include "tests/fuzz/fuzz.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/format/archive.h"
#include "lib/format/decoder.h"

#define BYTES_MAX (1 << 20)
#define MEMBERS_MAX 200

const char *__asan_default_options(void);

/*
 * libarchive believes a header's length of a name up to 1 GiB.  In a parser
 * its limit of memory ends that; here the allocator does.
 */
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=256";
}

static const struct archive_limits limits = {
    .members = MEMBERS_MAX,
    .bytes = BYTES_MAX,
    .memory = 8 << 20,
    .warnings = 50,
    .idle = 50,
};

/* The input as a source, in small blocks. */
struct input {
	const uint8_t *data;
	size_t left;
};

static int
read_input(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct input *input = context;
	size_t n = input->left < 1000 ? input->left : 1000;

	(void)err;
	*ret_data = input->data;
	*ret_length = n;
	input->data += n;
	input->left -= n;
	return n > 0;
}

static void
run(struct archive_reader *reader)
{
	struct archive_member member;
	struct archive_block block;
	uint64_t members = 0;
	bool ignored;

	while (
	    archive_reader_next(reader, &member, NULL) == ARCHIVE_STEP_MORE) {
		if (++members > MEMBERS_MAX || member.path == NULL)
			abort();
		/* Of every other one the data is passed over. */
		while (members % 2 == 0 && archive_reader_data(reader, &block,
					       NULL) == ARCHIVE_STEP_MORE)
			;
	}
	(void)!archive_reader_finish(reader, &ignored, NULL);
	if (archive_reader_bytes(reader) > BYTES_MAX)
		abort();
	archive_reader_free(reader);
}

static void
run_seeking(enum archive_kind kind, const uint8_t *data, size_t length)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct archive_reader *reader;

	if (fd < 0 || write(fd, data, length) != (ssize_t)length)
		abort();
	if (archive_reader_new_seeking(
		kind, fd, length, &limits, &reader, NULL) == 0)
		run(reader);
	(void)close(fd);
}

static void
run_stream(struct source source, enum archive_kind kind)
{
	struct archive_reader *reader;

	if (archive_reader_new(kind, source, "raw", &limits, &reader, NULL) ==
	    0)
		run(reader);
}

static void
run_compressed(enum decoder_kind kind, struct source source)
{
	struct decoder *decoder;
	struct source_peek peek;
	enum archive_kind inner;

	if (decoder_new(kind, limits.memory, source, &decoder, NULL) != 0)
		return;
	if (source_peek_begin(&peek, decoder_source(decoder),
		ARCHIVE_KIND_HEAD_BYTES, NULL) == 0) {
		inner =
		    archive_kind_recognise(peek.head.data, peek.head.length);
		if (inner != ARCHIVE_KIND_TAR && inner != ARCHIVE_KIND_CPIO)
			inner = ARCHIVE_KIND_RAW;
		run_stream(source_peek_all(&peek), inner);
	}
	source_peek_done(&peek);
	decoder_free(decoder);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct input input = {data, length};
	struct source source = {&input, read_input};
	enum decoder_kind compression = decoder_recognise(data, length);
	enum archive_kind kind = archive_kind_recognise(data, length);

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (compression != DECODER_NONE)
		run_compressed(compression, source);
	else if (archive_kind_is_seeking(kind))
		run_seeking(kind, data, length);
	else if (!archive_kind_is_opaque(kind))
		run_stream(source, kind);
	return 0;
}
