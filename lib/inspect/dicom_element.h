/*
 * dicom_element: the header of a DICOM data element, PS3.5 section 7.1.
 *
 * Layer 3, internal to inspect.  Uses: octets.
 */
#ifndef HIKAE_INSPECT_DICOM_ELEMENT_H
#define HIKAE_INSPECT_DICOM_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DICOM_TAG(group, element) ((uint32_t)(group) << 16 | (element))
#define DICOM_LENGTH_UNDEFINED 0xffffffffu
#define DICOM_VALUE_BYTES_MAX 144 /* of values that are looked at */

/* PS3.5 annex A; encapsulated ones are explicit and little-endian. */
enum dicom_syntax {
	DICOM_EXPLICIT_LITTLE,
	DICOM_IMPLICIT_LITTLE,
	DICOM_EXPLICIT_BIG,
	DICOM_DEFLATED,
};

struct dicom_element {
	uint32_t tag; /* group, element */
	uint32_t length;
	bool is_big;
	bool is_unknown; /* VR UN: its content is implicit */
};

enum dicom_element_result {
	DICOM_ELEMENT_WHOLE,
	DICOM_ELEMENT_LONG, /* four more bytes: dicom_element_read_length */
	DICOM_ELEMENT_WRONG,
};

enum dicom_element_result dicom_element_read(struct dicom_element *ret,
    enum dicom_syntax syntax, const uint8_t header[8]);
void dicom_element_read_length(
    struct dicom_element *element, const uint8_t length[4]);

uint16_t dicom_element_u16(
    const struct dicom_element *element, const uint8_t *value);

/* By its uid; an unknown one is explicit and little-endian. */
enum dicom_syntax dicom_element_syntax(const char *uid);

/* Of a file without meta information: explicit where there is a VR. */
enum dicom_syntax dicom_element_guess(const uint8_t header[8]);

#endif
