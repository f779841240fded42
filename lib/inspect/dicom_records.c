#include "lib/inspect/dicom_records.h"

#include "lib/inspect/inspect_internal.h"

#define TAG_RECORDS DICOM_TAG(0x0004, 0x1220)
#define TAG_IN_USE DICOM_TAG(0x0004, 0x1410)
#define TAG_FILE_ID DICOM_TAG(0x0004, 0x1500)
#define TAG_ITEM DICOM_TAG(0xfffe, 0xe000)

bool
dicom_records_are_open(const struct dicom_records *records)
{
	return records->end != 0;
}

bool
dicom_records_follow(struct dicom_records *records,
    const struct dicom_element *element, unsigned depth, uint64_t offset)
{
	if (element->tag == TAG_ITEM && records->end != 0 &&
	    depth == records->depth) {
		records->is_inactive = false;
		return true;
	}
	if (element->tag != TAG_RECORDS || depth > 0 || records->end != 0)
		return false;
	if (element->length == DICOM_LENGTH_UNDEFINED) {
		records->end = UINT64_MAX;
		records->depth = depth + 1;
	} else {
		records->end = offset + element->length;
		records->depth = depth;
	}
	return true;
}

void
dicom_records_reach(struct dicom_records *records, uint64_t offset)
{
	if (offset >= records->end)
		records->end = 0;
}

void
dicom_records_leave(struct dicom_records *records, unsigned depth)
{
	if (depth == records->depth)
		records->end = 0;
}

bool
dicom_records_want(const struct dicom_records *records,
    const struct dicom_element *element, unsigned depth)
{
	return depth <= records->depth + 1 &&
	       element->length <= DICOM_VALUE_BYTES_MAX &&
	       (element->tag == TAG_FILE_ID || element->tag == TAG_IN_USE);
}

/* A file of the set: components with a backslash between them. */
static void
take_file_id(struct dicom_records *records, struct inspect *inspect,
    const struct dicom_element *element, const uint8_t *value)
{
	size_t length = element->length;

	while (length > 0 &&
	       (value[length - 1] == ' ' || value[length - 1] == '\0'))
		length--;
	if (length == 0 || records->is_inactive)
		return;
	records->references++;
	inspect_name_file(
	    inspect, INSPECT_LINK_IMAGE, (const char *)value, length);
}

void
dicom_records_take(struct dicom_records *records, struct inspect *inspect,
    const struct dicom_element *element, const uint8_t *value)
{
	if (element->tag == TAG_FILE_ID)
		take_file_id(records, inspect, element, value);
	else if (element->length >= 2)
		records->is_inactive = dicom_element_u16(element, value) == 0;
}
