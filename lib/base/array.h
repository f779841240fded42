/*
 * array: arrays that grow by one item at a time.
 *
 * Layer 0.  Uses: error.
 */
#ifndef HIKAE_BASE_ARRAY_H
#define HIKAE_BASE_ARRAY_H

#include <stddef.h>

#include "lib/base/error.h"

/*
 * Make room for one more item.  array is the address of the pointer to the
 * items (NULL while there are none), which the caller frees; count says how
 * many there are, size the bytes of one, both as in every call before.  The
 * items move only where count is 0 or a power of two.  ERROR_INTERNAL where
 * memory ends; the items stay as they were.
 */
int array_grow(
    void *array, size_t count, size_t size, struct error *err) ERROR_CHECKED;

#endif
