#include "lib/format/source.h"

/*
 * A block whose bytes were not copied would be lost with the next read, so
 * every block that was looked at is in head.
 */
int
source_peek_begin(struct source_peek *peek, struct source below, size_t length,
    struct error *err)
{
	*peek = (struct source_peek){.below = below};
	while (peek->head.length < length) {
		const uint8_t *data;
		size_t n;
		int more = below.read(below.context, &data, &n, err);

		if (more < 0)
			return -1;
		if (more == 0)
			return 0;
		bytes_append(&peek->head, data, n);
		if (bytes_check(&peek->head, err) != 0)
			return -1;
	}
	return 0;
}

static int
read_all(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct source_peek *peek = context;

	if (!peek->is_given && peek->head.length > 0) {
		peek->is_given = true;
		*ret_data = peek->head.data;
		*ret_length = peek->head.length;
		return 1;
	}
	return peek->below.read(peek->below.context, ret_data, ret_length, err);
}

struct source
source_peek_all(struct source_peek *peek)
{
	return (struct source){.context = peek, .read = read_all};
}

void
source_peek_done(struct source_peek *peek)
{
	bytes_done(&peek->head);
}
