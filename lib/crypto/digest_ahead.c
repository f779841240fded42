#include "lib/crypto/digest_ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

/*
 * A block takes some 35 microseconds to digest: long beside what it costs to
 * wake a thread, short beside a member of an archive, whose end is waited for
 * (of twice the length the members of 512 KiB take a twentieth more).
 */
#define BLOCK_BYTES ((size_t)64 * 1024)
#define BLOCKS 8
/* Of the thread; sanitizers take more of it than the digest does. */
#define STACK_BYTES ((size_t)512 * 1024)

struct block {
	size_t length;
	uint8_t bytes[BLOCK_BYTES];
};

/*
 * Blocks are a ring: those from `digested` to before `filled` are the thread's,
 * and so is the digest while there are any; the rest are the caller's.
 */
struct digest_ahead {
	pthread_t thread;
	int (*enter)(void *context, struct error *err);
	void *context;
	struct error enter_error;
	pthread_mutex_t lock; /* of what follows, to `is_over` */
	pthread_cond_t to_digest, to_fill;
	uint64_t filled, digested; /* blocks, ever */
	bool has_entered, is_over;
	struct digest_sha256 digest;
	struct block blocks[BLOCKS];
};

static bool
enter_and_tell(struct digest_ahead *ahead)
{
	int rc = ahead->enter(ahead->context, &ahead->enter_error);

	(void)pthread_mutex_lock(&ahead->lock);
	ahead->has_entered = true;
	(void)pthread_cond_signal(&ahead->to_fill);
	(void)pthread_mutex_unlock(&ahead->lock);
	return rc == 0;
}

static void *
run(void *context)
{
	struct digest_ahead *ahead = context;
	const struct block *block;

	if (!enter_and_tell(ahead))
		return NULL;
	(void)pthread_mutex_lock(&ahead->lock);
	while (!ahead->is_over) {
		if (ahead->digested == ahead->filled) {
			(void)pthread_cond_wait(
			    &ahead->to_digest, &ahead->lock);
			continue;
		}
		block = &ahead->blocks[ahead->digested % BLOCKS];
		(void)pthread_mutex_unlock(&ahead->lock);
		digest_sha256_update(
		    &ahead->digest, block->bytes, block->length);
		(void)pthread_mutex_lock(&ahead->lock);
		ahead->digested++;
		(void)pthread_cond_signal(&ahead->to_fill);
	}
	(void)pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

static int
start_thread(struct digest_ahead *ahead)
{
	pthread_attr_t attributes;
	int rc = pthread_attr_init(&attributes);

	if (rc != 0)
		return rc;
	rc = pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (rc == 0)
		rc = pthread_create(&ahead->thread, &attributes, run, ahead);
	(void)pthread_attr_destroy(&attributes);
	return rc;
}

static void
release(struct digest_ahead *ahead)
{
	(void)pthread_cond_destroy(&ahead->to_digest);
	(void)pthread_cond_destroy(&ahead->to_fill);
	(void)pthread_mutex_destroy(&ahead->lock);
	free(ahead);
}

int
digest_ahead_new(int (*enter)(void *context, struct error *err), void *context,
    struct digest_ahead **ret_ahead, struct error *err)
{
	struct digest_ahead *ahead = calloc(1, sizeof(*ahead));
	int rc;

	if (ahead == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	ahead->enter = enter;
	ahead->context = context;
	(void)pthread_mutex_init(&ahead->lock, NULL);
	(void)pthread_cond_init(&ahead->to_digest, NULL);
	(void)pthread_cond_init(&ahead->to_fill, NULL);
	rc = start_thread(ahead);
	if (rc != 0) {
		release(ahead);
		return error_set_errno(err, rc, _("cannot start a thread"));
	}
	(void)pthread_mutex_lock(&ahead->lock);
	while (!ahead->has_entered)
		(void)pthread_cond_wait(&ahead->to_fill, &ahead->lock);
	(void)pthread_mutex_unlock(&ahead->lock);
	if (ahead->enter_error.code != ERROR_NONE) {
		if (err != NULL)
			*err = ahead->enter_error;
		digest_ahead_free(ahead);
		return -1;
	}
	digest_ahead_init(ahead);
	*ret_ahead = ahead;
	return 0;
}

void
digest_ahead_free(struct digest_ahead *ahead)
{
	if (ahead == NULL)
		return;
	(void)pthread_mutex_lock(&ahead->lock);
	ahead->is_over = true;
	(void)pthread_cond_signal(&ahead->to_digest);
	(void)pthread_mutex_unlock(&ahead->lock);
	(void)pthread_join(ahead->thread, NULL);
	release(ahead);
}

/* The thread holds at most so many blocks when this returns. */
static void
wait_until_left(struct digest_ahead *ahead, uint64_t blocks)
{
	(void)pthread_mutex_lock(&ahead->lock);
	while (ahead->filled - ahead->digested > blocks)
		(void)pthread_cond_wait(&ahead->to_fill, &ahead->lock);
	(void)pthread_mutex_unlock(&ahead->lock);
}

static struct block *
present(struct digest_ahead *ahead)
{
	/* Only the caller changes `filled`. */
	return &ahead->blocks[ahead->filled % BLOCKS];
}

void
digest_ahead_init(struct digest_ahead *ahead)
{
	wait_until_left(ahead, 0);
	present(ahead)->length = 0;
	digest_sha256_init(&ahead->digest);
}

static void
hand_over(struct digest_ahead *ahead)
{
	(void)pthread_mutex_lock(&ahead->lock);
	ahead->filled++;
	(void)pthread_cond_signal(&ahead->to_digest);
	(void)pthread_mutex_unlock(&ahead->lock);
	wait_until_left(ahead, BLOCKS - 1);
	present(ahead)->length = 0;
}

void
digest_ahead_update(struct digest_ahead *ahead, const void *data, size_t length)
{
	const uint8_t *from = data;

	while (length > 0) {
		struct block *block = present(ahead);
		size_t n = BLOCK_BYTES - block->length;

		if (n > length)
			n = length;
		memcpy(block->bytes + block->length, from, n);
		block->length += n;
		from += n;
		length -= n;
		if (block->length == BLOCK_BYTES)
			hand_over(ahead);
	}
}

void
digest_ahead_final(
    struct digest_ahead *ahead, uint8_t ret_out[DIGEST_SHA256_BYTES])
{
	struct block *block = present(ahead);

	wait_until_left(ahead, 0);
	digest_sha256_update(&ahead->digest, block->bytes, block->length);
	block->length = 0;
	digest_sha256_final(&ahead->digest, ret_out);
}
