#include "lib/format/decoder_push.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "lib/base/i18n.h"

/* The decoders keep their tables and windows on the heap. */
#define STACK_BYTES ((size_t)512 * 1024)
/* Below it lies what nobody may touch: of whole pages, whatever their size. */
#define GUARD_BYTES ((size_t)64 * 1024)

struct decoder_push {
	enum decoder_kind kind;
	struct decoder_push_limits limits;
	struct decoder_push_sink sink;
	ucontext_t caller, decoding;
	uint8_t *guard; /* the stack is above it */
	/* The present piece, which is given once. */
	const uint8_t *data;
	size_t length;
	bool is_last;	   /* no piece follows */
	bool is_cancelled; /* the decoder must give up */
	bool is_short;	   /* it asked for more than there is */
	bool is_over;	   /* the decoder ended */
	enum decoder_push_end end;
	uint64_t bytes;
	/* What it decoded to and nobody took yet; 0 where it wants more. */
	const uint8_t *out;
	size_t out_length;
};

/* ---- on the decoder's stack ---- */

static void
leave(struct decoder_push *push)
{
	/* cppcheck-suppress swapcontextCalled ; no threads here */
	(void)swapcontext(&push->decoding, &push->caller);
}

static int
read_given(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct decoder_push *push = context;

	while (push->length == 0 && !push->is_last && !push->is_cancelled)
		leave(push);
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
		push->out = data;
		push->out_length = length;
		leave(push);
		if (push->is_cancelled)
			goto out;
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

/* NULL without memory. */
static uint8_t *
stack_new(void)
{
	uint8_t *guard = mmap(NULL, GUARD_BYTES + STACK_BYTES,
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (guard == MAP_FAILED)
		return NULL;
	if (mprotect(guard, GUARD_BYTES, PROT_NONE) == 0)
		return guard;
	(void)munmap(guard, GUARD_BYTES + STACK_BYTES);
	return NULL;
}

static void
stack_free(uint8_t *guard)
{
	if (guard != NULL)
		(void)munmap(guard, GUARD_BYTES + STACK_BYTES);
}

static int
prepare(struct decoder_push *push)
{
	uint64_t address = (uint64_t)(uintptr_t)push;

	/* cppcheck-suppress getcontextCalled ; likewise */
	if (getcontext(&push->decoding) != 0)
		return -1;
	push->decoding.uc_stack.ss_sp = push->guard + GUARD_BYTES;
	push->decoding.uc_stack.ss_size = STACK_BYTES;
	push->decoding.uc_link = &push->caller;
	makecontext(&push->decoding, (void (*)(void))run, 2,
	    (unsigned)(address >> 32), (unsigned)address);
	return 0;
}

struct decoder_push *
decoder_push_new(enum decoder_kind kind,
    const struct decoder_push_limits *limits, struct decoder_push_sink sink)
{
	struct decoder_push *push = calloc(1, sizeof(*push));

	if (push == NULL)
		return NULL;
	push->kind = kind;
	push->limits = *limits;
	push->sink = sink;
	push->guard = stack_new();
	if (push->guard == NULL || prepare(push) != 0) {
		stack_free(push->guard);
		free(push);
		return NULL;
	}
	return push;
}

static void
enter(struct decoder_push *push)
{
	push->out_length = 0;
	/* cppcheck-suppress swapcontextCalled ; likewise */
	if (swapcontext(&push->caller, &push->decoding) != 0) {
		push->end = DECODER_PUSH_FAILED;
		push->is_over = true;
	}
}

/* Let the decoder work until it wants more or ends. */
static void
resume(struct decoder_push *push)
{
	while (!push->is_over) {
		enter(push);
		if (push->out_length == 0)
			return;
		if (push->sink.take != NULL && !push->is_cancelled)
			push->sink.take(
			    push->sink.context, push->out, push->out_length);
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
	stack_free(push->guard);
	free(push);
}
