#include "lib/output/qr_svg.h"

/* Around a code, in modules (ISO/IEC 18004 section 9.1). */
#define QUIET 4

/* Dark modules as one path, each row's runs one after the other. */
void
qr_svg_write(struct html *html, const struct qr *qr, const char *label)
{
	size_t side = qr->side + 2 * (size_t)QUIET, begin;
	struct bytes path = BYTES_EMPTY;

	for (size_t row = 0; row < qr->side; row++)
		for (size_t column = 0; column < qr->side; column++) {
			if (!qr_is_dark(qr, row, column))
				continue;
			begin = column;
			while (column + 1 < qr->side &&
			       qr_is_dark(qr, row, column + 1))
				column++;
			bytes_append_format(&path, "M%zu %zuh%zuv1h-%zuz",
			    begin + QUIET, row + QUIET, column + 1 - begin,
			    column + 1 - begin);
		}
	bytes_append_u8(&path, 0);
	html_open_class(html, "svg", "qr");
	html_attribute_format(html, "viewBox", "0 0 %zu %zu", side, side);
	html_attribute(html, "role", "img");
	html_attribute(html, "aria-label", label);
	html_open_class(html, "path", "dark");
	if (path.failed)
		html->has_failed = true;
	else
		html_attribute(html, "d", (const char *)path.data);
	html_close(html);
	html_close(html);
	bytes_done(&path);
}
