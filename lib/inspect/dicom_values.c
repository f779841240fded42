#include "lib/inspect/dicom_values.h"

#include <stdlib.h>
#include <string.h>

#include "lib/inspect/inspect_internal.h"

#define TAG_META_CLASS DICOM_TAG(0x0002, 0x0002)
#define TAG_META_INSTANCE DICOM_TAG(0x0002, 0x0003)
#define TAG_SYNTAX DICOM_TAG(0x0002, 0x0010)
#define TAG_CLASS DICOM_TAG(0x0008, 0x0016)
#define TAG_INSTANCE DICOM_TAG(0x0008, 0x0018)
#define TAG_MODALITY DICOM_TAG(0x0008, 0x0060)
#define TAG_SAMPLES DICOM_TAG(0x0028, 0x0002)
#define TAG_PHOTOMETRIC DICOM_TAG(0x0028, 0x0004)
#define TAG_FRAMES DICOM_TAG(0x0028, 0x0008)
#define TAG_ROWS DICOM_TAG(0x0028, 0x0010)
#define TAG_COLUMNS DICOM_TAG(0x0028, 0x0011)
#define TAG_BITS DICOM_TAG(0x0028, 0x0100)

/* Uids and texts are padded with a NUL or a space to an even length. */
static void
take_text(char text[65], const uint8_t *value, size_t length)
{
	size_t used = length < 64 ? length : 64;

	memcpy(text, value, used);
	while (used > 0 && (text[used - 1] == '\0' || text[used - 1] == ' '))
		used--;
	text[used] = '\0';
}

void
dicom_values_take(struct dicom_values *values, struct inspect *inspect,
    const struct dicom_element *element, const uint8_t *value)
{
	char text[65];

	take_text(text, value, element->length);
	if (element->tag == TAG_SYNTAX) {
		values->syntax = dicom_element_syntax(text);
		values->has_syntax = true;
	}
	if (element->tag == TAG_META_CLASS)
		memcpy(values->meta_class, text, sizeof(text));
	else if (element->tag == TAG_META_INSTANCE)
		memcpy(values->meta_instance, text, sizeof(text));
	else if (element->tag == TAG_CLASS)
		memcpy(values->class_uid, text, sizeof(text));
	else if (element->tag == TAG_INSTANCE)
		memcpy(values->instance, text, sizeof(text));
	else if (element->tag == TAG_MODALITY)
		inspect_sample(inspect, text, strlen(text));
	else if (element->tag == TAG_PHOTOMETRIC)
		values->is_subsampled = strstr(text, "_42") != NULL;
	else if (element->tag == TAG_FRAMES)
		values->frames = strtoull(text, NULL, 10);
	else if (element->length >= 2 && element->tag == TAG_ROWS)
		values->rows = dicom_element_u16(element, value);
	else if (element->length >= 2 && element->tag == TAG_COLUMNS)
		values->columns = dicom_element_u16(element, value);
	else if (element->length >= 2 && element->tag == TAG_SAMPLES)
		values->samples = dicom_element_u16(element, value);
	else if (element->length >= 2 && element->tag == TAG_BITS)
		values->bits = dicom_element_u16(element, value);
}

bool
dicom_values_want(const struct dicom_element *element)
{
	static const uint32_t tags[] = {TAG_SYNTAX, TAG_META_CLASS,
	    TAG_META_INSTANCE, TAG_CLASS, TAG_INSTANCE, TAG_MODALITY,
	    TAG_PHOTOMETRIC, TAG_FRAMES, TAG_ROWS, TAG_COLUMNS, TAG_SAMPLES,
	    TAG_BITS};

	if (element->length > DICOM_VALUE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (tags[i] == element->tag)
			return true;
	return false;
}

/* Rows, columns and the rest say how many bytes pixels that are plain take. */
static void
check_pixels(const struct dicom_values *values, struct inspect *inspect,
    uint64_t pixel_bytes)
{
	uint64_t frames = values->frames == 0 ? 1 : values->frames;
	uint64_t samples = values->samples == 0 ? 1 : values->samples;
	uint64_t bits;

	if (values->is_subsampled || pixel_bytes == 0 || frames > UINT32_MAX ||
	    values->bits > 64 || samples > 16)
		return;
	if (__builtin_mul_overflow(values->rows * values->columns,
		samples * values->bits, &bits) ||
	    __builtin_mul_overflow(bits, frames, &bits))
		return;
	if (pixel_bytes < bits / 8)
		inspect_find_numbers(inspect, INSPECT_WARNING,
		    INSPECT_SIZE_MISMATCH, bits / 8, pixel_bytes);
}

static bool
differs(const char *meta, const char *uid)
{
	return *meta != '\0' && *uid != '\0' && strcmp(meta, uid) != 0;
}

void
dicom_values_check(const struct dicom_values *values, struct inspect *inspect,
    uint64_t pixel_bytes)
{
	if (differs(values->meta_class, values->class_uid) ||
	    differs(values->meta_instance, values->instance))
		inspect_find(inspect, INSPECT_WARNING, INSPECT_INCONSISTENT, 0);
	check_pixels(values, inspect, pixel_bytes);
}
