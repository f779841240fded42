/*
 * dicom_values: what a DICOM file's elements say of it: the meta header's
 * classes, instances and transfer syntax (PS3.10 section 7.1), the image's
 * rows, columns and the rest (PS3.3 section C.7.6.3).
 *
 * Layer 3, internal to inspect.  Uses: dicom_element.
 */
#ifndef HIKAE_INSPECT_DICOM_VALUES_H
#define HIKAE_INSPECT_DICOM_VALUES_H

#include "lib/inspect/dicom_element.h"

struct inspect;

/* All zero at the beginning. */
struct dicom_values {
	enum dicom_syntax syntax;
	bool has_syntax;
	bool is_subsampled; /* its pixels take less than they would plainly */
	uint64_t rows, columns, samples, frames, bits;
	char class_uid[65], meta_class[65], instance[65], meta_instance[65];
};

/* Whether the value of an element that is not nested is looked at. */
bool dicom_values_want(const struct dicom_element *element);
/* One that is: element->length bytes. */
void dicom_values_take(struct dicom_values *values, struct inspect *inspect,
    const struct dicom_element *element, const uint8_t *value);

/* All came.  pixel_bytes: of plain pixels, 0 where there are none. */
void dicom_values_check(const struct dicom_values *values,
    struct inspect *inspect, uint64_t pixel_bytes);

#endif
