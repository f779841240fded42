/*
 * qr_svg: a QR code as a picture in a page.
 *
 * Layer 7.  Uses: output/html, output/qr.
 */
#ifndef HIKAE_OUTPUT_QR_SVG_H
#define HIKAE_OUTPUT_QR_SVG_H

#include "lib/output/html.h"
#include "lib/output/qr.h"

/*
 * An <svg> of class "qr" with the quiet zone around the code (ISO/IEC 18004
 * section 9.1); the label says what it is, for who cannot see it.
 */
void qr_svg_write(struct html *html, const struct qr *qr, const char *label);

#endif
