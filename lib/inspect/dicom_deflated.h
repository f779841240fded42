/*
 * dicom_deflated: whether a deflated data set (PS3.5 section A.5) comes to its
 * end.
 *
 * Layer 3, internal to inspect.  Uses: format/gzip_inflate.
 *
 * It is unpacked and not walked.
 */
#ifndef HIKAE_INSPECT_DICOM_DEFLATED_H
#define HIKAE_INSPECT_DICOM_DEFLATED_H

#include "lib/inspect/inspect.h"

struct dicom_deflated;

/* NULL without memory. */
struct dicom_deflated *dicom_deflated_new(void);
void dicom_deflated_free(struct dicom_deflated *deflated);

void dicom_deflated_push(
    struct dicom_deflated *deflated, const uint8_t *data, size_t length);

/* No more bytes: always a finding, since nobody looked at the elements. */
struct inspect_finding dicom_deflated_conclude(
    const struct dicom_deflated *deflated);

#endif
