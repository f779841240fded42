/*
 * qr: a text as a QR code (ISO/IEC 18004).
 *
 * Layer 7.  Uses: base.  Owns: <qrencode.h> (libqrencode).
 *
 * Only versions that a telephone reads from a printed page at once.
 */
#ifndef HIKAE_OUTPUT_QR_H
#define HIKAE_OUTPUT_QR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define QR_VERSION_MAX 17
#define QR_SIDE_MAX (17 + 4 * QR_VERSION_MAX)

struct qr {
	size_t side; /* modules, without the quiet zone of 4 around them */
	uint8_t dark[QR_SIDE_MAX * QR_SIDE_MAX]; /* 0 or 1, row by row */
};

/*
 * Encode bytes with error correction M (15 %).  ERROR_LIMIT: they need a
 * larger version; ERROR_INPUT: there are none.
 */
int qr_encode(const void *data, size_t length, struct qr *ret_qr,
    struct error *err) ERROR_CHECKED;

bool qr_is_dark(const struct qr *qr, size_t row, size_t column);

#endif
