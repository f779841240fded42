/*
 * text_width: how many terminal columns a character takes.
 *
 * Layer 0.  Uses: nothing.
 *
 * Own tables, because wcwidth(3) answers by the locale and Debian generates
 * none by default.
 */
#ifndef HIKAE_BASE_TEXT_WIDTH_H
#define HIKAE_BASE_TEXT_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/*
 * 2 for East_Asian_Width W and F (Unicode 14.0, Standard Annex #11), 0 for
 * general category Mn and Me, conjoining Hangul vowels and finals, and format
 * characters; otherwise 1.  Ambiguous characters count as 1.
 */
size_t text_width_of(uint32_t code_point);

#endif
