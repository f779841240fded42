#include "lib/base/nearest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define STEPS_MAX 2

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
nearest_distance(const char *a, const char *b)
{
	/* The present row and the two before it, in turn. */
	size_t rows[3][NEAREST_WORD_MAX + 1];
	size_t height = strlen(a), width = strlen(b);

	if (height > NEAREST_WORD_MAX || width > NEAREST_WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= width; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= height; i++) {
		const size_t *above = rows[(i - 1) % 3];
		size_t *row = rows[i % 3];

		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
			    1 + least(above[j], row[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] =
				    least(row[j], 1 + rows[(i - 2) % 3][j - 2]);
		}
	}
	return rows[height % 3][width];
}

void
nearest_add(struct nearest *nearest, const char *known)
{
	size_t length = strlen(nearest->word);
	size_t distance = nearest_distance(nearest->word, known);

	if (nearest->known == NULL || distance < nearest->distance) {
		nearest->known = known;
		nearest->distance = distance;
		nearest->count = 1;
	} else if (distance == nearest->distance) {
		nearest->count++;
	}
	if (length > 0 && strncmp(nearest->word, known, length) == 0) {
		if (nearest->longer_count++ == 0)
			nearest->longer = known;
	}
}

const char *
nearest_find(const struct nearest *nearest)
{
	bool is_near = nearest->known != NULL &&
		       nearest->distance <= STEPS_MAX &&
		       2 * nearest->distance <= strlen(nearest->word);

	if (is_near && nearest->count == 1)
		return nearest->known;
	return nearest->longer_count == 1 ? nearest->longer : NULL;
}
