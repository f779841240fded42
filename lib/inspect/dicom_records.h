/*
 * dicom_records: the records of a DICOMDIR (PS3.3 annex F), for the files that
 * they name.
 *
 * Layer 3, internal to inspect.  Uses: dicom_element.
 */
#ifndef HIKAE_INSPECT_DICOM_RECORDS_H
#define HIKAE_INSPECT_DICOM_RECORDS_H

#include "lib/inspect/dicom_element.h"

struct inspect;

/* All zero at the beginning. */
struct dicom_records {
	/* They go to this offset, UINT64_MAX to the end of their sequence, 0
	 * where none are open. */
	uint64_t end;
	unsigned depth;	     /* of their sequence */
	bool is_inactive;    /* the present one does not count */
	uint64_t references; /* files named */
};

bool dicom_records_are_open(const struct dicom_records *records);

/*
 * Whether an element is their sequence or one of them: then its content is
 * walked.  offset: behind its header.
 */
bool dicom_records_follow(struct dicom_records *records,
    const struct dicom_element *element, unsigned depth, uint64_t offset);
/* An element begins there. */
void dicom_records_reach(struct dicom_records *records, uint64_t offset);
/* The sequence or item of that depth ends. */
void dicom_records_leave(struct dicom_records *records, unsigned depth);

/* Whether an element's value is looked at, where they are open. */
bool dicom_records_want(const struct dicom_records *records,
    const struct dicom_element *element, unsigned depth);
/* One that is: element->length bytes. */
void dicom_records_take(struct dicom_records *records, struct inspect *inspect,
    const struct dicom_element *element, const uint8_t *value);

#endif
