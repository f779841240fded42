/*
 * report_icon: a small drawing of each kind of medium.
 *
 * Layer 7, internal to report.  Uses: html.
 */
#ifndef HIKAE_OUTPUT_REPORT_ICON_H
#define HIKAE_OUTPUT_REPORT_ICON_H

#include "lib/output/html.h"

/* Decoration only: the name of the kind stands beside it. */
void report_icon_write(struct html *html, const char *kind);

#endif
