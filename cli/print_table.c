#include "cli/print.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

/* Columns between two columns. */
#define GAP 2
/* A column that is cut keeps so much. */
#define CUT_MIN 8

struct cell {
	char *text;
	enum print_mark mark;
};

struct print_table {
	struct print_column *columns;
	size_t *widths;
	size_t column_count;
	struct cell *cells; /* row by row */
	size_t cell_count, cell_capacity;
	struct bytes line; /* scratch */
	bool has_failed;   /* no memory for a cell */
};

void
print_table_free(struct print_table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->cell_count; i++)
		free(table->cells[i].text);
	bytes_done(&table->line);
	free(table->cells);
	free(table->widths);
	free(table->columns);
	free(table);
}

struct print_table *
print_table_new(const struct print_column *columns, size_t count)
{
	struct print_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->columns = calloc(count, sizeof(*columns));
	table->widths = calloc(count, sizeof(*table->widths));
	if (table->columns == NULL || table->widths == NULL) {
		print_table_free(table);
		return NULL;
	}
	memcpy(table->columns, columns, count * sizeof(*columns));
	table->column_count = count;
	return table;
}

/* Take over text, which is NULL where memory ran out. */
static void
add_cell(struct print_table *table, char *text, enum print_mark mark)
{
	size_t capacity = table->cell_capacity;
	struct cell *cells;

	if (text != NULL && table->cell_count == capacity) {
		capacity = capacity == 0 ? 64 : 2 * capacity;
		cells = reallocarray(table->cells, capacity, sizeof(*cells));
		if (cells != NULL) {
			table->cells = cells;
			table->cell_capacity = capacity;
		}
	}
	if (text == NULL || table->cell_count == table->cell_capacity) {
		table->has_failed = true;
		free(text);
		return;
	}
	table->cells[table->cell_count++] = (struct cell){text, mark};
}

void
print_table_add(struct print_table *table, const char *text)
{
	if (table != NULL)
		add_cell(table, strdup(text), PRINT_PLAIN);
}

void
print_table_add_mark(struct print_table *table, enum print_mark mark)
{
	if (table != NULL)
		add_cell(table, strdup(print_mark_text(mark)), mark);
}

void
print_table_add_format(struct print_table *table, const char *format, ...)
{
	char *text = NULL;
	va_list ap;

	if (table == NULL)
		return;
	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	va_end(ap);
	add_cell(table, text, PRINT_PLAIN);
}

static bool
has_headings(const struct print_table *table)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].heading[0] != '\0')
			return true;
	return false;
}

static void
measure(struct print_table *table)
{
	size_t *width, wide;

	for (size_t i = 0; i < table->column_count; i++)
		table->widths[i] =
		    text_display_width(table->columns[i].heading);
	for (size_t i = 0; i < table->cell_count; i++) {
		width = &table->widths[i % table->column_count];
		wide = text_display_width(table->cells[i].text);
		if (wide > *width)
			*width = wide;
	}
}

/* Make columns that may be cut narrower until a row fits the terminal. */
static void
fit(struct print_table *table, size_t columns)
{
	size_t total = 0, over, room;

	for (size_t i = 0; i < table->column_count; i++)
		total += table->widths[i] + (i == 0 ? 0 : GAP);
	for (size_t i = table->column_count; i > 0 && total > columns; i--) {
		if (!table->columns[i - 1].is_cut ||
		    table->widths[i - 1] <= CUT_MIN)
			continue;
		over = total - columns;
		room = table->widths[i - 1] - CUT_MIN;
		if (over > room)
			over = room;
		table->widths[i - 1] -= over;
		total -= over;
	}
}

/* Print one cell.  The last one of a row is not padded. */
static void
print_cell(struct print *print, struct print_table *table, size_t column,
    const char *text, enum print_mark mark)
{
	const struct print_column *what = &table->columns[column];
	bool is_last = column + 1 == table->column_count;
	size_t pad = 0;

	bytes_clear(&table->line);
	text_cut(&table->line, text, table->widths[column]);
	bytes_append_u8(&table->line, '\0');
	if (table->line.failed) {
		table->has_failed = true;
		return;
	}
	text = (const char *)table->line.data;
	if (text_display_width(text) < table->widths[column])
		pad = table->widths[column] - text_display_width(text);
	if (what->is_right)
		(void)fprintf(print->out, "%*s", (int)pad, "");
	print_mark(print, mark, text);
	if (is_last)
		(void)fputc('\n', print->out);
	else
		(void)fprintf(print->out, "%*s",
		    (int)(what->is_right ? GAP : pad + GAP), "");
}

static void
print_rows(struct print *print, struct print_table *table)
{
	size_t count = table->column_count;

	assert(count > 0);
	if (has_headings(table))
		for (size_t i = 0; i < count; i++)
			print_cell(print, table, i, table->columns[i].heading,
			    PRINT_PLAIN);
	for (size_t i = 0; i < table->cell_count; i++)
		print_cell(print, table, i % count, table->cells[i].text,
		    table->cells[i].mark);
}

int
print_table_finish(
    struct print *print, struct print_table *table, struct error *err)
{
	bool has_failed = table == NULL || table->has_failed;

	if (!has_failed) {
		assert(table->cell_count % table->column_count == 0);
		measure(table);
		if (print->columns > 0)
			fit(table, print->columns);
		print_rows(print, table);
		has_failed = table->has_failed;
	}
	print_table_free(table);
	return has_failed ? error_set(err, ERROR_INTERNAL, _("out of memory"))
			  : 0;
}
