#include "lib/inspect/dicom_element.h"

#include <string.h>

#include "lib/base/octets.h"

#define GROUP_ITEMS 0xfffe

/* These have two reserved bytes and a length of four: PS3.5 table 7.1-1. */
static const char long_vrs[] = "OBODOFOLOVOWSQSVUCUNURUTUV";

static bool
is_vr(const uint8_t *text)
{
	return text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' &&
	       text[1] <= 'Z';
}

static bool
is_long(const uint8_t *vr)
{
	for (size_t i = 0; long_vrs[i] != '\0'; i += 2)
		if (memcmp(long_vrs + i, vr, 2) == 0)
			return true;
	return false;
}

enum dicom_element_result
dicom_element_read(struct dicom_element *ret, enum dicom_syntax syntax,
    const uint8_t header[8])
{
	bool is_big = syntax == DICOM_EXPLICIT_BIG;
	uint16_t group = is_big ? octets_u16_be(header) : octets_u16_le(header);
	uint16_t element =
	    is_big ? octets_u16_be(header + 2) : octets_u16_le(header + 2);

	*ret = (struct dicom_element){
	    .tag = (uint32_t)group << 16 | element, .is_big = is_big};
	if (syntax == DICOM_IMPLICIT_LITTLE || group == GROUP_ITEMS) {
		dicom_element_read_length(ret, header + 4);
		return DICOM_ELEMENT_WHOLE;
	}
	if (!is_vr(header + 4))
		return DICOM_ELEMENT_WRONG;
	ret->is_unknown = memcmp(header + 4, "UN", 2) == 0;
	if (is_long(header + 4))
		return DICOM_ELEMENT_LONG;
	ret->length =
	    is_big ? octets_u16_be(header + 6) : octets_u16_le(header + 6);
	return DICOM_ELEMENT_WHOLE;
}

void
dicom_element_read_length(
    struct dicom_element *element, const uint8_t length[4])
{
	element->length =
	    element->is_big ? octets_u32_be(length) : octets_u32_le(length);
}

uint16_t
dicom_element_u16(const struct dicom_element *element, const uint8_t *value)
{
	return element->is_big ? octets_u16_be(value) : octets_u16_le(value);
}

enum dicom_syntax
dicom_element_syntax(const char *uid)
{
	if (strcmp(uid, "1.2.840.10008.1.2") == 0)
		return DICOM_IMPLICIT_LITTLE;
	if (strcmp(uid, "1.2.840.10008.1.2.2") == 0)
		return DICOM_EXPLICIT_BIG;
	if (strcmp(uid, "1.2.840.10008.1.2.1.99") == 0)
		return DICOM_DEFLATED;
	return DICOM_EXPLICIT_LITTLE;
}

enum dicom_syntax
dicom_element_guess(const uint8_t header[8])
{
	if (!is_vr(header + 4))
		return DICOM_IMPLICIT_LITTLE;
	/* The first groups are small: the byte that is not 0 tells. */
	return header[0] == 0 ? DICOM_EXPLICIT_BIG : DICOM_EXPLICIT_LITTLE;
}
