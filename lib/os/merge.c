#include "lib/os/merge.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/base/i18n.h"

/* One run and its current record. */
struct source {
	struct spill_reader reader;
	const uint8_t *data;
	size_t length;
};

struct merge {
	struct merge_options options;
	struct source sources[MERGE_RUNS_MAX];
	size_t total;		     /* of sources */
	size_t heap[MERGE_RUNS_MAX]; /* of sources; [0] has the least record */
	size_t count;		     /* of the heap */
	bool has_started;	     /* heap[0] was handed out */
};

/* The order of two sources: by record, then by place. */
static bool
is_before(const struct merge *merge, size_t a, size_t b)
{
	const struct source *x = &merge->sources[a];
	const struct source *y = &merge->sources[b];
	int order = merge->options.compare(
	    x->data, x->length, y->data, y->length, merge->options.context);

	return order != 0 ? order < 0 : a < b;
}

static void
sift_down(struct merge *merge, size_t at)
{
	size_t moving = merge->heap[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= merge->count)
			break;
		if (child + 1 < merge->count &&
		    is_before(
			merge, merge->heap[child + 1], merge->heap[child]))
			child++;
		if (is_before(merge, moving, merge->heap[child]))
			break;
		merge->heap[at] = merge->heap[child];
		at = child;
	}
	merge->heap[at] = moving;
}

struct merge *
merge_new(const struct merge_options *options, const struct spill_run *runs,
    size_t count, struct error *err)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	assert(count > 0 && count <= MERGE_RUNS_MAX);
	if (merge == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	merge->options = *options;
	merge->total = count;
	for (size_t i = 0; i < count; i++) {
		struct source *source = &merge->sources[i];

		assert(runs[i].records > 0);
		spill_reader_init(
		    &source->reader, options->fd, options->key, &runs[i]);
		if (spill_reader_next(&source->reader, &source->data,
			&source->length, err) != 1) {
			merge_free(merge);
			return NULL;
		}
		merge->heap[merge->count++] = i;
	}
	for (size_t i = count / 2; i-- > 0;)
		sift_down(merge, i);
	return merge;
}

void
merge_free(struct merge *merge)
{
	if (merge == NULL)
		return;
	for (size_t i = 0; i < merge->total; i++)
		spill_reader_done(&merge->sources[i].reader);
	free(merge);
}

/* Take the next record of the run whose record was handed out. */
static int
advance(struct merge *merge, struct error *err)
{
	struct source *least = &merge->sources[merge->heap[0]];
	int rc = spill_reader_next(
	    &least->reader, &least->data, &least->length, err);

	if (rc < 0)
		return -1;
	if (rc == 0) {
		spill_reader_done(&least->reader);
		merge->heap[0] = merge->heap[--merge->count];
	}
	if (merge->count > 0)
		sift_down(merge, 0);
	return 0;
}

int
merge_next(struct merge *merge, const void **ret_data, size_t *ret_length,
    struct error *err)
{
	if (merge->has_started && merge->count > 0 && advance(merge, err) != 0)
		return -1;
	merge->has_started = true;
	if (merge->count == 0)
		return 0;
	*ret_data = merge->sources[merge->heap[0]].data;
	*ret_length = merge->sources[merge->heap[0]].length;
	return 1;
}
