#include "lib/base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

int
array_grow(void *array, size_t count, size_t size, struct error *err)
{
	size_t room = count == 0 ? 1 : 2 * count;
	void *items;

	if ((count & (count - 1)) != 0)
		return 0;
	/* Through a copy: what array points at has a type of its own. */
	memcpy(&items, array, sizeof(items));
	items =
	    count > SIZE_MAX / 2 / size ? NULL : realloc(items, room * size);
	if (items == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	memcpy(array, &items, sizeof(items));
	return 0;
}
