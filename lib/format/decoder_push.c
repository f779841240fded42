#include "lib/format/decoder_push.h"

#include <stdlib.h>
#include <ucontext.h>

#include "lib/base/i18n.h"

/* The decoders keep their tables and windows on the heap. */
#define STACK_BYTES ((size_t)512 * 1024)

struct decoder_push {
	enum decoder_kind kind;
	struct decoder_push_limits limits;
	ucontext_t caller, decoding;
	uint8_t *stack;
	/* The present piece, which is given once. */
	const uint8_t *data;
	size_t length;
	bool is_last;	   /* no piece follows */
	bool is_cancelled; /* the decoder must give up */
	bool is_short;	   /* it asked for more than there is */
	bool is_over;	   /* the decoder ended */
	enum decoder_push_end end;
	uint64_t bytes;
};

/* ---- on the decoder's stack ---- */

static int
read_given(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct decoder_push *push = context;

	while (push->length == 0 && !push->is_last && !push->is_cancelled)
		/* cppcheck-suppress swapcontextCalled ; no threads here */
		(void)swapcontext(&push->decoding, &push->caller);
	if (push->is_cancelled)
		return error_set(err, ERROR_CANCELLED, _("cancelled"));
	if (push->length == 0) {
		push->is_short = true;
		return 0;
	}
	*ret_data = push->data;
	*ret_length = push->length;
	push->length = 0;
	return 1;
}

static enum decoder_push_end
end_of(const struct decoder_push *push, const struct error *err)
{
	if (err->code == ERROR_INPUT)
		return push->is_short ? DECODER_PUSH_CUT : DECODER_PUSH_DAMAGED;
	return err->code == ERROR_LIMIT ? DECODER_PUSH_LIMIT
					: DECODER_PUSH_FAILED;
}

static enum decoder_push_end
decode(struct decoder_push *push)
{
	const struct source below = {.context = push, .read = read_given};
	enum decoder_push_end end = DECODER_PUSH_LIMIT;
	struct decoder *decoder = NULL;
	struct error err = {0};
	struct source source;
	const uint8_t *data;
	size_t length;
	int more;

	if (decoder_new(
		push->kind, push->limits.memory, below, &decoder, &err) != 0)
		return end_of(push, &err);
	source = decoder_source(decoder);
	while (
	    (more = source.read(source.context, &data, &length, &err)) == 1) {
		if (length > push->limits.bytes - push->bytes)
			goto out;
		push->bytes += length;
	}
	if (more < 0)
		end = end_of(push, &err);
	else
		end = decoder_has_trailing(decoder) ? DECODER_PUSH_TRAILING
						    : DECODER_PUSH_WHOLE;
out:
	decoder_free(decoder);
	return end;
}

/* makecontext(3) hands over int only: a pointer comes in two halves. */
static void
run(unsigned high, unsigned low)
{
	struct decoder_push *push =
	    (struct decoder_push *)(uintptr_t)((uint64_t)high << 32 | low);

	push->end = decode(push);
	push->is_over = true;
}

/* ---- on the caller's ---- */

static int
prepare(struct decoder_push *push)
{
	uint64_t address = (uint64_t)(uintptr_t)push;

	/* cppcheck-suppress getcontextCalled ; likewise */
	if (getcontext(&push->decoding) != 0)
		return -1;
	push->decoding.uc_stack.ss_sp = push->stack;
	push->decoding.uc_stack.ss_size = STACK_BYTES;
	push->decoding.uc_link = &push->caller;
	makecontext(&push->decoding, (void (*)(void))run, 2,
	    (unsigned)(address >> 32), (unsigned)address);
	return 0;
}

struct decoder_push *
decoder_push_new(
    enum decoder_kind kind, const struct decoder_push_limits *limits)
{
	struct decoder_push *push = calloc(1, sizeof(*push));

	if (push == NULL)
		return NULL;
	push->kind = kind;
	push->limits = *limits;
	push->stack = malloc(STACK_BYTES);
	if (push->stack == NULL || prepare(push) != 0) {
		free(push->stack);
		free(push);
		return NULL;
	}
	return push;
}

/* Let the decoder work until it wants more or ends. */
static void
resume(struct decoder_push *push)
{
	if (push->is_over)
		return;
	/* cppcheck-suppress swapcontextCalled ; likewise */
	if (swapcontext(&push->caller, &push->decoding) != 0) {
		push->end = DECODER_PUSH_FAILED;
		push->is_over = true;
	}
}

void
decoder_push_give(struct decoder_push *push, const uint8_t *data, size_t length)
{
	push->data = data;
	push->length = length;
	resume(push);
	push->length = 0;
}

enum decoder_push_end
decoder_push_conclude(struct decoder_push *push, uint64_t *ret_bytes)
{
	push->is_last = true;
	resume(push);
	*ret_bytes = push->bytes;
	return push->end;
}

void
decoder_push_free(struct decoder_push *push)
{
	if (push == NULL)
		return;
	push->is_cancelled = true;
	resume(push);
	free(push->stack);
	free(push);
}
