#include "lib/output/report_icon.h"

#include <string.h>

/* Paths on a square of 24, drawn with a line of 1.6. */
static const struct {
	const char *kind, *path;
} icons[] = {
    {"disk", "M4 5h16v14H4zM7 16h4M15.5 16h1.5"},
    {"nas", "M5 3h14v18H5zM5 9h14M5 15h14M8 6h5M8 12h5M8 18h5"},
    {"removable", "M6 8h12v13H6zM9 8V3h6v5M11 5h.5M13 5h.5M9 17h6"},
    {"tape", "M3 6h18v12H3zM8 12m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M16 "
	     "12m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0"},
    {"optical", "M12 12m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 12m-2 0a2 2 0 "
		"1 0 4 0a2 2 0 1 0-4 0"},
    {"cloud", "M7 18a4 4 0 0 1 0-8a5 5 0 0 1 9.6-1A4.5 4.5 0 0 1 17 18z"},
    {"other", "M4 7l8-4l8 4v10l-8 4l-8-4zM4 7l8 4l8-4M12 11v10"},
};
#define ICONS (sizeof(icons) / sizeof(icons[0]))

void
report_icon_write(struct html *html, const char *kind)
{
	size_t i = 0;

	while (i + 1 < ICONS && strcmp(icons[i].kind, kind) != 0)
		i++;
	html_open_class(html, "svg", "icon");
	html_attribute(html, "viewBox", "0 0 24 24");
	html_attribute(html, "aria-hidden", "true");
	html_open(html, "path");
	html_attribute(html, "d", icons[i].path);
	html_close(html);
	html_close(html);
}
